"""PROBLEMS.md names every code that the engine can print, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import dossier

# What is read here does not run.
pytestmark = pytest.mark.no_cover

PACKAGE = Path(dossier.__file__).parent
PAGE = PACKAGE.parent.parent / "PROBLEMS.md"
CODE = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
# A row of a table of PROBLEMS.md begins with the code that it tells of.
ROW = re.compile(r"^\| `([^`]+)` \| (error|warning|note)\b", re.MULTILINE)

FAMILIES = ("record", "finding", "series", "overlap", "check", "names")
# Codes that are put together when they are made: what the code says, and what comes of it.
COMPOSED: dict[str, tuple[str, ...]] = {
    "{family}-missing-key": FAMILIES,
    "{family}-unknown-key": FAMILIES,
    "{family}-bad-value": FAMILIES,
    "repeated-{word}": ("record", "passage", "finding", "series", "column"),
    "unknown-{what}": ("series", "chapter"),
}


@cache
def trees() -> tuple[ast.Module, ...]:
    return tuple(ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py")))


def places_of_code(tree: ast.Module) -> dict[str, int]:
    """Where functions and classes take the parameter `code`, by their names: 0 is the first."""
    places: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
            names = names[1:] if names[:1] == ["self"] else names
        elif isinstance(node, ast.ClassDef):
            names = [
                item.target.id
                for item in node.body
                if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
            ]
        else:
            continue
        if "code" in names:
            places[node.name] = names.index("code")
    return places


def codes_in(value: ast.expr) -> Iterator[str]:
    """The codes that an expression may be: a literal, one of two, or a form with names in it."""
    match value:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=body, orelse=orelse):
            yield from codes_in(body)
            yield from codes_in(orelse)
        case ast.JoinedStr(values=parts):
            yield "".join(
                str(part.value)
                if isinstance(part, ast.Constant)
                else f"{{{ast.unparse(part.value)}}}"
                for part in parts
                if isinstance(part, ast.Constant | ast.FormattedValue)
            )
        case _:
            pass  # a code that was made elsewhere is handed on


def expressions(node: ast.AST, places: dict[str, int]) -> Iterator[ast.expr]:
    """What a node gives as a code: an argument of a call, a value that is assigned, a default."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in places:
            yield from node.args[places[name] : places[name] + 1]
            yield from (keyword.value for keyword in node.keywords if keyword.arg == "code")
        case ast.Assign(targets=[ast.Name(id="code")]):
            yield node.value
        case ast.FunctionDef():
            arguments = [*node.args.posonlyargs, *node.args.args]
            pairs = zip(arguments[::-1], node.args.defaults[::-1], strict=False)
            yield from (value for argument, value in pairs if argument.arg == "code")
        case _:
            pass


@cache
def codes() -> frozenset[str]:
    """Every code as it stands in the source, composed ones in their form."""
    everywhere: dict[str, int] = {}
    for tree in trees():
        everywhere |= places_of_code(tree)
    return frozenset(
        code
        for tree in trees()
        for places in (everywhere | places_of_code(tree),)
        for node in ast.walk(tree)
        for value in expressions(node, places)
        for code in codes_in(value)
    )


def expanded() -> set[str]:
    """Every code as it is printed."""
    plain = {code for code in codes() if "{" not in code}
    for form, words in COMPOSED.items():
        plain |= {re.sub(r"\{\w+\}", word, form) for word in words}
    return plain


def documented() -> list[str]:
    return [code for code, _ in ROW.findall(PAGE.read_text("utf-8"))]


def test_codes_are_kebab_case() -> None:
    """What is found in the source looks like a code, so that the search found nothing else."""
    assert {code for code in expanded() if not CODE.fullmatch(code)} == set()


@pytest.mark.parametrize(
    "code",
    [
        "unknown-key",  # a function of the module
        "seal-not-in-capture",  # a function of another module
        "bib-stray-text",  # a method
        "quote-not-found",  # a class
        "ellipsis-drops-negation",  # one of two
        "unknown-origin",  # a default
    ],
)
def test_codes_are_found_however_they_are_made(code: str) -> None:
    """Each way in which the source makes a problem is understood."""
    assert code in expanded()


def test_composed_codes_are_the_ones_listed_here() -> None:
    """A code that is newly put together is given its words above."""
    assert {code for code in codes() if "{" in code} == COMPOSED.keys()


@pytest.mark.parametrize(
    ("function", "place", "form"),
    [
        ("validate", 2, "{family}-missing-key"),
        ("_known", 2, "unknown-{what}"),
        ("_repeated", 2, "repeated-{word}"),
    ],
)
def test_composed_codes_have_the_words_of_the_source(function: str, place: int, form: str) -> None:
    """The words above are those with which the functions are called."""
    words = {
        word
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function
        for argument in node.args[place : place + 1]
        for word in codes_in(argument)
    }
    assert words == set(COMPOSED[form])


def test_every_code_is_documented() -> None:
    """Who meets a code finds it in PROBLEMS.md."""
    assert expanded() - set(documented()) == set()


def test_no_code_is_documented_that_does_not_exist() -> None:
    """PROBLEMS.md tells of no code that was renamed or taken out."""
    assert set(documented()) - expanded() == set()


def test_each_code_has_one_row() -> None:
    """A code means one thing."""
    names = documented()
    assert sorted(names) == sorted(set(names))
