"""The host's own objects of its users, in transactions of their own."""

from typing import Any

import pytest
from flask import Flask
from hosts import services_of

from flask_renewal.identity.users.objects import Objects
from flask_renewal.identity.users.sql import SQLUsers


@pytest.fixture
def objects(host: Flask) -> Objects:
    users = services_of(host).users
    assert isinstance(users, SQLUsers)
    assert users.objects is not None
    return users.objects


def values(host: Flask, **others: Any) -> dict[str, Any]:
    names = {"username": "alice", "username_key": "alice", "password_hash": "!"}
    return {"id": "offered", **names, "created_at": services_of(host).ambient.now(), **others}


def test_an_object_is_added_found_and_deleted(host: Flask, objects: Objects) -> None:
    model = objects._model
    with host.app_context():
        assert objects.add(model, values(host)) == "offered"
        user = objects.load("offered")
        assert user.username == "alice"
        objects.delete(user)
    with host.app_context():
        assert objects.load("offered") is None


def test_an_id_that_the_host_has_given_stays(host: Flask, objects: Objects) -> None:
    with host.app_context():
        assert objects.add(lambda: objects._model(id="own"), values(host)) == "own"
