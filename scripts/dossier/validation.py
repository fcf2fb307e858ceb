"""A YAML tree held against a form: every misfit as a problem, and what is sound kept."""

from __future__ import annotations

import re
from typing import Final, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from dossier.forms import Form
from dossier.problems import Problem, nearest
from dossier.yaml_nodes import (
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    Step,
    YamlDocument,
    locate,
    plain_of,
    without,
)

_OF_MANY: Final = frozenset({"overlap", "finding", "check", "names"})
"""Families of which a file holds several, so that it is no one of them itself."""

_COMPUTED: Final = {
    "assessment": "delete it: an assessment is computed from the evidence",
    "origin": "delete it: an origin is found by `relies_on`, `voice`, `variant_of` and `copy_of`",
    "origins": "delete it: origins are counted from the evidence",
}
"""Keys that people expect and that must not be typed, with what to do."""

_ROUNDS: Final = 12
"""More rounds than cutting a value, its item and its list takes at any depth of a form."""

F = TypeVar("F", bound=Form)
Path = tuple[Step, ...]

_ITEM: Final = {
    "captures": "capture",
    "passages": "passage",
    "findings": "finding",
    "evidence": "item of evidence",
    "columns": "column",
    "rows": "row",
    "overlaps": "overlap",
    "checks": "check",
    "independent_of": "item",
}


def validate(
    document: YamlDocument, form: type[F], family: str
) -> tuple[F | None, Node, tuple[Problem, ...]]:
    """Return the filled form, the tree it was filled from, and the problems.

    Where values misfit, the form is filled from the tree less the smallest parts that are
    at fault: an optional value, else the list item it is in; None where the file itself
    lacks what it must have, or is broken: then what remains of it is held against the form,
    and nothing is said to be missing. `family` begins the codes: record gives
    record-unknown-key, record-missing-key and record-bad-value.
    """
    root = document.root
    if root is None:
        nothing = ScalarNode(None, document.source.span(0, 0))
        return None, nothing, _misfits(document, form, family)
    problems: tuple[Problem, ...] | None = None
    for _ in range(_ROUNDS):
        try:
            return form.model_validate(plain_of(root)), root, problems or ()
        except ValidationError as error:
            errors = error.errors(include_url=False)
        if problems is None:
            problems = tuple(p for e in errors for p in _problems(document, root, form, e, family))
        cuts = {_cut(e) for e in errors}
        if () in cuts:
            break
        # Later items first, so that an index still names its item; inner cuts before outer ones.
        for cut in sorted(cuts, key=_position, reverse=True):
            root = without(root, cut)
    return None, root, problems or ()


def _misfits(document: YamlDocument, form: type[Form], family: str) -> tuple[Problem, ...]:
    """Return what does not fit the form in what remains of a file of broken syntax."""
    root = document.remains
    if not isinstance(root, MappingNode):
        return ()
    try:
        form.model_validate(plain_of(root))
    except ValidationError as error:
        errors = [e for e in error.errors(include_url=False) if not _is_lack(root, e)]
        return tuple(p for e in errors for p in _problems(document, root, form, e, family))
    return ()


def _is_lack(root: Node, error: ErrorDetails) -> bool:
    """Tell whether something is missing, which may be what the broken syntax hides."""
    node, _, _ = locate(root, error["loc"])
    return error["type"] == "missing" or (isinstance(node, ScalarNode) and node.value is None)


def _position(path: Path) -> tuple[tuple[int, str], ...]:
    return tuple((step, "") if isinstance(step, int) else (-1, step) for step in path)


def _cut(error: ErrorDetails) -> Path:
    """Return the path of what must go for the rest to stand; () where nothing would."""
    path = error["loc"]
    if error["type"] != "missing":
        return path
    path = path[:-1]
    while path and isinstance(path[-1], str):
        path = path[:-1]
    return path


def _problems(
    document: YamlDocument, root: Node, form: type[Form], error: ErrorDetails, family: str
) -> list[Problem]:
    """Return the problem of one error of pydantic, none where it was reported already."""
    path, kind = error["loc"], error["type"]
    node, entry, _ = locate(root, path)
    if isinstance(node, ScalarNode) and node.refused:
        return []
    where = _owner(root, path, family)
    source = document.source
    if kind == "missing":
        name = path[-1]
        hint = _measured(family, root, path) or _to_add(form, path)
        return [
            source.problem(f"{family}-missing-key", node.span, f"{where} has no `{name}`", hint)
        ]
    if kind == "extra_forbidden" and entry is not None:
        message = f"unknown key `{entry.key}` in {where}"
        known = _names(form, path[:-1])
        near = nearest(entry.key, known)
        hint = _COMPUTED.get(entry.key) or (
            f"did you mean `{near[0]}`?" if near else f"the keys are: {', '.join(known)}"
        )
        return [source.problem(f"{family}-unknown-key", entry.key_span, message, hint)]
    name = f"`{path[-1]}` of {where}" if path and isinstance(path[-1], str) else where
    if isinstance(node, ScalarNode) and not node.value:
        place = entry.key_span if entry is not None else node.span
        message = f"{name} is empty"
    else:
        place, message = node.span, f"{name} cannot be {_shown(node)}"
    hint = _measured(family, root, path) or _wanted(error, node)
    return [source.problem(f"{family}-bad-value", place, message, hint)]


def _to_add(form: type[Form], path: Path) -> str:
    """Return what to add for a key that is missing, with the words it may have."""
    name = str(path[-1])
    choices = get_args(_form_at(form, path[:-1]).model_fields[name].annotation)
    if choices and all(isinstance(choice, str) for choice in choices):
        return f"add `{name}:` with one of {', '.join(choices)}"
    return f"add `{name}: ...` to it"


def _measured(family: str, root: Node, path: Path) -> str:
    """Return the mend in a file that a command writes, empty where an author does."""
    what = "entry" if len(path) > 1 else "file"
    if family == "overlap":
        return f"delete the {what}, and run `dossier capture` again"
    if family == "check":
        key = _id_of(locate(root, path[:2])[0]) or "KEY"
        again = f"dossier verify --live {key}" if what == "entry" else "dossier verify --live"
        return f"delete the {what}, and run `{again}`"
    return ""


def _shown(node: Node) -> str:
    """Return a value as a sentence names it."""
    match node:
        case SequenceNode():
            return "a list" if node.items else "an empty list"
        case MappingNode():
            return "a mapping"
        case ScalarNode():
            text = node.value or ""
            return f"`{text if len(text) <= 60 else text[:57] + '...'}`"


def _wanted(error: ErrorDetails, node: Node) -> str:
    """Return what must stand in the place of a value."""
    context = error.get("ctx", {})
    match error["type"]:
        case "shape":
            return f"it must be {context['words']}"
        case "literal_error":
            choices = re.findall("'([^']*)'", str(context["expected"]))
            value = node.value if isinstance(node, ScalarNode) else None
            near = nearest(value, choices) if value else []
            mend = f"; did you mean `{near[0]}`?" if near else ""
            return f"it must be one of: {', '.join(choices)}{mend}"
        case "string_type":
            return "it must be a text"
        case "list_type":
            return "it must be a list, each item on a line that begins with a dash"
        case "model_type" | "model_attributes_type" | "dict_type":
            return "it must be a mapping, `key: value`"
        case "too_short":
            return "it must have one item at least"
        case _:
            return error["msg"]


def _owner(root: Node, path: Path, family: str) -> str:
    """Return what a path leads into, as a sentence names it: passage `two-cases`, row 3."""
    label = "the file" if family in _OF_MANY else f"the {family}"
    for index, step in enumerate(path):
        if step == "chart" and index + 1 < len(path):
            label = f"the chart of {label}"
        if not isinstance(step, int):
            continue
        list_name = str(path[index - 1]) if index else ""
        word = _ITEM.get(list_name, "item")
        above, within = label, list_name == "evidence"
        if list_name == "passages" and family == "series":
            word, within = "address", True
        node, _, _ = locate(root, path[: index + 1])
        # What is wrong with a name cannot name it.
        name = "" if path[index + 1 :] in (("id",), ("key",)) else _id_of(node)
        label = f"{word} `{name}`" if name else f"{word} {step + 1}"
        if within:
            label = f"{label} of {above}"
    return label


def _id_of(node: Node) -> str:
    """Return the id or the key that a mapping gives itself, empty where it has none."""
    for name in ("id", "key"):
        entry: Entry | None = node.entry(name) if isinstance(node, MappingNode) else None
        if entry is not None and isinstance(entry.value, ScalarNode) and entry.value.value:
            return entry.value.value
    return ""


def _names(form: type[Form], path: Path) -> list[str]:
    """Return the names of the keys of the form that a path leads into."""
    return list(_form_at(form, path).model_fields)


def _form_at(form: type[Form], path: Path) -> type[Form]:
    """Return the form that a path leads into."""
    for step in path:
        if isinstance(step, int):
            continue
        annotation = form.model_fields[step].annotation
        form = _form_in(annotation) or form
    return form


def _form_in(annotation: object) -> type[Form] | None:
    """Return the form inside an annotation such as `list[PassageForm] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, Form):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _form_in(inner)
        if found is not None:
            return found
    return None
