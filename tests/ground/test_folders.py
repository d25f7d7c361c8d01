"""Where the files are that are no Python."""

from pathlib import Path

import pytest

from flask_renewal.ground.folders import BROWSER, SAMPLE_APP, TEMPLATES


@pytest.mark.parametrize(
    ("folder", "name"), [(TEMPLATES, "login.html"), (BROWSER, "client.js"), (SAMPLE_APP, "index.html")]
)
def test_a_folder_has_what_is_looked_for_in_it(folder: Path, name: str) -> None:
    assert (folder / name).is_file()
