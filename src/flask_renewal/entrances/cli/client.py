"""`flask renewal client`: the browser client as a package, for a bundler."""

import json
import shutil
from pathlib import Path

import click

from ...ground.folders import BROWSER
from .output import example, json_option, tell

_FILES = ("README.md", "LICENSE", "*.js", "client/*.js", "types/**/*.d.ts")
_OURS_ALONE = ("devDependencies", "scripts")
"""What of the package's description is for those who build it."""


@click.command("client", epilog=example("flask renewal client --to frontend/flask-renewal"))
@click.option("--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="A new folder.")
@json_option
def client(folder: Path, as_json: bool) -> None:
    """Write the browser client that fits this server, as a package for `npm install FOLDER`.

    An older one is replaced; a folder with anything else in it is left alone.
    """
    if _is_taken(folder):
        raise click.UsageError(f"{folder} has other files in it; name a new folder.")
    shutil.rmtree(folder, ignore_errors=True)
    for pattern in _FILES:
        for file in sorted(BROWSER.glob(pattern)):
            copy = folder / file.relative_to(BROWSER)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
    described = _description(BROWSER)
    kept = {key: value for key, value in described.items() if key not in _OURS_ALONE}
    (folder / "package.json").write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    facts = {"folder": str(folder), "version": described["version"]}
    tell(f"Wrote flask-renewal {described['version']} to {folder}.", facts, as_json=as_json)


def _description(folder: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    return found


def _is_taken(folder: Path) -> bool:
    """Say whether a folder holds something other than a client that was written before."""
    if folder.resolve() == BROWSER.resolve():
        return True
    if not folder.exists() or not any(folder.iterdir()):
        return False
    return not (folder / "package.json").exists() or _description(folder).get("name") != "flask-renewal"
