"""Everything that differs between two states."""

from __future__ import annotations

from dossier.comparison.difference import Difference
from dossier.comparison.findings import of_findings
from dossier.comparison.pages import of_quotations
from dossier.comparison.series import of_names, of_series
from dossier.comparison.sources import of_sources
from dossier.comparison.states import State

__all__ = ["Difference", "differences"]


def differences(old: State, new: State) -> tuple[Difference, ...]:
    """Return what differs, part by part: findings, quotations, sources, tables, names."""
    return (
        *of_findings(old, new),
        *of_quotations(old, new),
        *of_sources(old, new),
        *of_series(old, new),
        *of_names(old, new),
    )
