"""What somebody reads who asks for an engine and has not installed its library."""

from pathlib import Path

import pytest
from warm import Python

START = """
import sys
assert {library!r} not in sys.modules
sys.modules[{library!r}] = None
from flask_renewal import ConfigurationError, create_app
try:
    create_app({settings!r}, instance_path=sys.argv[1])
except ConfigurationError as error:
    sys.exit(str(error))
"""


@pytest.mark.parametrize(
    ("library", "settings", "mend"),
    [
        ("redis", {"RENEWAL_STORE": "redis://localhost"}, "flask-renewal[redis]"),
        ("redis", {"RATELIMIT_STORAGE_URI": "redis://localhost"}, "flask-renewal[redis]"),
        ("pymysql", {"SQLALCHEMY_DATABASE_URI": "mysql+pymysql://localhost/x"}, "flask-renewal[mysql]"),
        ("MySQLdb", {"SQLALCHEMY_DATABASE_URI": "mysql://localhost/x"}, "begin it with mysql+pymysql://"),
        ("psycopg", {"SQLALCHEMY_DATABASE_URI": "postgresql+psycopg://localhost/x"}, "flask-renewal[postgresql]"),
    ],
)
def test_a_missing_library_stops_the_start_and_names_the_mend(
    bare_python: Python, tmp_path: Path, library: str, settings: dict[str, str], mend: str
) -> None:
    program = START.format(library=library, settings=settings)
    done = bare_python("-c", program, tmp_path, cwd=tmp_path)
    assert done.returncode == 1
    assert mend in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_the_libraries_everything_else_works(bare_python: Python, tmp_path: Path) -> None:
    program = "import sys; sys.modules['redis'] = None\n" + START.format(library="psycopg", settings={})
    done = bare_python("-c", program, tmp_path, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
