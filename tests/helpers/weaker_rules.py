"""Weaker rules than ours, each of which differs from the real one in what its name says."""

from dataclasses import replace
from datetime import datetime, timedelta

from flask_renewal import rotation
from flask_renewal.rotation import Chain, Verdict


def strict_single_use(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    return Verdict.ROTATE if presented == chain.next else Verdict.REUSE


def without_a_window(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    return rotation.judge(chain, presented, now=now, window=timedelta(microseconds=-1))


def window_without_its_last_moment(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    return rotation.judge(chain, presented, now=now, window=window - timedelta(microseconds=1))


def lost_successor_is_reuse(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    verdict = rotation.judge(chain, presented, now=now, window=window)
    return Verdict.REUSE if verdict is Verdict.REPLACE else verdict


def lost_successor_is_quiet(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    verdict = rotation.judge(chain, presented, now=now, window=window)
    return Verdict.QUIET if verdict is Verdict.REPLACE else verdict


def replaces_inside_the_window(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    if presented == chain.current:
        return Verdict.REPLACE
    return rotation.judge(chain, presented, now=now, window=window)


def rotates_inside_the_window(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    if presented == chain.next:
        return Verdict.ROTATE
    return rotation.judge(chain, presented, now=now, window=window)


def superseded_is_replaced(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    verdict = rotation.judge(chain, presented, now=now, window=window)
    return Verdict.REPLACE if verdict is Verdict.REUSE and presented == chain.superseded else verdict


def reuse_is_quiet(chain: Chain, presented: str, *, now: datetime, window: timedelta) -> Verdict:
    verdict = rotation.judge(chain, presented, now=now, window=window)
    return Verdict.QUIET if verdict is Verdict.REUSE else verdict


def returns_next_again(
    chain: Chain, verdict: Verdict, *, fresh: str, now: datetime, idle_expires_at: datetime
) -> Chain:
    if verdict is Verdict.REPLACE:
        return chain
    return rotation.step(chain, verdict, fresh=fresh, now=now, idle_expires_at=idle_expires_at)


def replaces_without_a_new_window(
    chain: Chain, verdict: Verdict, *, fresh: str, now: datetime, idle_expires_at: datetime
) -> Chain:
    after = rotation.step(chain, verdict, fresh=fresh, now=now, idle_expires_at=idle_expires_at)
    return replace(after, rotated_at=chain.rotated_at) if verdict is Verdict.REPLACE else after


def forgets_current(chain: Chain, verdict: Verdict, *, fresh: str, now: datetime, idle_expires_at: datetime) -> Chain:
    after = rotation.step(chain, verdict, fresh=fresh, now=now, idle_expires_at=idle_expires_at)
    return replace(after, current=None)
