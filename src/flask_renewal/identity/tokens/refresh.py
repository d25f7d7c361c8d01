"""Refresh tokens: an id, signed. Nobody but us needs to read them, so their form is ours and short.

``<session id>.<token id>.<secret id>.<device>.<mac>``, where `device` is empty or a hash of the device id that the
session is bound to, and `mac` is HMAC-SHA256 over what is before it, by a secret that outlives every signing key.
Nothing in the database is needed to make one but our secret, and nothing there is enough.
"""

import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass

from jwt.utils import base64url_encode

from ...ground.errors import DeviceMismatchError, RefreshTokenInvalidError
from ...ground.text import DEVICE_ID_MAX_CHARACTERS
from .keys.ring import KeyRing

LONGEST_TOKEN = 8192
"""Bytes; a longer token is refused before anything looks at it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RefreshToken:
    """A refresh token whose signature holds."""

    session_id: str
    id: str
    device: str
    """Empty, or the hash of the device id that the session is bound to."""

    def check_device(self, device_id: str | None) -> None:
        """Raise `DeviceMismatchError` unless the token is unbound or bound to this device."""
        if not self.device:
            return
        presented = device_hash(device_id if len(device_id or "") <= DEVICE_ID_MAX_CHARACTERS else None)
        if not hmac.compare_digest(self.device, presented):
            raise DeviceMismatchError


class RefreshTokens:
    """Issues and reads the refresh tokens of one application."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    def issue(self, *, session_id: str, token_id: str, device: str) -> str:
        """Return the token for the id `token_id` of a session, bound to `device` unless it is empty."""
        secret_id, secret = next(iter(self._keys.refresh_secrets.items()))
        return _signed(f"{session_id}.{token_id}.{secret_id}.{device}", secret)

    def read(self, text: str) -> RefreshToken:
        """Return the token if one of our secrets signed it; else raise `RefreshTokenInvalidError`."""
        parts = text.split(".") if len(text) <= LONGEST_TOKEN and text.isascii() else []
        if len(parts) != 5:
            raise RefreshTokenInvalidError
        session_id, token_id, secret_id, device, _ = parts
        secret = self._keys.refresh_secrets.get(secret_id)
        if secret is None or not hmac.compare_digest(text, _signed(text.rpartition(".")[0], secret)):
            raise RefreshTokenInvalidError
        return RefreshToken(session_id=session_id, id=token_id, device=device)

    def find(self, text: str) -> RefreshToken | None:
        """Return the token if one of our secrets signed it, whatever has become of it since."""
        with suppress(RefreshTokenInvalidError):
            return self.read(text)
        return None


def device_hash(device_id: str | None) -> str:
    """Return the short hash of a device id that tokens carry; empty for none."""
    return base64url_encode(hashlib.sha256(device_id.encode()).digest()[:16]).decode() if device_id else ""


def _signed(content: str, secret: bytes) -> str:
    return f"{content}.{base64url_encode(hmac.digest(secret, content.encode(), 'sha256')).decode()}"
