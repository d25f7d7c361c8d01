"""What a session is when it starts."""

from ...ground.ambient import Ambient
from ...settings import Settings
from ...stores.base import LONG_AGO, Session
from ..users.base import Account
from .grants import Origin


def new_session(account: Account, origin: Origin, settings: Settings, ambient: Ambient) -> Session:
    """Return a session that starts now, with one token that nobody has used and no rotation behind it.

    It is no older than its user, even where the clock that the host notes its users by is ahead.
    """
    now = ambient.now()
    idle = settings.idle_timeout if origin.remember else settings.short_idle_timeout
    ends = [] if settings.session_lifetime is None else [now + settings.session_lifetime]
    if not settings.sliding:
        ends.append(now + idle)
    return Session(
        id=ambient.new_id(),
        user_id=account.id,
        device=origin.device,
        user_agent=origin.user_agent,
        remember=origin.remember,
        created_at=max(now, account.created_at or now),
        last_used_at=now,
        authenticated_at=now,
        superseded=None,
        current=None,
        next=ambient.new_id(),
        rotated_at=LONG_AGO,
        idle_expires_at=now + idle,
        expires_at=min(ends, default=None),
    )
