"""Pictures for light and dark: beside `x-light.…` stands its twin `x-dark.…`, and the theme shows one of them."""

import re
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform

DARK = {
    "#fff": "#1a1c1e",
    "#ffffff": "#1a1c1e",
    "#111827": "#e6e6e6",
    "#222": "#e6e6e6",
    "#374151": "#cfd3d8",
    "#555": "#b5b5b5",
    "#666": "#a8a8a8",
    "#999": "#7d7d7d",
    "#9ca3af": "#6b7280",
    "#bbb": "#565656",
    "#ccc": "#4a4a4a",
    "#1d4ed8": "#7ba2ff",
    "#2f7d4f": "#6fcf97",
    "#b5541c": "#f2a56b",
    "#d8f0dc": "#1d3a25",
    "#d9e8fb": "#1b3350",
    "#f3f1e7": "#2c2a22",
    "#f9d9d5": "#4a2320",
}


def dark(picture: str) -> str:
    """Return an SVG picture for dark pages; raises `KeyError` for a colour that has no dark one."""
    return re.sub(r"#[0-9a-f]{3,6}\b", lambda found: DARK[found[0]], picture)


def write(folder: Path, name: str, picture: str) -> None:
    """Write an SVG picture in both schemes."""
    for scheme, drawn in (("light", picture), ("dark", dark(picture))):
        (folder / f"{name}-{scheme}.svg").write_text(drawn, encoding="utf-8")


class Twins(SphinxTransform):
    """Puts the dark twin beside each light picture."""

    default_priority = 500

    def apply(self) -> None:
        """Change the page that is being read."""
        for image in list(self.document.findall(nodes.image)):
            if "-light." in image["uri"]:
                twin = image.deepcopy()
                twin["uri"] = image["uri"].replace("-light.", "-dark.")
                image["classes"].append("only-light")
                twin["classes"].append("only-dark")
                image.parent.insert(image.parent.index(image) + 1, twin)
