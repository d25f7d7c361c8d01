"""Notes that people keep: pages for browsers, which carry cookies, and JSON for apps, which send headers.

Run it with `flask --app jwt_extended run`; JWT_SECRET_KEY is in the environment.
"""

import os
from datetime import timedelta

import jwt as pyjwt
from flask import Flask, jsonify, redirect, render_template, request, url_for
from flask_jwt_extended import JWTManager, current_user, jwt_required, unset_jwt_cookies
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import check_password_hash, generate_password_hash

from flask_renewal import Renewal, install_pages, page_required

app = Flask(__name__, template_folder="../templates/jwt_extended")
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:///notes.db")
app.config["JWT_SECRET_KEY"] = os.environ["JWT_SECRET_KEY"]
app.config["RENEWAL_LOGIN_URL"] = "login"
app.config["JWT_ACCESS_TOKEN_EXPIRES"] = timedelta(minutes=30)
app.config["JWT_REFRESH_TOKEN_EXPIRES"] = timedelta(days=30)

db = SQLAlchemy(app)
jwt = JWTManager(app)
renewal = Renewal(app, db=db)
install_pages(app, url_prefix="/me")


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(254), unique=True, nullable=False)
    password_hash = db.Column(db.String(255), nullable=False)
    notes = db.relationship("Note", cascade="all, delete-orphan")


class Note(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.ForeignKey("user.id"), nullable=False)
    text = db.Column(db.Text, nullable=False)


class RevokedToken(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    jti = db.Column(db.String(36), unique=True, nullable=False)


def user_by_password(email, password):
    user = db.session.query(User).filter_by(email=email.lower()).first()
    return user if user and check_password_hash(user.password_hash, password) else None


def tokens_for(user, fresh=False):
    grant = renewal.start_session(user.id, fresh=fresh, cookies=None)
    return {"access_token": grant.access_token, "refresh_token": grant.refresh_token}


def sent_token():
    in_header = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return in_header or request.cookies.get("refresh_token_cookie", "")


@jwt.user_identity_loader
def identity_of(user):
    return str(user.id)


@renewal.user_loader
def load_user(user_id):
    return db.session.get(User, int(user_id))


@renewal.adopt
def signed_in_before():
    try:
        old = pyjwt.decode(sent_token(), app.config["JWT_SECRET_KEY"], ["HS256"])
    except pyjwt.InvalidTokenError:
        return None
    return old["sub"] if old["type"] == "refresh" and not is_revoked({}, old) else None


def is_revoked(header, token):
    return db.session.query(RevokedToken).filter_by(jti=token["jti"]).first() is not None


@jwt.unauthorized_loader
def ask_to_sign_in(reason):
    if request.path.startswith("/api/"):
        return jsonify(error=reason), 401
    return redirect(url_for("login"))


@jwt.expired_token_loader
def ask_to_renew(header, token):
    if request.path.startswith("/api/"):
        return jsonify(error="Token has expired"), 401
    return redirect(url_for("login" if token["type"] == "refresh" else "renew"))


@app.cli.command()
def init_db():
    db.create_all()


# Pages


@app.route("/register", methods=["GET", "POST"])
def register():
    if request.method == "GET":
        return render_template("register.html")
    db.session.add(
        User(email=request.form["email"].lower(), password_hash=generate_password_hash(request.form["password"]))
    )
    db.session.commit()
    return redirect(url_for("login"))


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "GET":
        return render_template("login.html")
    user = user_by_password(request.form["email"], request.form["password"])
    if user is None:
        return render_template("login.html", error="Wrong e-mail address or password."), 401
    return renewal.sign_in(user.id, response=redirect(url_for("index")))


@app.post("/logout")
def logout():
    response = redirect(url_for("login"))
    unset_jwt_cookies(response)
    return renewal.sign_out(response)


@app.get("/")
@page_required
def index():
    return render_template("index.html", user=current_user)


@app.post("/notes")
@page_required
def add_note():
    current_user.notes.append(Note(text=request.form["text"]))
    db.session.commit()
    return redirect(url_for("index"))


# JSON


@app.post("/api/login")
def api_login():
    user = user_by_password(request.json["email"], request.json["password"])
    if user is None:
        return jsonify(error="Wrong e-mail address or password."), 401
    return jsonify(tokens_for(user, fresh=True))


@app.post("/api/refresh")
def api_refresh():
    grant = renewal.refresh_session(sent_token())
    return jsonify(access_token=grant.access_token, refresh_token=grant.refresh_token or sent_token())


@app.delete("/api/logout")
@jwt_required()
def api_logout():
    return renewal.sign_out()


@app.get("/api/notes")
@jwt_required()
def api_notes():
    return jsonify(notes=[note.text for note in current_user.notes])


@app.delete("/api/account")
@jwt_required(fresh=True)
def api_delete_account():
    db.session.delete(current_user)
    db.session.commit()
    return "", 204
