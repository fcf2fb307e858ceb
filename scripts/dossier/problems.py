"""Problems: the only vocabulary in which the engine speaks of bad input."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal

Severity = Literal["error", "warning", "note"]

_RANK: dict[Severity, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the input: what, where, and how to mend it.

    `code` is stable kebab-case. `line` and `column` count from 1, columns in code
    points; `path` is POSIX, relative to the project. `excerpt` is the line of the
    file at that place, empty where there is none to show.
    """

    code: str
    path: str
    line: int
    column: int
    message: str
    hint: str = ""
    severity: Severity = "error"
    excerpt: str = ""

    @property
    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order of a report: by file, place, code and message."""
        return (self.path, self.line, self.column, self.code, self.message)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems sorted by place, each said once."""
    return tuple(sorted(set(problems), key=lambda p: p.sort_key))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any of the problems must fail a build."""
    return any(p.severity == "error" for p in problems)


def nearest(word: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Return the known words most like `word`, best first, those equal but for case ahead."""
    pool = sorted(set(known))
    folded = word.casefold()
    same = [k for k in pool if k.casefold() == folded and k != word]
    near = get_close_matches(word, pool, n=limit, cutoff=0.6)
    return (same + [k for k in near if k not in same and k != word])[:limit]


_INVISIBLE = {
    cp: f"<U+{cp:04X}>"
    for cp in (
        *range(0x00, 0x09),
        *range(0x0B, 0x20),
        *range(0x7F, 0xA0),
        0xAD,
        0x061C,
        0x180E,
        *range(0x200B, 0x2010),
        *range(0x2028, 0x202F),
        *range(0x2060, 0x2070),
        # Lone halves of a pair, as in file names that are not UTF-8, and characters of private use.
        *range(0xD800, 0xF900),
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
        0xFFFE,
        0xFFFF,
        *range(0xE0000, 0xE0080),
    )
}


@lru_cache(maxsize=8)
def line_at(text: str, start: int, end: int) -> str:
    """Return the line `text[start:end]` without its end, one object for all of its problems.

    A file may be one line of a megabyte, with a hundred thousand problems.
    """
    return text[start:end].rstrip("\r\n")


def visible(text: str) -> str:
    """Return `text` with control, bidirectional and zero-width characters named by code point."""
    return text.translate(_INVISIBLE)


# What a text may not hold (HTML Standard, section 13.2.3.5): controls that are no white space,
# and code points that are no characters.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
# What changes the order in which a line is shown, so that a reader sees other words and figures
# than a program does (Unicode Standard Annex 9, section 2; Unicode Technical Standard 55).
_REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# What takes no room. Joiners (U+200C, U+200D) have their place in words of some scripts.
_WIDTHLESS = re.compile("[\u200b\u2060\ufeff]")
_MOST_HIDDEN = 20
"""Hidden characters that are named in one file; who has met twenty knows."""


def hidden_characters(
    path: str,
    text: str,
    first_line: int = 1,
    *,
    controls: bool = True,
    widthless: bool = False,
) -> Iterator[Problem]:
    """Yield the characters of a text that no reader sees and that mislead, each by its code point.

    Codes: control-character where `controls` are looked for, and the warnings bidi-control and,
    where `widthless` is set, zero-width.
    """
    kinds = [_REORDERING] + [_CONTROL] * controls + [_WIDTHLESS] * widthless
    if not any(kind.search(text) for kind in kinds):
        return
    wanted = re.compile("|".join(kind.pattern for kind in kinds))
    found = 0
    for number, line in enumerate(text.split("\n"), first_line):
        for match in wanted.finditer(line):
            found += 1
            if found > _MOST_HIDDEN:
                return
            yield _hidden(path, number, match.start() + 1, match[0], line)


def _hidden(path: str, line: int, column: int, character: str, excerpt: str) -> Problem:
    named = f"the character U+{ord(character):04X}"
    hint = "delete it: it cannot be seen in an editor"
    if _REORDERING.match(character):
        message = f"{named} changes the order in which this line is shown"
        hint = "delete it: the letters of each script are put in order without it"
        return Problem("bidi-control", path, line, column, message, hint, "warning", excerpt)
    if _WIDTHLESS.match(character):
        message = f"{named} takes no room, so that these words are not the ones they look like"
        return Problem("zero-width", path, line, column, message, hint, "warning", excerpt)
    message = f"{named} is a control character, which no page can print"
    return Problem("control-character", path, line, column, message, hint, excerpt=excerpt)


_EXCERPT_WIDTH = 160


def _excerpt_lines(problem: Problem) -> list[str]:
    raw = problem.excerpt.replace("\t", " ").rstrip("\r\n")
    column = problem.column - 1
    start = 0
    if len(raw) > _EXCERPT_WIDTH:
        start = max(0, min(column - 40, len(raw) - _EXCERPT_WIDTH))
    shown = raw[start : start + _EXCERPT_WIDTH]
    caret = len(visible(raw[start:column]))
    return [f"    {visible(shown)}", f"    {' ' * caret}^"]


def as_text(problem: Problem) -> str:
    """Return `path:line:col: code: message`, then the excerpt and the mend, each indented."""
    word = "" if problem.severity == "error" else f"{problem.severity}: "
    path = visible(problem.path).replace("\n", "<U+000A>")
    place = f"{path}:{problem.line}:{problem.column}"
    message = visible(problem.message).replace("\n", " ")
    lines = [f"{place}: {problem.code}: {word}{message}"]
    if problem.excerpt.strip():
        lines += _excerpt_lines(problem)
    if problem.hint:
        lines.append(f"    mend: {visible(problem.hint)}")
    return "\n".join(lines)


def as_json(problems: Iterable[Problem]) -> str:
    """Return a JSON list of objects: code, severity, path, line, column, message, hint."""
    return json.dumps(
        [
            {
                "code": p.code,
                "severity": p.severity,
                "path": p.path,
                "line": p.line,
                "column": p.column,
                "message": p.message,
                "hint": p.hint,
            }
            for p in problems
        ],
        ensure_ascii=False,
        indent=2,
    )


def _escape_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")


def as_github(problem: Problem) -> str:
    """Return one workflow command of GitHub Actions, an annotation on the line.

    Source of the form: GitHub documentation, "Workflow commands", with its escapes.
    """
    level = {"error": "error", "warning": "warning", "note": "notice"}[problem.severity]
    text = visible(problem.message) + (f"\nmend: {visible(problem.hint)}" if problem.hint else "")
    place = (
        f"file={_escape_property(problem.path)},line={problem.line},col={problem.column},"
        f"title={_escape_property(problem.code)}"
    )
    return f"::{level} {place}::{_escape_data(text)}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 origin`, `2 origins`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(words: Iterable[str]) -> str:
    """Return words as messages name them: each in marks, with commas between."""
    return ", ".join(f"`{word}`" for word in words)


def summary(problems: Iterable[Problem]) -> str:
    """Return the count in words, for example `2 errors, 1 warning`, or `no problems`."""
    counts = dict.fromkeys(_RANK, 0)
    for problem in problems:
        counts[problem.severity] += 1
    parts = [counted(n, severity) for severity, n in counts.items() if n]
    return ", ".join(parts) if parts else "no problems"
