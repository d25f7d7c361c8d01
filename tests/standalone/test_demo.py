"""The demo: an API and the sample app on two origins, on an instance that is thrown away."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from servers import PASSWORD

from flask_renewal.standalone.demo.serving import Demo

ALICE = {"username": "alice", "password": PASSWORD}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with Demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


def test_the_page_knows_where_the_api_is(demo: Demo) -> None:
    page = httpx.get(f"{demo.app_url}/")
    assert f'data-api="{demo.api_url}"' in page.text
    assert f"connect-src {demo.api_url}" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["app.js", "lab.js", "timeline.js", "words.js", "style.css", "icon.svg"])
def test_every_file_of_the_page_is_served(demo: Demo, name: str) -> None:
    assert httpx.get(f"{demo.app_url}/{name}").status_code == 200


def test_alice_signs_in_from_the_origin_of_the_page(demo: Demo) -> None:
    answer = httpx.post(f"{demo.api_url}/auth/login", json=ALICE, headers={"Origin": demo.app_url})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, demo.app_url)


def test_no_other_origin_may_play(demo: Demo) -> None:
    answer = httpx.post(f"{demo.api_url}/auth/login", json=ALICE, headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "untrusted_origin")


def test_a_port_that_is_taken_is_replaced_by_a_free_one(demo: Demo, tmp_path: Path) -> None:
    taken = int(demo.api_url.rpartition(":")[2])
    with Demo(tmp_path, port=taken) as second:
        assert second.api_url != demo.api_url
        assert httpx.get(f"{second.api_url}/healthz").status_code == 200


def test_the_demo_says_what_was_in_the_answer_that_it_lost(demo: Demo) -> None:
    with httpx.Client(base_url=demo.api_url, headers={"Origin": demo.app_url}) as browser:
        browser.post("/auth/login", json=ALICE)
        for token in (True, False):
            browser.post("/demo/lose")
            with pytest.raises(httpx.RemoteProtocolError):
                browser.post("/auth/refresh")
            assert browser.post("/demo/lost").json() == {"token": token}
        assert browser.post("/auth/refresh").status_code == 200
