"""What a sign-in takes and gives."""

from dataclasses import dataclass, field

from ...stores.base import Session


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a session is started from: what the person and the browser say of the device."""

    device: str | None = None
    user_agent: str | None = None
    device_id: str | None = None
    """Opaque; the session refreshes only together with the same one."""
    remember: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """What a sign-in or a refresh hands out."""

    session: Session
    username: str
    access_token: str = field(repr=False)
    expires_in: int
    """Seconds."""
    refresh_token: str | None = field(repr=False)
    """``None`` where no new one is handed out: in a quiet answer."""
