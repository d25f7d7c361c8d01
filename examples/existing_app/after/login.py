"""A guest book: everybody reads it, and who has signed in writes.

Run it with `flask --app login run`; SECRET_KEY is in the environment.
"""

import os
from datetime import datetime, timezone

from flask import Flask, flash, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, decode_cookie, login_required, login_user, logout_user
from flask_sqlalchemy import SQLAlchemy
from werkzeug.security import check_password_hash, generate_password_hash

from flask_renewal import Renewal

app = Flask(__name__, template_folder="../templates/login")
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:///guestbook.db")
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]

db = SQLAlchemy(app)
login_manager = LoginManager(app)
login_manager.login_view = "login"
renewal = Renewal(app, db=db)


class User(UserMixin, db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), unique=True, nullable=False)
    password_hash = db.Column(db.String(255), nullable=False)
    is_active = db.Column(db.Boolean, nullable=False, default=True)


class Entry(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    user_id = db.Column(db.ForeignKey("user.id"), nullable=False)
    text = db.Column(db.Text, nullable=False)
    written_at = db.Column(db.DateTime, nullable=False, default=lambda: datetime.now(timezone.utc))
    user = db.relationship("User")


@renewal.user_loader
def load_user(user_id):
    return db.session.get(User, int(user_id))


@login_manager.user_loader
@login_manager.request_loader
def load_visitor(_):
    return (visitor := renewal.visitor()) and load_user(visitor.user_id)


@renewal.adopt
def signed_in_before():
    user_id = session.get("_user_id") or decode_cookie(request.cookies.get("remember_token", ""))
    return user_id and (user_id, "remember_token" in request.cookies)


@app.cli.command()
def init_db():
    db.create_all()


def safe_next():
    target = request.args.get("next", "")
    return target if target.startswith("/") and not target.startswith(("//", "/\\")) else url_for("index")


@app.route("/register", methods=["GET", "POST"])
def register():
    if request.method == "POST":
        db.session.add(User(name=request.form["name"], password_hash=generate_password_hash(request.form["password"])))
        db.session.commit()
        flash("Welcome! Now sign in.")
        return redirect(url_for("login"))
    return render_template("register.html")


@app.route("/login", methods=["GET", "POST"])
def login():
    if request.method == "POST":
        user = db.session.query(User).filter_by(name=request.form["name"]).first()
        if user and user.is_active and check_password_hash(user.password_hash, request.form["password"]):
            login_user(user, remember="remember" in request.form)
            return renewal.sign_in(user.id, remember="remember" in request.form, response=redirect(safe_next()))
        flash("Wrong name or password.")
    return render_template("login.html")


@app.post("/logout")
@login_required
def logout():
    logout_user()
    return renewal.sign_out(redirect(url_for("index")))


@app.get("/")
def index():
    entries = db.session.query(Entry).order_by(Entry.written_at.desc()).all()
    return render_template("index.html", entries=entries)


@app.route("/write", methods=["GET", "POST"])
@login_required
def write():
    if request.method == "POST":
        db.session.add(Entry(user_id=current_user.id, text=request.form["text"]))
        db.session.commit()
        return redirect(url_for("index"))
    return render_template("write.html")


@app.get("/entries/mine")
@login_required
def my_entries():
    entries = db.session.query(Entry).filter_by(user_id=current_user.id).all()
    return render_template("index.html", entries=entries)
