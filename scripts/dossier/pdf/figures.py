"""Figures with drawings that stand in the page as SVG."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dossier.html_tree import Element, children, text_of, value_of
from dossier.pdf.markup import call, collapsed, literal

if TYPE_CHECKING:
    from dossier.pdf.conversion import Writing

FACE, SIGNS = "Libertinus Serif", "DejaVu Sans Mono"
INK = "#1d2126"
# The colors of the page by its classes; the typesetter's style sheets know no `:is` and `:not`.
_STYLE = (
    "<style>.mark{fill:#1b5570}.note,.taken{fill:#565b62}"
    ".rule,.stem,.span,.frame{stroke:#8b8a85}</style>"
)
_OPENING = re.compile(r"<svg\b([^>]*)>")


def is_drawn(node: Element) -> bool:
    """Tell whether an element is a drawing that says what it shows."""
    return node.tag == "svg" and bool(said_of(node))


def figure(element: Element, writing: Writing) -> str:
    """Return a figure with the first drawing in it, and what else it holds below.

    A page may hold one drawing in several forms, of which it shows that which fits the window:
    the first is the widest. A drawing that says nothing of itself is an ornament, and left out.
    """
    drawings = [element] if element.tag == "svg" else element.css("svg")
    drawn = next((drawing for drawing in drawings if is_drawn(drawing)), None)
    caption = element.css_first("figcaption") if element.tag == "figure" else None
    parts = []
    if drawn is not None:
        arguments = [f"bytes({literal(_standing(drawn))})", 'format: "svg"']
        arguments += [f"alt: {literal(said_of(drawn))}"]
        under = f"[{writing.words(caption)}]" if caption is not None else "none"
        parts.append(call("drawing", f"image({', '.join(arguments)})", under))
    elif caption is not None:
        parts.append(call("p", body=writing.words(caption)))
    for child in children(element) if element.tag == "figure" else ():
        if child.tag not in ("svg", "figcaption", "-text"):
            if child.css_first("svg") is not None and child.tag != "details":
                continue
            parts.append(writing.block(child))
    return "\n".join(parts)


def said_of(drawing: Element) -> str:
    """Return what a drawing says of itself to those who do not see it (SVG 2, 'title', 'desc')."""
    said = [value_of(drawing, "aria-label")]
    said += [text_of(child) for child in children(drawing) if child.tag in ("title", "desc")]
    return ". ".join(s for s in (collapsed(s).strip().rstrip(".") for s in said) if s)


def _standing(drawing: Element) -> str:
    """Return a drawing as a file of its own, with the ink and the face that a page lends it."""
    given = 'xmlns="http://www.w3.org/2000/svg" ' if "xmlns" not in drawing.attributes else ""
    given += f'color="{INK}" font-family="{FACE}"'
    signed = (drawing.html or "").replace('class="sign"', f'class="sign" font-family="{SIGNS}"')
    return _OPENING.sub(rf"<svg {given}\1>{_STYLE}", signed, count=1)
