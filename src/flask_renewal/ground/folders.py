"""Where the files are that are no Python: in the package where it was built, in the source tree where it was not."""

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_TREE = _PACKAGE.parents[1]


def _folder(built: str, source: Path) -> Path:
    found = _PACKAGE / built
    return found if found.is_dir() else source


TEMPLATES = _folder("templates", _TREE / "templates")
"""The pages: templates, one stylesheet, one icon."""
BROWSER = _folder("browser", _TREE / "src" / "browser")
"""The browser client."""
SAMPLE_APP = _folder("sample_app", _TREE / "examples" / "spa")
"""The sample app, which `flask demo` serves."""
