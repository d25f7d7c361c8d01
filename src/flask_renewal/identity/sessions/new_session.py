"""What a session is when it starts."""

from ...ground.ambient import Ambient
from ...settings import Settings
from ...stores.base import LONG_AGO, Session
from ..users.people import Person
from .claims import ACTING_LASTS, actor
from .grants import Origin, Terms


def new_session(person: Person, origin: Origin, terms: Terms, settings: Settings, ambient: Ambient) -> Session:
    """Return a session that starts now, with one token that nobody has used and no rotation behind it.

    It is no older than its user, even where the clock that the host notes its users by is ahead. One that starts
    without a proof counts as proved long ago.
    """
    now = ambient.now()
    idle = settings.idle_timeout if origin.remember else settings.short_idle_timeout
    ends = [] if settings.session_lifetime is None else [now + settings.session_lifetime]
    if actor(terms.claims) is not None:
        ends.append(now + ACTING_LASTS)
    if not settings.sliding:
        ends.append(now + idle)
    return Session(
        id=terms.browser + ambient.new_id() if terms.browser else ambient.new_id(),
        user_id=person.id,
        device=origin.device,
        user_agent=origin.user_agent,
        remember=origin.remember,
        created_at=max(now, person.created_at or now),
        last_used_at=now,
        authenticated_at=now if terms.fresh else LONG_AGO,
        superseded=None,
        current=None,
        next=ambient.new_id(),
        rotated_at=LONG_AGO,
        idle_expires_at=now + idle,
        expires_at=min(ends, default=None),
        claims=terms.claims,
    )
