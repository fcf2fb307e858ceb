"""Where a page changes hands between Python-Markdown and the engine.

Light to load: a build that finds all it needs kept from the one before loads little else.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

# Behind pymdownx.snippets (32), whose text is part of the page, and before the white space
# is normalised (30), code is fenced (25) and HTML is stashed (20).
_MARKING = 31
# Behind everything that puts stashed code and HTML back (raw_html is 30, unescape 10).
_TAKING_OVER = -100

# Behind `attr_list` (8), which may give a cell a class of its own, and before `toc` (5).
_ALIGNING = 6

# Behind `toc` (5) and whatever else renders a part of the page by itself.
_SETTLING = -1000

_CELLS = frozenset({"td", "th"})
# As Python-Markdown's extension `tables` writes it.
_ALIGNED = re.compile(r"text-align: (left|center|right);")

NAMES = ("dossier", "dossier.extension")
"""The names under which a configuration may ask for the extension."""


class Desk:
    """What one run of Python-Markdown does with a page: hand it in, take it back."""

    def turn_to(self, page: object) -> None:
        """Hear which page comes next, from hosts that tell it."""

    def mark(self, text: str) -> str:
        """Return the Markdown with tokens for what was scanned in it."""
        raise NotImplementedError

    def take(self, content: str, md: Markdown) -> str:
        """Return the HTML of the page for the host."""
        raise NotImplementedError


class _Marking(Preprocessor):
    def __init__(self, md: Markdown, desk: Desk, taking: _TakingOver) -> None:
        super().__init__(md)
        self.desk = desk
        self.taking = taking

    def run(self, lines: list[str]) -> list[str]:
        self.taking.ready = False
        if "rendering_context" in self.md.preprocessors:
            # Zensical tells its page here; looked up by name, so that nothing depends on it.
            context = self.md.preprocessors["rendering_context"]
            self.desk.turn_to(getattr(context, "page", None))
        return self.desk.mark("\n".join(lines)).split("\n")


class _TakingOver(Postprocessor):
    """Takes the page over; the extension `toc` sends each heading here before."""

    def __init__(self, md: Markdown, desk: Desk) -> None:
        super().__init__(md)
        self.desk = desk
        self.ready = False

    def run(self, text: str) -> str:
        return self.desk.take(text, self.md) if self.ready else text


class _Settling(Treeprocessor):
    """Runs when all others have: what is taken over from now on is the page."""

    def __init__(self, md: Markdown, taking: _TakingOver) -> None:
        super().__init__(md)
        self.taking = taking

    def run(self, root: Element) -> None:  # noqa: ARG002 - the host's form
        self.taking.ready = True


class _Aligning(Treeprocessor):
    """Aligns the cells of Markdown's tables by a class: a policy forbids styles in attributes."""

    def run(self, root: Element) -> None:
        for cell in root.iter():
            aligned = _ALIGNED.fullmatch(cell.get("style", "")) if cell.tag in _CELLS else None
            if aligned:
                del cell.attrib["style"]
                cell.set("class", " ".join((*cell.get("class", "").split(), f"align-{aligned[1]}")))


class DeskExtension(Extension):
    """The processors that hand each page to a desk; with `csp` cells are aligned by classes."""

    def __init__(self, desk: Desk | None = None, *, csp: bool = False) -> None:
        self.desk = desk
        self.csp = csp
        super().__init__()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is the host's
        """Register the processors."""
        desk = self.desk
        assert desk is not None, "whoever makes the extension gives it a desk"
        md.registerExtension(self)
        taking = _TakingOver(md, desk)
        md.preprocessors.register(_Marking(md, desk, taking), "dossier-mark", _MARKING)
        md.treeprocessors.register(_Settling(md, taking), "dossier-settle", _SETTLING)
        if self.csp:
            md.treeprocessors.register(_Aligning(md), "dossier-align", _ALIGNING)
        md.postprocessors.register(taking, "dossier-take", _TAKING_OVER)
