"""How the documentation is built: `sphinx-build -W docs build/docs`."""

import sys
from importlib import metadata
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))

import drawing
import gateway_drawing
import house
import http_tables
import proof_drawing
import schemes
import tables

from flask_renewal.settings import SETTINGS

project = "Flask-Renewal"
author = "the Flask-Renewal authors"
copyright = author  # noqa: A001 - the name is Sphinx's

version = release = metadata.version("flask-renewal")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_copybutton"]
exclude_patterns = ["_generated/*.md"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
default_role = "code"
nitpicky = False

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_preserve_defaults = True

html_theme = "furo"
html_title = f"Flask-Renewal {release}"
html_show_copyright = False
html_show_sphinx = False


def generate(app: Sphinx) -> None:
    """Write what comes from the code itself: the diagrams in both schemes, the settings, the commands, the causes."""
    folder = Path(app.srcdir) / "_generated"
    folder.mkdir(exist_ok=True)
    for name, picture in {
        "rule": drawing.rule(),
        "chain": drawing.chain(),
        "house": house.picture(),
        "bound": proof_drawing.bound(),
        "gateway": gateway_drawing.gateway(),
        "dashboard": (Path(app.srcdir) / "dashboard.svg").read_text(encoding="utf-8"),
        "performance": (Path(app.srcdir) / "performance.svg").read_text(encoding="utf-8"),
    }.items():
        schemes.write(folder, name, picture)
    (folder / "settings.md").write_text(tables.settings(SETTINGS), encoding="utf-8")
    told = http_tables.document()
    (folder / "routes.md").write_text(http_tables.routes(told), encoding="utf-8")
    (folder / "codes.md").write_text(http_tables.codes(told), encoding="utf-8")
    (folder / "token_response.md").write_text(http_tables.example(told, "/auth/register", "post"), encoding="utf-8")
    (folder / "refusal.md").write_text(http_tables.problem(told, "session_ended"), encoding="utf-8")
    (folder / "causes.md").write_text(tables.causes(), encoding="utf-8")
    (folder / "commands.md").write_text(tables.commands(), encoding="utf-8")


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", generate)
    app.add_transform(schemes.Twins)
