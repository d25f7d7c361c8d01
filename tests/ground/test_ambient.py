"""The one door for time and randomness."""

import re

from flask_renewal.ground.ambient import Ambient


def test_ids_are_22_url_safe_characters_and_none_looks_like_an_option_of_a_command() -> None:
    ids = {Ambient().new_id() for _ in range(2000)}
    assert len(ids) == 2000
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{21}", drawn) for drawn in ids)
