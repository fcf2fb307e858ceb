"""The HTML of a chapter as Typst markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dossier.html_tree import Element, children, classes_of, is_text, text_of, value_of
from dossier.pdf.chapters import target
from dossier.pdf.figures import figure, is_drawn
from dossier.pdf.markup import call, collapsed, contents, inside, literal, said
from dossier.pdf.sources import Cited, cited_in
from dossier.pdf.tables import table

BLOCKS = frozenset(
    """address article aside blockquote center dd details dialog div dl dt fieldset figcaption
    figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol p pre section
    summary table ul""".split()  # noqa: SIM905
)
_PLAIN = {
    "em": "emph", "i": "emph", "cite": "emph", "dfn": "emph", "var": "emph",
    "strong": "strong", "b": "strong", "sup": "super", "sub": "sub",
    "ins": "underline", "u": "underline", "del": "strike", "s": "strike",
}  # fmt: skip
_CODE = frozenset({"code", "kbd", "samp", "tt"})
# What a page needs and paper does not; the references of a page come back as its notes.
_LEFT_OUT = frozenset(
    {
        "backlinks",
        "cite-this",
        "explorer-controls",
        "headerlink",
        "kicker",
        "page-references",
        "references",
        "sr-only",
    }
)
_SILENT = frozenset({"script", "style", "template", "button", "input", "nav", "iframe", "noscript"})
_ASSESSMENT = re.compile(r"assessment-([\w-]+)")
_HEADING = re.compile(r"h([1-6])")


@dataclass(slots=True)
class Writing:
    """A chapter being written: its place, and what is gathered on the way.

    `notes` has the number of each set of passages that the chapter cites, `anchors` the labels
    that links may lead to. `labels` gives for a page of the site and a place in it the label
    that stands for it in the book, `address` the address of the site, if it has one.
    """

    number: int
    path: str
    labels: Callable[[str, str], str]
    address: str = ""
    notes: dict[tuple[Cited, ...], int] = field(default_factory=dict)
    anchors: dict[str, None] = field(default_factory=dict)
    level: int = 0
    _spaced: bool = True

    def flow(self, element: Element) -> str:
        """Return what stands in an element, texts between blocks as paragraphs of their own."""
        parts: list[str] = []
        line: list[str] = []
        self._spaced = True
        for child in children(element):
            if self._leaves_out(child):
                continue
            if self._is_block(child):
                parts += self._paragraph(line)
                line = []
                parts.append(self.block(child))
                self._spaced = True
            else:
                line.append(self.inline(child))
        if parts:
            parts += self._paragraph(line)
            return "\n".join(filter(None, parts))
        return "".join(line)

    def block(self, element: Element) -> str:
        """Return a block, with the label of its id before what it shows."""
        tag, classes = element.tag or "", classes_of(element)
        if heading := _HEADING.fullmatch(tag):
            return self._heading(element, int(heading[1]))
        here = self.anchor(element)
        match tag:
            case "p":
                name = next((c for c in classes if c in ("finding-note", "finding-statement")), "p")
                return call(name, body=here + self.words(element))
            case "ul" | "menu" | "ol":
                name = "enum" if tag == "ol" else "list"
                items = [
                    self.anchor(item) + self.flow(item)
                    for item in children(element)
                    if item.tag == "li"
                ]
                return here + call(name, contents(items)) if items else here
            case "dl":
                return here + self._terms(element)
            case "blockquote":
                return here + call("quote", "block: true", body=self.flow(element))
            case "pre":
                return here + call("raw", "block: true", literal(text_of(element).strip("\n")))
            case "hr":
                return call("divider")
            case "table":
                return here + table(element, self)
            case "figure":
                return here + figure(element, self)
            case "summary":
                return call("summary", body=here + self.words(element))
            case _ if "admonition" in classes:
                return call("aside", body=here + self.flow(element))
            case _:
                return here + self.flow(element)

    def words(self, element: Element) -> str:
        """Return what stands in an element as one line of text."""
        self._spaced = True
        return "".join(self.inline(child) for child in children(element))

    def inline(self, node: Element) -> str:
        """Return a text, or an element within a line."""
        if is_text(node):
            return self._text(text_of(node))
        if self._leaves_out(node):
            return ""
        tag, classes = node.tag or "", classes_of(node)
        if tag == "br":
            self._spaced = True
            return "#linebreak();"
        if tag == "svg":
            return figure(node, self)
        if tag == "img":
            return self._text(value_of(node, "alt"))
        here = self.anchor(node)
        if tag in _CODE:
            return here + call("raw", literal(collapsed(text_of(node))))
        inner = "".join(self.inline(child) for child in children(node))
        if "citation" in classes:
            return here + inner + self._note(node)
        return here + self._dressed(node, tag, classes, inner)

    def _dressed(self, node: Element, tag: str, classes: frozenset[str], inner: str) -> str:
        """Return what stands in an element within a line, with the look of that element."""
        if value_of(node, "aria-hidden") == "true":
            return call("pdf.artifact", body=inner)
        if "assessment" in classes:
            kind = next((m[1] for c in classes if (m := _ASSESSMENT.fullmatch(c))), "")
            inner = call("badge", literal(kind), body=inner)
        elif "changed" in classes or tag == "mark":
            inner = call("underline", body=inner)
        elif tag in _PLAIN:
            inner = call(_PLAIN[tag], body=inner)
        if tag == "a" and inner:
            inner = self._link(node, inner)
        named = next((c for c in classes if c in ("origins", "bears-note", "caption-note")), "")
        return call(named, body=inner) if named else inner

    def anchor(self, element: Element) -> str:
        """Return the label that stands for the id of an element; the first of a name counts."""
        identity = value_of(element, "id")
        if not identity:
            return ""
        label = self.labels(self.path, identity)
        if label in self.anchors:
            return ""
        self.anchors[label] = None
        return call("mark", literal(label))

    def _text(self, text: str) -> str:
        shown = collapsed(text)
        if self._spaced:
            shown = shown.removeprefix(" ")
        if shown:
            self._spaced = shown.endswith(" ")
        return said(shown)

    def _paragraph(self, line: list[str]) -> Iterator[str]:
        body = "".join(line)
        if body:
            yield call("p", body=body)

    def _heading(self, element: Element, wanted: int) -> str:
        # PDF/UA-1, 7.4.2: no level is left out on the way down.
        self.level = min(wanted, self.level + 1)
        body = self.words(element)
        mark = self.anchor(element)
        top = self.labels(self.path, "")
        if self.level == 1 and top not in self.anchors:
            self.anchors[top] = None
            mark += call("mark", literal(top))
        return call("heading", f"level: {self.level}", body=body) + mark

    def _terms(self, element: Element) -> str:
        parts: list[str] = []
        for child in element.css("dt, dd"):
            name = "term" if child.tag == "dt" else "meaning"
            parts.append(call(name, body=self.anchor(child) + self.flow(child)))
        return "\n".join(parts)

    def _note(self, citation: Element) -> str:
        cited = cited_in(citation)
        if not cited:
            return ""
        first = cited not in self.notes
        number = self.notes.setdefault(cited, len(self.notes) + 1)
        return call("noted", str(self.number), str(number), "true" if first else "false")

    def _link(self, element: Element, inner: str) -> str:
        href = value_of(element, "href")
        page, place = target(self.path, href)
        if page:
            beyond = f"{self.address}{page.removesuffix('index.html')}" if self.address else ""
            return inside(self.labels(page, place), beyond, inner)
        if not href.startswith(("http://", "https://", "mailto:")):
            return inner
        if collapsed(text_of(element)).strip() == href:
            return call("link", literal(href))
        return call("link", literal(href), body=inner)

    def _is_block(self, node: Element) -> bool:
        return not is_text(node) and (node.tag in BLOCKS or is_drawn(node))

    def _leaves_out(self, node: Element) -> bool:
        if is_text(node):
            return False
        return (
            node.tag in _SILENT
            or str(node.tag).startswith("-")
            or bool(classes_of(node) & _LEFT_OUT)
            or "hidden" in node.attributes
        )
