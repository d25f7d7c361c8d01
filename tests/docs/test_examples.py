"""The example of the test kit says in figures what the kit is for; the examples' own tests run beside these."""

from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "flask_app"


def test_the_kit_makes_the_same_test_less_than_half_as_long() -> None:
    with_it, without = ((EXAMPLE / f"test_{name}_the_kit.py").read_text() for name in ("with", "without"))
    assert 2 * len(with_it.splitlines()) < len(without.splitlines())
