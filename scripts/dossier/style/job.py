"""What is to be set by one call, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from dossier.model import Reference
from dossier.problems import Severity
from dossier.style import pandoc
from dossier.style.batch import Batch, make_batch


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
