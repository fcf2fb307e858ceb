"""Which entries and clusters pandoc fails on or warns of, and what stands in for them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from dossier.model import Reference
from dossier.style import pandoc
from dossier.style.batch import Batch
from dossier.style.job import Fault, Job

_Item = TypeVar("_Item")
_MOST_CALLS = 40
"""Calls that the search for what is at fault may take; each is as long as it is wide."""


def blame(job: Job, batch: Batch, failure: pandoc.Failure) -> Iterator[Fault]:
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
    hint = "simplify the entry field by field; if nothing in it is unusual, report it"
    return Fault("entry-unreadable", "entry", key, message, hint)


def torn_cluster(cluster: str) -> Fault:
    """Return the fault of a cluster that did not come back as one paragraph."""
    message = f"a tag or a quotation mark of a tag never closes in the citation {cluster}"
    hint = "close it, or take the HTML out"
    return Fault("cluster-unreadable", "cluster", cluster, message, hint)


def without(job: Job, faults: Sequence[Fault]) -> Job:
    """Return the job with stand-ins for entries at fault and without clusters at fault."""
    keys = {fault.subject for fault in faults if fault.about == "entry"}
    sources = {fault.subject for fault in faults if fault.about == "cluster"}
    return replace(
        job,
        references=tuple(_stand_in(r) if r.key in keys else r for r in job.references),
        clusters=tuple(c for c in job.clusters if c not in sources),
    )


def _stand_in(reference: Reference) -> Reference:
    title = re.sub(r"[^\w .:-]", "", reference.key)
    return replace(reference, bibtex=f"@misc{{x,\n  title = {{{{{title}}}}}\n}}", doi="", url="")


def as_written(job: Job, cluster: str) -> tuple[str, str]:
    """Return a cluster that could not be set: its source as text."""
    keys = " ".join(r.key for r in job.references if f"@{{{r.key}}}" in cluster)
    text = f'<span class="citation" data-cites="{html.escape(keys)}">{html.escape(cluster)}</span>'
    return text, ""


_HANDLED = re.compile(r"\w+ (?:entry )?with no printed form")
_MISSING = re.compile(r"citation (.*) not found")


def warned_of(job: Job, batch: Batch, warning: pandoc.Warned) -> Iterator[Fault]:
    """Yield a warning of pandoc as faults of the entries or clusters that it is about."""
    if _HANDLED.match(warning.subject):
        return  # what came out empty is seen in the output, note styles and all
    if missing := _MISSING.fullmatch(warning.subject):
        keys = {name: key for key, name in batch.names.items()}
        key = keys.get(missing[1], missing[1])
        if missing[1] in keys:
            yield _unreadable(key, "it is left out in silence")
            return
        cited = re.compile(rf"@\{{?{re.escape(key)}(?!\w)")
        for cluster in job.clusters:
            if cited.search(cluster):
                message = f"{cluster} cites {key}, which the bibliography does not hold"
                yield Fault("cluster-unreadable", "cluster", cluster, message)
        return
    subject = _bare(warning.subject)
    hint = "write the formula with commands that pandoc knows"
    found = False
    if warning.type == "CouldNotConvertTeXMath" and subject:
        for reference in job.references:
            if subject in _bare(reference.bibtex):
                found = True
                message = f"a formula in the entry {reference.key} is printed as TeX: {subject}"
                yield Fault("formula-unset", "entry", reference.key, message, hint, "warning")
        for cluster in job.clusters:
            if subject in _bare(cluster):
                found = True
                message = f"a formula in {cluster} is printed as TeX: {subject}"
                yield Fault("formula-unset", "cluster", cluster, message, hint, "warning")
    if not found:
        message = f"pandoc warns: {warning.words}"
        hint = "mend the style, or take it from the public collection of CSL styles"
        yield Fault("style-warning", "style", "", message, hint, "warning")


def _bare(text: str) -> str:
    """Return a text to compare by: without blanks, and without what a batch escapes."""
    return "".join(text.split()).replace("\\<", "<")
