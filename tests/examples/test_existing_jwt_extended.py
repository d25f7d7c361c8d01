"""A Flask-JWT-Extended application moves over, and back: nobody who is signed in notices."""

from datetime import timedelta
from typing import Any

import pytest
from conftest import bearer
from flask_jwt_extended import create_access_token

from .conftest import Visitor
from .versions import PASSWORD, Deployed

ANN = {"email": "ann@example.com", "password": PASSWORD}


def sign_in(deployed: Deployed, email: str = "ann@example.com") -> Visitor:
    visitor = Visitor(deployed)
    visitor.submit("/login", email=email, password=PASSWORD)
    assert_signed_in(visitor, email)
    return visitor


def assert_signed_in(visitor: Visitor, email: str = "ann@example.com") -> None:
    assert f"Notes of {email}" in visitor.visit("/").text


def assert_signed_out(visitor: Visitor) -> None:
    assert 'type="password"' in visitor.visit("/").text


def let_the_access_token_expire(visitor: Visitor, deployed: Deployed) -> None:
    """Leave the browser with what Flask-JWT-Extended's cookies are half an hour later."""
    with deployed.app.app_context():
        user = deployed.module.db.session.get(deployed.module.User, 1)
        expired = create_access_token(user, expires_delta=timedelta(seconds=-1))
    visitor.set_cookie("access_token_cookie", expired)


def test_a_browser_that_was_signed_in_stays_so_through_the_deployment_and_back(notes: Deployed) -> None:
    visitor = sign_in(notes)
    for version in ("after", "before", "after"):
        notes.version = version
        assert_signed_in(visitor)
        assert_signed_in(visitor)


def test_a_browser_that_was_away_for_a_while_is_signed_in_too(notes: Deployed) -> None:
    visitor = sign_in(notes)
    let_the_access_token_expire(visitor, notes)
    for version in ("after", "before", "after"):
        notes.version = version
        assert_signed_in(visitor)


def test_what_is_written_after_the_deployment_is_there_after_a_rollback(notes: Deployed) -> None:
    visitor = sign_in(notes)
    with notes.as_("after"):
        assert "Milk" in visitor.submit("/notes", text="Milk").text
    assert "Milk" in visitor.visit("/").text


def test_a_sign_out_is_final_also_after_a_rollback(notes: Deployed) -> None:
    visitor = sign_in(notes)
    notes.version = "after"
    assert_signed_in(visitor)
    visitor.submit("/logout")
    for version in ("after", "before", "after"):
        notes.version = version
        assert_signed_out(visitor)


def test_a_session_that_was_ended_does_not_begin_anew_from_the_old_sign_in(notes: Deployed) -> None:
    visitor = sign_in(notes)
    notes.version = "after"
    assert_signed_in(visitor)
    with notes.app.app_context():
        assert notes.module.renewal.end_sessions(1) == 1
    visitor.delete_cookie("access_token")
    assert_signed_out(visitor)
    assert_signed_out(visitor)


def test_somebody_who_was_deleted_is_not_taken_over(notes: Deployed) -> None:
    visitor = sign_in(notes)
    with notes.app.app_context():
        notes.module.db.session.delete(notes.module.db.session.get(notes.module.User, 1))
        notes.module.db.session.commit()
    notes.version = "after"
    assert_signed_out(visitor)


@pytest.mark.parametrize("made", ["", "made up", "access"])
def test_a_cookie_that_is_no_refresh_token_of_before_signs_nobody_in(notes: Deployed, made: str) -> None:
    held = sign_in(notes).held()
    notes.version = "after"
    visitor = Visitor(notes)
    visitor.set_cookie("refresh_token_cookie", held["access_token_cookie"] if made == "access" else made)
    assert_signed_out(visitor)


def test_a_form_of_another_site_writes_nothing(notes: Deployed) -> None:
    visitor = sign_in(notes)
    notes.version = "after"
    assert_signed_in(visitor)
    told = visitor.post("/notes", data={"text": "Spam"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert told.status_code == 403
    assert "Spam" not in visitor.visit("/").text


def api_login(deployed: Deployed) -> tuple[Visitor, dict[str, Any]]:
    app = Visitor(deployed)
    return app, app.post("/api/login", json=ANN).get_json()


def refresh(app: Visitor, tokens: dict[str, Any]) -> dict[str, Any]:
    answer = app.post("/api/refresh", headers=bearer(tokens["refresh_token"]))
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_an_app_that_was_signed_in_goes_on_with_the_refresh_token_that_it_has(notes: Deployed) -> None:
    app, tokens = api_login(notes)
    notes.version = "after"
    assert app.get("/api/notes", headers=bearer(tokens["access_token"])).status_code == 401
    for _ in range(3):
        tokens = refresh(app, tokens)
        assert app.get("/api/notes", headers=bearer(tokens["access_token"])).status_code == 200


def test_an_app_signs_in_and_out_as_before(notes: Deployed) -> None:
    notes.version = "after"
    app, tokens = api_login(notes)
    assert app.get("/api/notes", headers=bearer(tokens["access_token"])).get_json() == {"notes": []}
    assert app.delete("/api/logout", headers=bearer(tokens["access_token"])).status_code == 204
    assert app.get("/api/notes", headers=bearer(tokens["access_token"])).status_code == 401
    assert app.post("/api/refresh", headers=bearer(tokens["refresh_token"])).status_code == 401
    assert "refresh_token" not in app.held()


def test_an_app_whose_answer_was_lost_asks_again_and_keeps_what_it_has(notes: Deployed) -> None:
    notes.version = "after"
    app, tokens = api_login(notes)
    refresh(app, tokens)
    assert refresh(app, tokens)["refresh_token"] == tokens["refresh_token"]


def test_a_refresh_token_of_before_that_was_revoked_stays_so(notes: Deployed) -> None:
    app, tokens = api_login(notes)
    refresh(app, tokens)
    notes.version = "after"
    assert app.post("/api/refresh", headers=bearer(tokens["refresh_token"])).status_code == 401


def test_an_account_is_deleted_by_who_has_just_typed_the_password_only(notes: Deployed) -> None:
    notes.version = "after"
    app, tokens = api_login(notes)
    renewed = refresh(app, tokens)
    assert app.delete("/api/account", headers=bearer(renewed["access_token"])).status_code == 401
    assert app.delete("/api/account", headers=bearer(tokens["access_token"])).status_code == 204
