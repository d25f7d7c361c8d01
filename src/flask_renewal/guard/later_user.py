"""The user of a request, looked up when somebody asks, so that a guard costs no query."""

from typing import Any, cast

from flask_jwt_extended import get_jwt, get_jwt_header
from flask_jwt_extended.exceptions import UserLookupError
from werkzeug.local import LocalProxy

from ..ground.problems import refused
from ..identity.services import current
from ..identity.tokens.verified import Claims


def _user() -> Any:
    claims = cast(Claims, get_jwt())
    if not hasattr(claims, "user"):
        claims.user = current().people.load(claims.token.subject)
    if claims.user is None:
        raise refused(UserLookupError(f"There is no user {claims.token.subject}", get_jwt_header(), claims))
    return claims.user


class _LazyUser(dict[str, Any]):
    """What `get_current_user` looks into."""

    __slots__ = ()

    def __missing__(self, key: str) -> Any:
        return _user()


LAZY_USER = _LazyUser()
"""The same for all requests, for it holds nothing."""

_USER = LocalProxy(_user)


def look_up_later(header: dict[str, Any], claims: dict[str, Any]) -> Any:
    """Look up the user of a `@jwt_required()` route: it asks for the user at once, so give it one that loads later."""
    return _USER
