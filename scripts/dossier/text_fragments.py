"""Addresses that open a source at the very words of a passage.

Source of the form: URL Fragment Text Directives (WICG draft community group report), sections
"Syntax" and "Percent-encoding": `#:~:text=[prefix-,]start[,end][,-suffix]`.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from dossier.model import Passage

EDGE: Final = 3
"""How many words at each end name a long passage; those between may be set as they like."""
WHOLE: Final = 6
"""Up to how many words a passage stands in the address as it is."""
_AROUND: Final = 2
_WORD = re.compile(r"\S+")
# What stands around the words of an edge may be typeset otherwise at the source.
_TRIMMED: Final = "\"'“”‘’«»()[]{}.,;:!?…-–—"
# The directive's own characters, which `quote` would leave or a browser would read as its syntax.
_SYNTAX: Final = {ord("-"): "%2D", ord(","): "%2C", ord("&"): "%26"}


def at_words(url: str, passage: Passage) -> str:
    """Return the address of a source that a browser opens at the words of a passage.

    A browser that knows no text fragments opens the source at its top. Empty where the source
    has no address of the web, or the passage no words.
    """
    directive = text_directive(passage)
    if not directive or not url.startswith(("http://", "https://")):
        return ""
    return f"{url}{'' if '#' in url else '#'}:~:{directive}"


def text_directive(passage: Passage) -> str:
    """Return `text=...`, made from the selector of a passage, empty where it has no words."""
    words = _words(passage.exact)
    if not words:
        return ""
    if len(words) <= WHOLE:
        parts = [" ".join(words)]
    else:
        parts = [" ".join(words[:EDGE]), " ".join(words[-EDGE:])]
    encoded = [_encode(part) for part in parts]
    before, behind = _words(passage.prefix)[-_AROUND:], _words(passage.suffix)[:_AROUND]
    if before:
        encoded.insert(0, f"{_encode(' '.join(before))}-")
    if behind:
        encoded.append(f"-{_encode(' '.join(behind))}")
    return f"text={','.join(encoded)}"


def _words(text: str) -> list[str]:
    """Return the words of a text, without the marks at its two ends."""
    return _WORD.findall(text.strip().strip(_TRIMMED))


def _encode(words: str) -> str:
    return quote(words, safe="!$'()*+.:;=?@_~/").translate(_SYNTAX)
