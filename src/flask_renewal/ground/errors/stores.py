"""A store that does not do what it was asked for."""

from .base import RenewalError


class StoreError(RenewalError):
    """The store does not do what it was asked for; the cause is in the log."""


class StoreUnavailableError(StoreError):
    """The database cannot be reached or does not accept writes; nothing was decided, so trying again is right."""

    code = "store_unavailable"
    title = "Sessions cannot be reached just now"


class StoreRefusedError(StoreError):
    """The database refuses for good; as text it says why, its `detail`, which clients are shown, does not."""

    code = "internal_error"
    title = "Something went wrong here; it has been noted"

    def __init__(self, cause: str) -> None:
        super().__init__()
        self.args = (cause,)
