"""Every small mistake that somebody could make in a function, one at a time."""

import ast
import copy
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

_COMPARISONS = ((ast.Lt, ast.LtE, ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn))
_LEFT_ALONE = {"args", "returns", "annotation", "decorator_list", "ctx"}


def mutants(
    function: Callable[..., Any], operands: Mapping[str, Sequence[str]], *, order: bool = True
) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Return each mutant of a function, by the line that is wrong in it.

    `operands` says what may be taken for what; with `order` two lines may have changed places.
    """
    [tree] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(tree, ast.FunctionDef)
    if ast.get_docstring(tree):
        tree.body.pop(0)
    for number, mutant in enumerate(_mutations(tree, operands)):
        if order or sorted(_lines(tree)) != sorted(_lines(mutant)):
            yield f"{tree.name} {number}: {_difference(tree, mutant)}", mutant


def compiled(mutant: ast.FunctionDef, names: dict[str, Any]) -> None:
    """Put a mutant where its name is looked up."""
    module = ast.fix_missing_locations(ast.Module([mutant], []))
    exec(compile(module, "<mutant>", "exec"), names)


def _difference(tree: ast.AST, mutant: ast.AST) -> str:
    before = _lines(tree)
    return " / ".join(line for line in _lines(mutant) if line not in before) or "a line less, or elsewhere"


def _lines(tree: ast.AST) -> list[str]:
    return [line.strip() for line in ast.unparse(tree).splitlines()]


def _mutations(node: ast.AST, operands: Mapping[str, Sequence[str]]) -> Iterator[Any]:
    yield from _alternatives(node, operands)
    for name, value in ast.iter_fields(node):
        if name in _LEFT_ALONE and not (name == "args" and isinstance(node, ast.Call)):
            continue
        if isinstance(value, ast.AST):
            yield from (_with(node, name, each) for each in _mutations(value, operands))
        elif isinstance(value, list):
            fewest = {ast.Call: 1, ast.Dict: len(value)}.get(type(node), 2)
            yield from (_with(node, name, each) for each in _lists(value, operands, fewest))


def _with(node: ast.AST, name: str, value: Any) -> ast.AST:
    changed = copy.copy(node)
    setattr(changed, name, value)
    return changed


def _lists(items: list[Any], operands: Mapping[str, Sequence[str]], fewest: int) -> Iterator[list[Any]]:
    """Return a list with one item dropped, two lines in the other order, or one item wrong."""
    for at, item in enumerate(items):
        before, after = items[:at], items[at + 1 :]
        if isinstance(item, ast.stmt):
            yield [*before, *after] or [ast.Pass()]
            yield from ([*before, after[0], item, *after[1:]] for _ in after[:1])
        elif (isinstance(item, ast.keyword) and item.arg != "type_") or (
            isinstance(item, ast.expr) and len(items) > fewest
        ):
            yield [*before, *after]
        if isinstance(item, ast.AST):
            yield from ([*before, wrong, *after] for wrong in _mutations(item, operands))


def _alternatives(node: ast.AST, operands: Mapping[str, Sequence[str]]) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=[operator]):
            family = next(family for family in _COMPARISONS if isinstance(operator, family))
            yield from (_with(node, "ops", [other()]) for other in family if not isinstance(operator, other))
        case ast.BoolOp(op=operator, values=values):
            yield from values if len(values) == 2 else []
            yield _with(node, "op", ast.Or() if isinstance(operator, ast.And) else ast.And())
        case ast.BinOp(left=left, right=right, op=ast.Sub()):
            yield from (_with(node, "op", ast.Add()), _with(_with(node, "left", right), "right", left))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.IfExp(body=body, orelse=orelse):
            yield from (body, orelse, _with(_with(node, "body", orelse), "orelse", body))
        case ast.If(orelse=[_, *_] as orelse, body=body):
            yield _with(_with(node, "body", orelse), "orelse", body)
        case ast.Dict(keys=keys, values=values):
            for at in range(len(keys)):
                fewer = (each[:at] + each[at + 1 :] for each in (keys, values))
                yield ast.Dict(*fewer)
    if isinstance(node, ast.Attribute | ast.Name | ast.Constant):
        others = () if isinstance(getattr(node, "ctx", None), ast.Store) else operands.get(ast.unparse(node), ())
        yield from (ast.parse(other, mode="eval").body for other in others)
