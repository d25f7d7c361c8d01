"""Does Redis keep what it is told: when it is full, when it is killed, in all of its slots?"""

from collections.abc import Iterator
from typing import Any, cast

from .finding import Finding, Inspected, Level

_SUBJECT = "RENEWAL_STORE"


def findings(inspected: Inspected) -> Iterator[Finding]:
    """Look at what the server says of itself."""
    facts = cast(Any, inspected.services.store).facts()
    if facts.eviction != "noeviction":
        yield Finding(
            code="redis_evicts",
            level=Level.ERROR if facts.has_limit else Level.WARNING,
            subject=_SUBJECT,
            what=f"A full Redis forgets sessions, and that sessions were ended (maxmemory-policy {facts.eviction}).",
            mend="Set maxmemory-policy noeviction.",
        )
    if not facts.logs_writes:
        yield Finding(
            code="redis_forgets",
            level=Level.WARNING,
            subject=_SUBJECT,
            what="Whoever signed in or refreshed since the last snapshot is signed out when Redis is killed.",
            mend="Set appendonly yes.",
        )
    if facts.slots_missing:
        yield Finding(
            code="redis_slots_missing",
            level=Level.ERROR,
            subject=_SUBJECT,
            what=f"No node of the cluster serves {facts.slots_missing} of its slots: their sessions are refused.",
            mend="Start the nodes that are missing, or give their slots to others.",
        )
