"""Names and labels from outside."""

import pytest

from flask_renewal.ground.errors import InvalidRequestError
from flask_renewal.ground.text import (
    DEVICE_ID_MAX_CHARACTERS,
    DEVICE_MAX_CHARACTERS,
    USER_AGENT_MAX_CHARACTERS,
    USERNAME_MAX_CHARACTERS,
    bounded,
    label,
    shown,
    username_key,
)

SAME = [
    ("alice", "ALICE"),
    ("alice", "\uff41\uff4c\uff49\uff43\uff45"),
    ("strasse", "STRA\u1e9eE"),
    ("\ufb01ne", "FINE"),
    ("caf\u00e9", "cafe\u0301"),
    ("\u212bngstrom", "\u00c5NGSTROM"),
    ("\u03c3\u03c2", "\u03a3\u03a3"),
    ("a b", "A\u00a0B"),
    ("\u2167", "viii"),
]


@pytest.mark.parametrize(("one", "other"), SAME, ids=ascii)
def test_two_ways_to_write_a_name_are_one(one: str, other: str) -> None:
    assert username_key(one) == username_key(other)


@pytest.mark.parametrize(("one", "other"), [("alice", "al\u0456ce"), ("alice", "alic\u00e9"), ("a b", "ab")], ids=ascii)
def test_two_names_are_two(one: str, other: str) -> None:
    assert username_key(one) != username_key(other)


@pytest.mark.parametrize(("one", "_"), SAME, ids=ascii)
def test_the_form_of_a_form_is_itself(one: str, _: str) -> None:
    assert username_key(username_key(one)) == username_key(one)


@pytest.mark.parametrize(
    "name", ["a", "a" * 150, "O'Brien; DROP TABLE", "\u6b63\u3057\u3044", "\U0001f600", "a.b+c@example.com", "a b"]
)
def test_a_name(name: str) -> None:
    assert username_key(name)


BAD_NAMES = {
    "none": "",
    "a space": " ",
    "a leading space": " a",
    "a trailing space": "a ",
    "a trailing wide space": "a\u3000",
    "a leading mark that is written as a space and an accent": "\u00a8a",
    "151 characters": "a" * 151,
    "151 once folded": "\u00df" * 75 + "a",
    "151 once composed otherwise": "\ufdfa" * 9,
    "NUL": "a\0b",
    "a line break": "a\nb",
    "a tab": "a\tb",
    "an escape": "a\x1b[31mb",
    "a control character beyond ASCII": "a\x85b",
    "a zero-width space": "a\u200bb",
    "a zero-width joiner": "a\u200db",
    "a soft hyphen": "a\u00adb",
    "a byte order mark": "\ufeffa",
    "a direction override": "a\u202eb",
    "a line separator": "a\u2028b",
    "half a character": "a\ud800",
    "a tag": "a\U000e0041",
    "a grapheme joiner": "a\u034fb",
    "a variation selector": "a\ufe0f",
    "a Mongolian one": "a\u180b",
    "one for ideographs": "\u8fbb\U000e0100",
    "a Hangul filler": "a\u3164",
    "half of one": "a\uffa0",
    "an initial one": "\u115fa",
    "a medial one": "\u1160a",
    "a Khmer vowel that is none": "a\u17b4",
    "what is to be invisible one day": "a\ufff0",
}


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
def test_a_name_that_is_none(name: str) -> None:
    with pytest.raises(InvalidRequestError) as refusal:
        username_key(name)
    assert refusal.value.field == "username"
    assert refusal.value.detail.isprintable()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        ("\x00\x1b\u200b\u202e\u2028\ud800", None),
        ("Work laptop", "Work laptop"),
        ("  padded  ", "padded"),
        (" " * 10 + "far in", "far in"),
        ("a\r\nb", "ab"),
        ("x" * 11, "x" * 10),
        ("123456789 1", "123456789"),
        ("\x00" * 50 + "visible", "visible"),
        ("caf\u00e9 \U0001f600", "caf\u00e9 \U0001f600"),
        ("<b>", "<b>"),
        ("\u3164", None),
        ("a\ufe0f", "a"),
    ],
    ids=ascii,
)
def test_a_label_is_visible_and_short(value: str | None, kept: str | None) -> None:
    assert label(value, longest=10 if kept != "Work laptop" else 20) == kept


def test_of_a_long_label_only_the_beginning_is_looked_at() -> None:
    assert label("\u200b" * 1023 + "ab", longest=10) == "a"


def test_how_long_what_comes_from_outside_may_be_is_promised() -> None:
    assert (USERNAME_MAX_CHARACTERS, DEVICE_MAX_CHARACTERS) == (150, 100)
    assert DEVICE_ID_MAX_CHARACTERS == USER_AGENT_MAX_CHARACTERS == 256


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("a@b", "'a@b'"),
        ("a//b", "'a//b'"),
        ("a\nb", "'a\\nb'"),
        (["https://a.example"], "['https://a.example']"),
        ("redis://user:pass@host", "'redis://\u2026@host'"),
        ("redis://user:p@ss@host", "'redis://\u2026@host'"),
        ("redis://user:p//ss@host", "'redis://\u2026@host'"),
        ("host?password=secret&db=1", "'host?password=\u2026&db=1'"),
        ("host=h PASSWORD=secret user=u", "'host=h PASSWORD=\u2026 user=u'"),
        (5, "5"),
    ],
    ids=ascii,
)
def test_a_value_is_told_in_one_line_and_without_a_password(value: object, told: str) -> None:
    assert shown(value) == told


@pytest.mark.parametrize("value", [None, True, 5, 1.5, "a", 'a "b"'])
def test_a_value_for_a_line_of_json_is_what_it_was(value: object) -> None:
    assert bounded(value) == value


def test_of_a_long_value_the_beginning_is_told() -> None:
    assert shown("x" * 198) == repr("x" * 198)
    assert shown("x" * 199) == "'" + "x" * 199 + "\u2026"
    assert shown(["x" * 300]) == "['" + "x" * 198 + "\u2026"
    assert shown("x" * 300, longest=5) == "'xxxx\u2026"
    assert shown("host?password=" + "x" * 200 + "&db=1") == "'host?password=\u2026&db=1'"


@pytest.mark.parametrize("length", [300, 500, 5000])
def test_no_password_is_so_long_that_it_is_told(length: int) -> None:
    assert shown("host?db=1&password=" + "x" * length).startswith("'host?db=1&password=\u2026")
    assert shown("redis://user:" + "x" * length + "@host") == "'redis://\u2026@host'"
    assert shown(["redis://user:" + "x" * length + "@host"]) == "['redis://\u2026@host']"
