"""Proper names that hold numbers, from `sources/names.yml`: Special Order 40 counts nothing."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.conversion import items_of
from dossier.forms import NamesForm
from dossier.model import Span
from dossier.problems import Problem, in_order
from dossier.validation import validate
from dossier.yaml_nodes import Node
from dossier.yaml_source import read_yaml


def read_names(
    files: Sequence[tuple[str, bytes]],
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Return the names of all files, each once and in their order, and what is wrong.

    A name has a capital letter, or it would hide any number of its words. Codes: those of
    `read_yaml`, names-unknown-key, names-missing-key, names-bad-value, repeated-name.
    """
    names: dict[str, Span] = {}
    problems: list[Problem] = []
    for path, data in files:
        document, found = read_yaml(data, path)
        problems += found
        form, root, found = validate(document, NamesForm, "names")
        problems += found
        nodes: tuple[Node, ...] = items_of(root, "names")
        for filled, node in zip(form.names if form else (), nodes, strict=form is not None):
            name = " ".join(filled.split())
            if not any(letter.isupper() for letter in name):
                message = f"`{name}` is no name: it has no capital letter"
                hint = "write the name as it stands in the pages, or take it out"
                problems.append(
                    document.source.problem("names-bad-value", node.span, message, hint)
                )
            elif name in names:
                first = names[name]
                message = f"the name `{name}` stands at {first.path}:{first.line} too"
                problems.append(
                    document.source.problem("repeated-name", node.span, message, "delete one")
                )
            else:
                names[name] = node.span
    return tuple(names), in_order(problems)
