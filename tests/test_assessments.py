"""The scale of assessments: where readers learn the badges, and how many findings have each."""

from __future__ import annotations

from typing import get_args

import pytest

from dossier.assessments import SCALE, assessment_scale, badge
from dossier.model import Assessed, Assessment, Finding, Span
from dossier.wording import ASSESSMENT_MEANINGS, ASSESSMENT_SIGNS
from reports import Html


def assessed(*names: Assessment) -> list[Assessed]:
    """Return a finding for each assessment named."""
    return [
        Assessed(Finding(f"f{n}", "c", "S.", (), Span("f.yml")), name)
        for n, name in enumerate(names)
    ]


def test_the_scale_goes_from_the_firmest_down() -> None:
    """Each of the six once, with its badge, its meaning and an address of its own."""
    page = Html(assessment_scale(assessed("disputed")))
    heads = [e for e in page.all("th") if e.attributes.get("id")]
    assert [e.attributes["id"] for e in heads] == [f"assessment-{name}" for name in SCALE]
    assert (SCALE[0], SCALE[-1]) == ("confirmed", "unsupported")
    assert set(SCALE) == set(get_args(Assessment)) == set(ASSESSMENT_MEANINGS)
    for name in SCALE:
        assert badge(name) in page.source
        assert ASSESSMENT_MEANINGS[name] in page.source


def test_findings_are_counted() -> None:
    """By assessment and in all; none has its nought."""
    page = Html(assessment_scale(assessed("confirmed", "disputed", "disputed")))
    assert [e.text for e in page.all(class_="count")] == ["1", "0", "0", "2", "0", "0", "3"]


@pytest.mark.parametrize(
    ("number", "tally"), [(0, []), (1, ["●"]), (7, ["●●●●● ●●"]), (60, ["●●●●● " * 11 + "●●●●●"])]
)
def test_a_tally_has_a_sign_for_each_finding(number: int, tally: list[str]) -> None:
    """In fives, and for the eye alone: the number is what is read out."""
    names: tuple[Assessment, ...] = ("confirmed",) * number
    page = Html(assessment_scale(assessed(*names)))
    found = page.all(class_="tally")
    assert [e.text for e in found] == tally
    assert all(e.attributes["aria-hidden"] == "true" for e in found)
    assert ASSESSMENT_SIGNS["confirmed"] == "●"


def test_too_many_findings_have_no_tally() -> None:
    """Nobody counts a hundred signs."""
    names: tuple[Assessment, ...] = ("confirmed",) * 61
    assert Html(assessment_scale(assessed(*names, "disputed"))).all(class_="tally") == []
