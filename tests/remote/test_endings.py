"""What stands where a store would be: it tells of ended sessions, and of anything else whose it is."""

from datetime import datetime, timezone

import pytest

from flask_renewal import ConfigurationError
from flask_renewal.identity.remote.endings import RemoteEndings
from flask_renewal.identity.remote.issuer import Issuer
from flask_renewal.settings import Settings

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


@pytest.fixture
def endings() -> RemoteEndings:
    return RemoteEndings(Issuer(Settings.from_config({"RENEWAL_ISSUER_URL": "http://localhost:1"})))


def test_without_a_service_key_nobody_is_asked(endings: RemoteEndings) -> None:
    assert endings.ended_since(NOON) == {}
    assert endings.clock() is None


@pytest.mark.parametrize("verb", ["find", "start", "rotate", "touch", "list", "end", "purge"])
def test_for_anything_else_one_is_told_whom_to_ask(endings: RemoteEndings, verb: str) -> None:
    with pytest.raises(ConfigurationError, match="RENEWAL_ISSUER_URL"):
        getattr(endings, verb)("sid")
