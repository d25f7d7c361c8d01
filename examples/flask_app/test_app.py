"""What the till does for whom."""

from flask import Flask

from flask_renewal.testing import RenewalClient

from .conftest import PASSWORD


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
