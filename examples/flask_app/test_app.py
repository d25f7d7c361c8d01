"""What the till does for whom."""

from flask import Flask
from sqlalchemy import delete, select
from werkzeug.security import generate_password_hash

from flask_renewal.testing import RenewalClient

from .conftest import PASSWORD
from .members import Member, db


def test_a_member_signs_in_with_the_password_of_before(renewal_client: RenewalClient) -> None:
    renewal_client.login("ann@example.com", PASSWORD)
    assert renewal_client.get("/payments").json == {"payments": []}


def test_a_stranger_is_asked_to_sign_in(renewal_client: RenewalClient) -> None:
    assert renewal_client.get("/payments").get_json()["code"] == "token_missing"


def test_only_the_treasurer_forgets(renewal_app: Flask) -> None:
    ann, bob = (RenewalClient(renewal_app).login(f"{name}@example.com") for name in ("ann", "bob"))
    bob.post("/payments", json={"cents": 100, "note": "biscuits"})
    assert bob.delete("/payments").status_code == 403
    assert ann.delete("/payments").json == {"forgotten": 1}


def test_forgetting_needs_a_password_typed_just_now(renewal_client: RenewalClient) -> None:
    renewal_client.login("ann@example.com", PASSWORD)
    renewal_client.refresh()
    assert renewal_client.delete("/payments").get_json()["code"] == "fresh_token_required"
    renewal_client.post("/auth/confirm", json={"password": PASSWORD})
    assert renewal_client.delete("/payments").status_code == 200


def test_a_member_who_left_is_signed_out(renewal_app: Flask, renewal_client: RenewalClient) -> None:
    renewal_client.login("bob@example.com")
    renewal_app.test_cli_runner().invoke(args=["users", "disable", "bob@example.com"])
    renewal_client.assert_ended("account_disabled")


def test_nobody_registers(renewal_client: RenewalClient) -> None:
    answer = renewal_client.post("/auth/register", json={"username": "eve@example.com", "password": PASSWORD})
    assert answer.get_json()["code"] == "registration_closed"


def test_an_address_is_one_members_however_it_is_typed(renewal_app: Flask) -> None:
    with renewal_app.app_context():
        db.session.add(Member(email="Eve.W@Example.com", password_hash=generate_password_hash(PASSWORD)))
        db.session.commit()
    for typed in ("Eve.W@Example.com", "eve.w@example.com", "EVE.W@EXAMPLE.COM"):
        eve = RenewalClient(renewal_app).login(typed, PASSWORD)
        assert eve.get("/auth/me").get_json()["user"]["username"] == "Eve.W@Example.com"


def test_who_has_the_number_of_a_member_who_was_deleted_is_somebody_else(
    renewal_app: Flask, renewal_client: RenewalClient
) -> None:
    renewal_client.login("bob@example.com")
    with renewal_app.app_context():
        db.session.execute(delete(Member).where(Member.email == "bob@example.com"))
        db.session.add(Member(email="carol@example.com", password_hash="nobody has it"))
        db.session.commit()
    assert renewal_client.refresh().status_code == 401


def test_an_old_password_hash_is_replaced(renewal_app: Flask, renewal_client: RenewalClient) -> None:
    renewal_client.login("ann@example.com", PASSWORD)
    with renewal_app.app_context():
        ann = db.session.scalar(select(Member).where(Member.email == "ann@example.com"))
        assert ann is not None
        assert ann.password_hash.startswith("$argon2id$")
