"""The pictures of README and documentation: each is made by `tools/pictures.py`, and has a twin for the dark."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from doc_blocks import DOCS, PAGES, ROOT
from everything import need
from PIL import Image
from schemes import DARK, dark

TOOL = ROOT / "tools" / "pictures.py"
LARGEST_FILM = 1_500_000
"""Bytes: what a README may ask of a telephone."""


def tool(*arguments: str | Path) -> str:
    done = subprocess.run([sys.executable, TOOL, *arguments], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def made() -> set[str]:
    """The names of the pictures that the tool makes."""
    return set(tool("--list").split())


def test_every_picture_is_one_that_the_tool_makes_and_none_is_missing(made: set[str]) -> None:
    assert {path.name for path in (DOCS / "pictures").iterdir()} == made


def test_every_picture_is_shown_with_words_for_those_who_cannot_see_it(made: set[str]) -> None:
    text = "\n".join(page.read_text() for page in PAGES)
    shown = set(re.findall(r"^```\{image\} pictures/(\S+)\n:alt: .{30}", text, re.MULTILINE))
    assert shown == {name for name in made if "-light." in name}
    assert len(re.findall(r'<img alt=".{30}[^"]+" src="docs/pictures/', text)) == text.count("<img ") == 1


def test_the_film_is_a_film_and_small_enough_to_be_loaded(made: set[str]) -> None:
    for name in (name for name in made if "film" in name):
        with Image.open(DOCS / "pictures" / name) as film:
            assert film.n_frames > 5
        assert (DOCS / "pictures" / name).stat().st_size <= LARGEST_FILM


def test_the_tool_makes_a_page_anew_in_both_schemes(tmp_path: Path) -> None:
    need("chromium")
    tool("--only", "sign-in", "--to", tmp_path)
    looks = {}
    for scheme in ("light", "dark"):
        with Image.open(tmp_path / f"sign-in-{scheme}.webp") as picture:
            looks[scheme] = picture.convert("L").resize((1, 1)).getpixel((0, 0))
    assert (looks["dark"] < 64, looks["light"] > 192) == (True, True)


def test_a_diagram_has_no_colour_that_the_dark_does_not_know() -> None:
    assert dark('<rect fill="#fff"/>') == f'<rect fill="{DARK["#fff"]}"/>'
    with pytest.raises(KeyError):
        dark('<rect fill="#123456"/>')
