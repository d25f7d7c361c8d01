"""The till of a club: a Flask application that had members and passwords, and adopted Flask-Renewal.

Run it with `flask --app examples/flask_app/app run`. What it adopted: `Members` in members.py, the lines marked with
`# adopted`, and the guards on its views.
"""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, request
from flask_jwt_extended import JWTManager, current_user, get_jwt
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from flask_renewal import Renewal, access_required

from .members import Base, Member, Members, db


class Payment(Base):
    """Money that came in."""

    __tablename__ = "payment"

    id: Mapped[int] = mapped_column(primary_key=True)
    cents: Mapped[int]
    note: Mapped[str]


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///till.db"
    app.config["RENEWAL_REGISTRATION"] = False  # adopted: members are added by hand
    app.config.update(config or {})
    db.init_app(app)
    claims = JWTManager(app)
    claims.additional_claims_loader(_claims)
    Renewal(app, db=db, users=Members())  # adopted
    app.add_url_rule("/payments", view_func=list_payments)
    app.add_url_rule("/payments", view_func=add_payment, methods=["POST"])
    app.add_url_rule("/payments", view_func=forget_payments, methods=["DELETE"])
    with app.app_context():
        db.create_all()
    return app


def _claims(user_id: str) -> dict[str, Any]:
    member = db.session.get(Member, int(user_id))
    return {"treasurer": member is not None and member.is_treasurer}


@access_required()  # adopted
def list_payments() -> Response:
    payments = db.session.scalars(select(Payment))
    return jsonify(payments=[{"cents": payment.cents, "note": payment.note} for payment in payments])


@access_required()  # adopted
def add_payment() -> tuple[Response, int]:
    content = request.get_json()
    db.session.add(Payment(cents=int(content["cents"]), note=f"{content['note']} ({current_user.email})"))
    db.session.commit()
    return jsonify(added=True), 201


@access_required(fresh=True)  # adopted: only just after the password was typed
def forget_payments() -> tuple[Response, int]:
    if not get_jwt()["treasurer"]:
        return jsonify(error="only the treasurer may do that"), 403
    count = db.session.query(Payment).delete()
    db.session.commit()
    return jsonify(forgotten=count), 200
