"""Draws the house: the floors of `src/flask_renewal`, with the rooms that the code has, and who imports whom.

`FLOORS` is the plan. A test holds the code to it; the picture shows what is there.
"""

import ast
import sys
from functools import cache
from html import escape
from pathlib import Path

import flask_renewal

PACKAGE = Path(flask_renewal.__file__).parent

FLOORS = (
    ("ground",),
    ("rotation",),
    ("settings",),
    ("stores",),
    ("identity.tokens",),
    ("identity.remote", "identity.users"),
    ("identity.sessions",),
    ("identity",),
    ("guard",),
    ("entrances.check",),
    ("entrances.api", "entrances.pages", "entrances.cli"),
    ("entrances.gateway", "entrances.host", "entrances.metrics"),
    ("entrances",),
    ("extension",),
    ("standalone",),
    ("testing",),
)
"""Lowest first. Imports go down only, and rooms on one floor do not know each other."""
ROOMS = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

_WIDE, _HIGH, _GAP, _LABEL = 940, 58, 8, 12


def name_of(file: Path) -> str:
    """Return the dotted name of a module below the package."""
    return ".".join(file.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(file): file for file in sorted(PACKAGE.rglob("*.py")) if file != PACKAGE / "__init__.py"}


def room_of(module: str) -> str:
    """Return the room that a module is in; raises `LookupError` for one that the plan does not know."""
    room = module
    while room not in ROOMS:
        room, dot, _ = room.rpartition(".")
        if not dot:
            raise LookupError(f"{module} is on no floor")
    return room


@cache
def tree(file: Path) -> ast.Module:
    """Return what is in a file, read once."""
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def imported(module: str) -> set[str]:
    """Return the modules of ours that a module imports, wherever in it."""
    file = MODULES[module]
    package = file.relative_to(PACKAGE).parent.parts
    found = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*package[: len(package) - node.level + 1], *filter(None, [node.module])]
            names = [".".join([*base, alias.name]) for alias in node.names]
            found |= {name if name in MODULES else ".".join(base) for name in names}
    return found - {module}


def picture() -> str:
    """Return the house as an SVG picture, the ground at the bottom."""
    shown = [rooms for rooms in FLOORS if any(_modules_in(room) for room in rooms)]
    parts = []
    for row, rooms in enumerate(reversed(shown)):
        wide = (_WIDE - _GAP * (len(rooms) - 1)) / len(rooms)
        for column, room in enumerate(rooms):
            parts.append(_room(room, left=column * (wide + _GAP), top=row * (_HIGH + _GAP), wide=wide))
    height = len(shown) * (_HIGH + _GAP)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 {_WIDE + 2} {height}" role="img" fill="#222"'
        f' font-family="system-ui, sans-serif"><title>The floors of flask_renewal</title>'
        f'<rect x="-1" y="-1" width="{_WIDE + 2}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


def _modules_in(room: str) -> list[str]:
    """Return what one finds in a room: its modules and the folders in it, or the room itself where it is a module."""
    inside = (module.removeprefix(f"{room}.") for module in MODULES if room_of(module) == room)
    return sorted({name.partition(".")[0] for name in inside if name != room or MODULES[room].name != "__init__.py"})


def _room(room: str, *, left: float, top: float, wide: float) -> str:
    modules = [name for name in _modules_in(room) if name != room]
    below = {room_of(other) for module in MODULES if room_of(module) == room for other in imported(module)}
    leans = ", ".join(sorted(below - {room})) or "nothing"
    lines = (
        (18, 14, "#222", room.replace(".", "/")),
        (34, 11, "#222", " · ".join(modules)),
        (50, 10, "#666", f"leans on {leans}"),
    )
    words = "".join(
        f'<text x="{left + _LABEL}" y="{top + down}" font-size="{size}" fill="{fill}">{escape(_cut(line, wide, size))}'
        "</text>"
        for down, size, fill, line in lines
    )
    return f'<rect x="{left}" y="{top}" width="{wide}" height="{_HIGH}" rx="6" fill="#f3f1e7" stroke="#999"/>{words}'


def _cut(line: str, wide: float, size: int) -> str:
    """Return what of a line fits into a box."""
    most = int((wide - 2 * _LABEL) / (size * 0.54))
    return line if len(line) <= most else f"{line[: most - 1]}…"


if __name__ == "__main__":
    sys.stdout.write(picture())
