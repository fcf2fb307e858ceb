"""A bibliography and clusters set by one call, past the entries and clusters it chokes on."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from dossier.model import Reference
from dossier.problems import Severity
from dossier.style import pandoc
from dossier.style.batch import Batch, Piece, Pieces, make_batch
from dossier.style.markup import Sanitiser, split_entries, text_of

_Item = TypeVar("_Item")
_MOST_UNREADABLE = 200
_MOST_TORN = 8
_MOST_CALLS = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an entry or a cluster, by its key or source; the place comes later."""

    code: str
    about: Literal["entry", "cluster", "style"]
    subject: str
    message: str
    hint: str = ""
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one call sets: labels and entries by key, text and note by cluster."""

    labels: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    clusters: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be set: works in the bibliography's order, clusters, style and locale."""

    references: tuple[Reference, ...]
    clusters: tuple[str, ...]
    csl: str
    is_note: bool
    locale: str

    def run(self) -> tuple[Batch, pandoc.Output | pandoc.Failure]:
        """Return the batch and what pandoc makes of it."""
        batch = make_batch(self.references, self.clusters)
        return batch, pandoc.convert(batch.document, batch.bibliography, self.csl, self.locale)


def typeset(job: Job) -> Sheet | pandoc.Failure:
    """Return all that is asked for, with the faults met; a failure says that nothing could be set.

    An entry that cannot be read is replaced by its key, so that the numbers and labels of
    the others stay as they are.
    """
    faults: list[Fault] = []
    unset: dict[str, tuple[str, str]] = {}
    for _ in range(_MOST_UNREADABLE + _MOST_TORN + 2):
        batch, outcome = job.run()
        if isinstance(outcome, pandoc.Failure):
            found = tuple(_blame(job, batch, outcome))
            if not found:
                return outcome
        else:
            pieces = batch.cut(outcome.html)
            torn = [c for c, p in zip(job.clusters, pieces.clusters, strict=True) if p is None]
            if not torn:
                sheet = _read(job, batch, pieces)
                warned = (fault for w in outcome.warnings for fault in _warned(job, batch, w))
                return replace(
                    sheet,
                    clusters={**sheet.clusters, **unset},
                    faults=(*faults, *sheet.faults, *warned),
                )
            # What follows a torn cluster may be torn by it.
            many = sum(fault.about == "cluster" for fault in faults) >= _MOST_TORN
            found = tuple(map(_torn, torn if many else torn[:1]))
        faults += found
        unset |= {f.subject: _as_written(job, f.subject) for f in found if f.about == "cluster"}
        job = _without(job, found)
    return pandoc.Failure("too many entries of the bibliography cannot be read")


# -- what is at fault --------------------------------------------------------------------


def _blame(job: Job, batch: Batch, failure: pandoc.Failure) -> Iterator[Fault]:
    """Yield the entries or clusters for which a call failed, none where it is something else."""
    if failure.late:
        return
    calls = iter(range(_MOST_CALLS))

    def fails(references: tuple[Reference, ...], clusters: tuple[str, ...] = ()) -> bool:
        part = replace(job, references=references, clusters=clusters)
        return next(calls, None) is not None and isinstance(part.run()[1], pandoc.Failure)

    words = _reason(failure.words)
    at = batch.entry_at(failure.words)
    # An entry that never closes takes in those after it: the place is right only if the entry
    # there fails alone.
    if at is not None and fails(job.references[at : at + 1]):
        yield _unreadable(job.references[at].key, words)
        return
    if fails(()):
        return  # pandoc or the style
    entries = _guilty(job.references, fails)
    for reference in entries:
        yield _unreadable(reference.key, words)
    if not entries:
        for cluster in _guilty(job.clusters, lambda part: fails(job.references, part)):
            yield Fault(
                "cluster-unreadable", "cluster", cluster, f"pandoc cannot set {cluster}: {words}"
            )


def _reason(words: str) -> str:
    """Return what pandoc said without the place in a file that nobody sees."""
    return " ".join(re.sub(r"^.*\(line \d+, column \d+\):", "", words, flags=re.DOTALL).split())


def _guilty(
    items: tuple[_Item, ...], fails: Callable[[tuple[_Item, ...]], bool]
) -> tuple[_Item, ...]:
    """Return the items that fail alone, found by halving what fails."""
    if not items or not fails(items):
        return ()
    if len(items) == 1:
        return items
    half = len(items) // 2
    return (*_guilty(items[:half], fails), *_guilty(items[half:], fails))


def _unreadable(key: str, words: str) -> Fault:
    message = f"the entry {key} cannot be read by pandoc: {words}"
    hint = "look for braces that do not pair and for signs that BibTeX reserves"
    return Fault("entry-unreadable", "entry", key, message, hint)


def _torn(cluster: str) -> Fault:
    message = f"the citation {cluster} does not stay in one paragraph"
    hint = "take HTML and unclosed quotation marks of attributes out of its prefix and suffix"
    return Fault("cluster-unreadable", "cluster", cluster, message, hint)


def _without(job: Job, faults: Sequence[Fault]) -> Job:
    keys = {fault.subject for fault in faults if fault.about == "entry"}
    sources = {fault.subject for fault in faults if fault.about == "cluster"}
    return replace(
        job,
        references=tuple(_stand_in(r) if r.key in keys else r for r in job.references),
        clusters=tuple(c for c in job.clusters if c not in sources),
    )


def _stand_in(reference: Reference) -> Reference:
    title = re.sub(r"[^\w .:-]", "", reference.key)
    return replace(reference, bibtex=f"@misc{{x,\n  title = {{{title}}}\n}}", doi="", url="")


def _as_written(job: Job, cluster: str) -> tuple[str, str]:
    """Return a cluster that could not be set: its source as text."""
    keys = " ".join(r.key for r in job.references if f"@{{{r.key}}}" in cluster)
    text = f'<span class="citation" data-cites="{html.escape(keys)}">{html.escape(cluster)}</span>'
    return text, ""


_HANDLED = re.compile(r"\w+ (?:entry )?with no printed form")
_MISSING = re.compile(r"citation (.*) not found")


def _warned(job: Job, batch: Batch, warning: pandoc.Warned) -> Iterator[Fault]:
    """Yield a warning of pandoc as faults of the entries or clusters that it is about."""
    if _HANDLED.match(warning.subject):
        return  # what came out empty is seen in the output, note styles and all
    if missing := _MISSING.fullmatch(warning.subject):
        keys = {name: key for key, name in batch.names.items()}
        key = keys.get(missing[1], missing[1])
        if missing[1] in keys:
            yield _unreadable(key, "it is left out in silence")
            return
        for cluster in job.clusters:
            if key in cluster:
                message = f"{cluster} cites {key}, which the bibliography does not hold"
                yield Fault("cluster-unreadable", "cluster", cluster, message)
        return
    subject = "".join(warning.subject.split())
    hint = "write the formula with commands that pandoc knows"
    found = False
    if warning.type == "CouldNotConvertTeXMath" and subject:
        for reference in job.references:
            if subject in "".join(reference.bibtex.split()):
                found = True
                message = f"a formula in the entry {reference.key} is printed as TeX: {subject}"
                yield Fault("formula-unset", "entry", reference.key, message, hint, "warning")
        for cluster in job.clusters:
            if subject in "".join(cluster.split()):
                found = True
                message = f"a formula in {cluster} is printed as TeX: {subject}"
                yield Fault("formula-unset", "cluster", cluster, message, hint, "warning")
    if not found:
        yield Fault("style-warning", "style", "", f"pandoc warns: {warning.words}", "", "warning")


# -- what came back ----------------------------------------------------------------------


def _read(job: Job, batch: Batch, pieces: Pieces) -> Sheet:
    clean = Sanitiser(batch.names)
    by_key = {r.key: r for r in job.references}
    works = dict(zip(by_key, pieces.works, strict=True))
    labels = {key: _label(_shown(job, clean, piece)) or key for key, piece in works.items()}
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
            entries[key] += f'<div class="csl-right-inline">{html.escape(key)}</div>'
            message = f"the style prints nothing for {key}"
            hint = "give the entry an author, a title or a date"
            faults.append(Fault("entry-blank", "entry", key, message, hint, "warning"))
    clusters: dict[str, tuple[str, str]] = {}
    for source, set_ in zip(job.clusters, pieces.clusters, strict=True):
        assert set_ is not None, source
        clusters[source] = clean.inline(set_.text), clean.inline(set_.note)
        if not text_of("".join(clusters[source])):
            message = f"the style prints nothing for {source}"
            hint = "cite it without the minus sign, or add a locator"
            faults.append(Fault("cluster-blank", "cluster", source, message, hint, "warning"))
    faults += _same_labels(labels)
    return Sheet(labels, entries, tuple(entries), clusters, tuple(faults))


def _shown(job: Job, clean: Sanitiser, piece: Piece | None) -> str:
    """Return the text of a citation of one work: of its note, if the style makes notes."""
    if piece is None:
        return ""
    return text_of(clean.inline(piece.note if job.is_note and piece.note else piece.text))


def _label(text: str) -> str:
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


def _is_blank(entry: str) -> bool:
    return not text_of(entry) or ("csl-left-margin" in entry and "csl-right-inline" not in entry)


def _same_labels(labels: Mapping[str, str]) -> Iterator[Fault]:
    counts = Counter(labels.values())
    first: dict[str, str] = {}
    for key, label in labels.items():
        if counts[label] > 1 and first.setdefault(label, key) != key:
            message = f"{first[label]} and {key} are both printed as “{label}” in this style"
            hint = "add a short title or a date that tells them apart, or take another style"
            yield Fault("same-label", "entry", key, message, hint, "warning")
