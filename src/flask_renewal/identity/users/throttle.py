"""Rate limits, in Flask-Limiter's notation and with its `RATELIMIT_…` keys.

They are counted by the `limits` library, Flask-Limiter's own engine: the limits here hang on facts that are known in
the middle of a request (which account, which session), and must cost the host's other routes nothing.
"""

import logging
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from ipaddress import IPv6Address, ip_address
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from limits import RateLimitItem, RateLimitItemPerDay, WindowStats, parse_many
from limits.errors import ConfigurationError as LimitsConfigurationError
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import STRATEGIES, FixedWindowRateLimiter

from ...ground.errors import ConfigurationError, InvalidCredentialsError, TooManyRequestsError
from ...ground.extras import load
from ...ground.per_process import PerProcess, new_lock
from ...ground.text import shown
from ...settings import Settings
from .slots import slot_of

ALL_AT_KNOWN_PLACES, WRONG_AT_KNOWN_ADDRESS = 10, 3
"""How many times the limit of an address those whom it knows have together: enough for an office at nine o'clock, where
all may be right, and not for trying one password on everybody."""
REMEMBERED = RateLimitItemPerDay(1, 90)
"""Longer than a session lasts by default, so that whoever signs in again after one is known."""
NEW_PLACES = RateLimitItemPerDay(10)
"""Of an account: whoever has one and many addresses fills nobody's memory."""
WARN_EVERY_SECONDS = 60

_REDIS = ("redis", "valkey")
_log = logging.getLogger("flask_renewal")

Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True, slots=True)
class Bucket:
    """What attempts are counted in: all with the same `key`, against the same limits."""

    limits: Sequence[RateLimitItem]
    key: tuple[str, ...]
    only_wrong: bool = False
    """A right password is given back."""


class Throttle:
    """Counts sign-ins per account, place and address, registrations per address, refreshes per session.

    An attempt is counted before it is judged, so of many at once no more are judged than of many in a row. A stranger's
    guesses are counted by address and by account, whether or not there is such an account. Where an account was signed
    in before, by the session of a cookie or by address, it has attempts of its own, which a stranger cannot use up.

    While the storage of the counts cannot be reached nothing is refused: a limit is no reason to lock everybody out.
    """

    def __init__(
        self, settings: Settings, config: Mapping[str, Any], *, tell: Callable[..., None] | None = None
    ) -> None:
        """Count as the settings say; `tell` hears of each refusal by what it was `counted_by`."""
        self._tell = tell
        name, storage = _strategy_name(config), _storage(config, prefix=settings.store_prefix)
        in_memory = isinstance(storage, MemoryStorage)
        self._strategy = STRATEGIES[name](storage)
        # Of its own, because the one in memory is searched for what has expired with each hit.
        self._places = FixedWindowRateLimiter(MemoryStorage() if in_memory else storage)
        self._place_of = slot_of if in_memory else str
        self._enabled = config.get("RATELIMIT_ENABLED", True)
        self._login = self._limits(settings.login_limit)
        self._all_known = _times(ALL_AT_KNOWN_PLACES, self._login)
        self._wrong_known = _times(WRONG_AT_KNOWN_ADDRESS, self._login)
        self._register = self._limits(settings.register_limit)
        self._refresh = self._limits(settings.refresh_limit)
        self._turn: PerProcess[AbstractContextManager[Any]] = PerProcess(new_lock if in_memory else nullcontext)
        self._silent_until = -math.inf

    def _limits(self, notation: str) -> Sequence[RateLimitItem]:
        """Return the limits that are written so; none where nothing is to be counted."""
        return parse_many(notation) if self._enabled else ()

    @contextmanager
    def sign_in(self, account: str, *, address: str | None, session_id: str | None) -> Iterator[str | None]:
        """Count a sign-in that is judged within; raise `TooManyRequestsError` if there were too many lately.

        `session_id` is a session of this very account, living or over, whose cookie the request brings. The address of
        who was right is remembered. The value is the source that may not hold up others; ``None`` without limits.
        """
        source = source_of(address)
        is_known = self._remembers(account, source)
        if session_id is not None:
            buckets = self._at_home(("session", session_id), source)
        elif is_known:
            buckets = [
                *self._at_home(("place", account, source), source),
                Bucket(limits=self._wrong_known, key=("known-address", source), only_wrong=True),
            ]
        else:
            buckets = [
                Bucket(limits=self._login, key=("address", self._place_of(source))),
                Bucket(limits=self._login, key=("account", self._place_of(account)), only_wrong=True),
            ]
        with self._judging(*buckets):
            yield source if self._enabled else None
        if not is_known:
            self.remember(account, address)

    @contextmanager
    def confirmation(self, session_id: str, *, address: str | None) -> Iterator[str | None]:
        """Count a password that is judged within, of somebody who is signed in; otherwise as `sign_in`."""
        with self._judging(*self._at_home(("session", session_id), source_of(address))):
            yield session_id if self._enabled else None

    def count_registration(self, address: str | None) -> str | None:
        """Count a registration, and return its source; raise `TooManyRequestsError` if there were too many lately."""
        source = source_of(address)
        self._count(Bucket(limits=self._register, key=("register", self._place_of(source))))
        return source if self._enabled else None

    def count_refresh(self, session_id: str) -> None:
        """Count a refresh; raise `TooManyRequestsError` if there were too many lately."""
        self._count(Bucket(limits=self._refresh, key=("refresh", session_id)))

    def remember(self, account: str, address: str | None) -> None:
        """Remember that the account's owner was at this address."""
        if self._enabled and self._ask(self._places.hit, NEW_PLACES, "new-places", account, otherwise=False):
            self._ask(self._places.hit, REMEMBERED, "known", account, source_of(address), otherwise=False)

    def _remembers(self, account: str, source: str) -> bool:
        return self._enabled and not self._ask(self._places.test, REMEMBERED, "known", account, source, otherwise=True)

    def _at_home(self, place: tuple[str, ...], source: str) -> list[Bucket]:
        """Return a place's own bucket, and the one that keeps a flood of right passwords from starving others."""
        return [
            Bucket(limits=self._login, key=place, only_wrong=True),
            Bucket(limits=self._all_known, key=("known-places", self._place_of(source))),
        ]

    @contextmanager
    def _judging(self, *buckets: Bucket) -> Iterator[None]:
        """Count an attempt; give back what is not judged after all, and what is judged right where that does not count.

        Only `InvalidCredentialsError` says that a password was wrong.
        """
        counted: list[Bucket] = []
        try:
            for bucket in buckets:
                self._count(bucket)
                counted.append(bucket)
            yield
        except InvalidCredentialsError:
            raise
        except Exception:
            self._give_back(counted)
            raise
        self._give_back([bucket for bucket in counted if bucket.only_wrong])

    def _count(self, bucket: Bucket) -> None:
        full = [item for item in bucket.limits if not self._ask(self._strategy.hit, item, *bucket.key, otherwise=True)]
        if full:
            if self._tell is not None:
                self._tell(counted_by=bucket.key[0])
            raise TooManyRequestsError(retry_after=max(self._seconds_to_wait(item, bucket) for item in full))

    def _give_back(self, buckets: Sequence[Bucket]) -> None:
        """Take a hit back; not with the strategy ``moving-window``, which never forgets one before its time."""
        take_back = partial(self._strategy.hit, cost=-1)
        for bucket in buckets:
            for item in bucket.limits:
                self._ask(take_back, item, *bucket.key, otherwise=True)

    def _seconds_to_wait(self, item: RateLimitItem, bucket: Bucket) -> int:
        """Return whole seconds, one more than are left: Redis rounds what it tells."""
        longest = item.get_expiry()
        unknown = WindowStats(time.time() + longest, 0)
        stats = self._ask(self._strategy.get_window_stats, item, *bucket.key, otherwise=unknown)
        return min(longest, max(0, math.ceil(stats.reset_time - time.time())) + 1)

    def _ask(self, question: Callable[..., Answer], *about: Any, otherwise: Answer) -> Answer:
        """Return the storage's answer to a question `about` something, or `otherwise` while it is away."""
        try:
            with self._turn():  # in memory the first of several that come at once might get lost
                return question(*about)
        except StorageError:
            self._warn()
            return otherwise

    def _warn(self) -> None:
        now = time.monotonic()
        if now >= self._silent_until:
            self._silent_until = now + WARN_EVERY_SECONDS
            _log.warning("rate limits are not counted: their storage cannot be reached")


def source_of(address: str | None) -> str:
    """Return what counts as one address: of IPv6 the /64, which is a single line's (RFC 6177 §2)."""
    try:
        ip = ip_address(address or "")
    except ValueError:
        return address or "unknown"
    if not isinstance(ip, IPv6Address):
        return str(ip)
    return str(ip.ipv4_mapped or IPv6Address(int(ip) >> 64 << 64))


def _times(factor: int, limits: Sequence[RateLimitItem]) -> Sequence[RateLimitItem]:
    return [type(item)(item.amount * factor, item.multiples) for item in limits]


def _strategy_name(config: Mapping[str, Any]) -> str:
    name = str(config.get("RATELIMIT_STRATEGY", "fixed-window"))
    if name not in STRATEGIES:
        raise ConfigurationError(
            f"RATELIMIT_STRATEGY = {name!r} cannot be used; set it to one of {', '.join(sorted(STRATEGIES))}."
        )
    return name


def _storage(config: Mapping[str, Any], *, prefix: str) -> Storage:
    uri = config.get("RATELIMIT_STORAGE_URI") or "memory://"
    options = dict(config.get("RATELIMIT_STORAGE_OPTIONS", {}))
    try:
        scheme = urlsplit(uri).scheme
        if scheme.startswith("redis"):
            load("redis", extra="redis", what=f"RATELIMIT_STORAGE_URI = {scheme}://…")
        if scheme.startswith(_REDIS):
            options["key_prefix"] = prefix
        return cast(Storage, storage_from_string(uri, wrap_exceptions=True, **options))
    except (LimitsConfigurationError, ValueError):
        raise ConfigurationError(
            f"RATELIMIT_STORAGE_URI = {shown(uri)} cannot be used; set it to memory:// or a redis:// URL."
        ) from None
