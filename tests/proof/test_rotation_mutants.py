"""Whoever breaks the rule hears of it: every small mistake in its three functions fails the proof, or is none."""

import ast
import inspect
from pathlib import Path
from typing import Any

import pytest
from mutating import compiled, mutants
from proof_world import Rule
from prover import broken_promises, does_the_same
from weaker_rules import forgets_current, reuse_is_quiet

from flask_renewal import rotation
from flask_renewal.rotation import Verdict

TOKENS = ("chain.next", "chain.current", "chain.superseded", "presented", "fresh")
TIMES = ("chain.rotated_at", "chain.idle_expires_at", "chain.expires_at", "now")
VERDICTS = tuple(f"Verdict.{verdict.name}" for verdict in Verdict)
OPERANDS = {one: [other for other in kind if other != one] for kind in (TOKENS, TIMES, VERDICTS) for one in kind}
RULE = (rotation.judge, rotation.is_alive, rotation.step)
MUTANTS = [mutant for function in RULE for mutant in mutants(function, OPERANDS)]


def rule_with(mutant: ast.FunctionDef) -> Rule:
    """Return our rule with one function wrong; the others call it."""
    names: dict[str, Any] = dict(vars(rotation))
    for function in RULE:
        exec(inspect.getsource(function), names)
    compiled(mutant, names)
    return Rule(judge=names["judge"], step=names["step"], is_alive=names["is_alive"])


@pytest.mark.parametrize("mutant", [pytest.param(mutant, id=what) for what, mutant in MUTANTS])
def test_a_mistake_in_the_rule_breaks_the_proof_or_is_none(mutant: ast.FunctionDef) -> None:
    rule = rule_with(mutant)
    assert next(broken_promises(rule), None) is not None or does_the_same(rule)


def test_the_documentation_says_how_many_mistakes_there_are() -> None:
    page = Path(__file__).parents[2] / "docs" / "proof.md"
    assert f"each of {len(MUTANTS) - 1} small mistakes" in page.read_text(encoding="utf-8")


def test_the_rule_itself_breaks_nothing_and_a_weaker_one_is_not_the_same() -> None:
    assert list(broken_promises(Rule())) == []
    assert does_the_same(Rule())
    assert not does_the_same(Rule(judge=reuse_is_quiet))
    assert not does_the_same(Rule(step=forgets_current))
