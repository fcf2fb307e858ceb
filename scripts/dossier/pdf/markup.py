"""Typst markup in which all text stands in string literals, so that no word of it can be code.

Source of the forms: the Typst reference, version 0.15 (scripting, string escapes, labels).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

_PLACE = re.compile("\ue000([^\ue001]*)\ue001([^\ue001]*)\ue001")
_SPACE = re.compile(r"[ \t\n\f\r]+")
# What is there to break lines or not, and no letter: no font has a glyph for some of them.
_UNSEEN = str.maketrans(dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff\ue000\ue001"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def literal(text: str) -> str:
    """Return a string of Typst that says a text as it is."""
    clean = _CONTROL.sub("", text.translate(_UNSEEN))
    return '"' + clean.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def collapsed(text: str) -> str:
    """Return a text as HTML shows it: each run of white space is one space."""
    return _SPACE.sub(" ", text)


def said(text: str) -> str:
    """Return markup that shows a text; the semicolon ends what could be read on."""
    return f"#{literal(text)};" if text else ""


def call(name: str, *arguments: str, body: str | None = None) -> str:
    """Return markup that calls a function, with content as its last argument where given."""
    inner = f"({', '.join(arguments)})" if arguments or body is None else ""
    return f"#{name}{inner}" + (f"[{body}]" if body is not None else "") + ";"


def contents(bodies: Iterable[str]) -> str:
    """Return the arguments of a call that takes any number of contents."""
    return "".join(f"[{body}], " for body in bodies)


def inside(label: str, beyond: str, body: str) -> str:
    """Return a link to a label, which `resolved` completes once all labels are known."""
    return f"#\ue000{label}\ue001{beyond}\ue001[{body}];"


def resolved(source: str, labels: Container[str]) -> str:
    """Return a source with its links within: to the label, else to the address beyond, else none.

    Typst refuses a link to what is not there.
    """

    def completed(found: re.Match[str]) -> str:
        label, beyond = found.groups()
        if label in labels:
            return f"link(label({literal(label)}))"
        return f"link({literal(beyond)})" if beyond else "plainly"

    return _PLACE.sub(completed, source)
