"""Another e-mail address, which is another user name."""

import pytest
from flask import Flask

from flask_renewal.testing import RenewalClient

from .conftest import ANN, PASSWORD, Letters

NEW = "Ann@New.example.com"


def move(client: RenewalClient, address: str = NEW) -> int:
    return client.post("/address", data={"address": address}).status_code


def test_who_confirms_the_new_address_signs_in_with_it_in_any_spelling(ann: RenewalClient, letters: Letters) -> None:
    assert move(ann) == 204
    assert letters[-1][0] == NEW
    ann.submit(letters.link(), {})
    ann.login("ann@new.EXAMPLE.com", PASSWORD).assert_signed_in(NEW)
    assert letters[-1][:2] == (ANN, "Your address was changed")


def test_a_new_address_ends_every_session(ann: RenewalClient, letters: Letters) -> None:
    move(ann)
    ann.submit(letters.link(), {})
    ann.assert_ended("session_ended")


def test_until_it_is_confirmed_the_old_address_stays(ann: RenewalClient, letters: Letters) -> None:
    move(ann)
    ann.visit(letters.link())
    ann.assert_signed_in(ANN)
    ann.login(ANN, PASSWORD)


def test_who_has_not_typed_the_password_just_now_may_not_move(ann: RenewalClient) -> None:
    ann.refresh()
    assert move(ann) == 401


def test_an_address_of_somebody_elses_is_answered_the_same_and_gets_nothing(
    renewal_app: Flask, ann: RenewalClient, letters: Letters
) -> None:
    renewal_app.test_cli_runner().invoke(args=["users", "add", "bob@example.com", "--password-stdin"], input=PASSWORD)
    assert move(ann, "BOB@example.com") == 204
    assert letters == []


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@new.example.com\nBcc: eve@example.com", "a" * 200 + "@example.com"]
)
def test_what_is_no_address_gets_no_letter(ann: RenewalClient, letters: Letters, address: str) -> None:
    assert move(ann, address) == 422
    assert letters == []


def test_an_address_that_somebody_took_meanwhile_is_not_given_twice(
    renewal_app: Flask, ann: RenewalClient, letters: Letters
) -> None:
    move(ann)
    renewal_app.test_cli_runner().invoke(args=["users", "add", NEW.lower(), "--password-stdin"], input=PASSWORD)
    assert ann.submit(letters.link(), {}).status_code == 410
    ann.assert_signed_in(ANN)


def test_a_link_for_a_new_address_sets_no_password(ann: RenewalClient, letters: Letters) -> None:
    move(ann)
    assert ann.visit(letters.link().replace("new-address", "new-password")).status_code == 410
