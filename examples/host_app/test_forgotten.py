"""A forgotten password: a letter, a link, a new password."""

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from flask_renewal.testing import RenewalClient

from . import letters as pages
from .conftest import ANN, Letters

NEW = "quite another sentence to remember"


def ask(client: RenewalClient, address: str = ANN) -> int:
    return client.post("/forgotten", data={"address": address}).status_code


def test_who_forgot_the_password_chooses_a_new_one(renewal_client: RenewalClient, letters: Letters) -> None:
    ask(renewal_client, "ann.smith@EXAMPLE.com")
    assert letters[-1][0] == ANN
    assert renewal_client.submit(letters.link(), {"password": NEW}).status_code == 200
    renewal_client.login("ANN.SMITH@example.com", NEW).assert_signed_in(ANN)
    assert letters[-1][1] == "Your password was changed"


def test_a_new_password_ends_every_session(ann: RenewalClient, letters: Letters) -> None:
    ask(ann)
    ann.submit(letters.link(), {"password": NEW})
    ann.assert_ended("session_ended")


def test_an_address_that_nobody_has_is_answered_the_same_and_gets_nothing(
    renewal_client: RenewalClient, letters: Letters
) -> None:
    assert {ask(renewal_client, address) for address in (ANN, "eve@example.com", "", "two\nlines")} == {204}
    assert [to for to, _, _ in letters] == [ANN]


def test_who_may_not_sign_in_gets_no_letter(
    renewal_app: Flask, renewal_client: RenewalClient, letters: Letters
) -> None:
    renewal_app.test_cli_runner().invoke(args=["users", "disable", ANN])
    ask(renewal_client)
    assert letters == []


def test_to_open_the_link_changes_nothing(ann: RenewalClient, letters: Letters) -> None:
    ask(ann)
    assert ann.visit(letters.link()).status_code == 200
    ann.assert_signed_in(ANN)


def test_a_link_is_good_for_one_use(renewal_client: RenewalClient, letters: Letters) -> None:
    ask(renewal_client)
    link = letters.link()
    renewal_client.submit(link, {"password": NEW})
    assert renewal_client.submit(link, {"password": f"{NEW} again"}).status_code == 410


def test_of_two_links_the_second_is_over_when_the_first_was_used(
    renewal_client: RenewalClient, letters: Letters
) -> None:
    ask(renewal_client)
    ask(renewal_client)
    first, second = (letters[number] for number in (0, 1))
    renewal_client.submit(Letters([first]).link(), {"password": NEW})
    assert renewal_client.visit(Letters([second]).link()).status_code == 410


def test_a_weak_password_is_asked_for_again_and_the_link_stays_good(
    renewal_client: RenewalClient, letters: Letters
) -> None:
    ask(renewal_client)
    assert renewal_client.submit(letters.link(), {"password": "short"}).status_code == 422
    assert renewal_client.visit(letters.link()).status_code == 200


def test_a_link_that_somebody_else_has_signed_is_over(renewal_client: RenewalClient) -> None:
    forged = URLSafeTimedSerializer("a guess", salt="letters password").dumps(["1", "state"])
    assert renewal_client.visit(f"/new-password/{forged}").status_code == 410


def test_a_link_is_over_when_it_is_too_old(
    renewal_client: RenewalClient, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(renewal_client)
    monkeypatch.setattr(pages, "GOOD_FOR", -1)
    assert renewal_client.visit(letters.link()).status_code == 410


def test_the_host_that_a_request_names_is_in_no_letter(renewal_client: RenewalClient, letters: Letters) -> None:
    renewal_client.post("/forgotten", data={"address": ANN}, headers={"Host": "evil.example.org"})
    assert "evil" not in letters[-1][2]


def test_the_page_of_the_link_tells_no_other_site_its_address(renewal_client: RenewalClient, letters: Letters) -> None:
    ask(renewal_client)
    assert renewal_client.visit(letters.link()).headers["Referrer-Policy"] == "no-referrer"
