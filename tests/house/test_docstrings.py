"""Whoever reads a name that others call finds beside it what it does."""

import ast
from collections.abc import Iterator
from functools import cache

import pytest
from house import MODULES, PACKAGE, tree

import flask_renewal

Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
FILES = {"flask_renewal": PACKAGE / "__init__.py", **MODULES}


def public(node: ast.AST) -> Iterator[Named]:
    """Yield what is defined right in a module or a class; a test says in its name which rule it holds."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Named) and not child.name.startswith(("_", "test_")):
            yield child


@cache
def protocols() -> list[set[str]]:
    """Return for each `Protocol` the names of the methods that it documents."""
    classes = (node for file in FILES.values() for node in public(tree(file)))
    return [
        {method.name for method in public(node) if ast.get_docstring(method)}
        for node in classes
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "Protocol" for base in node.bases)
    ]


def promised(node: ast.ClassDef) -> set[str]:
    """Return the methods that the class has because a protocol asks for them, all of which it has."""
    names = {method.name for method in public(node)}
    return set().union(*(methods for methods in protocols() if methods <= names))


def undocumented(module: ast.Module) -> Iterator[str]:
    for node in public(module):
        if not ast.get_docstring(node):
            yield node.name
        if isinstance(node, ast.ClassDef):
            methods = [method for method in public(node) if not ast.get_docstring(method)]
            yield from (f"{node.name}.{method.name}" for method in methods if method.name not in promised(node))


@pytest.mark.parametrize("module", FILES)
def test_everything_public_says_what_it_does(module: str) -> None:
    assert list(undocumented(tree(FILES[module]))) == []


@pytest.mark.parametrize("name", flask_renewal.__all__)
def test_a_public_name_says_what_it_is(name: str) -> None:
    assert getattr(flask_renewal, name).__doc__
