"""What came back from a call, read: safe HTML, labels, and what came back empty or alike."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from dossier.model import Reference
from dossier.problems import Severity
from dossier.style.batch import Batch, Piece, Pieces
from dossier.style.job import Fault, Job, Sheet
from dossier.style.markup import Sanitiser, split_entries, text_within


def read_output(job: Job, batch: Batch, pieces: Pieces) -> Sheet:
    """Return what a call has set, every work with a label and an entry."""
    clean = Sanitiser(batch.names)
    by_key = {r.key: r for r in job.references}
    works = dict(zip(by_key, pieces.works, strict=True))
    labels = {key: label_of(_shown(job, clean, piece)) or key for key, piece in works.items()}
    keys = {name: key for key, name in batch.names.items()}
    entries = {
        keys[name]: clean.entry(inner, by_key[keys[name]])
        for name, inner in split_entries(pieces.bibliography)
        if name in keys
    }
    faults: list[Fault] = []
    for key, reference in by_key.items():
        if key not in entries:  # some note styles have no bibliography: the note says it all
            piece = works[key] or Piece("")
            entries[key] = clean.bare(piece.note or piece.text, reference)
        if _is_blank(entries[key]):
            plain = clean.bare(plain_entry(reference), reference)
            margin = entries[key]
            entries[key] = (
                f'{margin}<div class="csl-right-inline">{plain}</div>' if margin else plain
            )
            message = f"the style lists nothing for {key}; what the entry holds stands in"
            hint = "give the entry an author and a title, and a type that the style lists"
            # Chicago, for one, does not list letters and conversations.
            severity: Severity = "note" if reference.title else "warning"
            faults.append(Fault("entry-blank", "entry", key, message, hint, severity))
    clusters: dict[str, tuple[str, str]] = {}
    for source, set_ in zip(job.clusters, pieces.clusters, strict=True):
        assert set_ is not None, source
        clusters[source] = clean.inline(set_.text), clean.inline(set_.note)
        if not text_within("".join(clusters[source])):
            message = f"the style prints nothing for {source}"
            hint = "cite it without the minus sign, or add a locator"
            faults.append(Fault("cluster-blank", "cluster", source, message, hint, "warning"))
    faults += same_labels(labels)
    return Sheet(labels, entries, tuple(entries), clusters, tuple(faults))


def _shown(job: Job, clean: Sanitiser, piece: Piece | None) -> str:
    """Return the text of a citation of one work: of its note, if the style makes notes."""
    if piece is None:
        return ""
    return text_within(clean.inline(piece.note if job.is_note and piece.note else piece.text))


def label_of(text: str) -> str:
    """Return the text of a citation as it names the work outside of a sentence.

    Parentheses around the whole are the sentence's; a number without brackets (it stands
    raised in the text) would be taken for a figure.
    """
    if text.startswith("(") and text.endswith(")") and _pairs(text[1:-1]):
        text = text[1:-1].strip()
    return f"[{text}]" if text.isdecimal() else text


def _pairs(text: str) -> bool:
    depth = 0
    for char in text:
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0


def plain_entry(reference: Reference) -> str:
    """Return an entry as HTML without any style: authors, title and date, or else the key."""
    parts = (", ".join(reference.authors), reference.title, reference.date)
    return html.escape(". ".join(part for part in parts if part) or reference.key)


MARGIN = re.compile(r'<div class="csl-left-margin">[^<]*</div>')
"""The number of an entry, in styles that count."""


def _is_blank(entry: str) -> bool:
    """Tell whether an entry has no text, or none but its number in the margin."""
    text = text_within(entry)
    return not text or (MARGIN.fullmatch(entry) is not None and not any(c.isalpha() for c in text))


def same_labels(labels: Mapping[str, str]) -> Iterator[Fault]:
    """Yield a fault for each work whose label an earlier one has."""
    counts = Counter(labels.values())
    first: dict[str, str] = {}
    for key, label in labels.items():
        if counts[label] > 1 and first.setdefault(label, key) != key:
            message = f"{first[label]} and {key} are both printed as “{label}” in this style"
            hint = "add a short title or a date that tells them apart, or take another style"
            yield Fault("same-label", "entry", key, message, hint, "warning")
