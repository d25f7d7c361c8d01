"""Where a sign-in may lead."""

import pytest
from conftest import PASSWORD
from flask.testing import FlaskClient
from pages_kit import register, sign_in

from flask_renewal.ground.local_paths import is_local_path

ALICE = {"username": "alice", "password": PASSWORD}
ATTACKS = {
    "another host without a scheme": "//evil.com",
    "a backslash that browsers take for a slash": "/\\evil.com",
    "two backslashes": "\\\\evil.com",
    "a tab that browsers drop": "/\t/evil.com",
    "an encoded tab": "/%09/evil.com",
    "an encoded tab before an encoded slash": "/%09%2fevil.com",
    "a NUL": "/\x00/evil.com",
    "an encoded NUL": "/%00/evil.com",
    "a space in front": " //evil.com",
    "a space inside": "/my page",
    "a scheme without slashes": "https:evil.com",
    "a scheme with three slashes": "https:///evil.com",
    "a script": "javascript:alert(1)",
    "user information": "//evil.com@api.example.com",
    "our own host as user information": "https://api.example.com@evil.com",
    "dot segments": "/..//evil.com",
    "encoded dot segments": "/%2e%2e//evil.com",
    "two dots inside": "/account/../logout",
    "one dot inside": "/account/./logout",
    "two slashes inside": "/account//evil.com",
    "an encoded slash after the first": "/%2fevil.com",
    "an encoded backslash": "/%5cevil.com",
    "a line break": "/account\r\nSet-Cookie: a=b",
    "a line break in the query": "/account?tab=1\r\nSet-Cookie:a=b",
    "an encoded line break": "/account%0d%0aSet-Cookie:%20a=b",
    "a next line": "/\x85/evil.com",
    "a direction override": "/\u202e/moc.live",
    "an unpaired byte": "/%ff",
    "a line separator": "/\u2028/evil.com",
    "another origin in full": "https://evil.com/account",
    "no slash in front": "account",
    "nothing": "",
}
GOOD = {
    "a path": "/account",
    "the front page": "/",
    "a query and a fragment": "/account?tab=1#x",
    "a slash at the end": "/account/",
    "an address inside the query": "/go?to=https://example.com//x",
    "an encoded space": "/my%20page",
    "letters of any language": "/账户",
}


@pytest.mark.parametrize("target", ATTACKS.values(), ids=ATTACKS)
def test_a_target_that_could_lead_away_is_no_local_path(target: str) -> None:
    assert not is_local_path(target)


@pytest.mark.parametrize("target", GOOD.values(), ids=GOOD)
def test_a_path_of_this_site_is_a_local_path(target: str) -> None:
    assert is_local_path(target)


@pytest.mark.parametrize("target", ATTACKS.values(), ids=ATTACKS)
def test_signing_in_leads_to_the_account_whatever_was_planted_as_next(client: FlaskClient, target: str) -> None:
    planted = register(client, next=target)
    assert (planted.status_code, planted.location) == (303, "/account")
    assert client.get("/login", query_string={"next": target}).location == "/account"


@pytest.mark.parametrize("target", [target for target in GOOD.values() if target.isascii()])
def test_signing_in_leads_to_the_page_that_was_asked_for(client: FlaskClient, target: str) -> None:
    register(client)
    client.post("/logout")
    assert sign_in(client, next=target).location == target


def test_two_targets_are_none(client: FlaskClient) -> None:
    register(client)
    assert client.post("/login?next=/a", data={**ALICE, "next": ["/one", "/two"]}).location == "/account"
    assert client.get("/login?next=/a&next=//evil.com").location == "/account"
