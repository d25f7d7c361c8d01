"""Whoever breaks the rule hears of it: every small mistake in `judge`, `is_alive` or `step` fails the proof."""

import ast
import inspect
from typing import Any

import pytest
from mutating import compiled, mutants
from proof_world import Rule
from prover import broken_promises

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
def test_a_mistake_in_the_rule_breaks_the_proof(mutant: ast.FunctionDef) -> None:
    assert next(broken_promises(rule_with(mutant)), None) is not None


def test_the_rule_itself_breaks_nothing() -> None:
    assert list(broken_promises(Rule())) == []
