"""Sheets taken from what is kept, as far as it goes; only the rest is set."""

from __future__ import annotations

from dataclasses import replace

from dossier.style import division, pandoc
from dossier.style.csl import prepare
from dossier.style.job import Job, Sheet
from dossier.style.keeping import Library, Store, keep, name_of, name_of_library, restore
from dossier.style.parts import digest, put_together, typeset_in_parts
from dossier.style.typesetting import typeset

_MOST_CLUSTERS = 40_000
"""Clusters kept for one bibliography, the last used; a report of 1,000 pages has 13,000."""


def kept_or_set(job: Job, cache: Store | None) -> Sheet | pandoc.Failure:
    """Return the sheet of a job, setting only what the cache does not hold."""
    if len(job.references) >= division.LEAST:
        sheet = _of_parts(job, cache)
        if sheet is not None:
            return sheet
    return _of_one(job, cache)


def _of_one(job: Job, cache: Store | None) -> Sheet | pandoc.Failure:
    """Return the sheet of a job that is set by one call.

    One item holds a bibliography and the clusters set with it. A new cluster costs a whole
    call all the same: its labels are fixed by citing everything.
    """
    name = name_of(job)
    kept = restore(cache.read(name), {r.key for r in job.references}) if cache is not None else None
    have = kept.clusters if kept is not None else {}
    missing = tuple(c for c in job.clusters if c not in have)
    if kept is not None and not missing:
        return kept
    csl = _csl_of(job)
    if isinstance(csl, pandoc.Failure):
        return csl
    new = typeset(replace(job, clusters=missing, csl=csl))
    if isinstance(new, pandoc.Failure):
        return new
    if kept is not None:
        clusters = {c: v for c, v in kept.clusters.items() if c not in job.clusters}
        clusters |= {c: {**kept.clusters, **new.clusters}[c] for c in job.clusters}
        dropped = max(0, len(clusters) - max(_MOST_CLUSTERS, len(job.clusters)))
        clusters = dict(list(clusters.items())[dropped:])
        older = (f for f in kept.faults if f.about == "cluster" and f.subject in clusters)
        new = replace(new, clusters=clusters, faults=(*new.faults, *older))
    if cache is not None:
        cache.write(name, keep(new))
    return new


def _of_parts(job: Job, cache: Store | None) -> Sheet | pandoc.Failure | None:
    """Return the sheet of a job that is set in parts, None where it cannot be.

    One item holds the parts of all bibliographies in one style and locale, each by its works:
    a change of an entry sets its part anew, and a new cluster the part that it cites.
    """
    name, whole_digest = name_of_library(job), digest(job.references)
    library = Library.restored(cache.read(name) if cache is not None else None)
    whole = library.wholes.get(whole_digest)
    if whole is not None:
        sheet = put_together(job, whole, library.parts)
        if sheet is not None:
            return sheet
    csl = _csl_of(job)
    if isinstance(csl, pandoc.Failure):
        return csl
    parts = dict(library.parts)
    order = whole.order if whole is not None else ()
    done = typeset_in_parts(replace(job, csl=csl), parts, order)
    if done is None or isinstance(done, pandoc.Failure):
        return done
    whole, sheet = done
    if cache is not None:
        library = library.with_whole(whole_digest, whole, parts)
        cache.write(name, library.kept())
    return sheet


def _csl_of(job: Job) -> str | pandoc.Failure:
    if job.csl:
        return job.csl
    default = pandoc.default_style()
    return default if isinstance(default, pandoc.Failure) else prepare(default)
