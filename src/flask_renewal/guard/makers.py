"""Flask-JWT-Extended's makers of tokens and cookies: each says what to call instead."""

from typing import Any, NoReturn

INSTEAD = (
    "Flask-Renewal keeps the sessions of this application and refuses other tokens; call sign_in or start_session of"
    " Renewal instead, and itsdangerous for tokens of other purposes."
)


def refuse(identity: Any) -> NoReturn:
    """Refuse `create_access_token` and `create_refresh_token`, which ask for the key to sign with."""
    raise RuntimeError(INSTEAD)


class NoCookies:
    """Refuses `set_access_cookies` and `set_refresh_cookies`, which ask whether cookies end with the browser.

    `unset_jwt_cookies`, by which a host gets rid of its old cookies, does not ask.
    """

    def __bool__(self) -> bool:
        raise RuntimeError(INSTEAD)
