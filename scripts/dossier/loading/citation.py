"""How a project asks to be cited: CITATION.cff, as far as it says."""

from __future__ import annotations

import errno
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from dossier.citing import Author
from dossier.loading.config import syntax_fault
from dossier.problems import Problem

NAME = "CITATION.cff"


@dataclass(frozen=True, slots=True)
class Citation:
    """The title and the authors that a project gives itself; what it does not say is empty."""

    title: str = ""
    authors: tuple[Author, ...] = ()


def read_citation(root: Path) -> tuple[Citation | None, tuple[Problem, ...]]:
    """Return how a project is cited, None where it does not say, and what is wrong there.

    Source: Citation File Format 1.2.0, `title`, `authors` (entities and persons) and
    `preferred-citation`, which goes before. Code: citation-file.
    """
    path = root / NAME
    if not path.exists():
        return None, ()
    text = ""
    try:
        if not path.is_file():  # a pipe is never opened: to read it is to wait for a writer
            raise OSError(errno.EINVAL, "it is no file")
        text = path.read_text("utf-8-sig")
        loaded = yaml.safe_load(text)
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        if (found := syntax_fault(NAME, text, error)) is not None:
            source, fault = found
            message = f"{NAME} cannot be read: {fault.message}"
            problem = source.problem("citation-file", fault.offset, message, fault.hint)
            return None, (replace(problem, severity="warning"),)
        why = getattr(error, "problem", None) or getattr(error, "strerror", None) or "not YAML"
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        message = f"{NAME} cannot be read: {why}"
        hint = "mend the file, or take it out"
        return None, (Problem("citation-file", NAME, line, 1, message, hint, "warning"),)
    whole = loaded if isinstance(loaded, dict) else {}
    preferred = whole.get("preferred-citation")
    preferred = preferred if isinstance(preferred, dict) else {}
    listed = preferred.get("authors") or whole.get("authors")
    authors = tuple(
        author
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, dict) and (author := _author(one)).family
    )
    return Citation(str(preferred.get("title") or whole.get("title") or ""), authors), ()


def _author(values: dict[str, object]) -> Author:
    def said(*names: str) -> str:
        return " ".join(str(values[name]) for name in names if values.get(name))

    if name := said("name"):
        return Author(name)
    family = said("name-particle", "family-names", "name-suffix")
    given = said("given-names")
    return Author(family, given, body=False) if family and given else Author(family or given)
