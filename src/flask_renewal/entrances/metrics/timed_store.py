"""A store that tells how long it takes."""

from collections.abc import Callable
from functools import wraps
from time import perf_counter
from typing import Any, cast

from ...ground.errors import StoreError
from ...stores.base import Store
from .figures import STORE_FAILURES, STORE_SECONDS, STORE_VERBS


class _Timed:
    """Another store, whose verbs are timed; all else of it is as it is."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        """Make a verb when it is first asked for: a service that only verifies has few, and says so of the others."""
        found = getattr(self._store, name)
        if name in STORE_VERBS:
            found = _timed(name, found)
            setattr(self, name, found)
        return found


def _timed(verb: str, do: Callable[..., Any]) -> Callable[..., Any]:
    observe = STORE_SECONDS.labels(verb).observe

    @wraps(do)
    def timed(*arguments: Any, **named: Any) -> Any:
        began = perf_counter()
        try:
            return do(*arguments, **named)
        except StoreError:
            STORE_FAILURES.count(verb)
            raise
        finally:
            observe(perf_counter() - began)

    return timed


def timed(store: Store) -> Store:
    """Return the store as one that is timed."""
    return cast(Store, _Timed(store))
