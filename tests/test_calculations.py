"""Numbers of the report's own making."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.calculations import Fault, OfFinding, Worked, names_a_finding, work_out
from dossier.model import (
    Bears,
    Evidence,
    Finding,
    Overlap,
    Passage,
    Record,
    Reference,
    Series,
    Span,
)

AT = Span("x.yml")
EVIDENCE = Evidence(
    references={k: Reference(k, "misc", (), "", AT) for k in ("a", "b")},
    records={"a": Record("a", "news", AT, passages=(Passage("p", "x", AT), Passage("q", "y", AT)))},
    findings=(Finding("total-cost", "money", "s", (Bears("a#p", "supports", AT),), AT),),
    series={"s": Series("s", "S", (), (), AT)},
    overlaps=(
        Overlap("a", "b", 5, 0.3225, "0", "1"),
        Overlap("a", "b", 13, 0.05, "0", "1"),
        Overlap("b", "a", 5, 1.0, "1", "0"),
    ),
)
ORIGINS = {"total-cost": 3, "other": 1200}


def worked(source: str) -> Worked | OfFinding | Fault:
    """Return the outcome of a calculation over the evidence above."""
    return work_out(source, EVIDENCE, ORIGINS, frozenset(("a", "b", "voice:C")))


@pytest.mark.parametrize(
    ("source", "result", "working"),
    [
        ("184.8 / 328.3 = 56.3%", "56.3%", "184.8 ÷ 328.3"),
        ("184.8 ÷ 328.3 = 56.3 %", "56.3 %", "184.8 ÷ 328.3"),
        ("184.8/328.3 = 56 per cent", "56 per cent", "184.8÷328.3"),
        ("1 + 2 = 3", "3", "1 + 2"),
        ("3 − 5 = −2", "−2", "3 − 5"),
        ("3 - 5 = -2", "-2", "3 - 5"),
        ("-(3 - 5) = 2", "2", "-(3 - 5)"),
        ("2 * 3 × 4 = 24", "24", "2 × 3 × 4"),
        ("$1,200 + $34.50 = $1,234.50", "$1,234.50", "$1,200 + $34.50"),
        ("1,000,000 - 1 = 999,999", "999,999", "1,000,000 - 1"),
        ("328.3 - 184.8 = $143.5 million", "$143.5 million", "328.3 - 184.8"),
        ("1 / 3 = 0.33", "0.33", "1 ÷ 3"),
        ("0.1 + 0.2 = 0.30", "0.30", "0.1 + 0.2"),
        ("2.5 + 0 = 3", "3", "2.5 + 0"),  # half up
        ("2.5 + 0 = 2", "2", "2.5 + 0"),  # half even
        ("2025 - 1979 = 46 years", "46 years", "2025 - 1979"),
        ("(1 + 2) * 3 = 9", "9", "(1 + 2) × 3"),
        ("99999999999999999999 * 99999999999999999999 = 9999999999999999999800000000000000000001",
         "9999999999999999999800000000000000000001",
         "99999999999999999999 × 99999999999999999999"),
    ],
)  # fmt: skip
def test_a_calculation_that_agrees_is_printed_with_its_working(
    source: str, result: str, working: str
) -> None:
    """To the digits shown, rounded half up or half even; in decimals, never in binary."""
    assert worked(source) == Worked(result, working)


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("count(findings)", "1"),
        ("count( origins )", "3"),
        ("count(passages)", "2"),
        ("count(records)", "1"),
        ("count(references)", "2"),
        ("count(series)", "1"),
        ("origins(total-cost)", "3"),
        ("origins (other) ", "1,200"),
        ("overlap(a, b)", "32.3%"),
        ("overlap(a,b,13)", "5.0%"),
        ("overlap(b, a)", "100.0%"),
    ],
)
def test_a_count_is_filled_in(source: str, result: str) -> None:
    """From the evidence; an overlap as a share of the part, over runs of five words."""
    assert worked(source) == Worked(result)


@pytest.mark.parametrize("what", ["assessment", "statement"])
def test_a_form_may_ask_for_words_of_a_finding(what: str) -> None:
    """Its assessment or its statement, which are no numbers."""
    assert worked(f" {what}( total-cost ) ".strip()) == OfFinding(what, "total-cost")
    assert names_a_finding(f"{what}(total-cost)")
    assert not any(map(names_a_finding, ("origins(total-cost)", "count(findings)", "1 + 1 = 2")))


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("1 + 1 = 3", "calculation-wrong", "1 + 1 is 2, not 3"),
        ("184.8 / 328.3 = 56.4%", "calculation-wrong", "is 56.3%, not 56.4%"),
        ("184.8 / 328.3 = 56.30%", "calculation-wrong", "is 56.29%, not 56.30%"),
        ("1000 + 1 = 1,002", "calculation-wrong", "is 1,001, not 1,002"),
        ("3 - 5 = 2", "calculation-wrong", "is -2, not 2"),
        ("9e999 = 1", "bad-calculation", "is no calculation"),
        ("1 / 0 = 1", "bad-calculation", "cannot be worked out"),
        ("0 / 0 = 1", "bad-calculation", "cannot be worked out"),
        ("1 + 1", "bad-calculation", "a calculation gives its result"),
        ("", "bad-calculation", "a calculation gives its result"),
        ("1 + 1 =", "bad-calculation", "`` is no number"),
        ("1 + 1 = two", "bad-calculation", "`two` is no number"),
        ("= 2", "bad-calculation", "`` is no calculation"),
        ("a + 1 = 2", "bad-calculation", "`a + 1` is no calculation"),
        ("1 + = 2", "bad-calculation", "`1 +` is no calculation"),
        ("(1 + 2 = 3", "bad-calculation", "`(1 + 2` is no calculation"),
        ("2 ** 3 = 8", "bad-calculation", "`2 ** 3` is no calculation"),
        ("7 // 2 = 3", "bad-calculation", "`7 // 2` is no calculation"),
        ("+1 = 1", "bad-calculation", "`+1` is no calculation"),
        ("007 + 1 = 8", "bad-calculation", "is no calculation"),
        ("1 2 = 3", "bad-calculation", "is no calculation"),
        ("1\n2 = 3", "bad-calculation", "is no calculation"),
        ("__import__('os') = 1", "bad-calculation", "is no calculation"),
        ("origins(total-cost) + 1 = 4", "bad-calculation", "is no calculation"),
        ("(" * 190 + "1" + ")" * 190 + " = 1", "", ""),
        ("(" * 300 + " = 1", "bad-calculation", "is no calculation"),
        ("1 + " * 200 + "1 = 201", "bad-calculation", "too long"),
        ("count(finding)", "unknown-count", "`finding` is nothing that is counted"),
        ("count()", "bad-calculation", "`count` does not take these words"),
        ("count(findings, records)", "bad-calculation", "does not take these words"),
        ("origins(total-costs)", "unknown-count", "`total-costs` is no finding"),
        ("origins()", "bad-calculation", "does not take these words"),
        ("overlap(a)", "bad-calculation", "does not take these words"),
        ("overlap(a, c)", "unknown-count", "no overlap of `a` in `c`"),
        ("overlap(a, b, 7)", "unknown-count", "over runs of 7 words"),
        ("sum(findings)", "unknown-count", "`sum` is no count"),
        ("assessment(total-costs)", "unknown-count", "`total-costs` is no finding"),
        ("statement(other)", "unknown-count", "`other` is no finding"),
        ("assessment()", "bad-calculation", "`assessment` does not take these words"),
        ("statement(a, b)", "bad-calculation", "does not take these words"),
    ],
)
def test_what_cannot_be_worked_out_says_why(source: str, code: str, words: str) -> None:
    """Each fault has its code, plain words and a mend; nothing is evaluated but arithmetic."""
    found = worked(source)
    if isinstance(found, Worked):
        assert (code, found.result) == ("", "1")
        return
    assert isinstance(found, Fault)
    assert found.code == code or (code == "" and found.code == "bad-calculation")
    assert words in found.message
    assert found.hint


@pytest.mark.parametrize(
    ("source", "hint"),
    [
        ("count(finding)", "did you mean `findings`?"),
        ("count(xyz)", "counted are `findings`, `origins`,"),
        ("origins(total-costs)", "did you mean `total-cost`?"),
        ("assessment(total-costs)", "did you mean `total-cost`?"),
        ("overlap(a, c)", "sources/overlaps.yml lists what is"),
    ],
)
def test_a_word_that_is_not_known_comes_with_those_that_are(source: str, hint: str) -> None:
    """The near ones first, else some of all."""
    found = worked(source)
    assert isinstance(found, Fault)
    assert hint in found.hint


@given(st.text(alphabet="0123456789.,+-*/()$%= a×÷−\n", max_size=40))
def test_any_text_is_worked_out_or_is_a_fault(source: str) -> None:
    """Nothing that an author types raises."""
    assert isinstance(worked(source), Worked | OfFinding | Fault)
