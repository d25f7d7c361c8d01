"""Asking the application that signs people in: its public keys, and which sessions have ended."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ...ground import strict_json
from ...ground.errors import StoreUnavailableError
from ...settings import Settings

LONGEST_WAIT_SECONDS = 3.0
LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes: a million ended sessions."""

_NOT_MODIFIED = 304

_log = logging.getLogger("flask_renewal")


class _NoRedirects(HTTPRedirectHandler):
    """Follows none: the service key is for nobody else."""

    def redirect_request(self, *arguments: Any, **more: Any) -> None:
        return None


class Issuer:
    """The application at `RENEWAL_ISSUER_URL`."""

    def __init__(self, settings: Settings) -> None:
        root = (settings.issuer_url or "").rstrip("/")
        self._keys = f"{root}/.well-known/jwks.json"
        self._ended = f"{root}{settings.url_prefix}/ended-sessions"
        key = next(iter(settings.service_keys), None)
        self._authorization = {} if key is None else {"Authorization": f"Bearer {key.decode()}"}
        self._open = build_opener(_NoRedirects).open
        self._tag: str | None = None
        self._is_away = False

    @property
    def tells_endings(self) -> bool:
        """Say whether there is a key to ask for them by."""
        return bool(self._authorization)

    def changed_keys(self) -> list[Mapping[str, Any]] | None:
        """Return the public keys; ``None`` where they are those of last time. Raises `StoreUnavailableError`."""
        with self._asking(self._keys, {"If-None-Match": self._tag} if self._tag else {}) as answer:
            if answer is None:
                return None
            keys: list[Mapping[str, Any]] = [dict(key) for key in _members(answer)["keys"]]
            self._tag = answer.headers.get("ETag")
            return keys

    def ended_since(self, moment: float) -> Mapping[str, float]:
        """Return the ids of the sessions that ended after `moment`, and when; raises `StoreUnavailableError`."""
        with self._asking(f"{self._ended}?since={max(moment, 0):.6f}", self._authorization) as answer:
            return {str(one["id"]): float(one["ended_at"]) for one in _members(answer)["ended"]}

    @contextmanager
    def _asking(self, url: str, headers: Mapping[str, str]) -> Iterator[Any]:
        """Get what is there; ``None`` where it has not changed. What cannot be read counts as not there."""
        try:
            with self._open(Request(url, headers=dict(headers)), timeout=LONGEST_WAIT_SECONDS) as answer:  # noqa: S310 - the setting is an http(s) URL
                yield answer
        except HTTPError as error:
            error.close()
            if error.code != _NOT_MODIFIED:
                raise self._refusal(f"answers {error.code} to {url.partition('?')[0]}") from None
            yield None
        except (OSError, HTTPException, ValueError, TypeError, KeyError) as error:
            raise self._refusal(f"cannot be asked: {error}") from None
        self._is_away = False

    def _refusal(self, cause: str) -> StoreUnavailableError:
        """Log the cause once, until it answers again."""
        if not self._is_away:
            _log.error("the application at RENEWAL_ISSUER_URL %s; what is known of it stays in force", cause)
        self._is_away = True
        return StoreUnavailableError()


def _members(answer: Any) -> Mapping[str, Any]:
    members: Mapping[str, Any] = strict_json.loads(answer.read(LARGEST_ANSWER))
    return members
