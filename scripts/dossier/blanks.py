"""The blanks of a new report, `<<NAME>>`, and how each format writes what fills them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from dossier.problems import Problem, hidden_characters

NO_ENGINE = "# dossier @ git+https://example.org/dossier.git@COMMIT"
"""Stands where the address of the engine is not known, to be put right."""
_LONGEST = 300
_BLANK = re.compile(r"<<(\w+)>>")


def read_line(text: str, of: str) -> str | Problem:
    """Return an answer as one line of text. Code: new-bad-answer.

    Spaces and line breaks between its words become one space each. Characters that cannot be seen
    are refused, but for the joiners that some scripts need.
    """
    line = " ".join(text.split())
    hint = "write it in one line of words"
    if not line:
        return Problem("new-bad-answer", of, 1, 1, "it is empty", hint)
    if len(line) > _LONGEST:
        message = f"it is longer than {_LONGEST} characters"
        return Problem("new-bad-answer", of, 1, 1, message, hint)
    hidden = next(hidden_characters(of, line, widthless=True), None)
    if hidden is not None:
        return Problem("new-bad-answer", of, 1, hidden.column, hidden.message, hidden.hint)
    if re.search("[\ud800-\udfff]", line):
        return Problem("new-bad-answer", of, 1, 1, "it is not UTF-8", hint)
    return line


def read_title(text: str, of: str) -> str | Problem:
    """Return a title as one line of text. Code: new-bad-answer.

    The theme prints it as it is, so that what a browser takes for a tag (HTML Standard, section
    13.2.5.6) is refused.
    """
    line = read_line(text, of)
    if isinstance(line, str) and (tag := re.search(r"<[A-Za-z/!?]", line)):
        hint = "write a space behind `<`, or leave it out"
        message = "the theme would take this for HTML"
        return Problem("new-bad-answer", of, 1, tag.start() + 1, message, hint, excerpt=line)
    return line


def read_authors(text: str, of: str) -> str | Problem:
    """Return names with `;` between them as one line, at least one name. Code: new-bad-answer."""
    line = read_line(text, of)
    if isinstance(line, str) and not _names(line):
        hint = "write a name, or `Family, Given`; several with `;` between them"
        return Problem("new-bad-answer", of, 1, 1, "there is no name in it", hint)
    return line


def title_of(folder: str) -> str:
    """Return a title made of the name of a folder, `A report` where it makes none."""
    words = re.sub(r"[-_.\s]+", " ", folder).strip()
    title = read_title(words[:1].upper() + words[1:], "DIR")
    return title if isinstance(title, str) else "A report"


def values(title: str, authors: str, shared: str, local: str) -> dict[str, str]:
    """Return what fills each blank. `authors` are names with `;` between them."""
    return {
        "title": _yaml(title),
        "heading": _markdown(title),
        "authors": "\n  ".join(_author(name) for name in _names(authors)),
        "engine": shared or NO_ENGINE,
        "local": local,
    }


def filled(text: str, of: Mapping[str, str]) -> str:
    """Return a text with its blanks filled, each once: what is filled in has no blanks."""
    return _BLANK.sub(lambda blank: of[blank[1]], text)


def explanation(text: str) -> str:
    """Return what the first line of a file says of it, empty where that is no comment.

    A page begins with its front matter, and the comment is the first line of that.
    """
    first = text.removeprefix("---\n").partition("\n")[0]
    found = re.fullmatch(r"(?:<!--|/\*|#|%) (.+?)(?: -->| \*/)?", first)
    return found[1] if found else ""


def _yaml(text: str) -> str:
    """Return a scalar of YAML in double quotes; a string of JSON is one (YAML 1.2.2, 1.2)."""
    return json.dumps(text, ensure_ascii=False)


def _markdown(text: str) -> str:
    """Return a text as Markdown that means these very characters (CommonMark 0.31, 2.4)."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def _names(authors: str) -> list[str]:
    return [name for part in authors.split(";") if (name := part.strip(" ,"))]


def _author(name: str) -> str:
    """Return an author of a CITATION.cff: a person where the name has a comma, else a body."""
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma:
        return f"- family-names: {_yaml(family)}\n    given-names: {_yaml(given)}"
    return f"- name: {_yaml(name)}"
