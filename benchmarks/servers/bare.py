"""Bare Flask, and Flask's own signed session cookie as a guard (Flask, Quickstart, "Sessions")."""

from flask import Flask, abort, session

app = Flask("bare")
app.secret_key = "a secret of the benchmark, 32 by"


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.post("/login")
def login() -> str:
    session["user_id"] = "alice"
    return "signed in"


@app.get("/guarded")
def guarded() -> str:
    if "user_id" not in session:
        abort(401)
    return "hello"
