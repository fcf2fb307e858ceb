"""The list of references of a page or a site, with passages and the ways back to the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from dossier.addresses import split_address
from dossier.model import Evidence, Passage, Record
from dossier.origins import ITSELF, VOICE, origin_of
from dossier.problems import counted
from dossier.standing import standing_of
from dossier.style import Styled, address_of, anchor
from dossier.text_fragments import at_words
from dossier.wording import STANDING_WORDS, date_in_words


@dataclass(frozen=True, slots=True)
class Use:
    """A place that cites a work: page, key, passage id (or empty) and the anchor on the page."""

    path: str
    key: str
    passage: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Place:
    """A page as another links to it."""

    url: str
    title: str


def reference_list(
    evidence: Evidence,
    styled: Styled,
    uses: Sequence[Use],
    place: Callable[[str], Place],
    *,
    here: str = "",
    whole: bool = False,
) -> str:
    """Return `div.references.csl-bib-body` with an entry `div#ref-KEY.csl-entry` a work.

    The list of a page holds the works of `uses` with links back to each of them; the whole
    list holds every work, with the pages that cite it and what is noted of it, which the list of a
    page has of works that it cites as a whole. Entries stand in the style's order. The search of
    Material leaves the whole list out, in which `search_entries` has each work.
    """
    by_key: dict[str, list[Use]] = {}
    for use in uses:
        by_key.setdefault(use.key, []).append(use)
    keys = [key for key in styled.order if whole or key in by_key]
    listed = _List(evidence, styled, place, here, whole, frozenset(keys), _copies(evidence))
    entries = "\n".join(listed.entry(key, by_key.get(key, [])) for key in keys)
    html = f'<div id="refs" class="references csl-bib-body" role="list">\n{entries}\n</div>'
    # That search takes the end of any element of the same name for the end of what is left out.
    section = '<section aria-label="References" data-search-exclude>'
    return f"{section}\n{html}\n</section>" if whole else html


def _copies(evidence: Evidence) -> dict[str, list[str]]:
    """Return the records whose text is taken from another, by the key of that other."""
    copies: dict[str, list[str]] = {}
    for record in evidence.records.values():
        if record.copy_of:
            copies.setdefault(record.copy_of, []).append(record.key)
    return copies


# Web archives of the Wayback kind name the second of the snapshot in the address (14 digits).
_SNAPSHOT = re.compile(r"/(\d{4})(\d{2})(\d{2})\d{6}(?:[a-z]{2}_)?/")


@dataclass(frozen=True, slots=True)
class _List:
    """One list and what its entries are written with; `keys` are those that stand in it."""

    evidence: Evidence
    styled: Styled
    place: Callable[[str], Place]
    here: str
    whole: bool
    keys: frozenset[str]
    copies: dict[str, list[str]]

    def entry(self, key: str, uses: list[Use]) -> str:
        record = self.evidence.records.get(key)
        parts = [f'<div class="csl-entry-text">{self.styled.entries.get(key, escape(key))}</div>']
        if record:
            # A citation of the whole work rests on what our record notes of it.
            noted = self.whole or any(not use.passage for use in uses)
            parts.append(self._about(record, noted))
        parts.append(_cited_on(uses, self.place, self.here) if self.whole else _back_links(uses))
        if record:
            wanted = None if self.whole else {use.passage for use in uses}
            passages = [p for p in record.passages if wanted is None or p.id in wanted]
            if passages:
                parts.append(self._passages(record, passages))
        inner = "\n".join(part for part in parts if part)
        return f'<div id="ref-{escape(key)}" class="csl-entry" role="listitem">\n{inner}\n</div>'

    def _about(self, record: Record, noted: bool) -> str:
        """Return what kind of source it is, where it takes from, who copies it, its interest.

        Where it is `noted`, what the record notes of it comes last.
        """
        key, standing = record.key, STANDING_WORDS[record.standing]
        words = [f'<span class="standing">{standing}</span>{_kind(record, standing)}']
        if record.copy_of:
            words.append(f"text taken from {self._mention(record.copy_of)}")
        elif record.relies_on not in ("", ITSELF):
            source, _ = split_address(record.relies_on, self.evidence.references)
            words.append(f"facts taken from {self._mention(source)}")
        near = split_address(record.copy_of or record.relies_on, self.evidence.references)[0]
        origin = origin_of(key, self.evidence.records)
        if origin not in (key, near):
            words.append(f"starts with {self._origin(origin)}")
        if copies := self.copies.get(key):
            words.append(f"copied by {_joined(map(self._mention, copies))}")
        if archived := self._archived(record):
            words.append(archived)
        line = f'<p class="about">{"; ".join(words)}.'
        for remark in (record.interest, record.note if noted else ""):
            line += f" {escape(remark)}" if remark else ""
        return f"{line}</p>"

    def _mention(self, key: str) -> str:
        """Return a work as citations call it, with a link where its entry is in this list."""
        name = escape(self.styled.labels.get(key, "") or key)
        return f'<a href="{escape(anchor(key))}">{name}</a>' if key in self.keys else name

    def _origin(self, origin: str) -> str:
        return escape(origin.removeprefix(VOICE)) if VOICE in origin else self._mention(origin)

    def _archived(self, record: Record) -> str:
        """Return the link to an archived copy. Source of its attributes: Robust Links 1.0."""
        if not record.archived:
            return ""
        address = escape(record.archived)
        data, day = f' data-versionurl="{address}"', ""
        found = _SNAPSHOT.search(record.archived)
        original = self._address(record.key)
        if original == record.archived:  # the copy itself is cited, and names what it is of
            behind = record.archived[found.end() :] if found else ""
            original = behind if behind.startswith(("http://", "https://")) else ""
        if original:
            data = f' data-originalurl="{escape(original)}"{data}'
        if found:
            iso = "-".join(found.groups())
            data, day = f'{data} data-versiondate="{iso}"', f" of {date_in_words(iso)}"
        return f'<a href="{address}"{data}>archived copy{day}</a>'

    def _address(self, key: str) -> str:
        reference = self.evidence.references.get(key)
        return address_of(reference) if reference else ""

    def _passages(self, record: Record, passages: list[Passage]) -> str:
        count = counted(len(passages), "passage")
        summary = f"{count} held" if self.whole else f"{count} cited here"
        items = "\n".join(self._passage(record, passage) for passage in passages)
        return (
            f'<details class="passages"><summary>{summary}</summary>\n'
            f"<ul>\n{items}\n</ul>\n</details>"
        )

    def _passage(self, record: Record, passage: Passage) -> str:
        """Return a passage in its context, with whose words it holds and how it was checked."""
        words = escape(passage.exact)
        if passage.prefix or passage.suffix:
            before, behind = escape(passage.prefix), escape(passage.suffix)
            words = f'{before} <span class="exact">{words}</span> {behind}'.strip()
        notes = []
        if passage.locator:
            notes.append(f'<span class="locator">{escape(passage.locator.rstrip("."))}.</span>')
        if starts := self._start(record, passage):
            notes.append(f'<span class="voice">{starts}</span>')
        how = standing_of(passage, record, self.evidence.checks).words
        standing = escape(f"{how[:1].upper()}{how[1:]}.")
        notes.append(f'<span class="passage-standing">{standing}</span>')
        if address := at_words(self._address(record.key), passage):
            notes.append(f'<a href="{escape(address)}">Find it at the source</a>')
        return (
            f'<li id="passage-{escape(record.key)}--{escape(passage.id)}">'
            f"<blockquote><p>{words}</p></blockquote>"
            f"{' '.join(notes)}</li>"
        )

    def _start(self, record: Record, passage: Passage) -> str:
        """Return where a passage starts, where its record does not say it already."""
        if passage.voice:
            return f"Words or facts of {escape(passage.voice)}."
        origin = origin_of(f"{record.key}#{passage.id}", self.evidence.records)
        if origin == origin_of(record.key, self.evidence.records):
            return ""
        if origin == record.key:
            return "Reporting of its own."
        return f"Starts with {self._origin(origin)}."


def _kind(record: Record, standing: str) -> str:
    """Return what kind of document it is, unless its standing has said so."""
    said = standing.split(maxsplit=1)[0].casefold()
    return f", {escape(record.kind)}" if record.kind and said not in record.kind.casefold() else ""


def _joined(words: Iterable[str]) -> str:
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def _back_links(uses: list[Use]) -> str:
    anchors = list(dict.fromkeys(use.anchor for use in uses))
    links = " ".join(
        f'<a href="#{escape(place)}" role="doc-backlink">{number}</a>'
        for number, place in enumerate(anchors, 1)
    )
    return f'<p class="backlinks">Cited above: {links}</p>'


def _cited_on(uses: list[Use], place: Callable[[str], Place], here: str) -> str:
    pages: dict[str, list[str]] = {}
    for use in uses:
        pages.setdefault(use.path, []).append(use.anchor)
    if not pages:
        return '<p class="backlinks uncited">Not cited.</p>'
    words = []
    for path, anchors in pages.items():
        target = place(path)
        places = list(dict.fromkeys(anchors))
        url = "" if path == here else escape(target.url)
        numbers = " ".join(
            f'<a href="{url}#{escape(anchor)}" '
            f'aria-label="{escape(target.title)}, place {number}">{number}</a>'
            for number, anchor in enumerate(places, 1)
        )
        words.append(f"{escape(target.title)} {numbers}")
    return f'<p class="backlinks">Cited on {" · ".join(words)}</p>'
