"""The pages show the very files that run in these tests, and count their lines."""

import re
import subprocess
from pathlib import Path

import pytest

from flask_renewal.settings import SETTINGS

from .settings import settings_of
from .showing import DESIGNS, PAGES, RECIPES, lines_of, renewed, shown

EVERY_PAGE = sorted(PAGES.glob("*.md"))


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: page.name)
def test_a_page_shows_todays_files_and_numbers(page: Path) -> None:
    assert page.read_text() == renewed(page), "run `python tests/recipes/showing.py`"


@pytest.mark.parametrize("page", DESIGNS)
def test_a_design_shows_its_settings_and_both_ways_to_write_it(page: str) -> None:
    files = shown((PAGES / page).read_text())
    assert {f"{page.removesuffix('.md')}/settings.env", *DESIGNS[page]} <= set(files)


@pytest.mark.parametrize("page", DESIGNS)
def test_a_design_says_how_many_lines_the_client_saves(page: str) -> None:
    classic, client = map(lines_of, DESIGNS[page])
    assert f" {classic} lines of code, `{Path(DESIGNS[page][1]).name}` {client}: {classic - client} saved" in (
        PAGES / page
    ).read_text().replace("\n", " ")
    assert client < classic


@pytest.mark.parametrize("page", EVERY_PAGE, ids=lambda page: page.name)
def test_a_block_is_a_file_or_a_command(page: Path) -> None:
    text = page.read_text()
    commands = re.findall(r"^```bash\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    directives = re.findall(r"^```{", text, re.MULTILINE)
    assert len(re.findall(r"^```\S", text, re.MULTILINE)) == len(shown(text)) + len(commands) + len(directives)
    for command in commands:
        subprocess.run(["sh", "-n"], input=command, text=True, check=True)


@pytest.mark.parametrize("recipe", sorted(path.parent.name for path in RECIPES.glob("*/settings.env")))
def test_the_settings_of_a_recipe_are_settings(recipe: str) -> None:
    assert settings_of(recipe).keys() <= {setting.key for setting in SETTINGS}
