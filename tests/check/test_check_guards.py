"""Guards that stand where they cannot do their work."""

import pytest
from findings import coded, found
from flask import Flask
from flask_cors import CORS
from flask_restful import Api

from flask_renewal import access_required
from flask_renewal.entrances.check import Level


def test_a_guard_above_its_route_is_found_under_the_views_name(host: Flask) -> None:
    def secret() -> str:
        return "secret"

    host.add_url_rule("/secret", view_func=secret)
    assert found(host, "secret") == []
    access_required()(secret)
    assert coded(host, "guard_above_route") == (Level.ERROR, "")
    assert [finding.code for finding in found(host, "secret")] == ["guard_above_route"]


@pytest.mark.parametrize(("propagated", "codes"), [(None, ["errors_answered_elsewhere"]), (True, [])])
def test_an_extension_that_answers_errors_itself_is_found(
    host: Flask, propagated: bool | None, codes: list[str]
) -> None:
    host.config["PROPAGATE_EXCEPTIONS"] = propagated
    assert found(host, "PROPAGATE_EXCEPTIONS") == []
    Api(host)
    assert [finding.code for finding in found(host, "PROPAGATE_EXCEPTIONS")] == codes


def test_a_host_that_shares_its_paths_by_flask_cors_answers_errors_as_ever(host: Flask) -> None:
    CORS(host)
    assert found(host, "PROPAGATE_EXCEPTIONS") == []
