"""LaTeX commands one by one: the letter, symbol or command of pandoc's that stands for each."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from dossier.bibliography.links import may_link

# Commands with an argument that pandoc prints; they are handed on as they are.
_STYLES = frozenset(
    [
        "emph",
        "textit",
        "textbf",
        "textsc",
        "textsuperscript",
        "textsubscript",
        "texttt",
        "textsf",
        "textrm",
        "textnormal",
        "textsl",
        "textup",
        "textmd",
        "enquote",
        "mkbibquote",
        "mkbibemph",
        "mkbibitalic",
        "mkbibbold",
        "mkbibparens",
        "mkbibbrackets",
        "uline",
        "underline",
        "url",
        "nolinkurl",
        "href",
        "mbox",
        "text",
        "ensuremath",
    ]
)
# Switches without an argument that pandoc heeds within the braces around them.
_SWITCHES = frozenset(
    [
        "em",
        "it",
        "bf",
        "sc",
        "sl",
        "tt",
        "rm",
        "sf",
        "itshape",
        "bfseries",
        "scshape",
        "slshape",
        "ttfamily",
    ]
)
# Commands that mean nothing in a list of references, with the argument that goes with them.
SILENT = frozenset(
    ["noopsort", "hspace", "vspace", "label", "index", "nocite", "phantom", "vphantom", "hphantom"]
)
_BLANKS = frozenset(
    ["par", "newline", "linebreak", "break", "quad", "qquad", "space", "thinspace", "nobreakspace"]
)
_NOTHING = frozenset(
    [
        "protect",
        "relax",
        "null",
        "nobreak",
        "allowbreak",
        "xspace",
        "unskip",
        "ignorespaces",
        "noindent",
        "normalfont",
        "upshape",
        "normalsize",
        "small",
        "large",
        "left",
        "right",
        "displaystyle",
        "textstyle",
        "limits",
        "nolimits",
        "nocase",
        "bibstring",
        "mkbibacro",
        "autocap",
        "textnormal",
    ]
)
# Symbols that the tables of pylatexenc lack or give otherwise than as text.
_SYMBOLS = {
    "TeX": "TeX", "LaTeX": "LaTeX", "LaTeXe": "LaTeX2e", "BibTeX": "BibTeX",
    "S": "§", "P": "¶", "pounds": "£", "copyright": "©", "textcopyright": "©", "degree": "°",
    "dots": "…", "textperiodcentered": "·", "slash": "/", "textslash": "/", "textasciicircum": "^",
    "lq": "‘", "rq": "’", "textunderscore": "_", "textless": "<", "textgreater": ">",
    "textbar": "|", "textbraceleft": "{", "textbraceright": "}", "textdollar": "$",
    "textquotedbl": '"', "textnumero": "№", "cprime": "ʹ", "cdprime": "ʺ", "euro": "€",
    "textpm": "±", "texttimes": "×", "bullet": "•", "hyphen": "-", "guilsinglleft": "‹",
    "guilsinglright": "›", "glqq": "„", "grqq": "“", "glq": "‚", "grq": "‘", "ldots": "…",
    "psq": " sq.", "psqq": " sqq.", "flqq": "«", "frqq": "»", "textsuperscript": "",
}  # fmt: skip
_ACCENTS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328",
    "r": "\u030a", "d": "\u0323", "b": "\u0331", "t": "\u0361", "G": "\u030f", "U": "\u030e",
}  # fmt: skip

_BASE = (
    r"\{\s*(?:\\[A-Za-z]{1,2}\s*|[^\W\d_]?)\}"
    r"|\\(?:i|j|ae|AE|oe|OE|o|O)(?![A-Za-z])\s*"
)
# `{\"U}` is one letter to BibTeX (a "special character") and protects nothing from a change of
# case, so that its braces go with the command.
COMMAND = re.compile(
    rf"(?P<open>\{{)?\\(?:(?P<accent>[\"'`^~=.])\s*(?P<base>{_BASE}|[^\W\d_])"
    rf"|(?P<letter>[cvuHkrdbtGU])(?:\s*(?P<braced>{_BASE})|[ \t\n]+(?P<next>[^\W\d_])))"
    r"(?(open)\})"
    r"|\\(?P<name>[A-Za-z]+)\*?(?P<gap>\{\}|[ \t\n]*+)"
    r"|\\(?P<char>[^A-Za-z]|$)",
    re.DOTALL,
)
_GROUP = re.compile(r"\s*\{([^{}]*)\}")
_KEPT_CHARS = frozenset("&%#_${},")

# Characters that are text and would be taken for LaTeX later on stand apart until the end.
APART = {c: chr(0xF0000 + i) for i, c in enumerate("{}~$\\-`'")}
SET_APART = {ord(k): v for k, v in APART.items()}
PLACED = {ord(v): k for k, v in APART.items()}
PLACED_AS_LATEX = PLACED | {
    ord(APART["{"]): "\\{",
    ord(APART["}"]): "\\}",
    ord(APART["$"]): "\\$",
    ord(APART["~"]): "\\textasciitilde{}",
    ord(APART["\\"]): "\\textbackslash{}",
}


def is_known(name: str) -> bool:
    """Tell whether a command of that name is printed, or left out because it prints nothing."""
    return (
        name in _STYLES
        or name in _SWITCHES
        or name in SILENT
        or name in _BLANKS
        or name in _NOTHING
        or name in _ACCENTS
        or name in symbols()
    )


def to_unicode(match: re.Match[str]) -> str:
    """Return what stands for one command: a letter, a symbol, the command itself, or nothing."""
    mark = match["accent"] or match["letter"]
    if mark:
        return _accented(mark, match["base"] or match["braced"] or match["next"])
    name = match["name"]
    if name is None:
        return _control_symbol(match["char"])
    if name in _STYLES:
        return _style(match, name)
    if name in _SWITCHES:
        return f"\\{name} "
    if name in _BLANKS:
        return " "
    found = symbols().get(name, "")
    return APART.get(found, found)


def _control_symbol(char: str) -> str:
    if char in _KEPT_CHARS and char:
        return f"\\{char}"
    if char in {"\\", " ", "\n", ";", ":", ">"}:
        return " "
    if char in _ACCENTS or char in "/-!@+<()[]|*":
        return ""
    return char


def _style(match: re.Match[str], name: str) -> str:
    text, end = match.string, match.end("name")
    argument = _GROUP.match(text, end)
    if name in {"href", "url", "nolinkurl"}:
        # An address that may not be a link keeps its words and loses the command.
        linked = argument is not None and may_link(argument[1].strip())
        return f"\\{name}" if linked else ""
    return f"\\{name}" if text[end : end + 2].lstrip().startswith("{") else ""


def _accented(mark: str, base: str) -> str:
    letter = base.strip("{} \t\n")
    if letter.startswith("\\"):
        name = letter[1:].strip()
        # A dotless i takes its dot back, since the accent takes its place.
        letter = name if name in {"i", "j"} else symbols().get(name, "")
    return unicodedata.normalize("NFC", letter + _ACCENTS[mark]) if letter else ""


@lru_cache(maxsize=1)
def symbols() -> dict[str, str]:
    """Return the commands that are one symbol, from the tables of pylatexenc."""
    from pylatexenc.latex2text import (  # noqa: PLC0415 - slow to import and seldom needed
        get_default_latex_context_db,
    )

    table: dict[str, str] = {}
    for spec in get_default_latex_context_db().iter_macro_specs():
        value = spec.simplify_repl
        if isinstance(value, str) and "%" not in value and "<" not in value:
            table.setdefault(spec.macroname, value)
    for name in ("today", *_STYLES, *_ACCENTS):
        table.pop(name, None)
    return table | _SYMBOLS
