"""What a proxy is told of somebody, kept for a while: it asks for each picture of a page."""

from urllib.parse import quote

from ...ground.context import this_app
from ...ground.errors import SessionOverError
from ...identity.services import EXTENSION, current

KEPT_SECONDS = 60.0
"""How long a name that has been changed is still told."""
MOST = 10_000
"""People; some 200 bytes each."""

_NAMES = "flask_renewal_gateway_names"
_VISIBLE = "!#$&'()*+,-./:;<=>?@[]^_`{|}~ "
"""What a header may hold as it is, but for the sign of an escape, a quote and a backslash."""


def told_of(user_id: str) -> tuple[tuple[str, str], ...]:
    """Return the headers that say who it is, in ASCII: whatever else a name holds is percent-encoded UTF-8.

    Raises `SessionOverError` for whom there is not.
    """
    extensions = this_app().extensions
    kept: dict[str, tuple[float, tuple[tuple[str, str], ...]]] = extensions.setdefault(_NAMES, {})
    now = extensions[EXTENSION].ambient.timestamp()
    until, headers = kept.get(user_id, (0.0, ()))
    if not now < until <= now + KEPT_SECONDS:  # a clock that was put back does not prolong it
        headers = _found(user_id)
        if len(kept) >= MOST:
            kept.clear()
        kept[user_id] = (now + KEPT_SECONDS, headers)
    return headers


def _found(user_id: str) -> tuple[tuple[str, str], ...]:
    person = current().people.find(user_id)
    if person is None:
        raise SessionOverError
    told = {"X-Auth-User": user_id, "X-Auth-Username": person.username}
    return tuple((name, quote(text, safe=_VISIBLE)) for name, text in told.items() if text is not None)
