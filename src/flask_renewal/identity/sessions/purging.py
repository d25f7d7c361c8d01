"""When the rows of sessions that are over are deleted: a few with the sign-ins, and all of them by the command."""

from collections.abc import Iterator
from itertools import count

from ...ground.ambient import Ambient
from ...stores.base import Store

EVERY = 5
"""Sign-ins to one process, each of which adds a row."""
EXAMINED_WITH_SIGN_IN = 20 * EVERY
"""Rows: so one in 20 is dead where people go on signing in."""
EXAMINED_IN_A_BATCH = 25
"""Rows. A refresh that commits at the same time waits until what a batch wrote is on disk, which on PostgreSQL are 8 kB
for each page touched first since a checkpoint: beside batches of 500 the slowest 1 % took three times as long."""


class Purging:
    """Deletes rows that nobody will ask for again."""

    def __init__(self, store: Store, ambient: Ambient) -> None:
        self._store = store
        self._ambient = ambient
        self._sign_ins = count()

    def note_sign_in(self) -> None:
        """Take the first sign-in, and every fifth from there, as the occasion to examine rows at a random place."""
        if next(self._sign_ins) % EVERY == 0:
            self._store.purge(now=self._ambient.now(), after=self._ambient.new_id(), examine=EXAMINED_WITH_SIGN_IN)

    def everything(self) -> Iterator[int]:
        """Delete the rows of all sessions that are over, in small batches; yield the count of each batch."""
        after: str | None = ""
        while after is not None:
            batch = self._store.purge(now=self._ambient.now(), after=after, examine=EXAMINED_IN_A_BATCH)
            after = batch.go_on_after
            yield batch.count
