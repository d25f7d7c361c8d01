"""What each verb of a store does, one session at a time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from itertools import product
from typing import Any

import pytest

from ...rotation import Verdict, judge, step
from ...stores.base import Ending, Session, Store
from .moves import DAY, IDLE, INSTANT, NOW, SHORT_IDLE, WINDOW, OpenStore, a_session, put, swap, use

STATES: dict[str, tuple[str | None, str | None, str]] = {
    "never rotated": (None, None, "one"),
    "rotated once": (None, "one", "two"),
    "rotated often": ("one", "two", "three"),
}
ENDS: dict[str, dict[str, Any]] = {
    "alive": {},
    "alive for an instant": {"idle_expires_at": NOW + INSTANT, "expires_at": NOW + INSTANT},
    "idle too long": {"idle_expires_at": NOW},
    "at its absolute end": {"expires_at": NOW},
    "without an absolute end": {"expires_at": None},
    "ended": {"ended_at": NOW - DAY / 24},
}
SINCE_ROTATION = (0 * DAY, WINDOW, WINDOW + INSTANT, DAY)


def test_a_started_session_is_found_as_it_was(store: Store) -> None:
    session = put(store, a_session("sid", device="Küche ☕", user_agent="x" * 256, remember=False))
    assert store.find("sid") == session


def test_claims_go_on_with_a_session_until_they_are_replaced(store: Store) -> None:
    claims = {"org": "blå", "amr": ["pwd", "otp"], "act": {"sub": "admin"}}
    session = put(store, a_session("sid", claims=claims))
    moved = [store.touch("sid", use()), store.rotate(swap("sid", "one")), *store.list("alice", now=NOW)]
    assert [each and each.claims for each in moved] == [session.claims] * 3
    for replaced in ({"org": "red"}, {}):
        changed = store.set_claims("sid", replaced, now=NOW)
        assert changed == store.find("sid") == replace(moved[1], claims=replaced)  # type: ignore[type-var]


@pytest.mark.parametrize("end", ["idle too long", "at its absolute end", "ended"])
def test_only_a_living_session_gets_claims(store: Store, end: str) -> None:
    put(store, a_session("sid", **ENDS[end]))
    assert store.set_claims("sid", {"org": "red"}, now=NOW) is None
    assert store.set_claims("nobody", {"org": "red"}, now=NOW) is None


def test_an_unknown_session_is_not_found(store: Store) -> None:
    put(store, a_session("sid"))
    assert store.find("nobody") is None


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("state", STATES)
def test_the_store_moves_a_session_on_exactly_as_the_rule_says(store: Store, state: str, end: str) -> None:
    superseded, current, newest = STATES[state]
    moments = product((*STATES[state], "forgotten"), SINCE_ROTATION, (Verdict.ROTATE, Verdict.REPLACE))
    for number, (presented, since, asked) in enumerate(moments):
        ids = {"superseded": superseded, "current": current, "next": newest, "rotated_at": NOW - since}
        before = put(store, a_session(f"sid{number}", **{**ids, **ENDS[end]}))
        check_move(store, before, presented or "", asked)


def check_move(store: Store, before: Session, presented: str, asked: Verdict) -> None:
    """Check that a swap happens if and only if the rule gives the verdict that it asks for, and what it leaves."""
    moved = store.rotate(swap(before.id, presented, verdict=asked))
    after = store.find(before.id)
    if judge(before, presented, now=NOW, window=WINDOW) is asked:
        expected = step(before, asked, fresh="fresh", now=NOW, idle_expires_at=NOW + IDLE)
        assert after == moved == replace(expected, last_used_at=NOW)  # type: ignore[call-arg]
    else:
        assert moved is None
        assert after is None or after == before


@pytest.mark.parametrize("remember", [True, False], ids=["kept beyond the browser", "ending with the browser"])
def test_a_rotation_slides_the_idle_end(store: Store, remember: bool) -> None:
    put(store, a_session("sid", remember=remember))
    rotated = store.rotate(swap("sid", "one"))
    assert rotated is not None
    assert rotated.idle_expires_at == NOW + (IDLE if remember else SHORT_IDLE)


def test_a_touch_slides_the_idle_end_and_keeps_the_tokens(store: Store) -> None:
    before = put(store, a_session("sid"))
    touched = store.touch("sid", use())
    assert touched == store.find("sid") == replace(before, last_used_at=NOW, idle_expires_at=NOW + IDLE)


def test_a_touch_notes_a_proof_by_password(store: Store) -> None:
    put(store, a_session("sid"))
    touched = store.touch("sid", use(), authenticated=True)
    assert touched is not None
    assert touched.authenticated_at == NOW


@pytest.mark.parametrize("device", ["Work laptop", None], ids=["a new name", "no name any more"])
def test_naming_a_device_is_no_use_of_its_session(store: Store, device: str | None) -> None:
    before = put(store, a_session("sid", device="Laptop"))
    renamed = store.rename("sid", user_id=before.user_id, device=device, now=NOW)
    assert renamed == store.find("sid") == replace(before, device=device)


def test_nobody_names_the_device_of_another_user(store: Store) -> None:
    before = put(store, a_session("sid"))
    assert store.rename("sid", user_id="bob", device="Mine now", now=NOW) is None
    assert store.find("sid") == before


@pytest.mark.parametrize("end", [end for end in ENDS if "alive" not in end and "without" not in end])
def test_the_device_of_a_session_that_is_over_is_not_named(store: Store, end: str) -> None:
    before = put(store, a_session("sid", **ENDS[end]))
    assert store.rename("sid", user_id=before.user_id, device="Laptop", now=NOW) is None


@pytest.mark.parametrize("end", [end for end in ENDS if "alive" not in end and "without" not in end])
def test_a_session_that_is_over_is_not_touched(store: Store, end: str) -> None:
    put(store, a_session("sid", **ENDS[end]))
    assert store.touch("sid", use()) is None


def test_the_history_of_a_user_has_the_living_sessions_and_may_have_those_that_are_over(store: Store) -> None:
    living = [put(store, a_session(f"sid{days}", last_used_at=NOW - days * DAY)) for days in (1, 2)]
    over = put(store, a_session("ended", last_used_at=NOW - 3 * DAY, **ENDS["ended"]))
    put(store, a_session("other", user_id="bob"))
    assert store.history("alice") in (living, [*living, over])


def test_listing_shows_the_living_sessions_of_one_user_newest_use_first(store: Store) -> None:
    for number in range(3):
        put(store, a_session(f"sid{number}", last_used_at=NOW - number * DAY))
    put(store, a_session("hers", user_id="bob"))
    for end in ("idle too long", "at its absolute end", "ended"):
        put(store, a_session(end.replace(" ", ""), **ENDS[end]))
    assert [session.id for session in store.list("alice", now=NOW)] == ["sid0", "sid1", "sid2"]
    assert [session.id for session in store.list("bob", now=NOW)] == ["hers"]
    assert not store.list("carol", now=NOW)


def test_a_session_beyond_the_most_ends_the_longest_unused(store: Store) -> None:
    for number in range(4):
        put(store, a_session(f"sid{number}", last_used_at=NOW - (9 - number) * DAY))
    put(store, a_session("hers", user_id="bob"))
    displaced = store.start(a_session("new", created_at=NOW, last_used_at=NOW), keep=3)
    assert {(session.id, session.ended_reason) for session in displaced} == {
        ("sid0", "displaced"),
        ("sid1", "displaced"),
    }
    assert [session.id for session in store.list("alice", now=NOW)] == ["new", "sid3", "sid2"]
    assert len(store.list("bob", now=NOW)) == 1


def test_of_sessions_used_at_one_moment_those_that_began_first_end_first(store: Store) -> None:
    for session_id, days in (("second", 1), ("first", 2), ("third", 0)):
        put(store, a_session(session_id, created_at=NOW - days * DAY, last_used_at=NOW))
    displaced = store.start(a_session("fourth", created_at=NOW + INSTANT, last_used_at=NOW), keep=3)
    assert [session.id for session in displaced] == ["first"]


@pytest.mark.parametrize(
    ("which", "ended"),
    [
        ({"session_id": "a1"}, {"a1"}),
        ({"user_id": "alice"}, {"a1", "a2"}),
        ({"user_id": "alice", "but": "a1"}, {"a2"}),
        ({"session_id": "a1", "user_id": "alice"}, {"a1"}),
        ({"session_id": "b1", "user_id": "alice"}, set()),
        ({"session_id": "nobody"}, set()),
        ({"user_id": "carol"}, set()),
    ],
    ids=[
        "one",
        "a user's",
        "a user's others",
        "one of a user",
        "another user's",
        "an unknown one",
        "an unknown user's",
    ],
)
def test_ending_ends_the_living_sessions_that_it_names(store: Store, which: Any, ended: set[str]) -> None:
    for session_id, user_id in (("a1", "alice"), ("a2", "alice"), ("b1", "bob")):
        put(store, a_session(session_id, user_id=user_id))
    put(store, a_session("a3", idle_expires_at=NOW))
    sessions = store.end(Ending(reason="logout", now=NOW, **which))
    assert {one.id: one.ended_at for one in sessions} == store.ended_since(NOW - INSTANT) == dict.fromkeys(ended, NOW)
    assert all((session.ended_at, session.ended_reason) == (NOW, "logout") for session in sessions)
    assert {session.id for user in ("alice", "bob") for session in store.list(user, now=NOW)} == {
        "a1",
        "a2",
        "b1",
    } - ended


def test_a_session_ends_once_and_keeps_its_first_reason(store: Store) -> None:
    put(store, a_session("sid"))
    store.end(Ending(reason="logout", now=NOW, session_id="sid"))
    assert not store.end(Ending(reason="reuse", now=NOW + DAY, session_id="sid"))
    found = store.find("sid")
    assert found is not None
    assert (found.ended_at, found.ended_reason) == (NOW, "logout")


def test_ended_since_names_the_sessions_ended_after_a_moment(store: Store) -> None:
    for number in range(4):
        put(store, a_session(f"sid{number}"))
    for number in range(3):
        store.end(Ending(reason="logout", now=NOW + number * DAY, session_id=f"sid{number}"))
    assert store.ended_since(NOW) == {"sid1": NOW + DAY, "sid2": NOW + 2 * DAY}
    assert not store.ended_since(NOW + 2 * DAY)


def test_ended_since_names_displaced_sessions_too(store: Store) -> None:
    put(store, a_session("old"))
    store.start(a_session("new", created_at=NOW, last_used_at=NOW), keep=1)
    assert list(store.ended_since(NOW - INSTANT)) == ["old"]


def test_the_clock_is_one_that_all_share_and_goes_on_or_there_is_none(open_store: OpenStore) -> None:
    before, after = open_store().clock(), open_store().clock()
    if before is None or after is None:
        assert before is after
    else:
        assert abs(datetime.now(timezone.utc) - before) < DAY
        assert before < after < before + DAY


def test_purging_comes_to_an_end_and_loses_no_session_that_matters(store: Store) -> None:
    over = [put(store, a_session(f"over{number}", idle_expires_at=NOW)) for number in range(7)]
    kept = [put(store, a_session("living")), put(store, a_session("ended", ended_at=NOW - DAY))]
    assert sum(purged(store)) <= len(over)
    assert [store.find(session.id) for session in kept] == kept
    assert list(store.ended_since(NOW - 2 * DAY)) == ["ended"]


def purged(store: Store) -> Iterator[int]:
    """Purge in batches of three; yield the count of each."""
    after: str | None = ""
    for _ in range(100):
        if after is None:
            return
        batch = store.purge(now=NOW, after=after, examine=3)
        after = batch.go_on_after
        yield batch.count
    pytest.fail("purging does not end")
