"""How assessments look: the badge, the same wherever one stands, and the scale of all six.

A badge is a sign and a word in a form of its own, so that no two are told apart by color alone.
The scale is where readers learn them, and counts the findings of each.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Final

from dossier.model import Assessed, Assessment
from dossier.wording import ASSESSMENT_MEANINGS, ASSESSMENT_SIGNS, ASSESSMENT_WORDS

SCALE: Final[tuple[Assessment, ...]] = tuple(reversed(ASSESSMENT_WORDS))
"""From the firmest down: the order of the rule, which takes the first that fits, reversed."""

# More signs than this in a row are a texture and no tally.
_MOST_SIGNS: Final = 60


def badge(assessment: Assessment, address: str = "") -> str:
    """Return an assessment as a sign, hidden from screen readers, and a word.

    With the address of a finding's row it is a link there, and carries what it means, which a
    page then keeps once for each assessment.
    """
    tag = attributes = "span"
    if address:
        meaning = escape(ASSESSMENT_MEANINGS[assessment])
        tag, attributes = "a", f'a href="{escape(address)}" data-meaning="{meaning}"'
    return (
        f'<{attributes} class="assessment assessment-{assessment}">'
        f'<span class="sign" aria-hidden="true">{ASSESSMENT_SIGNS[assessment]}</span> '
        f"{ASSESSMENT_WORDS[assessment]}</{tag}>"
    )


def assessment_scale(assessed: Sequence[Assessed]) -> str:
    """Return `table.assessments` in its box: each assessment, its meaning, its findings counted.

    The head of each row has the id `assessment-NAME`. Beside a number stands a tally, a sign for
    each finding, unless there are too many to be taken in.
    """
    counts = Counter(item.assessment for item in assessed)
    tallied = max(counts.values(), default=0) <= _MOST_SIGNS
    rows = "\n".join(_row(name, counts[name], tallied) for name in SCALE)
    return (
        '<div class="table-box"><table class="series assessments">\n'
        "<caption>The six assessments</caption>\n"
        '<thead>\n<tr><th scope="col">Assessment</th><th scope="col">What it means</th>'
        '<th scope="col">Findings</th></tr>\n</thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n"
        f'<tfoot>\n<tr><th scope="row" colspan="2">All findings</th>'
        f'<td data-label="Findings"><span class="count">{len(assessed):,}</span></td></tr>\n'
        "</tfoot>\n</table></div>"
    )


def _row(name: Assessment, number: int, tallied: bool) -> str:
    tally = f' <span class="tally" aria-hidden="true">{_tally(name, number)}</span>'
    return (
        f'<tr><th scope="row" id="assessment-{name}">{badge(name)}</th>\n'
        f'<td data-label="Meaning">{escape(ASSESSMENT_MEANINGS[name])}</td>\n'
        f'<td data-label="Findings"><span class="count">{number:,}</span>'
        f"{tally if tallied and number else ''}</td></tr>"
    )


def _tally(name: Assessment, number: int) -> str:
    """Return a sign for each finding, in groups of five."""
    signs = ASSESSMENT_SIGNS[name] * number
    groups = (signs[at : at + 5] for at in range(0, number, 5))
    return " ".join(f"<span>{group}</span>" for group in groups)
