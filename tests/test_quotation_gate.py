"""The gate: quotations of pages, findings and series against the passages that are cited."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest

from dossier.model import (
    Bears,
    Column,
    Confirmation,
    Evidence,
    Finding,
    Passage,
    Record,
    Reference,
    Row,
    Series,
    Span,
)
from dossier.quotation_gate import Verdict, check_quotations
from dossier.syntax import scan_page

BAD_INPUTS = Path(__file__).parent / "bad-inputs"


def reference(key: str, title: str = "") -> Reference:
    """An entry of the bibliography."""
    return Reference(key, "book", (), "", Span("references.bib"), title=title)


def record(key: str, *passages: Passage) -> Record:
    """A record with some passages."""
    return Record(key, "news", Span(f"sources/records/{key}.yml"), passages=passages)


def passage(id_: str, exact: str) -> Passage:
    """A passage."""
    return Passage(id_, exact, Span("r.yml"))


FIRST = "The committee found no evidence that the programme was efficient, it said. It ended."
EVIDENCE = Evidence(
    {key: reference(key, title) for key, title in (("a", "A Title"), ("b", ""), ("c", ""))},
    {
        "a": record("a", passage("first", FIRST), passage("again", "it said no more")),
        "b": record("b", passage("other", "routinely gives data; it said no more")),
    },
)


def check(text: str, evidence: Evidence = EVIDENCE) -> Verdict:
    """What the gate finds in one page."""
    return check_quotations(evidence, [scan_page("docs/p.md", text)])


def codes(verdict: Verdict) -> list[str]:
    """The problems, each as its code and place."""
    return [f"{p.code} {p.severity} {p.line}:{p.column}" for p in verdict.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('It "found no evidence" [@a].', []),
        ('It "found no evidence." [@a#first, p. 3]', []),
        ('@a says "found no evidence".', []),
        ('In "A Title" [@a].', []),
        ('It "found some evidence" [@a].', ["quote-not-found error 1:4"]),
        ('It "wholly made this up" [@a].', ["quote-not-found error 1:4"]),
        ('It "routinely gives" [@a].', ["quote-in-other-source error 1:4"]),
        ('It "found no evidence" [@b].', ["quote-in-other-source error 1:4"]),
        ('It "found no evidence". [@a] So "it ended".', ["quote-uncited error 1:33"]),
        ('It "routinely".', ["quote-uncited error 1:4"]),
        ('It "some words" [@c; @b].', ["no-record error 1:4"]),
        ('It "found no evidence" [@c; @a].', []),
        ('It "found no evidence" [@unknown].', []),  # said of the citation
        ('It "the" [@a].', ["quote-too-short warning 1:4"]),
        ('It "it said no more" [@a; @b].', ["quote-ambiguous note 1:4"]),
        ('It "found no … programme" [@a].', []),
        ('It "found … evidence" [@a].', ["ellipsis-drops-negation warning 1:4"]),
        ('It "found no … ended" [@a].', ["ellipsis-crosses-sentence warning 1:4"]),
        ('It "said. […] It" [@a].', []),
        ('It "open [@a].', ["quote-unclosed warning 1:4"]),
        ("So:\n\n> found no evidence\n\n[@a]", []),
        ("So [@a]:\n\n> found no evidence.\n", ["quote-not-found error 3:3"]),
        ("> found no evidence", ["quote-uncited error 1:3"]),
        ('| "found no" | "routinely" |\n|--|--|\n| x [@a] | "efficient" [@b] |\n', 3),
    ],
)
def test_page(text: str, expected: list[str] | int) -> None:
    """Each quotation stands in a cited passage, or is reported with its place."""
    found = codes(check(text))
    assert found == expected if isinstance(expected, list) else len(found) == 2


def test_places() -> None:
    """Each quotation that stands is placed, with its passage; titles without."""
    text = 'In "A Title" it "found\nno evidence" [@a].\n\n> It ended. [@a]\n'
    verdict = check(text)
    assert verdict.problems == ()
    assert verdict.quotations == 3
    assert [(text[p.start : p.end], p.address, p.block) for p in verdict.places] == [
        ('"A Title"', "", False),
        ('"found\nno evidence"', "a#first", False),
        ("It ended.", "a#first", True),
    ]
    assert {p.path for p in verdict.places} == {"docs/p.md"}


def test_the_citation_next_behind_comes_first() -> None:
    """Of several passages that hold a quotation the one cited next behind it is linked."""
    text = 'One [@a] and "it said no more" [@b] [@a].'
    verdict = check(text)
    assert [p.address for p in verdict.places] == ["b#other"]
    assert "`a#again`" in verdict.problems[0].message
    assert check('"it said no more" [@a#again] [@b].').problems == ()


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            'It "found some evidence" [@a].',
            '"found some evidence" stands in no passage of `a`',
            "`a#first`, differs so: found [-some-]{+no+} evidence",
        ),
        (
            'It "made it all up" [@a].',
            "in no passage of `a`",
            "add the passage to the record of `a`",
        ),
        (
            'It "routinely gives" [@a].',
            "stands in `b#other`",
            "cite [@b#other] in the same sentence",
        ),
        ('# It "routinely gives"', "this heading cites nothing", "cite [@b#other]"),
        ('It "was so".', "this sentence cites nothing", "cite its source"),
        ('It "was so" [@c].', "there is no record of `c`", "write sources/records/c.yml"),
        ("> was so", "this block quotation cites nothing", "cite its source"),
        ('It "found … evidence" [@a].', 'leaves out the word "no" of `a#first`', "confirm it"),
        ('It "found no … ended" [@a].', "leaves out the end of a sentence of `a#first`", "confirm"),
        (f'It "{"very " * 40}long" [@a].', 'very…" stands', "copy the words"),
    ],
)
def test_wording(text: str, message: str, hint: str) -> None:
    """A message names the words and the sources involved, a hint the mend."""
    (problem,) = check(text).problems
    assert message in problem.message
    assert hint in problem.hint
    assert problem.excerpt == text.split("\n", maxsplit=1)[0]


def test_a_confirmed_omission_is_not_reported() -> None:
    """An omission that the record confirms is fine; another one is not."""
    held = Passage(
        "first", FIRST, Span("r.yml"), confirmed=(Confirmation("found [...] evidence", "why"),)
    )
    evidence = Evidence({"a": reference("a")}, {"a": record("a", held)})
    assert codes(check('It "found […] evidence" [@a].', evidence)) == []
    assert codes(check('It "committee … evidence" [@a].', evidence)) == [
        "ellipsis-drops-negation warning 1:4"
    ]


def test_findings_and_series() -> None:
    """Statements, notes and cells are under the same rule, with their own passages."""
    span, place = Span("sources/findings/f.yml", 4, 5), Span("sources/findings/f.yml", 9, 9)
    finding = Finding(
        "one",
        "chapter",
        'They say "found no evidence".',
        (Bears("a#first", "supports", place, 'the "efficient" and "routinely"'),),
        span,
        note='The "open one.',
    )
    row = Row(
        MappingProxyType({"what": 'Says "routinely"', "said": "“found no evidence”"}),
        ("b#other",),
        Span("sources/series/s.yml", 7, 3),
    )
    series = Series(
        "s", '"it said no more"', (Column("what", "W"),), (row,), Span("sources/series/s.yml"), "C"
    )
    evidence = Evidence(EVIDENCE.references, EVIDENCE.records, (finding,), {"s": series})
    verdict = check_quotations(evidence, ())
    assert [(p.path, p.line, p.code) for p in verdict.problems] == [
        ("sources/findings/f.yml", 4, "quote-unclosed"),
        ("sources/findings/f.yml", 9, "quote-in-other-source"),
        ("sources/series/s.yml", 7, "quote-in-other-source"),
    ]
    assert [(p.field, p.start, p.end, p.address) for p in verdict.places] == [
        ("finding/one/statement", 9, 28, "a#first"),
        ("finding/one/evidence/0/note", 4, 15, "a#first"),
        ("series/s/title", 0, 17, "b#other"),
        ("series/s/rows/0/what", 5, 16, "b#other"),
    ]
    assert verdict.quotations == 6


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("54-q-straight-quotes", []),
        ("55-q-softhyphen-linebreak", []),
        ("57-q-wrong-word", ["quote-not-found error 3:3"]),
        ("61-q-source-missing", ["no-record error 3:3"]),
        ("63-q-empty-or-tiny", ["quote-too-short warning 3:3", "quote-too-short warning 5:3"]),
    ],
)
def test_bad_inputs(case: str, expected: list[str]) -> None:
    """The rows of the manifest that concern quotations, their sources read as one passage."""
    source = BAD_INPUTS / case / "sources" / "ok2020.txt"
    records = {}
    if source.is_file():
        records["ok2020"] = record("ok2020", passage("all", source.read_text("utf-8").strip()))
    evidence = Evidence({"ok2020": reference("ok2020")}, records)
    verdict = check((BAD_INPUTS / case / "docs" / "index.md").read_text("utf-8"), evidence)
    assert codes(verdict) == expected
    if "wrong" in case:
        assert "[-some-]{+no+}" in verdict.problems[0].hint
