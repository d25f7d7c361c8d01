"""The table of cases of the pure rule, presented to a real store."""

from datetime import timedelta

import pytest
from rotation_case import FRESH, IDLE_EXPIRES_AT, NOW, WINDOW, Case
from rotation_cases import CASES

from flask_renewal.rotation import Verdict, judge
from flask_renewal.stores.base import Ending, Store, Swap, Use
from flask_renewal.testing.store_suite.moves import a_session, put

USE = Use(now=NOW, idle_expires_at=IDLE_EXPIRES_AT, short_idle_expires_at=NOW)
REACHABLE = [case for case in CASES if not (case.ended and case.idle_left < timedelta(0))]
"""A store ends living sessions only, so none of its rows ended after it had expired."""
CHAIN = ("superseded", "current", "next", "rotated_at", "idle_expires_at", "expires_at")


def moved(store: Store, case: Case, verdict: Verdict) -> bool:
    swap = Swap(session_id="sid", verdict=verdict, presented=case.presents, fresh=FRESH, window=WINDOW, use=USE)
    return store.rotate(swap) is not None


@pytest.mark.parametrize("case", REACHABLE, ids=lambda case: case.name)
def test_the_store_does_what_the_table_says(store: Store, case: Case) -> None:
    put(store, a_session("sid", ended_at=case.before.ended_at, **{name: getattr(case.before, name) for name in CHAIN}))
    swapped = {verdict for verdict in (Verdict.ROTATE, Verdict.REPLACE) if moved(store, case, verdict)}
    assert swapped == {case.verdict} & {Verdict.ROTATE, Verdict.REPLACE}
    found = store.find("sid")
    if found is not None:
        assert all(getattr(found, name) == getattr(case.after, name) for name in CHAIN)
        assert swapped or judge(found, case.presents, now=NOW, window=WINDOW) is case.verdict
    assert found is not None or case.verdict is Verdict.EXPIRED


@pytest.mark.parametrize("case", [c for c in CASES if c.verdict is Verdict.REUSE], ids=lambda case: case.name)
def test_a_reused_token_ends_the_session_for_every_token(store: Store, case: Case) -> None:
    put(store, a_session("sid", **{name: getattr(case.before, name) for name in CHAIN}))
    assert store.end(Ending(reason="reuse", now=NOW, session_id="sid"))
    assert not any(moved(store, case, verdict) for verdict in (Verdict.ROTATE, Verdict.REPLACE))
