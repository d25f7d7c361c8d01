"""Runs plain Python on values that stand for any value there is.

A comparison of such values is a formula. Where code asks whether it is true, the run goes each way that the solver
thinks possible, one after the other, so `every_run` has seen all that the code can do.
"""

import operator
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import z3

Option = TypeVar("Option")
Outcome = TypeVar("Outcome")


class ImpossibleError(Exception):
    """What a run has assumed cannot be."""


class BrokenError(AssertionError):
    """A claim that some values of a run break."""


_terms: dict[tuple[Any, ...], tuple[Any, Any]] = {}


def _made(make: Callable[..., Any], *parts: Any) -> Any:
    """Return a term, the same one whenever it is made of the same parts: most of every run is as in the one before."""
    key = (make, *(id(part) if isinstance(part, z3.ExprRef) else (type(part), part) for part in parts))
    if key not in _terms:
        _terms[key] = make(*map(_plain, parts)), parts
    return _terms[key][0]


def _plain(part: Any) -> Any:
    return z3.Q(part // timedelta(microseconds=1), 10**6) if isinstance(part, timedelta) else part


class Value:
    """Any number: of seconds, or that of a token; or the truth of a formula."""

    __slots__ = ("run", "term")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, run: "Run", term: Any) -> None:
        self.run, self.term = run, term

    def _with(self, make: Callable[[Any, Any], Any], other: Any) -> "Value":
        return Value(self.run, _made(make, self.term, other.term if isinstance(other, Value) else other))

    def __eq__(self, other: object) -> Any:
        return False if other is None else self._with(operator.eq, other)

    def __ne__(self, other: object) -> Any:
        return True if other is None else self._with(operator.ne, other)

    def __lt__(self, other: Any) -> "Value":
        return self._with(operator.lt, other)

    def __le__(self, other: Any) -> "Value":
        return self._with(operator.le, other)

    def __gt__(self, other: Any) -> "Value":
        return self._with(operator.gt, other)

    def __ge__(self, other: Any) -> "Value":
        return self._with(operator.ge, other)

    def __add__(self, other: Any) -> "Value":
        return self._with(operator.add, other)

    def __sub__(self, other: Any) -> "Value":
        return self._with(operator.sub, other)

    def __mul__(self, other: int) -> "Value":
        return self._with(operator.mul, other)

    __rmul__ = __mul__

    def __and__(self, other: Any) -> "Value":
        return self._with(z3.And, other)

    def __or__(self, other: Any) -> "Value":
        return self._with(z3.Or, other)

    __rand__, __ror__ = __and__, __or__

    def __rshift__(self, claim: "Value | bool") -> "Value":
        """Claim something where this is true."""
        return ~self | claim

    def __invert__(self) -> "Value":
        return Value(self.run, _made(z3.Not, self.term))

    def __bool__(self) -> bool:
        return self.run.decide(self.term)


class Run:
    """One way through the code: what is known on it, and where it went wherever several ways were possible."""

    def __init__(self, ways: Sequence[int] = ()) -> None:
        self._solver = z3.SolverFor("QF_LIRA")
        self._ways, self._at, self._made = list(ways), 0, 0
        self.untried: list[list[int]] = []

    def number(self, name: str, *, whole: bool = False) -> Value:
        """Return any number."""
        self._made += 1
        return Value(self, _made(z3.Int if whole else z3.Real, f"{name}{self._made}"))

    def truth(self, name: str) -> Value:
        """Return what may be true or not."""
        self._made += 1
        return Value(self, _made(z3.Bool, f"{name}{self._made}"))

    def always(self) -> Value:
        """Return what is true."""
        return Value(self, _made(z3.BoolVal, True))

    def assume(self, *claims: Value | bool) -> None:
        """Go on only with what makes the claims true."""
        self._solver.add(*map(_formula, claims))

    def prove(self, claims: Sequence[tuple[str, Value | bool]]) -> None:
        """Raise `BrokenError` with the first claim that does not hold of everything that this run stands for."""
        if self._solver.check(z3.Not(z3.And([_formula(claim) for _, claim in claims]))) != z3.unsat:
            model = self._solver.model()
            raise BrokenError(next(what for what, claim in claims if z3.is_false(model.eval(_formula(claim), True))))

    def choose(self, options: Sequence[Option]) -> Option:
        """Go on with each of the options, one after the other."""
        return options[self._way(lambda: range(len(options)))]

    def decide(self, condition: Any) -> bool:
        """Say whether a formula is true on this run; raises `ImpossibleError` where nothing is true on it."""
        ways = (condition, _made(z3.Not, condition))
        way = self._way(lambda: [at for at, way in enumerate(ways) if self._solver.check(way) == z3.sat])
        self._solver.add(ways[way])
        return way == 0

    def _way(self, possible: Callable[[], Sequence[int]]) -> int:
        if self._at == len(self._ways):
            found = possible()
            if not found:
                raise ImpossibleError
            self.untried += [[*self._ways, other] for other in found[1:]]
            self._ways.append(found[0])
        self._at += 1
        return self._ways[self._at - 1]

    def values(self, **asked: Value) -> dict[str, float] | None:
        """Return some values that this run stands for; ``None`` where there are none."""
        if self._solver.check() != z3.sat:
            return None
        model = self._solver.model()
        found = {name: model.eval(value.term, model_completion=True) for name, value in asked.items()}
        return {name: float(value.as_fraction()) for name, value in found.items()}


def _formula(claim: Value | bool) -> Any:
    return claim.term if isinstance(claim, Value) else _made(z3.BoolVal, claim)


def implies(condition: Value | bool, claim: Value | bool) -> Value | bool:
    """Claim something where a condition holds."""
    if isinstance(condition, bool):
        return claim if condition else True
    return ~condition | _formula(claim)


def every_run(act: Callable[[Run], Outcome]) -> Iterator[tuple[Run, Outcome]]:
    """Run `act` in every way that is possible."""
    untried: list[list[int]] = [[]]
    while untried:
        run = Run(untried.pop())
        try:
            outcome = act(run)
        except ImpossibleError:
            continue
        finally:
            untried += run.untried
        yield run, outcome
