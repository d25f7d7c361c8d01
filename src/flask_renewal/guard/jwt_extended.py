"""All that knows the insides of Flask-JWT-Extended: our tokens under its public functions.

`@jwt_required()`, `current_user`, `get_jwt()` and the callbacks stay as its documentation has them, and none of its
functions is replaced. Callbacks are set by its public decorators; what it offers no door for is used here only:

- `JWTManager._decode_jwt_from_config`, set on this application's manager, for `decode_key_loader` sees a token only
  after PyJWT has parsed it: of two members of one name the last has won, and one that nests deep was a RecursionError;
- `JWTManager._…_callback`, read: what the host has put in place of a default stays, and both guards ask it;
- four names on `g`, written for `get_jwt`, `get_jwt_header`, `get_current_user` and `get_jwt_request_location`.

`setup.cfg` bounds its version by the newest that was tried.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import jwt
from flask import Flask, has_request_context
from flask.json.provider import DefaultJSONProvider
from flask_jwt_extended import JWTManager
from flask_jwt_extended.exceptions import CSRFError

from ..ground.context import these_globals, this_app, this_request
from ..ground.errors import RenewalError, SessionOverError, TokenExpiredError, TokenInvalidError
from ..ground.problems import SCHEME
from ..identity.services import Services
from ..identity.tokens.verified import AccessToken, Claims
from ..identity.users.host_functions import HostFunctions
from ..identity.users.people import People
from ..stores.base import Session
from .credentials import HEADERS, Credentials
from .found import found_in
from .later_user import LAZY_USER, look_up_later
from .makers import NoCookies, refuse
from .refusals import REFUSALS, answer, tell

MANAGER = "flask-jwt-extended"
GATE = "flask-renewal-gate"
"""Where `app.extensions` has them."""

_UNTOUCHED = JWTManager()
"""One whose callbacks are the defaults."""
_VERIFIES, _BLOCKS = _UNTOUCHED._token_verification_callback, _UNTOUCHED._token_in_blocklist_callback
_IS_IDENTITY = _UNTOUCHED._user_identity_callback

Callback = Callable[..., Any]


def manager_of(app: Flask) -> JWTManager:
    """Return the application's manager, made here unless the host has one."""
    if MANAGER not in app.extensions:
        JWTManager(app)
    manager: JWTManager = app.extensions[MANAGER]
    return manager


def install(app: Flask, services: Services) -> None:
    """Put our reading of tokens under the application's manager, and our answers where the host has none of its own."""
    managed = Managed.of(manager_of(app))
    app.config["JWT_ALGORITHM"] = next((key.algorithm for key in services.keys), None)
    app.config["JWT_SESSION_COOKIE"] = NoCookies()
    app.extensions[SCHEME] = services.settings.token_scheme
    app.extensions[GATE] = Gate(managed, services, reads_headers=app.config["JWT_TOKEN_LOCATION"] in HEADERS)


def _gate() -> "Gate | None":
    return this_app().extensions.get(GATE)


class Managed:
    """What we have put into a `JWTManager`: once, for one may serve several applications, some of them without us.

    What is asked for an application without us is answered as if we were not there.
    """

    def __init__(self, manager: Any) -> None:
        self.manager = manager
        self.hosts_blocklist: Callback = _BLOCKS
        self._hosts_key: Callback = manager._encode_key_callback
        self.blocklist, self._no_key = self._is_ended, self._refuse_key
        self._theirs = manager._decode_jwt_from_config
        manager._decode_jwt_from_config = self._decode
        for name, refusal in REFUSALS.items():
            theirs = getattr(manager, f"_{name}_callback")
            if theirs is getattr(_UNTOUCHED, f"_{name}_callback"):
                getattr(manager, f"{name}_loader")(_answer(refusal, theirs))
        if manager._user_lookup_callback is None:
            manager.user_lookup_loader(look_up_later)
        self.keep()

    @classmethod
    def of(cls, manager: Any) -> "Managed":
        """Return what is in this manager, put there if it is not."""
        held = getattr(manager._decode_jwt_from_config, "__self__", None)
        return held if isinstance(held, cls) else cls(manager)

    def keep(self) -> None:
        """Ask for ended sessions before the host's own blocklist, whether it was there first or is set meanwhile.

        And make no token with a key that the host has set meanwhile: nobody would be let in by it.
        """
        manager = self.manager
        if manager._token_in_blocklist_callback is not self.blocklist:
            self.hosts_blocklist = manager._token_in_blocklist_callback
            manager.token_in_blocklist_loader(self.blocklist)
        if manager._encode_key_callback is not self._no_key:
            self._hosts_key = manager._encode_key_callback
            manager.encode_key_loader(self._no_key)

    def _decode(self, text: str, csrf_value: str | None = None, allow_expired: bool = False) -> dict[str, Any]:
        self.keep()
        gate = _gate()
        return (self._theirs if gate is None else gate.decode)(text, csrf_value, allow_expired)

    def _is_ended(self, header: dict[str, Any], claims: dict[str, Any]) -> bool:
        gate = _gate()
        return (gate is not None and gate.is_ended(claims)) or bool(self.hosts_blocklist(header, claims))

    def _refuse_key(self, identity: Any) -> Any:
        return self._hosts_key(identity) if _gate() is None else refuse(identity)


def _answer(refusal: type[RenewalError], theirs: Callback) -> Callback:
    return lambda *reason: theirs(*reason) if _gate() is None else answer(refusal)


class Gate:
    """Who is let in by an access token, in one application."""

    def __init__(self, managed: Managed, services: Services, *, reads_headers: bool) -> None:
        self.managed, self._manager = managed, managed.manager
        self._services = services
        self.credentials = Credentials(services.settings.token_header, services.settings.token_scheme)
        self._key, self._prefix = self.credentials.key, self.credentials.prefix
        self.reads_headers = reads_headers
        """A token is looked for in the header, and nowhere else, where a guard does not say otherwise."""

    def shortcut(self, held: dict[str, Any], environ: dict[str, Any], fresh: bool) -> bool:
        """Let the request in if its token was verified before and nothing speaks against it.

        Otherwise nothing is decided: `verify_jwt_in_request` has the word, and for hosts that have one themselves. In
        one piece, because calls are what it costs: 0.2 µs each, when other code has just had the processor's caches.
        """
        services, managed, manager = self._services, self.managed, self._manager
        prefix, sent = self._prefix, environ.get(self._key, "")
        token = services.access_tokens.remembered(sent[len(prefix) :]) if sent.startswith(prefix) else None
        now = services.ambient.timestamp()
        if (
            token is None
            or token.expires_at <= now
            or (fresh and not token.fresh)
            or token.key_id not in services.keys.by_kid
            or manager._user_lookup_callback is not look_up_later
            or manager._token_verification_callback is not _VERIFIES
            or manager._token_in_blocklist_callback is not managed.blocklist
            or managed.hosts_blocklist is not _BLOCKS
            or environ["REQUEST_METHOD"] == "OPTIONS"
            or services.revocations.is_ended(token.session_id, now)
        ):
            return False
        header, claims = token.copies()
        _admit(held, header, claims, LAZY_USER, "headers")
        found = found_in(environ)
        found.is_let_in, found.is_due = True, now > token.renews_from
        return True

    def decode(self, text: str, csrf_value: str | None = None, allow_expired: bool = False) -> Claims:
        """Read a token for `verify_jwt_in_request` and `decode_token`; refuse in the words of PyJWT, as they expect."""
        if csrf_value:
            raise CSRFError("Access tokens carry no CSRF value; guard the host's own cookies by origin instead")
        tokens, now = self._services.access_tokens, self._services.ambient.timestamp()
        try:
            token = tokens.read_expired(text) if allow_expired else tokens.read(text, now=now)
        except (TokenInvalidError, TokenExpiredError) as error:
            tell(type(error))
            if isinstance(error, TokenInvalidError):
                raise jwt.DecodeError(error.detail) from error
            expired: Any = jwt.ExpiredSignatureError(error.detail)
            expired.jwt_header, expired.jwt_data = tokens.read_expired(text).copies()
            raise expired from error
        if has_request_context():
            found = found_in(this_request().environ)
            found.is_due = found.is_due or now > token.renews_from
        return token.copies()[1]

    def let_in_by_cookie(self, token: AccessToken) -> bool:
        """Let a page request in by this token, unless its session has ended or the host refuses it."""
        self.managed.keep()
        manager, (header, claims) = self._manager, token.copies()
        if manager._token_in_blocklist_callback(header, claims):
            return False
        if not manager._token_verification_callback(header, claims):
            return False
        look_up = manager._user_lookup_callback
        user = LAZY_USER if look_up is look_up_later else {"loaded_user": look_up(header, claims)}
        if user is not LAZY_USER and user["loaded_user"] is None:
            return False
        _admit(vars(these_globals()), header, claims, user, "cookies")
        return True

    def keep_user(self) -> None:
        """Let the user of the request that was let in be looked up later, where `verify_jwt_in_request` has not."""
        if self._manager._user_lookup_callback is look_up_later:
            vars(these_globals())["_jwt_extended_jwt_user"] = LAZY_USER

    def is_ended(self, claims: dict[str, Any]) -> bool:
        """Say whether the session of a token has ended, and tell who listens."""
        return self._services.revocations.is_ended(claims["sid"]) and tell(SessionOverError)


def _admit(held: dict[str, Any], header: dict[str, Any], claims: Claims, user: dict[str, Any], location: str) -> None:
    held["_jwt_extended_jwt"] = claims
    held["_jwt_extended_jwt_header"] = header
    held["_jwt_extended_jwt_user"] = user
    held["_jwt_extended_jwt_location"] = location


class HostAdditions:
    """What the host's loaders add to the access tokens of a user, asked at each token that is made."""

    def __init__(self, app: Flask, people: People, functions: HostFunctions) -> None:
        self._manager: Any = manager_of(app)
        self._people = people
        self._functions = functions
        self.identity_claim: str = app.config["JWT_IDENTITY_CLAIM"]
        default = getattr(app.json, "default", DefaultJSONProvider.default)
        self.encode = json.JSONEncoder(separators=(",", ":"), default=default).encode

    def added(self, user_id: str, session: Callable[[], Session]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return header members and claims; of one name, that of our `claims_loader`.

        Flask-JWT-Extended's loaders get the host's user where it makes the identity of one, else the id. Raises
        `RuntimeError` where that identity is not our id.
        """
        manager, identity = self._manager, user_id
        if manager._user_identity_callback is not _IS_IDENTITY:
            identity = self._people.load(user_id)
            told = manager._user_identity_callback(identity)
            if told != user_id:
                raise RuntimeError(f"user_identity_loader returned {told!r}, not the user's id as text: {user_id!r}.")
        compute = self._functions.claims_loader
        claims = {
            **(manager._user_claims_callback(identity) or {}),
            **((compute and compute(user_id, session())) or {}),
            self.identity_claim: user_id,
        }
        return manager._jwt_additional_header_callback(identity) or {}, claims
