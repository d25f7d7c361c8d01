"""Connections that a fork copies are left to the parent."""

from pathlib import Path

import pytest
from forking import FORKS, ends_well_in_a_fork
from sqlalchemy import Engine, Pool, StaticPool, create_engine

from flask_renewal.stores.inherited import leave_to_parent

pytestmark = [FORKS, pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")]


def forked_with_the_pool_of(engine: Engine, pool: Pool) -> bool:
    """Say whether the engine still has this pool in a process that is forked now."""
    return ends_well_in_a_fork(lambda: engine.pool is pool)


def test_a_child_has_no_pooled_connection_of_its_parents(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'one.db'}")
    assert forked_with_the_pool_of(engine, engine.pool)
    leave_to_parent(engine)
    assert not forked_with_the_pool_of(engine, engine.pool)
    engine.dispose()


def test_a_database_in_memory_goes_along_for_it_is_nowhere_else() -> None:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    leave_to_parent(engine)
    assert forked_with_the_pool_of(engine, engine.pool)
    engine.dispose()
