"""The settings that a recipe tells its readers to start the server with."""

import json
import shlex
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "examples" / "recipes"


def settings_of(recipe: str) -> dict[str, Any]:
    """Return the settings in a recipe's `settings.env`, read as a shell and Flask would."""
    words = shlex.split((RECIPES / recipe / "settings.env").read_text())
    pairs = (word.removeprefix("FLASK_").split("=", 1) for word in words)
    return {key: _value(text) for key, text in pairs}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
