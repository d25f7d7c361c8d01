"""What a check finds, and what it looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import Flask

from ..services import Services, current
from ..settings import Settings


class Level(Enum):
    """How bad it is, the worst first."""

    ERROR = "error"
    """Something will not work."""
    WARNING = "warning"
    """It works, and is less safe or less comfortable than it looks."""
    NOTE = "note"
    """Good to know."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that a reviewer would say."""

    level: Level
    subject: str
    """The setting, or what else it is about."""
    what: str
    mend: str
    browsers: tuple[str, ...] = ()
    """Where it shows; empty where no browser has to do with it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Inspected:
    """An application under review."""

    app: Flask
    services: Services
    url: str | None
    """The origin at which browsers reach it; ``None``: nobody said."""

    @classmethod
    def of(cls, app: Flask, url: str | None) -> "Inspected":
        name = app.config["SERVER_NAME"]
        known = f"{app.config['PREFERRED_URL_SCHEME']}://{name}" if name else None
        return cls(app=app, services=current(), url=url or known)

    @property
    def settings(self) -> Settings:
        return self.services.settings

    @property
    def config(self) -> Mapping[str, Any]:
        """The host's configuration, for the keys that are not ours."""
        return self.app.config


EVERY = ("every browser",)
SAFARI = ("Safari",)
FIREFOX = ("Firefox",)
CHROME = ("Chrome", "Edge")
