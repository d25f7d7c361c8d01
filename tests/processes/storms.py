"""Many browsers that refresh as fast as they can, while something happens to the servers."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

from patience import PATIENCE
from servers import NO_ANSWER, Answer, Server, Visitor


@dataclass
class Storm:
    """What the clients saw so far."""

    statuses: Counter[int | str] = field(default_factory=Counter)
    """`none` counts requests that got no answer."""
    refusals: list[Answer] = field(default_factory=list)

    def wait_for(self, status: int | str, times: int = 1) -> None:
        """Wait until clients have seen this so many times, which took them an unknown time."""
        deadline = time.monotonic() + PATIENCE
        while self.statuses[status] < times:
            assert time.monotonic() < deadline, f"{status} was seen {self.statuses[status]} times"
            time.sleep(0.01)

    def check_that_nobody_was_sent_away(self) -> None:
        """Check that each refusal is a 503 that asks to try again and deletes no cookie."""
        for refusal in self.refusals:
            assert refusal.status == 503, refusal
            assert refusal.json["code"] == "store_unavailable"
            assert int(refusal.headers["Retry-After"]) > 0
            assert not refusal.cookies


@contextmanager
def storming(server: Server | Sequence[Server], visitors: Sequence[Visitor]) -> Iterator[Storm]:
    """Let the visitors refresh, each as soon as it has an answer, at one of the servers."""
    servers = [server] if isinstance(server, Server) else server
    storm = Storm()
    over = Event()

    def refresh(visitor: Visitor) -> None:
        while not over.is_set():
            try:
                answer = visitor.refreshes(random.choice(servers))
            except NO_ANSWER:
                storm.statuses["none"] += 1
                over.wait(0.05)
                continue
            storm.statuses[answer.status] += 1
            if answer.status != 200:
                storm.refusals.append(answer)
                over.wait(0.05)

    with ThreadPoolExecutor(len(visitors)) as threads:
        running = [threads.submit(refresh, visitor) for visitor in visitors]
        try:
            yield storm
        finally:
            over.set()
    for run in running:
        run.result()


def sessions_lost(visitors: Sequence[Visitor], server: Server) -> int:
    """Return how many visitors can refresh no more, once the store answers again."""
    return sum(_status_in_the_end(visitor, server) != 200 for visitor in visitors)


def _status_in_the_end(visitor: Visitor, server: Server) -> int:
    deadline = time.monotonic() + PATIENCE
    while (status := visitor.refreshes(server).status) == 503 and time.monotonic() < deadline:
        time.sleep(0.2)
    return status
