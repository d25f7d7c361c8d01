"""What happened, in order, told to every page that listens."""

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

REMEMBERED = 200
HEARTBEAT_SECONDS = 5
"""How soon a page that has gone is noticed."""


class Timeline:
    """The last things that happened, numbered."""

    def __init__(self) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self._count = 0
        self._changed = threading.Condition()

    def add(self, **facts: Any) -> None:
        """Note an event and wake who waits for one."""
        with self._changed:
            self._count += 1
            self._entries.append({"number": self._count, "at": round(time.time() * 1000), **facts})
            self._changed.notify_all()

    def entries(self, after: int = 0) -> list[dict[str, Any]]:
        """Return the events behind the one of this number."""
        with self._changed:
            return [entry for entry in self._entries if entry["number"] > after]

    def follow(self, after: int = 0) -> Iterator[str]:
        """Yield each entry from now on, for as long as somebody reads, as server-sent events."""
        yield "retry: 1000\n\n"
        while True:
            with self._changed:
                if self._count <= after:
                    self._changed.wait(HEARTBEAT_SECONDS)
            news = self.entries(after)
            for entry in news:
                after = entry["number"]
                yield f"id: {after}\ndata: {json.dumps(entry)}\n\n"
            if not news:
                yield ": still here\n\n"
