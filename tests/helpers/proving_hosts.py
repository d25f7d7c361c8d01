"""A host that proves itself who people are: it keeps no accounts here, and signs people in by the public API."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask_jwt_extended import current_user
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase
from werkzeug.test import TestResponse

from flask_renewal import Grant, Renewal, access_required
from flask_renewal.ground.ambient import Ambient
from flask_renewal.identity.sessions.grants import Origin
from flask_renewal.testing.parts import services_of


@dataclass
class Member:
    """What a host knows of somebody."""

    id: str
    username: str
    is_active: bool = True
    created_at: datetime | None = None


class ProvingHost:
    """The application, its extension, and the members that its loader finds."""

    def __init__(self, folder: Path, now: Any, *, loads: bool = True, **config: Any) -> None:
        folder.mkdir(exist_ok=True)
        self.app = Flask("host", instance_path=str(folder), static_folder=None)
        self.app.config.update({"SQLALCHEMY_DATABASE_URI": "sqlite:///host.db", "RENEWAL_QUIET_WINDOW": 0, **config})
        self.members: dict[str, Member] = {}
        self.db = SQLAlchemy(self.app, model_class=type("Base", (DeclarativeBase,), {}))
        self.renewal = Renewal(self.app, db=self.db, ambient=Ambient(now=now))
        if loads:
            self.renewal.user_loader(self.members.get)
        self.app.add_url_rule("/own", view_func=access_required()(lambda: {"id": current_user.id}), endpoint="own")
        with self.app.app_context():
            self.db.create_all()

    def add(self, user_id: str, username: str = "alice", **told: Any) -> Member:
        self.members[user_id] = Member(user_id, username, **told)
        return self.members[user_id]

    def start(self, user_id: str = "7", **terms: Any) -> Grant:
        """Start a session for somebody."""
        with self.app.app_context():
            return services_of(self.app).sessions.start_for(user_id, Origin(), **terms)

    def ask(self, path: str, grant: Grant) -> TestResponse:
        return self.app.test_client().get(path, headers={"Authorization": f"Bearer {grant.access_token}"})

    def refresh(self, grant: Grant) -> Grant:
        with self.app.app_context():
            return services_of(self.app).sessions.refresh(grant.refresh_token or "", None)
