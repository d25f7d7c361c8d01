"""The demo: an API and the sample app on two origins, on an instance that is thrown away."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from patience import PATIENCE
from servers import PASSWORD

from flask_renewal.ground.folders import SAMPLE_APP
from flask_renewal.standalone.demo.serving import Demo

ALICE = {"username": "alice", "password": PASSWORD}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with Demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


def coming_from(origin: str, demo: Demo) -> httpx.Client:
    """Return a client of the API on a page of this origin."""
    return httpx.Client(base_url=demo.api_url, headers={"Origin": origin}, timeout=PATIENCE)


def on_the_page(demo: Demo) -> httpx.Client:
    return coming_from(demo.app_url, demo)


def test_the_page_knows_where_the_api_is(demo: Demo) -> None:
    page = httpx.get(f"{demo.app_url}/", timeout=PATIENCE)
    assert f'data-api="{demo.api_url}"' in page.text
    assert f"connect-src 'self' {demo.api_url};" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLE_APP.iterdir() if path.is_file()))
def test_every_file_of_the_page_is_served(demo: Demo, name: str) -> None:
    assert httpx.get(f"{demo.app_url}/{name}", timeout=PATIENCE).status_code == 200


def test_alice_signs_in_from_the_origin_of_the_page(demo: Demo) -> None:
    with on_the_page(demo) as browser:
        answer = browser.post("/auth/login", json=ALICE)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, demo.app_url)


def test_no_other_origin_may_play(demo: Demo) -> None:
    with coming_from("https://evil.example", demo) as browser:
        answer = browser.post("/auth/login", json=ALICE)
    assert (answer.status_code, answer.json()["code"]) == (403, "untrusted_origin")


def test_a_port_that_is_taken_is_replaced_by_a_free_one(demo: Demo, tmp_path: Path) -> None:
    taken = int(demo.api_url.rpartition(":")[2])
    with Demo(tmp_path, port=taken) as second:
        assert second.api_url != demo.api_url
        assert httpx.get(f"{second.api_url}/healthz", timeout=PATIENCE).status_code == 200


def test_the_demo_says_what_was_in_the_answer_that_it_lost(demo: Demo) -> None:
    with on_the_page(demo) as browser:
        browser.post("/auth/login", json=ALICE)
        for token in (True, False):
            browser.post("/demo/lose")
            for prefix in ("/strict", "/auth"):  # a preflight is no request that could be lost
                asked = {"Access-Control-Request-Method": "POST"}
                assert browser.options(f"{prefix}/refresh", headers=asked).status_code == 200
            for prefix in ("/strict", "/auth"):
                with pytest.raises(httpx.RemoteProtocolError):
                    browser.post(f"{prefix}/refresh")
            assert browser.post("/demo/lost").json() == {"token": token}
        assert browser.post("/auth/refresh").status_code == 200


def test_the_strict_rule_ends_a_session_at_the_second_use_of_a_token(demo: Demo) -> None:
    with on_the_page(demo) as usual, on_the_page(demo) as late:
        access = usual.post("/strict/login", json=ALICE).json()["access_token"]
        used = {"Cookie": "; ".join(f"{name}={value}" for name, value in usual.cookies.items())}
        assert usual.post("/strict/refresh").status_code == 200
        for code in ("refresh_token_reused", "session_ended"):
            answer = late.post("/strict/refresh", headers=used)
            assert (answer.status_code, answer.json()["code"]) == (401, code)
        assert usual.post("/strict/refresh").json()["code"] == "session_ended"
        assert usual.get("/strict/reports/1", headers={"Authorization": f"Bearer {access}"}).status_code == 200


@pytest.mark.parametrize(
    ("sent", "code"),
    [({}, "refresh_token_missing"), ({"Cookie": "strict_refresh_token_{port}=made-up"}, "refresh_token_invalid")],
)
def test_the_strict_rule_knows_its_tokens(demo: Demo, sent: dict[str, str], code: str) -> None:
    port = demo.api_url.rpartition(":")[2]
    headers = {name: value.format(port=port) for name, value in sent.items()}
    with on_the_page(demo) as browser:
        answer = browser.post("/strict/refresh", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, code)


def test_the_strict_rule_lets_nobody_in_without_password_or_token(demo: Demo) -> None:
    with on_the_page(demo) as browser:
        wrong = browser.post("/strict/login", json={**ALICE, "password": "x"})
        assert wrong.json()["code"] == "invalid_credentials"
        made_up = browser.get("/strict/reports/1", headers={"Authorization": "Bearer made.up"})
        assert made_up.json()["code"] == "token_invalid"


def test_a_thief_is_found_out_by_either_rule(demo: Demo) -> None:
    with on_the_page(demo) as browser:
        for prefix in ("/auth", "/strict"):
            browser.post(f"{prefix}/login", json=ALICE)
        browser.post("/demo/steal")
        assert browser.post("/demo/thief").json()["strict"] == {"rotated": True, "code": None}
        assert browser.post("/strict/refresh").json()["code"] == "refresh_token_reused"
        assert browser.post("/demo/thief").json()["strict"] == {"rotated": False, "code": "session_ended"}


def test_a_phone_ends_both_sessions(demo: Demo) -> None:
    with on_the_page(demo) as browser:
        browser.post("/strict/login", json=ALICE)
        token = browser.post("/auth/login", json=ALICE).json()["access_token"]
        assert browser.post("/demo/phone", headers={"Authorization": f"Bearer {token}"}).json() == {"status": 204}
        assert browser.post("/strict/refresh").json()["code"] == "session_ended"
        assert browser.post("/auth/refresh").json()["code"] == "session_ended"
