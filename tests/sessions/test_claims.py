"""What a session may have for claims of its own."""

from typing import Any
from uuid import UUID

import pytest

from flask_renewal.identity.sessions.claims import actor, checked
from flask_renewal.identity.tokens.access import REGISTERED

REFUSED = [
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "sid",
    "client_id",
    "auth_time",
    "fresh",
    "type",
    "renewable_until",
    "cnf",
]


def test_claims_are_what_they_will_be_when_they_are_read() -> None:
    assert checked({"amr": ("pwd", "otp")}, reserved=REGISTERED) == {"amr": ["pwd", "otp"]}
    assert checked(None, reserved=REGISTERED) == {}


@pytest.mark.parametrize("name", REFUSED)
def test_a_claim_that_is_not_a_hosts_to_set_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(ValueError, match=f"cannot have {name}: "):
        checked({"org": "red", name: "x"}, reserved=REGISTERED)


def test_nothing_else_is_refused() -> None:
    assert sorted(REFUSED) == sorted(REGISTERED)


@pytest.mark.parametrize("claims", [["org"], "org", 7, {7: "org"}, {"id": UUID(int=7)}, {"org": {"red"}}], ids=repr)
def test_what_is_no_json_object_is_refused(claims: Any) -> None:
    with pytest.raises(TypeError, match=r"^The claims of a session are .*JSON"):
        checked(claims, reserved=REGISTERED)


@pytest.mark.parametrize("value", [float("nan"), {1: "a", "1": "b"}], ids=repr)
def test_what_parsers_disagree_on_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"JSON|twice"):
        checked({"x": value}, reserved=REGISTERED)


def test_claims_have_a_kibibyte_at_most() -> None:
    fits = {"x": "x" * (1024 - len('{"x":""}'))}
    assert checked(fits, reserved=REGISTERED) == fits
    with pytest.raises(ValueError, match="have 1,025 bytes as JSON, of at most 1,024"):
        checked({"x": fits["x"] + "x"}, reserved=REGISTERED)


@pytest.mark.parametrize(
    ("claims", "who"), [({}, None), ({"act": {"sub": "7"}}, "7"), ({"act": {}}, ""), ({"act": 7}, "7")]
)
def test_who_acts_for_a_user_is_told_by_the_session(claims: dict[str, Any], who: str | None) -> None:
    assert actor(claims) == who
