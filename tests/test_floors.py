"""Imports go down only: the floors of the house, lowest first. A module without a floor fails."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "flask_renewal"

FLOORS = (
    {
        "ambient",
        "common_passwords",
        "context",
        "cookies",
        "credentials",
        "csrf",
        "errors",
        "folders",
        "found",
        "origins",
        "per_process",
        "proxies",
        "sites",
    },
    {"hashing", "strict_json", "text", "verified_tokens"},
    {"rotation"},
    {"settings", "keys", "events", "stores", "users"},
    {
        "access_tokens",
        "clocks",
        "downgrades",
        "grants",
        "new_session",
        "passwords",
        "purging",
        "refresh_tokens",
        "revocations",
        "store_suite",
        "throttle",
    },
    {"sessions", "accounts"},
    {"services", "problems", "answers", "body", "guard", "jwt_extended", "later_user", "transport"},
    {"api", "check", "cli", "client_files", "cors", "renewing"},
    {"pages"},
    {"extension"},
    {"models", "schema", "app", "serving", "migrations"},
    {"demo"},
    {"testing"},
    {"__init__"},
)
WITHIN_A_FLOOR = {
    ("cli", "check"),
    ("cookies", "errors"),
    ("sites", "cookies"),
    ("text", "errors"),
    ("keys", "settings"),
    ("users", "stores"),
    ("accounts", "sessions"),
    ("new_session", "grants"),
    ("clocks", "access_tokens"),
    ("revocations", "clocks"),
    ("guard", "jwt_extended"),
    ("guard", "problems"),
    ("guard", "services"),
    ("jwt_extended", "later_user"),
    ("later_user", "problems"),
    ("later_user", "services"),
    ("answers", "transport"),
    ("transport", "body"),
    ("transport", "services"),
    ("jwt_extended", "problems"),
    ("jwt_extended", "services"),
    ("app", "models"),
    ("app", "schema"),
}
"""Pairs on one floor of which the first may import the second."""
LATER = {("extension", "stores.redis")}
"""Pairs of which the first imports the second when it is needed, for its library takes long to import."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def floor_of(room: str) -> int:
    floors = [number for number, rooms in enumerate(FLOORS) if room in rooms]
    assert floors, f"{room} has no floor"
    return floors[0]


def imported_rooms(path: Path) -> set[str]:
    depth = len(path.relative_to(PACKAGE).parts)
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            rooms |= {node.module.split(".")[0]} if node.module else {alias.name for alias in node.names}
    return rooms


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_floors_below(path: Path) -> None:
    room = room_of(path)
    for other in imported_rooms(path) - {room}:
        lower = floor_of(other) < floor_of(room)
        assert lower or (room, other) in WITHIN_A_FLOOR, f"{room} imports {other}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_import_hides_in_a_function(path: Path) -> None:
    functions = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))
    hidden = [inner for node in functions for inner in ast.walk(node) if isinstance(inner, ast.Import | ast.ImportFrom)]
    assert all((room_of(path), getattr(node, "module", None)) in LATER for node in hidden)


def test_who_adopts_the_extension_does_not_wait_for_what_it_does_not_use() -> None:
    heavy = ("alembic", "flask_babel", "flask_migrate", "pytest", "redis", "requests", "ua_parser", "waitress")
    look = f"import sys, flask_renewal; print(*sorted(set({heavy}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
