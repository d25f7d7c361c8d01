"""JSON Web Tokens in their compact form."""

import pytest

from flask_renewal.ground.errors import TokenInvalidError
from flask_renewal.identity.tokens.compact import header_of, is_time, segment


def test_a_header_is_written_without_a_space() -> None:
    assert header_of("ES256", "one") == '{"typ":"at+jwt","alg":"ES256","kid":"one"}'


def test_only_an_object_is_a_part_of_a_token() -> None:
    assert segment("e30.x.y", 0) == {}
    for text in ("W10", "eyJhIjoxLCJhIjoyfQ", "!"):  # a list, a name given twice, no base64
        with pytest.raises(TokenInvalidError):
            segment(f"{text}.x.y", 0)


@pytest.mark.parametrize("value", [True, "1", -1, 2**53 + 1, float("nan"), None])
def test_what_is_no_time_of_an_honest_clock_is_none(value: object) -> None:
    assert is_time(0)
    assert is_time(2**53)
    assert not is_time(value)
