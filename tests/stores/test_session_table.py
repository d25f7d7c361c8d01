"""The table of sessions, as databases are told to make it."""

import pytest
from sqlalchemy import Dialect, MetaData
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex

from flask_renewal.stores.session_table import session_table


@pytest.mark.parametrize("dialect", [postgresql.dialect(), sqlite.dialect()], ids=lambda dialect: dialect.name)
def test_the_index_of_endings_holds_no_living_session_for_a_rotation_to_keep_up(dialect: Dialect) -> None:
    made = {index.name: str(CreateIndex(index).compile(dialect=dialect)) for index in session_table(MetaData()).indexes}
    assert "(ended_at) WHERE ended_at IS NOT NULL" in made["ix_renewal_session_ended_at"]
