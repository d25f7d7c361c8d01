"""Why a form was not accepted, told next to the field that it is about."""

import pytest
from conftest import PASSWORD
from flask.testing import FlaskClient
from pages_kit import register, sign_in

from flask_renewal.entrances.pages.faults import fault
from flask_renewal.entrances.pages.forms import Form
from flask_renewal.ground.errors import InvalidRequestError

REFUSED = {
    "a name that is taken": ({"username": "ALICE", "password": PASSWORD}, 409, "username", "is taken"),
    "a short password": ({"username": "bob", "password": "short"}, 422, "password", "at least 12 characters"),
    "11 letters of 12": ({"username": "bob", "password": "e\u0301 a b c d e"}, 422, "password", "at least 12 char"),
    "the name": ({"username": "a name of bob", "password": "A name of Bob"}, 422, "password", "too easy to guess"),
    "a common password": ({"username": "bob", "password": "password1234"}, 422, "password", "too easy to guess"),
    "no password": ({"username": "bob", "password": ""}, 422, "password", "type a password"),
    "a password of 2 kB": ({"username": "bob", "password": "x" * 2000}, 422, "password", "up to 1,024 bytes"),
    "no name": ({"username": "", "password": PASSWORD}, 422, "username", "type your user name"),
    "an invisible name": ({"username": "b\u200bob", "password": PASSWORD}, 422, "username", "visible characters"),
}


@pytest.mark.parametrize(("fields", "status", "field", "sentence"), REFUSED.values(), ids=REFUSED)
def test_registering_says_at_the_field_what_is_wrong(
    client: FlaskClient, fields: dict[str, str], status: int, field: str, sentence: str
) -> None:
    register(client)
    client.post("/logout")
    page = client.post("/register", data=fields)
    assert page.status_code == status
    fault = page.text.partition(f'id="{field}-fault">')[2].partition("<")[0]
    assert sentence in fault
    assert f'value="{fields["username"]}"' in page.text


def test_a_wrong_password_is_told_at_its_field_and_the_name_is_kept(client: FlaskClient) -> None:
    register(client)
    client.post("/logout")
    page = sign_in(client, password="a wrong password")
    assert page.status_code == 401
    assert 'aria-describedby="password-fault" aria-invalid="true"' in page.text
    assert "The user name or the password is wrong." in page.text
    assert 'value="alice"' in page.text
    assert "a wrong password" not in page.text
    assert "Set-Cookie" not in page.headers


def test_too_many_failures_are_told_with_the_time_to_wait(client: FlaskClient) -> None:
    answers = [sign_in(client, password="a wrong password") for _ in range(11)]
    assert answers[-1].status_code == 429
    assert f"in {answers[-1].headers['Retry-After']} second" in answers[-1].text
    assert 'value="alice"' in answers[-1].text


def test_what_the_host_says_of_no_field_is_said_in_its_words() -> None:
    error = InvalidRequestError("Please come with an invitation.")
    told = fault(error, Form())
    assert (told.field, told.sentence) == ("", "Please come with an invitation.")
