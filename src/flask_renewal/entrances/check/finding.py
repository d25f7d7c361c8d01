"""What a check finds, and what it looks at."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from flask import Flask

from ...ground.cookies import is_loopback
from ...ground.sites import site_of
from ...identity.services import Services, current
from ...settings import Settings


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

    code: str
    """A word that stays the same, for programs and for looking it up."""
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
        """Return what is to be looked at; call it in the application's context."""
        return cls(app=app, services=current(), url=url or _address(app.config))

    @property
    def settings(self) -> Settings:
        """Our settings, as they were read at the start."""
        return self.services.settings

    @property
    def config(self) -> Mapping[str, Any]:
        """The host's configuration, for the keys that are not ours."""
        return self.app.config


def _address(config: Mapping[str, Any]) -> str | None:
    """Return the address that Flask's own keys tell: the server's name, or the host that is trusted.

    A host that is not this machine is taken to be served over https, as its cookie has to be.
    """
    trusted = [host for host in config.get("TRUSTED_HOSTS") or () if not is_loopback(host) and host[:1] != "."]
    names = [config["SERVER_NAME"]] if config["SERVER_NAME"] else trusted
    schemes = {True: config["PREFERRED_URL_SCHEME"], False: "https"}
    addresses = [f"{schemes[is_loopback(name)]}://{name}" for name in names]
    return addresses[0] if len(set(map(site_of, addresses))) == 1 else None


EVERY = ("every browser",)
SAFARI = ("Safari",)
FIREFOX = ("Firefox",)
CHROME = ("Chrome", "Edge")
