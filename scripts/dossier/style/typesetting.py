"""A bibliography and clusters set by one call, past the entries and clusters it chokes on."""

from __future__ import annotations

from dataclasses import replace

from dossier.style import pandoc
from dossier.style.faults import as_written, blame, torn_cluster, warned_of, without
from dossier.style.job import Fault, Job, Sheet
from dossier.style.output import read_output

_MOST_UNREADABLE = 200
_MOST_TORN = 8


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
            found = tuple(blame(job, batch, outcome))
            if not found:
                return outcome
        else:
            pieces = batch.cut(outcome.html)
            torn = [c for c, p in zip(job.clusters, pieces.clusters, strict=True) if p is None]
            if not torn:
                sheet = read_output(job, batch, pieces)
                warned = (fault for w in outcome.warnings for fault in warned_of(job, batch, w))
                return replace(
                    sheet,
                    clusters={**sheet.clusters, **unset},
                    faults=(*faults, *sheet.faults, *warned),
                )
            # What follows a torn cluster may be torn by it.
            many = sum(fault.about == "cluster" for fault in faults) >= _MOST_TORN
            found = tuple(map(torn_cluster, torn if many else torn[:1]))
        faults += found
        unset |= {f.subject: as_written(job, f.subject) for f in found if f.about == "cluster"}
        job = without(job, found)
    return pandoc.Failure("too many entries of the bibliography cannot be read")
