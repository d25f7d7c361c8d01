"""Every figure moves when what it counts happens, and by nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from conftest import Clock, bearer
from flask import Flask
from flask.testing import FlaskClient
from scraping import moving, refresh, scrape
from servers import PASSWORD

from flask_renewal import access_required

MINUTE = timedelta(minutes=1)
AGE = "flask_renewal_quiet_age_seconds"


def test_sign_ins_and_refused_passwords_are_counted(client: FlaskClient, login: Any, moves: Any) -> None:
    with moves(sign_ins={"refused": 1}):
        client.post("/auth/login", json={"username": "nobody", "password": PASSWORD})
    with moves(sign_ins={"started": 1}, sessions_ended={"replaced": 1}):
        client.post("/auth/login", json={"username": "alice", "password": PASSWORD})


def test_refreshes_are_counted_by_verdict(client: FlaskClient, token: str, clock: Clock, moves: Any) -> None:
    with moves(refreshes={"rotate": 1}):
        second = refresh(client, token)[1]
    with moves(refreshes={"quiet": 2}):
        refresh(client, token)
        refresh(client, second)
    clock.now += 2 * MINUTE
    with moves(refreshes={"replace": 1}):
        refresh(client, token)
    with moves(refreshes={"refresh_token_invalid": 1}):
        refresh(client, "nonsense")
    with moves():  # who has no token asks for nothing
        client.post("/auth/refresh")


def test_a_token_left_behind_once_counts_as_superseded(
    client: FlaskClient, token: str, clock: Clock, moves: Any
) -> None:
    lost = refresh(client, token)[1]
    clock.now += 2 * MINUTE
    refresh(client, token)
    clock.now += 2 * MINUTE
    with moves(
        refreshes={"refresh_token_reused": 1},
        sessions_ended={"reuse": 1},
        false_sign_outs_bound={"superseded": 1},
    ):
        refresh(client, lost)
    with moves(refreshes={"session_ended": 1}):
        refresh(client, lost)


def test_a_token_left_behind_for_long_counts_as_older(
    client: FlaskClient, token: str, clock: Clock, moves: Any
) -> None:
    newest = token
    for _ in range(3):
        newest = refresh(client, newest)[1]
        clock.now += 2 * MINUTE
    with moves(refreshes={"refresh_token_reused": 1}, sessions_ended={"reuse": 1}, false_sign_outs_bound={"older": 1}):
        refresh(client, token)


def test_the_age_of_a_quiet_answer_is_that_of_the_rotation(client: FlaskClient, token: str, clock: Clock) -> None:
    refresh(client, token)
    clock.now += timedelta(seconds=17)
    before = scrape(client)
    refresh(client, token)
    more = {key: value - before[key] for key, value in scrape(client).items() if key[0].startswith(AGE)}
    assert (more[f"{AGE}_count", ""], more[f"{AGE}_sum", ""]) == (1, 17)
    assert (more[f"{AGE}_bucket", "15.0"], more[f"{AGE}_bucket", "20.0"]) == (0, 1)


def test_a_session_that_has_run_out_is_no_ending(client: FlaskClient, token: str, clock: Clock, moves: Any) -> None:
    clock.now += timedelta(days=8)
    with moves(refreshes={"session_expired": 1}):
        refresh(client, token)


def test_guards_are_counted_by_code(client: FlaskClient, login: Any, clock: Clock, moves: Any) -> None:
    mine = bearer(login["access_token"])
    with moves(guard_refusals={"token_missing": 1}):
        client.get("/auth/me")
    with moves(guard_refusals={"token_invalid": 1}):
        client.get("/auth/me", headers=bearer("a.b.c"))
    with moves(guard_refusals={"untrusted_origin": 1}):
        client.post("/auth/refresh", headers={"Origin": "https://evil.example"})
    with moves(sessions_ended={"logout": 1}):
        client.post("/auth/logout")
    with moves(guard_refusals={"session_ended": 1}):
        client.get("/auth/me", headers=mine)
    clock.now += 20 * MINUTE
    with moves(guard_refusals={"token_expired": 1}):
        client.get("/auth/me", headers=mine)


def test_who_is_let_through_from_an_untrusted_origin_is_no_refusal(make_app: Callable[..., Flask]) -> None:
    client = make_app(RENEWAL_METRICS="/metrics", RENEWAL_UNTRUSTED_ORIGINS="report").test_client()
    client.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    with moving(client, refreshes={"rotate": 1}):
        client.post("/auth/refresh", headers={"Origin": "https://evil.example"})


def test_renewals_in_the_header_are_counted(client: FlaskClient, login: Any, clock: Clock, moves: Any) -> None:
    with moves():
        client.get("/auth/me", headers=bearer(login["access_token"]))
    clock.now += 11 * MINUTE
    with moves(header_renewals={"": 1}):
        assert "X-Renewed-Access-Token" in client.get("/auth/me", headers=bearer(login["access_token"])).headers


def test_a_token_that_is_not_renewed_is_not_counted(make_app: Callable[..., Flask], clock: Clock) -> None:
    client = make_app(RENEWAL_METRICS="/metrics", RENEWAL_HEADER_LIMIT=0).test_client()
    who = client.post("/auth/register", json={"username": "alice", "password": PASSWORD}).get_json()
    clock.now += 11 * MINUTE
    with moving(client):
        assert client.get("/auth/me", headers=bearer(who["access_token"])).status_code == 200


def test_what_comes_too_often_is_counted_by_what_it_is_counted_by(client: FlaskClient, moves: Any) -> None:
    wrong = {"username": "nobody", "password": PASSWORD}
    with moves(sign_ins={"refused": 3}, throttled={"address": 2}):
        for _ in range(5):
            client.post("/auth/login", json=wrong)


def test_who_is_not_fresh_enough_is_counted(app: Flask, client: FlaskClient, moves: Any) -> None:
    app.add_url_rule("/fresh", view_func=access_required(fresh=True)(lambda: "in"))
    client.post("/auth/register", json={"username": "alice", "password": PASSWORD})
    stale = client.post("/auth/refresh").get_json()["access_token"]
    with moves(guard_refusals={"fresh_token_required": 1}):
        assert client.get("/fresh", headers=bearer(stale)).status_code == 401
