"""Stores in SQL databases, opened as another process would."""

from sqlalchemy import MetaData, create_engine

from flask_renewal.stores.database import Database
from flask_renewal.stores.session_table import session_table
from flask_renewal.stores.sql import SQLStore


def open_sql_store(url: str, *, create: bool = False) -> SQLStore:
    engine = create_engine(url)
    table = session_table(MetaData())
    database = Database(engine)
    if create:
        table.metadata.create_all(engine)
    return SQLStore(database, table)
