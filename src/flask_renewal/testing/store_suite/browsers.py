"""What the rotation rule promises to browsers and of thieves, driven over real parallel connections.

Time is virtual, so that a slow machine breaks no promise: each round is a moment, in which several requests reach the
store at once. What they carry was sent up to half the quiet window before, and their answers arrive up to half of it
later, in any order, or are lost.
"""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from ...rotation import Verdict
from ...stores.base import Store
from .moves import DAY, NOW, WINDOW, OpenStore, a_session, present, put

ROUNDS = 40
AT_ONCE = 6
LOST = 0.3

REFUSED = (Verdict.REUSE, Verdict.EXPIRED, Verdict.ENDED)


@dataclass
class Browser:
    """A cookie jar that several tabs share, and the answers that are under way to it."""

    jar: str
    jars: list[tuple[datetime, str]] = field(default_factory=list)
    coming: list[tuple[datetime, str]] = field(default_factory=list)

    def arrive(self, now: datetime) -> None:
        """Let the answers that are due overwrite the jar, late ones too."""
        for due in sorted(answer for answer in self.coming if answer[0] <= now):
            self.coming.remove(due)
            self.jar = due[1]
            self.jars.append(due)

    def sent(self, now: datetime, chance: random.Random) -> str:
        """Return what the jar held when a request that reaches the store now was sent."""
        moment = now - chance.random() * WINDOW / 2
        return [token for arrived, token in self.jars if arrived <= moment][-1]


@pytest.mark.parametrize("seed", range(4))
def test_tabs_that_share_a_jar_are_never_refused(open_store: OpenStore, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a run that can be repeated, no secret
    browser = Browser("one", jars=[(NOW - DAY, "one")])
    stores = [open_store() for _ in range(3)]
    put(stores[0], a_session("sid"))
    now, handed_out = NOW, []
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for number in range(ROUNDS):
            now += chance.choice((WINDOW / 8, WINDOW / 2, 2 * WINDOW))
            browser.arrive(now)
            requests = [
                threads.submit(
                    present,
                    stores[index % len(stores)],
                    "sid",
                    browser.sent(now, chance),
                    now=now,
                    fresh=f"t{number}.{index}",
                )
                for index in range(AT_ONCE)
            ]
            for verdict, fresh in (request.result() for request in requests):
                assert verdict not in REFUSED
                if fresh is not None:
                    handed_out.append(fresh)
                    if chance.random() > LOST:
                        browser.coming.append((now + chance.random() * WINDOW / 2, fresh))
    assert len(handed_out) > ROUNDS / 4
    assert len(set(handed_out)) == len(handed_out)


@pytest.mark.parametrize("thief_is_first", [True, False], ids=["the thief is first", "the owner is first"])
def test_a_copied_jar_ends_the_session_once_both_have_used_it(open_store: OpenStore, thief_is_first: bool) -> None:
    store, other = open_store(), open_store()
    put(store, a_session("sid"))
    jars = {"thief": "one", "owner": "one"}
    sides = ("thief", "owner") if thief_is_first else ("owner", "thief")
    verdicts = [_turn(other if side == "thief" else store, jars, side, number) for number, side in enumerate(sides * 2)]
    assert Verdict.REUSE in verdicts
    assert verdicts[-1] in REFUSED
    found = store.find("sid")
    assert found is None or found.ended_reason == "reuse"


def _turn(store: Store, jars: dict[str, str], side: str, number: int) -> Verdict:
    now = NOW + (number + 1) * 2 * WINDOW
    verdict, fresh = present(store, "sid", jars[side], now=now, fresh=f"t{number}")
    jars[side] = fresh or jars[side]
    return verdict


def test_inside_the_quiet_window_a_thief_is_handed_no_refresh_token(open_store: OpenStore) -> None:
    store = open_store()
    put(store, a_session("sid"))
    assert present(store, "sid", "one", now=NOW, fresh="two") == (Verdict.ROTATE, "two")
    assert present(store, "sid", "one", now=NOW + WINDOW, fresh="stolen") == (Verdict.QUIET, None)
