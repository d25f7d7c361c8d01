"""How a row keeps the claims of a session."""

import pytest

from flask_renewal.stores.claims import read, written


def test_claims_are_kept_in_ascii_and_read_as_they_were() -> None:
    claims = {"org": "blå ☕", "amr": ["pwd", "otp"], "act": {"sub": "admin"}}
    assert str(written(claims)).isascii()
    assert read(written(claims)) == claims


def test_no_claims_are_kept_as_nothing() -> None:
    assert (written({}), read(None)) == (None, {})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_json_is_not_kept(value: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        written({"x": value})
