"""A Flask-Login application moves over, and back: nobody who is signed in notices."""

import pytest

from .conftest import Visitor
from .versions import PASSWORD, Deployed


def sign_in(deployed: Deployed, name: str = "ann", **form: str) -> Visitor:
    visitor = Visitor(deployed)
    visitor.submit("/login", name=name, password=PASSWORD, **form)
    assert_signed_in(visitor, name)
    return visitor


def assert_signed_in(visitor: Visitor, name: str = "ann") -> None:
    assert f"Entries of {name}" in visitor.visit("/entries/mine").text


def assert_signed_out(visitor: Visitor) -> None:
    assert 'type="password"' in visitor.visit("/entries/mine").text


@pytest.mark.parametrize("form", [{}, {"remember": "on"}], ids=["for this browser session", "remembered"])
def test_who_was_signed_in_stays_so_through_the_deployment_and_back(guest_book: Deployed, form: dict[str, str]) -> None:
    visitor = sign_in(guest_book, **form)
    for version in ("after", "before", "after"):
        guest_book.version = version
        assert_signed_in(visitor)
        assert_signed_in(visitor)


@pytest.mark.parametrize(("form", "lasts"), [({}, False), ({"remember": "on"}, True)], ids=["not", "ticked"])
def test_what_ended_with_the_browser_still_does(guest_book: Deployed, form: dict[str, str], lasts: bool) -> None:
    visitor = sign_in(guest_book, **form)
    guest_book.version = "after"
    assert_signed_in(visitor)
    assert visitor.last("refresh_token") is lasts


def test_a_browser_that_was_closed_since_is_still_remembered(guest_book: Deployed) -> None:
    visitor = sign_in(guest_book, remember="on")
    visitor.delete_cookie("session")
    for version in ("after", "before", "after"):
        guest_book.version = version
        assert_signed_in(visitor)


def test_a_page_for_everybody_knows_whom_it_greets(guest_book: Deployed) -> None:
    visitor = sign_in(guest_book)
    with guest_book.as_("after"):
        assert "Entries of ann" in visitor.visit("/").text
        assert "Sign in" in Visitor(guest_book).visit("/").text


def test_what_is_written_after_the_deployment_is_there_after_a_rollback(guest_book: Deployed) -> None:
    visitor = sign_in(guest_book)
    with guest_book.as_("after"):
        visitor.submit("/write", text="Hello again")
    assert "Hello again" in visitor.visit("/entries/mine").text


@pytest.mark.parametrize("form", [{}, {"remember": "on"}], ids=["for this browser session", "remembered"])
def test_a_sign_out_is_final_also_after_a_rollback(guest_book: Deployed, form: dict[str, str]) -> None:
    visitor = sign_in(guest_book, **form)
    guest_book.version = "after"
    assert_signed_in(visitor)
    visitor.submit("/logout")
    for version in ("after", "before", "after"):
        guest_book.version = version
        assert_signed_out(visitor)


def test_a_session_that_was_ended_does_not_begin_anew_from_the_old_sign_in(guest_book: Deployed) -> None:
    visitor = sign_in(guest_book, remember="on")
    guest_book.version = "after"
    assert_signed_in(visitor)
    with guest_book.app.app_context():
        assert guest_book.module.renewal.end_sessions(1) == 1
    visitor.delete_cookie("access_token")
    assert_signed_out(visitor)
    assert_signed_out(visitor)


def close_account(deployed: Deployed) -> None:
    with deployed.app.app_context():
        deployed.module.db.session.get(deployed.module.User, 1).is_active = False
        deployed.module.db.session.commit()


def test_an_account_that_was_closed_is_not_taken_over(guest_book: Deployed) -> None:
    visitor = sign_in(guest_book, remember="on")
    close_account(guest_book)
    guest_book.version = "after"
    assert_signed_out(visitor)


def test_the_sessions_of_an_account_that_was_closed_go_on_no_more(guest_book: Deployed) -> None:
    guest_book.version = "after"
    visitor = sign_in(guest_book, remember="on")
    close_account(guest_book)
    visitor.delete_cookie("access_token")
    assert_signed_out(visitor)
    with guest_book.app.app_context():
        assert guest_book.module.renewal.sessions(1) == []


def test_a_cookie_that_somebody_made_up_signs_nobody_in(guest_book: Deployed) -> None:
    guest_book.version = "after"
    visitor = Visitor(guest_book)
    visitor.set_cookie("remember_token", f"1|{'0' * 128}")
    visitor.set_cookie("session", "eyJfdXNlcl9pZCI6IjEifQ.made.up")
    assert_signed_out(visitor)


@pytest.mark.parametrize(("form", "lasts"), [({}, False), ({"remember": "on"}, True)], ids=["not", "ticked"])
def test_remember_me_says_whether_the_sign_in_outlives_the_browser(
    guest_book: Deployed, form: dict[str, str], lasts: bool
) -> None:
    guest_book.version = "after"
    assert sign_in(guest_book, **form).last("refresh_token") is lasts


def test_who_signs_in_after_the_deployment_is_the_same_after_a_rollback(guest_book: Deployed) -> None:
    guest_book.add(name="bob")
    visitor = sign_in(guest_book, remember="on")
    guest_book.version = "after"
    visitor.submit("/login", name="bob", password=PASSWORD)
    for version in ("after", "before", "after"):
        guest_book.version = version
        assert_signed_in(visitor, "bob")


def test_a_page_that_needs_a_sign_in_leads_there_and_back(guest_book: Deployed) -> None:
    guest_book.version = "after"
    visitor = Visitor(guest_book)
    asked = visitor.visit("/write")
    assert asked.request.path == "/login"
    told = visitor.submit(f"/login?{asked.request.query_string.decode()}", name="ann", password=PASSWORD)
    assert told.request.path == "/write"
