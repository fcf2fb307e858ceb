"""What changed in the evidence of a report between two states of it, in the words of an editor."""

from dossier.comparison.differences import Difference, differences
from dossier.comparison.report import as_json, as_markdown
from dossier.comparison.states import State, read_state, state_of

__all__ = [
    "Difference",
    "State",
    "as_json",
    "as_markdown",
    "differences",
    "read_state",
    "state_of",
]
