"""The walk over one run of inline text: its citations, and what else the engine must know."""

from __future__ import annotations

import re

from dossier.syntax.atoms import Atoms
from dossier.syntax.brackets import Brackets
from dossier.syntax.citations import Cluster, Inline, Link, Slip
from dossier.syntax.grammar import Grammar
from dossier.syntax.keys import Keys

_START = re.compile(r"[\\`<$\[{@]|-(?=@)|(?:(?<=\W)|^)(?:[hH][tT][tT][pP]|[fF][tT][pP]:|[wW]{3}\.)")
_BEGINS = re.compile(r"\[\s*+-?@")
_BEGINS_APART = re.compile(r"\[\s*+-?@\s")
_LAST_SEMICOLON = re.compile(r";\s*+\Z")


def scan_inline(text: str, defined: frozenset[str] = frozenset()) -> Inline:
    """Return the citations and all else that a run of inline text holds.

    `defined` are the labels of the link definitions on its page, case folded.
    """
    scanner = _Scanner(text, defined)
    found = scanner.walk(0, len(text))
    return Inline(
        tuple(found.clusters),
        tuple(found.escapes),
        tuple(found.calculations),
        tuple(found.links),
        tuple(found.slips),
        tuple(found.opaque),
    )


class _Found:
    """What a walk gathers."""

    __slots__ = ("calculations", "clusters", "escapes", "links", "opaque", "slips")

    def __init__(self) -> None:
        self.clusters: list[Cluster] = []
        self.escapes: list[int] = []
        self.calculations: list[tuple[int, int]] = []
        self.links: list[Link] = []
        self.slips: list[Slip] = []
        self.opaque: list[tuple[int, int]] = []


class _Scanner:
    def __init__(self, text: str, defined: frozenset[str]) -> None:
        self.text = text
        self._atoms = Atoms(text)
        self._brackets = Brackets(text, self._atoms, defined)
        self._grammar = Grammar(text, self._atoms, self._brackets, Keys(text), self._within)

    def walk(self, i: int, stop: int) -> _Found:
        """Return what stands between two places."""
        found = _Found()
        for match in _START.finditer(self.text, i, stop):
            if match.start() >= i:
                i = self._step(match.start(), stop, found)
        return found

    def _within(self, start: int, stop: int) -> tuple[Cluster, ...]:
        return tuple(self.walk(start, stop).clusters)

    def _step(self, i: int, stop: int, found: _Found) -> int:
        """Read what begins at `i` and return the place behind it."""
        text = self.text
        if text.startswith("\\@", i):
            found.escapes.append(i)
            return i + 2
        end = self._atoms.end(i)
        if end > i:
            if text.startswith("{=", i):
                found.calculations.append((i, end))
            if text[i] != "\\":
                found.opaque.append((i, end))
            return end
        if text[i] == "`":
            return i + self._atoms.run_length(i)
        if text[i] == "[":
            return self._step_bracket(i, stop, found)
        if text[i] in "@-":
            return self._take(self._grammar.in_text(i), stop, found) or i + 1
        return i + 1

    def _take(self, cluster: Cluster | None, stop: int, found: _Found) -> int:
        """Keep a citation and return the place behind it, 0 if there is none."""
        if cluster is None or cluster.end > stop:
            return 0
        found.slips += self._nested(cluster)
        found.clusters.append(cluster)
        return cluster.end

    def _step_bracket(self, i: int, stop: int, found: _Found) -> int:
        close = self._brackets.close(i)
        if close is None:
            return i + 1
        if self.text.startswith("[^", i) and not re.search(r"\s", self.text[i:close]):
            return close + 1
        end = self._brackets.link_end(i)
        if end > i:
            inner = self.walk(i + 1, close)
            if inner.clusters:
                found.links.append(Link(i, end, inner.clusters[0].items[0].key))
            found.escapes += inner.escapes
            found.calculations += inner.calculations
            found.opaque.append((i, end))
            return end
        end = self._take(self._grammar.bracketed(i), stop, found)
        if end:
            return end
        if self._brackets.label_after(close) is not None:
            self._brackets.join(close)
        elif _BEGINS.match(self.text, i):
            found.slips.append(self._unread(i, close))
        return i + 1

    def _unread(self, i: int, close: int) -> Slip:
        """Return why brackets that begin as a citation does are none."""
        semicolon = _LAST_SEMICOLON.search(self.text[i:close])
        if semicolon:
            return Slip("citation-semicolon", i + semicolon.start(), close)
        if _BEGINS_APART.match(self.text, i):
            return Slip("citation-space", i, close)
        return Slip("citation-unread", i, close)

    def _nested(self, cluster: Cluster) -> list[Slip]:
        """Return the citations within others, at the comma where only that parts the two.

        Pandoc prints the inner one in the place of all works in the same brackets, unless an
        author in running text stands before these.
        """
        slips: list[Slip] = []
        for item in cluster.items:
            for inner in item.nested if item.mode != "author" else ():
                between = self.text[item.end : inner.start].strip()
                comma = inner.start > item.end and between in (",", "")
                slips.append(Slip("citation-comma", item.end if comma else inner.start, inner.end))
        return slips
