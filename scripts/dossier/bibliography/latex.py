"""LaTeX in values: to Unicode, to plain text, and to the part of LaTeX that pandoc prints.

Where pandoc cannot read a value it drops all of it in silence (a lone `$`, an unknown
environment), cuts it (`%`), or drops the argument of a command it does not know. What
is handed on here holds nothing of the kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal

from dossier.bibliography.latex_commands import (
    APART,
    COMMAND,
    PLACED,
    PLACED_AS_LATEX,
    SET_APART,
    SILENT,
    is_known,
    symbols,
    to_unicode,
)
from dossier.bibliography.links import may_link, unescape, verbatim

_MATH = (
    r"(?<!\\)\$(?![\s$])((?:[^$\\]|\\.)*?)(?<![\s\\])\$(?!\d)"
    # The length is bounded, so that a row of openings without an end costs no square of time.
    r"|\\\((.{0,300}?)\\\)|\\\[(.{0,300}?)\\\]"
)
_APART_FROM_TEXT = re.compile(_MATH + r"|\\(?:url|nolinkurl)\s*\{(?P<url>[^{}]*)\}", re.DOTALL)
_HUSHED = re.compile(
    rf"\\(?:{'|'.join(sorted(SILENT))}|begin|end)\*?(?![A-Za-z])\s*(?:\{{[^{{}}]*\}})?"
    r"|\\href\s*\{([^{}]*)\}"
)
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def plain(text: str) -> str:
    """Return the text a reader sees, in Unicode NFC: no commands, no braces, no dollar signs."""
    text = _SPACES.sub(" ", text).strip()
    if "\\" in text or "$" in text:
        text = _plain_commands(text)
    if "{" in text or "}" in text:
        text = text.replace("{", "").replace("}", "")
    if "~" in text or "-" in text or "`" in text or "'" in text:
        text = _ligatures(text)
    text = text.translate(PLACED)
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text).strip())


def _ligatures(text: str) -> str:
    """Return the text with TeX's ligatures made: dashes, quotation marks, the tie as a blank."""
    text = text.replace("---", "—").replace("--", "–").replace("~", " ")
    return text.replace("``", "“").replace("''", "”")


@lru_cache(maxsize=8192)
def _plain_commands(text: str) -> str:
    parts: list[str] = []
    for kind, part in _segments(text):
        if kind == "math":
            parts.append(_plain_math(part))
        elif kind == "url":
            parts.append(unescape(part).translate(SET_APART))
        else:
            parts.append(_plain_text(part))
    return "".join(parts)


_QUOTED = re.compile(r"\\(?:enquote|mkbibquote)\s*\{([^{}]*)\}")
_LINKED = re.compile(r"\\href\s*\{[^{}]*\}")
_ESCAPED = re.compile(r"\\([&%#_${}])")
_COMMAND_LEFT = re.compile(r"\\[A-Za-z]+\s*|\\")


def _plain_text(text: str) -> str:
    text = _LINKED.sub("", COMMAND.sub(to_unicode, text))
    text = _QUOTED.sub(r"“\1”", text)
    text = _ESCAPED.sub(lambda m: APART.get(m[1], m[1]), text).replace("\\,", "\u202f")
    return _COMMAND_LEFT.sub("", text).replace("$", APART["$"])


_FRACTION = re.compile(r"\\frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_MATH_COMMAND = re.compile(r"\\([A-Za-z]+)(\s?)\s*")
_MATH_SIGN = re.compile(r"\\.?", re.DOTALL)


def _plain_math(text: str) -> str:
    text = _MATH_COMMAND.sub(_math_symbol, _FRACTION.sub(r"\1/\2", text))
    text = _ESCAPED.sub(lambda m: APART.get(m[1], m[1]), text)
    return _MATH_SIGN.sub("", text).replace("-", APART["-"]).replace("'", APART["'"])


def _math_symbol(match: re.Match[str]) -> str:
    found = symbols().get(match[1], "")
    return APART.get(found, found) + (" " if match[2] else "")


def tidy(text: str) -> str:
    """Return LaTeX that pandoc prints whole: symbols in Unicode, unknown commands gone."""
    text = _SPACES.sub(" ", _CONTROL.sub("", text)).strip()
    if "\\" not in text and "$" not in text and "%" not in text:
        return balance(text)
    return balance(_tidy_commands(text))


_BARE_SIGN = re.compile(r"(?<!\\)([%$])")
_BARE_PERCENT = re.compile(r"(?<!\\)%")


@lru_cache(maxsize=8192)
def _tidy_commands(text: str) -> str:
    parts: list[str] = []
    for kind, part in _segments(text):
        if kind == "math":
            # A row break before a brace would be read as an escaped brace.
            parts.append("$" + _BARE_PERCENT.sub(r"\\%", part).replace("\\\\", "\\\\ ") + "$")
        elif kind == "url":
            parts.append(f"\\url{{{verbatim(unescape(part))}}}")
        else:
            parts.append(_BARE_SIGN.sub(r"\\\1", COMMAND.sub(to_unicode, part)))
    return "".join(parts).translate(PLACED_AS_LATEX)


def unknown_commands(text: str) -> Iterator[tuple[int, str]]:
    """Yield place and name of each command outside mathematics that nothing here knows."""
    if "\\" not in text:
        return
    masked = _APART_FROM_TEXT.sub(lambda m: " " * len(m[0]), text)
    for match in COMMAND.finditer(masked):
        name = match["name"]
        if name and not is_known(name):
            yield match.start(), name


def _segments(text: str) -> Iterator[tuple[Literal["text", "math", "url"], str]]:
    """Yield stretches of text, the inside of mathematics and that of url commands, in order.

    A dollar sign opens mathematics as in pandoc's Markdown: no blank after it, none before the
    closing one and no digit behind that; otherwise it is money.
    """
    position = 0
    for match in _APART_FROM_TEXT.finditer(text):
        inside = next((group for group in match.groups() if group is not None), "")
        is_url = match["url"] is not None
        if balance(inside) != inside or (is_url and not may_link(inside.strip())):
            continue
        yield "text", _HUSHED.sub(_hush, text[position : match.start()])
        yield ("url" if is_url else "math"), inside
        position = match.end()
    yield "text", _HUSHED.sub(_hush, text[position:])


def _hush(match: re.Match[str]) -> str:
    """Take a command out with its argument, except for an address that may be a link.

    Empty braces stay, so that a command before it does not grow by the word behind it.
    """
    return match[0] if match[1] is not None and may_link(match[1].strip()) else "{}"


_CURLY = re.compile(r"\\.|[{}]|\\$", re.DOTALL)


def balance(text: str) -> str:
    """Return the text with every brace paired, unpaired ones taken out, no lone last backslash."""
    if "{" not in text and "}" not in text and not text.endswith("\\"):
        return text
    unpaired: list[int] = []
    opened: list[int] = []
    for match in _CURLY.finditer(text):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}":
            if opened:
                opened.pop()
            else:
                unpaired.append(match.start())
        elif match[0] == "\\":
            unpaired.append(match.start())
    drop = set(unpaired + opened)
    if not drop:
        return text
    return "".join(c for i, c in enumerate(text) if i not in drop)
