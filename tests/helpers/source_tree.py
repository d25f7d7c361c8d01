"""What a distribution is built of, copied, for building leaves traces."""

import shutil
from pathlib import Path

TREE = Path(__file__).parents[2]
SOURCES = ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "src", "templates", "examples")
_KEPT_OUT = shutil.ignore_patterns("instance", "node_modules", "__pycache__", "*.egg-info", "dist", "build")


def copy_sources(folder: Path) -> Path:
    """Copy them into a folder; return it."""
    for name in SOURCES:
        if (TREE / name).is_dir():
            shutil.copytree(TREE / name, folder / name, ignore=_KEPT_OUT)
        elif (TREE / name).exists():
            shutil.copy(TREE / name, folder)
    return folder
