"""Rate limits, in Flask-Limiter's notation and with its `RATELIMIT_…` keys.

They are counted by the `limits` library, Flask-Limiter's own engine: the limits here hang on facts that are known in
the middle of a request (which account, which session), and must cost the host's other routes nothing.
"""

import logging
import time
from collections.abc import Mapping
from typing import Any

from limits import RateLimitItem, parse_many
from limits.errors import ConfigurationError as LimitsConfigurationError
from limits.errors import StorageError
from limits.storage import storage_from_string
from limits.strategies import STRATEGIES, RateLimiter

from .errors import ConfigurationError, TooManyRequestsError
from .settings import Settings
from .text import shown

_log = logging.getLogger(__name__)


class Throttle:
    """Counts failed sign-ins per account and per address, and refreshes per session.

    While the storage of the counts cannot be reached nothing is refused: a limit is no reason to lock everybody out.
    """

    def __init__(self, settings: Settings, config: Mapping[str, Any]) -> None:
        self._strategy = _strategy(config)
        self._prefix = config.get("RATELIMIT_KEY_PREFIX", "")
        enabled = config.get("RATELIMIT_ENABLED", True)
        self._login = parse_many(settings.login_limit) if enabled else []
        self._refresh = parse_many(settings.refresh_limit) if enabled else []

    def check_login(self, account: str, address: str | None) -> None:
        """Raise `TooManyRequestsError` if the account or the address has failed too often lately."""
        for item in self._login:
            for key in _login_keys(account, address):
                self._ask(item, key, hit=False)

    def count_failed_login(self, account: str, address: str | None) -> None:
        """Count a failure against the account and the address."""
        for item in self._login:
            for key in _login_keys(account, address):
                self._try(item, key, hit=True)

    def count_refresh(self, session_id: str) -> None:
        """Count a refresh; raise `TooManyRequestsError` if there were too many lately."""
        for item in self._refresh:
            self._ask(item, ("refresh", session_id), hit=True)

    def _ask(self, item: RateLimitItem, key: tuple[str, str], *, hit: bool) -> None:
        if not self._try(item, key, hit=hit):
            raise TooManyRequestsError(retry_after=self._seconds_to_wait(item, key))

    def _seconds_to_wait(self, item: RateLimitItem, key: tuple[str, str]) -> int:
        try:
            reset_at = self._strategy.get_window_stats(item, self._prefix, *key).reset_time
        except StorageError:
            return item.get_expiry()
        return max(1, round(reset_at - time.time()))

    def _try(self, item: RateLimitItem, key: tuple[str, str], *, hit: bool) -> bool:
        action = self._strategy.hit if hit else self._strategy.test
        try:
            return action(item, self._prefix, *key)
        except StorageError:
            _log.warning("rate limits are not counted: their storage cannot be reached")
            return True


def _strategy(config: Mapping[str, Any]) -> RateLimiter:
    uri, name = config.get("RATELIMIT_STORAGE_URI") or "memory://", config.get("RATELIMIT_STRATEGY", "fixed-window")
    if name not in STRATEGIES:
        raise ConfigurationError(
            f"RATELIMIT_STRATEGY = {name!r} cannot be used; set it to one of {', '.join(sorted(STRATEGIES))}."
        )
    try:
        storage = storage_from_string(uri, wrap_exceptions=True, **config.get("RATELIMIT_STORAGE_OPTIONS", {}))
    except (LimitsConfigurationError, ValueError):
        raise ConfigurationError(
            f"RATELIMIT_STORAGE_URI = {shown(uri)} cannot be used; set it to memory:// or a redis:// URL."
        ) from None
    return STRATEGIES[name](storage)


def _login_keys(account: str, address: str | None) -> tuple[tuple[str, str], ...]:
    return (("login-account", account), ("login-address", address or "unknown"))
