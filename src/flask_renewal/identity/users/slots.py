"""Where this process counts what anybody may send: in so many places, however many names and addresses come."""

SLOTS = 2**16
"""So many that a process judges far fewer passwords in a minute, at some 350 bytes each."""


def slot_of(text: str) -> str:
    """Return the place of a name or an address, which it shares with some that nobody can choose.

    Python's hash of a text is keyed with a secret of the process. That a stranger's attempts are counted in one's own
    place happens once in 65,536 strangers who try without end, and costs a minute.
    """
    return str(hash(text) % SLOTS)
