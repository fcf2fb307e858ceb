"""The list of references of a page or a site, with passages and the ways back to the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from dossier.addresses import split_address
from dossier.model import Evidence, Passage, Record
from dossier.origins import ITSELF
from dossier.standing import standing_of
from dossier.style import Styled
from dossier.wording import counted


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
    list holds every work, with the pages that cite it. Entries stand in the style's order.
    """
    by_key: dict[str, list[Use]] = {}
    for use in uses:
        by_key.setdefault(use.key, []).append(use)
    entries = [
        _entry(evidence, styled, key, by_key.get(key, []), place, whole, here)
        for key in styled.order
        if whole or key in by_key
    ]
    return (
        '<div id="refs" class="references csl-bib-body" role="list">\n'
        + "\n".join(entries)
        + "\n</div>"
    )


def _entry(
    evidence: Evidence,
    styled: Styled,
    key: str,
    uses: list[Use],
    place: Callable[[str], Place],
    whole: bool,
    here: str,
) -> str:
    record = evidence.records.get(key)
    parts = [f'<div class="csl-entry-text">{styled.entries.get(key, escape(key))}</div>']
    if record:
        parts.append(_about(record, evidence))
    parts.append(_cited_on(uses, place, here) if whole else _back_links(uses))
    if record:
        wanted = None if whole else {use.passage for use in uses}
        passages = [p for p in record.passages if wanted is None or p.id in wanted]
        if passages:
            parts.append(_passages(record, passages, evidence, whole))
    inner = "\n".join(part for part in parts if part)
    return f'<div id="ref-{escape(key)}" class="csl-entry" role="listitem">\n{inner}\n</div>'


_STANDINGS = {
    "primary": "Primary source",
    "research": "Research",
    "news": "News",
    "advocacy": "Advocacy",
    "party": "Party to a case",
    "copy": "Copy",
}


def _about(record: Record, evidence: Evidence) -> str:
    words = [f'<span class="standing">{_STANDINGS[record.standing]}</span>']
    if record.copy_of:
        words.append(f"text taken from {_mention(record.copy_of, evidence)}")
    elif record.relies_on not in ("", ITSELF):
        key, _ = split_address(record.relies_on, evidence.references)
        words.append(f"facts taken from {_mention(key, evidence)}")
    line = f'<p class="about">{"; ".join(words)}.'
    for remark in (record.interest, record.note):
        line += f" {escape(remark)}" if remark else ""
    return line + "</p>"


def _mention(key: str, evidence: Evidence) -> str:
    reference = evidence.references.get(key)
    title = (reference.title if reference else "") or key
    return f"<cite>{escape(title)}</cite>"


def _back_links(uses: list[Use]) -> str:
    anchors = list(dict.fromkeys(use.anchor for use in uses))
    links = " ".join(
        f'<a href="#{escape(anchor)}" role="doc-backlink" '
        f'aria-label="Back to citation {number} of {len(anchors)}">{number}</a>'
        for number, anchor in enumerate(anchors, 1)
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


def _passages(record: Record, passages: list[Passage], evidence: Evidence, whole: bool) -> str:
    count = counted(len(passages), "passage")
    summary = f"{count} held" if whole else f"{count} cited here"
    items = "\n".join(_passage(record, passage, evidence) for passage in passages)
    return (
        f'<details class="passages"><summary>{summary}</summary>\n<ul>\n{items}\n</ul>\n</details>'
    )


def _passage(record: Record, passage: Passage, evidence: Evidence) -> str:
    where = f' <span class="locator">{escape(passage.locator)}</span>' if passage.locator else ""
    words = standing_of(passage, record, evidence.checks).words
    standing = f"{words[:1].upper()}{words[1:]}."
    voice = f' <span class="voice">Words or facts of {escape(passage.voice)}.</span>'
    return (
        f'<li id="passage-{escape(record.key)}--{escape(passage.id)}">'
        f"<blockquote><p>{escape(passage.exact)}</p></blockquote>"
        f"{where}{voice if passage.voice else ''} "
        f'<span class="passage-standing">{escape(standing)}</span></li>'
    )
