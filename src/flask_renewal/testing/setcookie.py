"""Reading a ``Set-Cookie`` header as browsers do (RFC 6265bis §5.6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from werkzeug.http import parse_date


@dataclass(frozen=True, kw_only=True, slots=True)
class SetCookie:
    """What one ``Set-Cookie`` header asks for."""

    name: str
    value: str
    attributes: dict[str, str]
    """By their names in lower case; of several with one name the last counts."""

    @classmethod
    def parse(cls, header: str) -> "SetCookie":
        """Read the header as browsers do (RFC 6265bis §5.6)."""
        pair, *rest = header.split(";")
        name, equals, value = pair.partition("=")
        attributes = {}
        for part in rest:
            key, _, text = part.partition("=")
            attributes[key.strip().lower()] = text.strip()
        if not equals:
            name, value = "", pair
        return cls(name=name.strip(), value=value.strip(), attributes=attributes)

    @property
    def domain(self) -> str | None:
        """Return the domain asked for; ``None``: the host alone."""
        return self.attributes.get("domain", "").lower().lstrip(".") or None

    @property
    def path(self) -> str | None:
        """The path that it names, if it names one."""
        path = self.attributes.get("path", "")
        return path if path.startswith("/") else None

    @property
    def secure(self) -> bool:
        """Whether it is for encrypted connections only."""
        return "secure" in self.attributes

    @property
    def http_only(self) -> bool:
        """Whether scripts may not read it."""
        return "httponly" in self.attributes

    @property
    def partitioned(self) -> bool:
        """Whether it is kept apart for each site that embeds its own (CHIPS)."""
        return "partitioned" in self.attributes

    @property
    def same_site(self) -> str:
        """Return ``Strict``, ``Lax`` (the default) or ``None``."""
        asked = self.attributes.get("samesite", "").capitalize()
        return asked if asked in ("Strict", "None") else "Lax"

    def life(self, now: datetime) -> timedelta | None:
        """Return how long it lives from `now`; ``None`` for a cookie that ends with the browser."""
        seconds = self.attributes.get("max-age", "")
        if seconds.removeprefix("-").isdigit():
            return timedelta(seconds=min(int(seconds), 10**9))
        date = parse_date(self.attributes.get("expires"))
        return None if date is None else date.astimezone(timezone.utc) - now
