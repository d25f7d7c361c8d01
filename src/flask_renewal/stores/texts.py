"""Text in our tables: compared byte by byte, and any text, however a server is set up."""

from sqlalchemy import String
from sqlalchemy.dialects.mysql import VARCHAR


def text(length: int) -> String:
    """Return the type of a column of this many characters, which a script of migrations can name, too.

    MariaDB and MySQL would take ``José`` for ``jose``, and refuse what their own alphabet lacks.
    """
    exact = VARCHAR(length, charset="utf8mb4", collation="utf8mb4_bin")
    return String(length).with_variant(exact, "mysql", "mariadb")
