"""Every figure that there is, in prometheus_client's own registry, where the host's figures are, too.

Once for a process, whatever number of applications there are in it: of two with one name, in the files by which several
processes are counted together, one would write over the other. Every label is one of our own words, never a client's.
"""

import os
from collections.abc import Collection, Iterable

from prometheus_client import Counter, Histogram

from ...ground import errors
from ...ground.errors import ConfigurationError
from ...ground.text import shown
from ...identity.sessions.causes import REASONS
from ...rotation import Verdict

_NAMESPACE = "flask_renewal"
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable of the environment by which prometheus_client counts several processes together."""
OTHER = "other"
"""What a label says that is none of the words known here."""

VERDICTS = (
    *(verdict.value for verdict in (Verdict.ROTATE, Verdict.REPLACE, Verdict.QUIET)),
    *(
        refusal.code
        for refusal in (
            errors.RefreshTokenReusedError,
            errors.SessionExpiredError,
            errors.SessionEndedError,
            errors.AccountDisabledError,
            errors.DeviceMismatchError,
            errors.RefreshTokenInvalidError,
            errors.RefreshTokenAmbiguousError,
            errors.TooManyRequestsError,
            errors.StoreUnavailableError,
            errors.StoreRefusedError,
        )
    ),
)
GUARD_CODES = tuple(
    refusal.code
    for refusal in (
        errors.TokenMissingError,
        errors.TokenInvalidError,
        errors.TokenExpiredError,
        errors.SessionOverError,
        errors.FreshTokenRequiredError,
        errors.UntrustedOriginError,
    )
)
COUNTED_BY = (
    "account",
    "address",
    "hashing",
    "known-address",
    "known-places",
    "place",
    "refresh",
    "register",
    "session",
)
STORE_VERBS = (
    *("start", "find", "list", "history", "rotate", "touch", "rename", "set_claims", "end", "ended_since"),
    *("purge", "count", "clock"),
)

_QUICK = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
"""Seconds: from a lookup in Redis to a database that others have locked."""
_HASHING = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_LATE = (1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 300)
"""Seconds: as wide as a quiet window may be."""


def check_folder(folder: str | None) -> None:
    """Raise `ConfigurationError` where several processes are to be counted in what is no folder of ours."""
    if folder is not None and not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigurationError(f"{FOLDER} = {shown(folder)} is no folder that can be written; make it, or unset it.")


check_folder(os.environ.get(FOLDER))


class Labelled:
    """A counter with one label, every value of which is there from the start, so that its first event is seen."""

    def __init__(self, name: str, told: str, label: str, values: Iterable[str]) -> None:
        counter = Counter(name, told, (label,), namespace=_NAMESPACE)
        self._children = {value: counter.labels(value) for value in values}
        self._other = counter.labels(OTHER)

    @property
    def values(self) -> Collection[str]:
        """The words that its label may say, beside `OTHER`."""
        return self._children.keys()

    def count(self, value: object) -> None:
        """Count one more; a word that is not known here is `OTHER`."""
        self._children.get(str(value), self._other).inc()


SIGN_INS = Labelled(
    "sign_ins",
    "Sessions that were started, and passwords that were refused, at a confirmation too.",
    "outcome",
    ("started", "refused"),
)
REFRESHES = Labelled(
    "refreshes",
    "Refresh tokens that were presented, by what the rule said, else by the refusal's code.",
    "verdict",
    VERDICTS,
)
HEADER_RENEWALS = Counter(
    "header_renewals", "Access tokens that were renewed in a response header.", namespace=_NAMESPACE
)
ENDED = Labelled("sessions_ended", "Sessions that were ended before their time, by the reason.", "reason", REASONS)
GUARD_REFUSALS = Labelled("guard_refusals", "Requests that a guard did not let in, by the code.", "code", GUARD_CODES)
THROTTLED = Labelled(
    "throttled", "Attempts that came after too many others, by what they are counted by.", "counted_by", COUNTED_BY
)
FALSE_SIGN_OUTS = Labelled(
    "false_sign_outs_bound",
    "Sessions that the rule ended, so at most this many of somebody honest, by the token that came back.",
    "presented",
    ("superseded", "older"),
)
QUIET_AGE = Histogram(
    "quiet_age_seconds",
    "Seconds from a rotation to an answer that was quiet because of it.",
    namespace=_NAMESPACE,
    buckets=_LATE,
)
HASH_SECONDS = Histogram(
    "hash_seconds", "Seconds until a password was hashed, the wait included.", namespace=_NAMESPACE, buckets=_HASHING
)
STORE_SECONDS = Histogram(
    "store_seconds",
    "Seconds that the store of sessions took, failures included.",
    ("verb",),
    namespace=_NAMESPACE,
    buckets=_QUICK,
)
for _verb in STORE_VERBS:
    STORE_SECONDS.labels(_verb)
STORE_FAILURES = Labelled("store_failures", "What the store of sessions did not do.", "verb", STORE_VERBS)
