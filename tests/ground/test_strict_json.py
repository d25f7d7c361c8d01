"""JSON without what parsers disagree on."""

from typing import Any

import pytest

from flask_renewal.ground import strict_json


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": {"b": [1, 2.5, "x", null, true]}}', {"a": {"b": [1, 2.5, "x", None, True]}}),
        ('[{"a": 1}, {"a": 2}]', [{"a": 1}, {"a": 2}]),
        ('{"a": 1, "A": 2}', {"a": 1, "A": 2}),
        ("{}", {}),
    ],
)
def test_what_everybody_reads_alike_is_read(text: str, value: Any) -> None:
    assert strict_json.loads(text.encode()) == value


@pytest.mark.parametrize(
    ("text", "member", "fault"),
    [
        ('{"a": 1, "a": 1}', "a", "is given twice"),
        ('{"outer": {"b": 1, "b": 2}}', "b", "is given twice"),
        ('{"a": NaN}', "a", "has a number that is not finite"),
        ('{"a": 1e999}', "a", "has a number that is not finite"),
        ('{"a": [1, [-Infinity]]}', "a", "has a number that is not finite"),
    ],
)
def test_a_member_that_parsers_disagree_on_is_named(text: str, member: str, fault: str) -> None:
    with pytest.raises(strict_json.MemberError, match=fault) as caught:
        strict_json.loads(text.encode())
    assert caught.value.member == member


@pytest.mark.parametrize("data", [b"", b"{", b"{'a': 1}", b'{"a": 1} x', b'"\xff"', b"[" * 200_000], ids=ascii)
def test_what_is_no_json_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        strict_json.loads(data)
