"""What is said of a quotation that does not stand where it should."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from dossier.problems import Severity, listed
from dossier.quotations import (
    Ambiguous,
    Found,
    FoundInTitle,
    InOtherSource,
    Nearest,
    NoRecord,
    NotFound,
    Outcome,
    TooShort,
    Uncited,
)

_SHOWN = 90


@dataclass(frozen=True, slots=True)
class Remark:
    """A code with its message, mend and severity, without a place."""

    code: str
    message: str
    hint: str
    severity: Severity = "error"


def remark_on(outcome: Outcome, words: str, unit: str, keys: tuple[str, ...]) -> Remark | None:
    """Return what to say of a quotation in a `unit` that cites `keys`, None if all is well."""
    quoted = shown(words)
    match outcome:
        case Found() | FoundInTitle():
            return None
        case Ambiguous(match, others):
            return Remark(
                "quote-ambiguous",
                f'"{quoted}" stands in `{match.address}` and in {listed(others)};'
                " the first is linked",
                "cite the passage that is meant: [@key#passage]",
                "note",
            )
        case InOtherSource(address):
            return Remark(
                "quote-in-other-source",
                f'"{quoted}" stands in `{address}`, which this {unit} does not cite',
                f"cite [@{address}] in the same {unit}",
            )
        case Uncited(address):
            held = f"cite [@{address}], which has these words" if address else "cite its source"
            return Remark(
                "quote-uncited",
                f'"{quoted}" is a quotation, and this {unit} cites nothing',
                f"{held}, in the same {unit}; where nobody is quoted use single marks",
            )
        case NoRecord(unknown):
            return Remark(
                "no-record",
                f'"{quoted}" cannot be verified: there is no record of {listed(unknown)}',
                f"write sources/records/{unknown[0]}.yml with a passage that has these words",
            )
        case TooShort():
            return Remark(
                "quote-too-short",
                f'"{quoted}" is too short to verify',
                "quote more of the source, or use single marks where nobody is quoted",
                "warning",
            )
        case NotFound(nearest):
            return _not_found(quoted, nearest, keys)
        case _:
            assert_never(outcome)


def _not_found(quoted: str, nearest: Nearest | None, keys: tuple[str, ...]) -> Remark:
    message = f'"{quoted}" stands in no passage of {listed(keys)}'
    if nearest is None:
        hint = (
            f"copy the words from the source, or add the passage to the record of `{keys[0]}`;"
            " where nobody is quoted use single marks"
        )
    else:
        hint = (
            f"the nearest passage, `{nearest.address}`, differs so: {nearest.marked}"
            " ([-this page-], {+the passage+}); put the words of the passage"
        )
    return Remark("quote-not-found", message, hint)


def omission_remark(words: str, address: str, negation: str) -> Remark:
    """Return what to say of an ellipsis that leaves out a negation, or, without, a sentence end."""
    code = "ellipsis-drops-negation" if negation else "ellipsis-crosses-sentence"
    what = f'the word "{negation}"' if negation else "the end of a sentence"
    return Remark(
        code,
        f'"{shown(words)}" leaves out {what} of `{address}`',
        "quote in full, or, if the sense stands, confirm it in the record of the passage:"
        " confirmed, with the words of the quotation and the reason",
        "warning",
    )


def shown(words: str) -> str:
    """Return words on one line, a long text cut short."""
    line = " ".join(words.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1].rstrip()}…"
