"""One sentence on the page that a redirect leads to: what has just been done."""

import pytest
from flask.testing import FlaskClient

OWN = {"Sec-Fetch-Site": "same-origin"}


def told(client: FlaskClient, query: str, headers: dict[str, str] | None = None) -> str:
    """Return the notice on the page with the form to sign in."""
    page = client.get(f"/login?{query}", headers=OWN if headers is None else headers).text
    return page.partition('role="status">')[2].partition("<")[0].strip()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("notice=signed_out", "You are signed out."),
        ("notice=ended", "That device is signed out."),
        ("notice=renamed", "The device has its new name."),
        ("notice=ended_others&n=0", "No other device was signed in."),
        ("notice=ended_others&n=1", "1 other device was signed out."),
        ("notice=ended_others&n=2", "2 other devices were signed out."),
        ("notice=password_changed", "Your password is changed."),
        ("notice=password_changed&n=3", "Your password is changed. 3 other devices were signed out."),
        ("notice=ended_others&n=-3", "No other device was signed in."),
        ("notice=ended_others&n=x", "No other device was signed in."),
        ("notice=ended_others&n=%D9%A1", "No other device was signed in."),
        ("notice=nothing", ""),
        ("", ""),
    ],
)
def test_what_has_been_done_is_said(client: FlaskClient, query: str, sentence: str) -> None:
    assert told(client, query) == sentence


@pytest.mark.parametrize(("site", "said"), [("cross-site", False), ("same-site", False), ("none", False)])
def test_a_link_from_elsewhere_frightens_nobody(client: FlaskClient, site: str, said: bool) -> None:
    assert bool(told(client, "notice=signed_out", {"Sec-Fetch-Site": site})) is said


def test_an_older_browser_says_nothing_of_where_it_comes_from(client: FlaskClient) -> None:
    assert told(client, "notice=signed_out", {}) == "You are signed out."
