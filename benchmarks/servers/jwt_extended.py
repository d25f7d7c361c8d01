"""Flask-JWT-Extended: plain, or with its documented blocklist of revoked tokens in a database.

The blocklist and its model are those of its documentation ("JWT Revoking", "Database"). It documents no rotation; the
refresh with a blocklist is what people write by hand from it: the old refresh token is put on the list, a new one made.
"""

import os
from datetime import datetime, timezone

from flask import Flask, Response, jsonify
from flask_jwt_extended import JWTManager, create_access_token, create_refresh_token, get_jwt, jwt_required
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

app = Flask("jwt_extended")
app.config["JWT_SECRET_KEY"] = "a secret of the benchmark, 32 by"
jwt = JWTManager(app)
with_blocklist = "BENCHMARK_URI" in os.environ

if with_blocklist:
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["BENCHMARK_URI"]
    db = SQLAlchemy(app)

    class TokenBlocklist(db.Model):
        id = db.Column(db.Integer, primary_key=True)
        jti = db.Column(db.String(36), nullable=False, index=True)
        created_at = db.Column(db.DateTime, nullable=False)

    @jwt.token_in_blocklist_loader
    def check_if_token_revoked(jwt_header: dict, jwt_payload: dict) -> bool:
        found = db.session.query(TokenBlocklist.id).filter_by(jti=jwt_payload["jti"]).scalar()
        return found is not None

    with app.app_context():
        if db.engine.dialect.name == "sqlite":

            @event.listens_for(db.engine, "connect")
            def prepare(connection, _) -> None:
                for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 10000"):
                    connection.execute(f"PRAGMA {pragma}")

        if os.environ.get("BENCHMARK_CREATE"):
            db.create_all()
        db.engine.dispose()


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.post("/login")
def login() -> Response:
    return jsonify(access_token=create_access_token("alice"), refresh_token=create_refresh_token("alice"))


@app.post("/refresh")
@jwt_required(refresh=True)
def refresh() -> Response:
    if not with_blocklist:
        return jsonify(access_token=create_access_token("alice"))
    db.session.add(TokenBlocklist(jti=get_jwt()["jti"], created_at=datetime.now(timezone.utc)))
    db.session.commit()
    return jsonify(access_token=create_access_token("alice"), refresh_token=create_refresh_token("alice"))


@app.get("/guarded")
@jwt_required()
def guarded() -> str:
    return "hello"
