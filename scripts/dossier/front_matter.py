"""The front matter of a page: where it ends, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from dossier.problems import Problem, in_order
from dossier.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, YamlDocument
from dossier.yaml_source import read_yaml_text

FIELDS: Final[Mapping[str, str]] = {
    "title": "the title of the page, where it is not its first heading",
    "bibliography": "a path, or a list of paths, of further files of the bibliography, from the "
    "folder of the page or that of `mkdocs.yml`; they hold for the whole site",
    "lang": "the language of the words that a style adds on this page, such as `en-GB`",
    "date": "the day of the page, such as `2026-11-22`; it must be a day of the calendar",
}
"""The fields that the engine reads, and what each means; others are for the host."""

# As MkDocs finds it (mkdocs.utils.meta, YAML_RE).
_FRONT_MATTER = re.compile(r"-{3}[ \t]*\n(?P<yaml>.*?\n)(?:-{3}|\.{3})[ \t]*(?:\n|\Z)", re.DOTALL)
_OPENED = re.compile(r"-{3}[ \t]*\n(?:[ \t]*\n)*[A-Za-z_][\w-]*:(?:\s|$)")
_BOOLEAN = re.compile(r"(?:y|yes|n|no|true|false|on|off)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a page says of itself, and the offset at which its Markdown begins.

    `bibliography` names files beside those of the site, each with the line that names it.
    """

    body: int = 0
    title: str = ""
    lang: str = ""
    bibliography: tuple[tuple[str, int], ...] = ()


def read_front_matter(path: str, text: str) -> tuple[FrontMatter, tuple[Problem, ...]]:
    """Return the front matter of a page and all its problems; places are those of the page.

    Codes: those of `read_yaml` (aliases are the author's own affair here),
    front-matter-unclosed (a warning), front-matter-type.
    """
    match = _FRONT_MATTER.match(text)
    if match is None:
        if _OPENED.match(text) is None:
            return FrontMatter(), ()
        unclosed = Problem(
            "front-matter-unclosed",
            path,
            1,
            1,
            "the front matter is never closed, so that all of it is published as text",
            "end it with a line of three hyphens",
            "warning",
            "---",
        )
        return FrontMatter(), (unclosed,)
    first = match.start("yaml")
    document, problems = read_yaml_text(match["yaml"], path, first_line=2, start=first)
    found = [problem for problem in problems if problem.code != "yaml-alias"]
    body = match.end()
    while text.startswith("\n", body):
        body += 1
    root = document.root or document.remains
    if not isinstance(root, MappingNode):
        if root is not None and not found:
            found.append(_wrong(document, root, "front matter is a list of `key: value`"))
        return FrontMatter(body), tuple(found)
    values = {entry.key: entry.value for entry in root.entries}
    found += [
        _wrong(document, values[name], *_wanted(name, values[name]))
        for name, well_formed in _CHECKS.items()
        if name in values and not _is_refused(values[name]) and not well_formed(values[name])
    ]
    title = values.get("title")
    return FrontMatter(
        body,
        (title.value or "") if isinstance(title, ScalarNode) else "",
        _language(values["lang"]) if "lang" in values else "",
        (_files(values["bibliography"]) or ()) if "bibliography" in values else (),
    ), in_order(found)


_MEND = "mend the value, or take the line out"


def _wrong(document: YamlDocument, node: Node, message: str, hint: str = _MEND) -> Problem:
    return document.source.problem("front-matter-type", node.span, message, hint)


def _files(node: Node) -> tuple[tuple[str, int], ...] | None:
    """Return the paths of a value with their lines, or None where it is malformed."""
    nodes = node.items if isinstance(node, SequenceNode) else (node,)
    found = [(n.value, n.span.line) for n in nodes if isinstance(n, ScalarNode) and n.value]
    return tuple(found) if len(found) == len(nodes) else None


def _is_refused(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.refused


def _is_boolean(node: Node) -> bool:
    return (
        isinstance(node, ScalarNode) and node.plain and bool(_BOOLEAN.fullmatch(node.value or ""))
    )


def _language(node: Node) -> str:
    if not isinstance(node, ScalarNode) or _is_boolean(node):
        return ""
    return node.value if node.value and _LANGUAGE.fullmatch(node.value) else ""


def _is_date(value: str | None) -> bool:
    """Tell whether a value may stand for a day; words ("spring 2020") are their author's own."""
    match = _DATE.fullmatch(value or "")
    if match is None:
        return value is not None and not value[:1].isdigit() and bool(value)
    try:
        date(*(int(part) for part in match.groups()))
    except ValueError:
        return False
    return True


def _wanted(name: str, node: Node) -> tuple[str, str]:
    """Return what is wrong with a value, and the mend."""
    if name != "lang" or not isinstance(node, ScalarNode) or not _is_boolean(node):
        return _WANTED[name], _MEND
    message = f"`lang: {node.value}` is read as yes or no, and is no language"
    return message, "write the tag of the language; that of Norwegian is nb or nn"


_CHECKS: Mapping[str, Callable[[Node], object]] = {
    "bibliography": _files,
    "date": lambda node: isinstance(node, ScalarNode) and _is_date(node.value),
    "lang": _language,
}
_WANTED = {
    "bibliography": "`bibliography` is a path or a list of paths",
    "date": "`date` is a day of the calendar, for example 2026-11-22",
    "lang": "`lang` is no language tag; one is `en`, `nb` or `pt-BR`",
}
