"""All that one call sets, as a document, and its output cut up again.

The document cites every work of the bibliography alone, in the bibliography's order: that
fixes numbers, year suffixes and disambiguation over all of it, so that a label is the same
whatever a page cites. Then come the clusters, each in a paragraph of its own; one that
cites one work and says nothing else is there already.
"""

from __future__ import annotations

import re
import secrets
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dossier.model import Reference

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_:.+/-]*")
_HEAD = re.compile(r"(\s*@\s*\w+\s*)[{(]")
_INHERITS = re.compile(r"(?i)(\b(?:crossref|xdata|xref)\s*=\s*[{\"])([^{}\"]*)(?=[}\"])")
_PLACE = re.compile(r"\(line (\d+), column \d+\)")
# What is no inline tag is text: a block would end the paragraph, and the end of a comment or
# of an attribute would be looked for beyond it.
_NO_INLINE_TAG = re.compile(
    r"(?<!\\)<(?!/?(?:b|code|del|em|i|q|s|small|span|strong|sub|sup|u)(?:\s[^<>]*)?>"
    r"|br\s*/?>|(?:https?|mailto):[^\s<>]+>)"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """The HTML of one citation: what stands in the text, and the note if the style makes one."""

    text: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The output of a call cut up: works and clusters in the order they were given.

    None stands for a cluster that did not come back as one paragraph. `bibliography` is
    pandoc's division of entries.
    """

    works: tuple[Piece | None, ...]
    clusters: tuple[Piece | None, ...]
    bibliography: str


@dataclass(frozen=True, slots=True)
class Batch:
    """A document, its bibliography, and what is needed to read the output.

    `names` gives for a key the name under which pandoc knows it: BibTeX as pandoc reads it
    has no quotation marks, carets or number signs in keys, and such keys need care in HTML.
    `_clusters` says for each cluster in which paragraph it stands; those of works come first.
    """

    document: str
    bibliography: str
    names: Mapping[str, str]
    _token: str
    _works: int
    _clusters: tuple[int, ...]
    _lines: tuple[int, ...]

    def entry_at(self, words: str) -> int | None:
        """Return which reference an error message of pandoc about the bibliography means."""
        match = _PLACE.search(words)
        if match is None or "bibliography" not in words or not self._lines:
            return None
        return max(bisect_right(self._lines, int(match[1])) - 1, 0)

    def cut(self, html: str) -> Pieces:
        """Return the pieces between the marks, which no content can forge: they are random."""
        parts = re.split(rf"<!--{self._token}:(\d+)-->", html)
        by_number = dict(zip(map(int, parts[1::2]), parts[2::2], strict=True))
        last = max((self._works - 1, *self._clusters))
        read = [_read(by_number.get(n, "")) for n in range(last + 1)]
        return Pieces(
            tuple(read[: self._works]),
            tuple(read[n] for n in self._clusters),
            by_number.get(last + 1, ""),
        )


def make_batch(references: Sequence[Reference], clusters: Sequence[str]) -> Batch:
    """Return the batch of a whole bibliography and some clusters."""
    token = secrets.token_hex(16)
    names = {
        r.key: r.key if _PLAIN_KEY.fullmatch(r.key) else f"odd{token[:12]}x{n}"
        for n, r in enumerate(references)
    }
    odd = {key: name for key, name in names.items() if key != name}
    entries, lines, line = [], [], 1
    for reference in references:
        entry = _entry(reference, names[reference.key], odd)
        entries.append(entry)
        lines.append(line)
        line += entry.count("\n") + 1
    cited = [f"[@{{{names[r.key]}}}]" for r in references]
    numbers = {text: n for n, text in enumerate(cited)}
    places: list[int] = []
    for cluster in clusters:
        text = _paragraph(cluster, odd)
        places.append(numbers.get(text, len(cited)))
        if places[-1] == len(cited):
            cited.append(text)
    blocks = [f"{_mark(token, n)}{text}\n" for n, text in enumerate([*cited, ""])]
    return Batch(
        "\n".join(blocks),
        "\n".join(entries) + "\n",
        names,
        token,
        len(references),
        tuple(places),
        tuple(lines),
    )


def _mark(token: str, number: int) -> str:
    return f"```{{=html}}\n<!--{token}:{number}-->\n```\n\n"


def _entry(reference: Reference, name: str, odd: Mapping[str, str]) -> str:
    source = re.sub(r"\r\n?", "\n", reference.bibtex).strip()
    head = _HEAD.match(source)
    comma = source.find(",")
    if head is not None and comma >= 0:
        source = f"{source[: head.end()]}{name}{source[comma:]}"
    if odd:
        source = _INHERITS.sub(
            lambda m: m[1] + ",".join(odd.get(k.strip(), k) for k in m[2].split(",")), source
        )
    return source


def _paragraph(cluster: str, odd: Mapping[str, str]) -> str:
    text = re.sub(r"[\r\n]+", " ", cluster).strip()
    for key in sorted(odd, key=len, reverse=True):
        text = text.replace(f"@{{{key}}}", f"@{{{odd[key]}}}")
    return _NO_INLINE_TAG.sub(r"\\<", text)


# How pandoc writes a note after its paragraph and the mark that calls it. In the paragraph
# only the style's own words stand before the mark, and in the note all that an author wrote
# stands between the first and the last of these, so that none can be forged.
_NOTE_START = re.compile(r'\n<aside id="footnotes[^>]*>\s*<ol[^>]*>\s*<li id="fn\d+">\s*<p>')
_NOTE_END = re.compile(r'<a href="#fnref\d+" class="footnote-back"')
_CITATION = '<span class="citation"'
_NOTE_CALL = re.compile(
    r'<a href="#fn\d+" class="footnote-ref" id="fnref\d+" role="doc-noteref">'
    r"<sup>\d+</sup></a>"
)


def _read(html: str) -> Piece | None:
    html = html.strip()
    note = ""
    if start := _NOTE_START.search(html):
        rest = html[start.end() :]
        ends = list(_NOTE_END.finditer(rest))
        if not ends:
            return None
        note = rest[: ends[-1].start()]
        html = _NOTE_CALL.sub("", html[: start.start()].strip())
    if not (html.startswith("<p>") and html.endswith("</p>") and _CITATION in html):
        return None
    return Piece(html[3:-4], note)
