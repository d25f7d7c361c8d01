"""What argon2id alone allows: a bare Flask route that verifies one password, with the parameters that ours uses."""

import os
import threading

from argon2 import PasswordHasher
from flask import Flask, request

hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
turns = threading.BoundedSemaphore(os.cpu_count() or 1)
stored = hasher.hash("correct staple horse battery")
app = Flask("password")


@app.get("/hello")
def hello() -> str:
    return "hello"


@app.post("/login")
def login() -> str:
    with turns:
        hasher.verify(stored, request.get_json()["password"])
    return "signed in"
