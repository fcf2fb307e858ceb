"""A large bibliography set in parts, on all processors, and put together again.

What telling works apart costs grows with the square of their number and more (2,000 works
take Chicago's author-date style a minute), so that parts are cheaper even one by one. Each
work comes out as in one call for all: only works of one part can be cited alike. Where that
cannot be relied on (`groups.Traits`) the bibliography is not divided.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from dossier.model import Reference
from dossier.style import pandoc
from dossier.style.csl import only_sorting
from dossier.style.division import divide
from dossier.style.faults import without
from dossier.style.groups import level_of, traits_of
from dossier.style.job import Job, Sheet
from dossier.style.markup import split_entries
from dossier.style.output import same_labels
from dossier.style.typesetting import typeset

_Kept = MutableMapping[str, Sheet]


@dataclass(frozen=True, slots=True)
class Whole:
    """How a bibliography was divided and is put together: digests of parts, and the order.

    `joint` are parts that were set for clusters that cite works of several.
    """

    parts: tuple[str, ...]
    joint: tuple[str, ...]
    order: tuple[str, ...]


def typeset_in_parts(
    job: Job, kept: _Kept, order: Sequence[str] = ()
) -> tuple[Whole, Sheet] | pandoc.Failure | None:
    """Return all that is asked for, or None where the job has to be set by one call.

    `kept` holds sheets of parts by digest, from which nothing is set twice; what is set is
    added. `order` is that of the entries where it is known.
    """
    traits = traits_of(job.csl)
    levels: dict[str, int] = {}
    while (divided := divide(job, traits, levels)) is not None:
        division, names = divided
        failure = _set_missing((*division.parts, *division.joint), kept)
        if failure is not None:
            return failure
        parts = tuple(digest(part.references) for part in division.parts)
        labels = {k: v for part in parts for k, v in kept[part].labels.items()}
        # What was tied by its names has to be cited by them, and so on.
        found = {key: level_of(label, names[key]) for key, label in labels.items()}
        lower = {key: level for key, level in found.items() if level > names[key].level}
        if not lower:
            joint = tuple(digest(part.references) for part in division.joint)
            order = order or _order(job, [kept[part] for part in parts])
            whole = Whole(parts, joint, tuple(order))
            sheet = put_together(job, whole, kept)
            return None if sheet is None else (whole, sheet)
        levels |= lower
    return None


def digest(references: Iterable[Reference]) -> str:
    """Return a hash of all that a style prints of some works, in their order."""
    works = [(r.key, r.bibtex, r.title, r.authors, r.date, r.doi, r.url) for r in references]
    return hashlib.sha256(json.dumps(works).encode()).hexdigest()


def _set_missing(parts: Sequence[Job], kept: _Kept) -> pandoc.Failure | None:
    """Set what of the parts is not kept, the largest first."""
    waiting: list[tuple[str, Job]] = []
    for part in parts:
        name = digest(part.references)
        have = kept[name].clusters if name in kept else {}
        missing = tuple(c for c in part.clusters if c not in have)
        if name not in kept or missing:
            waiting.append((name, replace(part, clusters=missing)))
    waiting.sort(key=lambda item: -len(item[1].references) - len(item[1].clusters))
    with ThreadPoolExecutor(_processors()) as pool:
        done = [(name, pool.submit(typeset, part)) for name, part in waiting]
        for name, running in done:
            sheet = running.result()
            if isinstance(sheet, pandoc.Failure):
                pool.shutdown(cancel_futures=True)
                return sheet
            kept[name] = joined(kept[name], sheet) if name in kept else sheet
    return None


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):  # not on every system
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def joined(old: Sheet, new: Sheet) -> Sheet:
    """Return a sheet with the clusters of two, and the faults of those it has."""
    older = (f for f in old.faults if f.about == "cluster" and f.subject not in new.clusters)
    faults = tuple(dict.fromkeys((*new.faults, *older)))
    return replace(new, clusters={**old.clusters, **new.clusters}, faults=faults)


def put_together(job: Job, whole: Whole, kept: Mapping[str, Sheet]) -> Sheet | None:
    """Return the sheet of a job, None where its parts are not there or do not fit together."""
    if not kept.keys() >= {*whole.parts, *whole.joint}:
        return None
    sheets = [kept[part] for part in whole.parts]
    joint = [kept[part] for part in whole.joint]
    found = {k: v for sheet in sheets for k, v in sheet.labels.items()}
    entries = {k: v for sheet in sheets for k, v in sheet.entries.items()}
    clusters = {c: v for sheet in (*sheets, *joint) for c, v in sheet.clusters.items()}
    keys = {reference.key for reference in job.references}
    if not (keys == found.keys() == entries.keys() == set(whole.order)):
        return None
    if any(found[k] != v for sheet in joint for k, v in sheet.labels.items()):
        return None
    if not clusters.keys() >= set(job.clusters):
        return None
    faults = dict.fromkeys(
        (
            *(f for sheet in sheets for f in sheet.faults if f.code != "same-label"),
            *(f for sheet in joint for f in sheet.faults if f.about != "entry"),
        )
    )
    labels = {reference.key: found[reference.key] for reference in job.references}
    return Sheet(
        labels,
        {key: entries[key] for key in whole.order},
        whole.order,
        {cluster: clusters[cluster] for cluster in job.clusters},
        (*faults, *same_labels(labels)),
    )


def _order(job: Job, sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """Return the order of a style over all parts, each of which is in order; empty if unknown.

    Where between the first and the last work of a part no end of another stands, its works
    follow one another in the whole: a handful of works decides it. Else all are sorted.
    """
    parts = [sheet.order for sheet in sheets]
    # Entries that cannot be read have stand-ins here too.
    unread = [f for sheet in sheets for f in sheet.faults if f.code == "entry-unreadable"]
    job = without(job, unread)
    ends = {key: n for n, part in enumerate(parts) for key in (part[0], part[-1])}
    follow = [ends[key] for key in _listed(job, ends)]
    runs = [n for at, n in enumerate(follow) if at == 0 or follow[at - 1] != n]
    if len(runs) == len(parts):
        return tuple(key for n in runs for key in parts[n])
    return _listed(job, {r.key for r in job.references})


def _listed(job: Job, keys: Collection[str]) -> tuple[str, ...]:
    """Return some works in the order in which a style lists them, none where it is unknown."""
    works = tuple(r for r in job.references if r.key in keys)
    batch, outcome = replace(job, references=works, clusters=(), csl=only_sorting(job.csl)).run()
    if isinstance(outcome, pandoc.Failure):
        return ()
    known = {name: key for key, name in batch.names.items()}
    listed = split_entries(batch.cut(outcome.html).bibliography)
    found = tuple(known[name] for name, _ in listed if name in known)
    return found if len(found) == len(keys) == len(set(found)) else ()
