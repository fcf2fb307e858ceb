"""Values as YAML text: plain where every reader takes them for the text they are."""

from __future__ import annotations

import re
import unicodedata

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./+-]*")
_TYPED = re.compile(r"y|n|yes|no|on|off|true|false|null", re.IGNORECASE)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
_NOT_READ = ("Cc", "Zl", "Zp", "Cs")


def scalar(text: str) -> str:
    """Return a text as one YAML scalar on one line.

    Quoted, with what cannot be seen escaped, unless it is a word that no reader takes for
    anything else. A control character, which the reader refuses, becomes a space. Source
    of the escapes: YAML 1.2.2, section 5.7.
    """
    if _PLAIN.fullmatch(text) and not _TYPED.fullmatch(text):
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    category = unicodedata.category(char)
    if category in _NOT_READ or char in "\ufeff\ufffe\uffff":
        return " "
    if category in ("Cf", "Co", "Cn"):
        code = ord(char)
        return f"\\U{code:08X}" if code > 0xFFFF else f"\\u{code:04X}"
    return char
