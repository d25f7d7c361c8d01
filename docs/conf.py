"""How the documentation is built: `sphinx-build -W docs build/docs`."""

import sys
from pathlib import Path

from sphinx.application import Sphinx

sys.path.insert(0, str(Path(__file__).parent))

import drawing
import gateway_drawing
import house
import http_tables
import proof_drawing
import tables

from flask_renewal.settings import SETTINGS

project = "Flask-Renewal"
author = "the Flask-Renewal authors"
copyright = author  # noqa: A001 - the name is Sphinx's

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["_generated/*.md"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
default_role = "code"
nitpicky = False

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_preserve_defaults = True

html_theme = "furo"
html_title = "Flask-Renewal"
html_show_copyright = False
html_show_sphinx = False


def generate(app: Sphinx) -> None:
    """Write what comes from the code itself: the rule's diagram, the settings, the commands, the causes."""
    folder = Path(app.srcdir) / "_generated"
    folder.mkdir(exist_ok=True)
    (folder / "rule.svg").write_text(drawing.rule(), encoding="utf-8")
    (folder / "chain.svg").write_text(drawing.chain(), encoding="utf-8")
    (folder / "house.svg").write_text(house.picture(), encoding="utf-8")
    (folder / "bound.svg").write_text(proof_drawing.bound(), encoding="utf-8")
    (folder / "gateway.svg").write_text(gateway_drawing.gateway(), encoding="utf-8")
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
