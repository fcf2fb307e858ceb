"""The two judges of the scan: pandoc on what a citation is, Python-Markdown on what is prose."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pypandoc
from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor

from dossier.syntax import Cluster

# A cited work as both sides name it: key, mode, and the letters and digits of prefix and suffix.
Cited = tuple[str, str, str, str]
_MODES = {"NormalCitation": "normal", "AuthorInText": "author", "SuppressAuthor": "suppress"}


def ask_pandoc(document: str, reader: str = "markdown") -> dict[str, Any]:
    """Return pandoc's syntax tree of a document."""
    command = [pypandoc.get_pandoc_path(), "-f", reader, "-t", "json"]
    done = subprocess.run(command, input=document.encode(), capture_output=True, check=True)
    return json.loads(done.stdout)


def pandoc_clusters(texts: Sequence[str]) -> list[list[tuple[Cited, ...]]]:
    """Return the citations that pandoc finds in each text, asked for all at once."""
    document = "\n\n".join(f"::: {{#q{n}}}\n{text}\n:::" for n, text in enumerate(texts))
    by_number: dict[str, list[tuple[Cited, ...]]] = {}
    for block in ask_pandoc(document)["blocks"]:
        if block["t"] == "Div":
            by_number[block["c"][0][0]] = list(clusters_of(block["c"][1]))
    return [by_number.get(f"q{n}", []) for n in range(len(texts))]


def clusters_of(tree: object) -> Iterator[tuple[Cited, ...]]:
    """Yield the citations of a syntax tree outside links, each before those in its affixes."""
    if isinstance(tree, list):
        for branch in tree:
            yield from clusters_of(branch)
    elif isinstance(tree, dict):
        if tree.get("t") in ("Link", "Image"):
            return  # what stands in a link is the business of the other judge
        if tree.get("t") != "Cite":
            yield from clusters_of(list(tree.values()))
            return
        works = tree["c"][0]
        yield tuple(
            (
                work["citationId"],
                _MODES[work["citationMode"]["t"]],
                folded(words_of(work["citationPrefix"])),
                folded(words_of(work["citationSuffix"])),
            )
            for work in works
        )
        for work in works:
            yield from clusters_of(work["citationPrefix"])
            yield from clusters_of(work["citationSuffix"])


def words_of(tree: object) -> str:
    """Return the text of a syntax tree, that of citations as written."""
    if isinstance(tree, list):
        return "".join(words_of(branch) for branch in tree)
    if not isinstance(tree, dict):
        return ""
    kind, content = tree["t"], tree.get("c")
    if kind == "Str":
        return str(content)
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in ("Code", "Math", "RawInline"):
        return str(content[1])
    if kind in ("Cite", "Quoted", "Link", "Image", "Span"):
        return words_of(content[1])
    return words_of(content)


def folded(text: str) -> str:
    """Return the letters and digits of a text: what smart punctuation and markup leave alone."""
    return re.sub(r"[\W_]+", "", unescape(text))


def scanned(clusters: Iterable[Cluster]) -> list[tuple[Cited, ...]]:
    """Return clusters of ours in the form of the judge's."""
    found: list[tuple[Cited, ...]] = []
    for cluster in clusters:
        found.append(
            tuple((i.key, i.mode, folded(i.prefix), folded(i.suffix)) for i in cluster.items)
        )
        for item in cluster.items:
            found += scanned(item.nested)
    return found


# The extensions that Material recommends, with those of our own site among them.
RECOMMENDED: dict[str, dict[str, Any]] = {
    "abbr": {},
    "admonition": {},
    "attr_list": {},
    "def_list": {},
    "fenced_code": {},
    "footnotes": {},
    "md_in_html": {},
    "tables": {},
    "toc": {"permalink": True},
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.betterem": {},
    "pymdownx.blocks.admonition": {},
    "pymdownx.blocks.caption": {},
    "pymdownx.blocks.details": {},
    "pymdownx.blocks.tab": {"alternate_style": True},
    "pymdownx.caret": {},
    "pymdownx.critic": {},
    "pymdownx.details": {},
    "pymdownx.highlight": {},
    "pymdownx.inlinehilite": {},
    "pymdownx.magiclink": {},
    "pymdownx.mark": {},
    "pymdownx.snippets": {},
    "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True},
    "pymdownx.tasklist": {},
    "pymdownx.tilde": {},
}
# Those of mkdocs.yml, with the one that MkDocs always adds.
OURS = (
    *("abbr", "admonition", "attr_list", "def_list", "fenced_code", "footnotes"),
    *("md_in_html", "tables", "toc"),
)
# What readers take for something else than the author's prose.
_NO_PROSE = frozenset(("a", "code", "kbd", "pre", "samp", "script", "style", "svg", "textarea"))


def convert(text: str, names: Iterable[str] = tuple(RECOMMENDED)) -> str:
    """Return the HTML that Python-Markdown makes of a page."""
    return _markdown(names).convert(text)


def _markdown(names: Iterable[str]) -> Markdown:
    names = tuple(names)
    options = {name: RECOMMENDED[name] for name in names if RECOMMENDED[name]}
    return Markdown(extensions=list(names), extension_configs=options)


class _Prose(HTMLParser):
    """Gathers the text of a page that is prose."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        mathematics = "arithmatex" in (dict(attrs).get("class") or "")
        if self._within:
            if tag == self._within[0]:
                self._within.append(tag)
        elif tag in _NO_PROSE or mathematics:
            self._within.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._within and tag == self._within[-1]:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not self._within:
            self.text.append(data)


def prose_of(html: str) -> str:
    """Return the text of some HTML outside code, links and mathematics."""
    reader = _Prose()
    reader.feed(html)
    reader.close()
    return "".join(reader.text)


class _Probe(InlineProcessor):
    """Marks each `@k1` that is left when all inline markup is read: it was read as text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # noqa: ARG002, N802
        return f"\u27e6{m[1]}\u27e7", m.start(0), m.end(0)


def prose_keys(text: str, names: Iterable[str] = tuple(RECOMMENDED)) -> set[str]:
    """Return the keys `k1`, `k2` ... whose `@k1` Python-Markdown reads and prints as prose."""
    md = _markdown(names)
    md.inlinePatterns.register(_Probe(r"@(k\d+)"), "probe", -1000)
    return set(re.findall("\u27e6(k\\d+)\u27e7", prose_of(md.convert(text))))
