"""What every store must do, as tests for a store of your own.

In a test module of yours write ``from flask_renewal.testing.store_suite import *``, and a fixture `open_store` that
returns a picklable callable without arguments. Each call opens the same store anew, as another process would; at the
start of each test the store is empty. Needs pytest. The verdicts come from the pure rule, which is asked about every
state of a session.
"""

import pytest

from ...stores.base import Store
from .browsers import *  # noqa: F403 - pytest finds tests by their names in the module that imports them
from .moves import OpenStore
from .races import *  # noqa: F403
from .verbs import *  # noqa: F403


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    """Return an empty store."""
    return open_store()
