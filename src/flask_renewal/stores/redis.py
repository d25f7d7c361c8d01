"""Sessions in Redis or Valkey, on one server or on a cluster.

One hash per session, which Redis drops when the session is over. Each verb that the rule hangs on is one script on
that one key. Everything else is an index that may lag: the ids of a user's sessions, and of those that were ended. An
index is written after the session, and mended when somebody meets a gap.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import redis

from ..ground.errors import StoreUnavailableError
from ..ground.per_process import PerProcess
from ..rotation import Verdict, is_alive
from . import redis_scripts as scripts
from .base import LONG_AGO, Counted, Ending, Purged, Session, Swap, Use
from .causes import Causes, one_line
from .claims import read, written
from .redis_connecting import Facts, connect, facts_of

_EXPECTED = {Verdict.ROTATE: "next", Verdict.REPLACE: "current"}
_OF_INTEREST_AFTER_ITS_END = timedelta(minutes=10)
"""How far clocks may be apart before an ended session is forgotten while an access token of it lives."""

_MICROSECOND = timedelta(microseconds=1)
_TIMES = frozenset(field.name for field in fields(Session) if field.name.endswith("_at"))


class RedisStore:
    """The store behind a ``redis://`` URL; see `Store` for what the verbs promise."""

    def __init__(self, url: str, *, prefix: str) -> None:
        """Connect at the first use, so that an application starts while Redis is away; `prefix` begins every key."""
        self._client: PerProcess[Any] = PerProcess(partial(connect, url))
        self._prefix = prefix
        self._ended, self._ended_until = f"{prefix}:{{ended}}:at", f"{prefix}:{{ended}}:until"
        self._scripts: dict[str, Any] = {}
        self._causes = Causes()

    def start(self, session: Session, *, keep: int) -> Sequence[Session]:
        values = [part for pair in _hash(session).items() for part in pair]
        self._run(scripts.START, [self._key(session.id)], [_number(session.last_used_at), *values])
        self._note_owned(session, now=session.last_used_at)
        living = self.list(session.user_id, now=session.last_used_at)
        newest_first = sorted(living, key=lambda each: (each.last_used_at, each.created_at), reverse=True)
        surplus = [each.id for each in newest_first[keep:]]
        return self._end(surplus, Ending(reason="displaced", now=session.last_used_at))

    def find(self, session_id: str) -> Session | None:
        return _session(self._call("hgetall", self._key(session_id)))

    def list(self, user_id: str, *, now: datetime) -> Sequence[Session]:
        return [session for session in self.history(user_id) if is_alive(session, now)]

    def history(self, user_id: str) -> Sequence[Session]:
        """Return what the index has: an ended session leaves it, and is found by its id until it would have expired."""
        return sorted(self._owned(user_id), key=lambda session: session.last_used_at, reverse=True)

    def _owned(self, user_id: str) -> Sequence[Session]:
        """Return the user's sessions; forget those that Redis has dropped."""
        ids = sorted(self._call("smembers", self._owner_key(user_id)))
        with self._refusing(), self._client().pipeline(transaction=False) as together:
            for session_id in ids:
                together.hgetall(self._key(session_id))
            found = dict(zip(ids, map(_session, together.execute()), strict=True))
        gone = [session_id for session_id, session in found.items() if session is None]
        if gone:
            self._call("srem", self._owner_key(user_id), *gone)
        return [session for session in found.values() if session is not None]

    def rotate(self, swap: Swap) -> Session | None:
        now, *ends = _use_numbers(swap.use)
        before = _number(swap.use.now - swap.window)
        values = [now, before, *ends, _EXPECTED[swap.verdict], swap.presented, swap.fresh]
        session = _session(self._run(scripts.ROTATE, [self._key(swap.session_id)], values))
        if session is not None:
            with suppress(StoreUnavailableError):  # it has rotated; a gap in the index is mended next time
                self._note_owned(session, now=swap.use.now)
        return session

    def touch(self, session_id: str, use: Use, *, authenticated: bool = False) -> Session | None:
        proof = [_number(use.now)] if authenticated else []
        return _session(self._run(scripts.TOUCH, [self._key(session_id)], [*_use_numbers(use), *proof]))

    def rename(self, session_id: str, *, user_id: str, device: str | None, now: datetime) -> Session | None:
        name = [] if device is None else [device]
        return _session(self._run(scripts.RENAME, [self._key(session_id)], [_number(now), user_id, *name]))

    def set_claims(self, session_id: str, claims: Mapping[str, Any], *, now: datetime) -> Session | None:
        kept = written(claims)
        values = [_number(now), *([] if kept is None else [kept])]
        return _session(self._run(scripts.SET_CLAIMS, [self._key(session_id)], values))

    def end(self, ending: Ending) -> Sequence[Session]:
        if ending.session_id is not None:
            ids = {ending.session_id}
        else:
            ids = {session.id for session in self._owned(ending.user_id or "")}
        return self._end(sorted(ids - {ending.but}), ending)

    def _end(self, ids: Sequence[str], ending: Ending) -> Sequence[Session]:
        """End sessions; note also those that had been ended before, in case that whoever did it did not get to it."""
        values = [_number(ending.now), ending.reason, ending.user_id or ""]
        answers = [self._run(scripts.END, [self._key(session_id)], values) for session_id in ids]
        over = [(was_alive, _known(flat)) for was_alive, flat in filter(None, answers)]
        self._note_ended([session for _, session in over], now=ending.now)
        for _, session in over:
            self._call("srem", self._owner_key(session.user_id), session.id)
        return [session for was_alive, session in over if was_alive]

    def ended_since(self, moment: datetime) -> Mapping[str, datetime]:
        found = self._call("zrangebyscore", self._ended, f"({_number(moment)}", "+inf", withscores=True)
        return {str(session_id): _moment(score) for session_id, score in found}

    def purge(self, *, now: datetime, after: str, examine: int) -> Purged:
        """Leave sessions to Redis, which drops them itself; forget ended ones that are of no interest any more."""
        self._note_ended([], now=now)
        return Purged(count=0, go_on_after=None)

    def count(self, *, now: datetime) -> Counted:
        """Count nothing: Redis drops what is over itself."""
        return Counted(all=0, over=0)

    def clock(self) -> datetime:
        """Return the time of the server; of a cluster, that of the node which keeps the ended sessions."""
        seconds, microseconds = self._run(scripts.CLOCK, [self._ended], [])
        return LONG_AGO + timedelta(seconds=int(seconds), microseconds=int(microseconds))

    def facts(self) -> Facts:
        """Return what decides how long sessions are kept."""
        with self._refusing():
            return facts_of(self._client())

    def _note_ended(self, sessions: Sequence[Session], *, now: datetime) -> None:
        values = [_number(now)]
        for session in sessions:
            until = session.over_at + _OF_INTEREST_AFTER_ITS_END
            values += [session.id, _number(session.ended_at or now), _number(until)]
        self._run(scripts.NOTE_ENDED, [self._ended, self._ended_until], values)

    def _note_owned(self, session: Session, *, now: datetime) -> None:
        left = (
            "" if session.expires_at is None else str(max(1, (session.expires_at - now) // timedelta(milliseconds=1)))
        )
        self._run(scripts.NOTE_OWNED, [self._owner_key(session.user_id)], [session.id, left])

    def _key(self, session_id: str) -> str:
        return f"{self._prefix}:session:{{{session_id}}}"

    def _owner_key(self, user_id: str) -> str:
        return f"{self._prefix}:sessions-of:{{{user_id}}}"

    def _run(self, script: str, keys: Sequence[str], values: Sequence[str]) -> Any:
        with self._refusing():
            client = self._client()
            if script not in self._scripts:
                self._scripts[script] = client.register_script(script)
            return self._scripts[script](keys=keys, args=values, client=client)

    def _call(self, command: str, *arguments: str, **options: Any) -> Any:
        with self._refusing():
            return getattr(self._client(), command)(*arguments, **options)

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        """Tell every failure of Redis as `StoreUnavailableError`, and its cause to the log."""
        try:
            yield
        except (redis.RedisError, redis.exceptions.RedisClusterException, OSError) as error:
            refusal = StoreUnavailableError()
            self._causes.log(f"{refusal.code}: {type(error).__name__}: {one_line(str(error))}; {refusal.detail}")
            raise refusal from error


def _number(moment: datetime) -> str:
    return str((moment - LONG_AGO) // _MICROSECOND)


def _moment(number: str | float) -> datetime:
    return LONG_AGO + int(number) * _MICROSECOND


def _use_numbers(use: Use) -> tuple[str, str, str]:
    return _number(use.now), _number(use.idle_expires_at), _number(use.short_idle_expires_at)


def _hash(session: Session) -> Mapping[str, str]:
    values = {field.name: getattr(session, field.name) for field in fields(session)}
    values["remember"], values["claims"] = "1" if session.remember else "0", written(session.claims)
    return {
        name: _number(value) if name in _TIMES else str(value) for name, value in values.items() if value is not None
    }


def _session(answer: Any) -> Session | None:
    """Return the session in the answer of a command or of a script; ``None`` where there is none."""
    if not answer:
        return None
    values: dict[str, Any] = dict.fromkeys(field.name for field in fields(Session))
    values.update(answer if isinstance(answer, dict) else zip(answer[::2], answer[1::2], strict=True))
    for name in _TIMES:
        if values[name] is not None:
            values[name] = _moment(values[name])
    values["remember"], values["claims"] = values["remember"] == "1", read(values["claims"])
    return Session(**values)


def _known(flat: Sequence[str]) -> Session:
    session = _session(flat)
    assert session is not None  # noqa: S101
    return session
