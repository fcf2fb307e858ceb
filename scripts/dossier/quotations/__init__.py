"""Quotations: how they are normalised, and whether they stand in the passages that are cited."""

from dossier.quotations.editing import RULES, Rule
from dossier.quotations.index import Index
from dossier.quotations.normalisation import STEPS, Normalised, Step, normalise
from dossier.quotations.outcomes import (
    Ambiguous,
    Found,
    FoundInTitle,
    InOtherSource,
    Match,
    Nearest,
    NoRecord,
    NotFound,
    Outcome,
    TooShort,
    Uncited,
)
from dossier.quotations.words import negation_in

__all__ = [
    "RULES",
    "STEPS",
    "Ambiguous",
    "Found",
    "FoundInTitle",
    "InOtherSource",
    "Index",
    "Match",
    "Nearest",
    "NoRecord",
    "Normalised",
    "NotFound",
    "Outcome",
    "Rule",
    "Step",
    "TooShort",
    "Uncited",
    "negation_in",
    "normalise",
]
