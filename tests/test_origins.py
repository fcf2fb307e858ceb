"""Origins, assessments and the problems of relations."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.addresses import split_address
from dossier.model import (
    Assessment,
    Bearing,
    Bears,
    Capture,
    Evidence,
    Finding,
    Overlap,
    Passage,
    Record,
    Reference,
    Row,
    Series,
    Span,
    Standing,
)
from dossier.origins import (
    assess,
    assess_all,
    assessment_of,
    lineage,
    origin_of,
    voice_of,
)
from dossier.problems import Problem
from dossier.records import read_findings, read_records
from dossier.relations import check_relations


def passage(id_: str = "p", **fields: str) -> Passage:
    """Return a passage of that id."""
    return replace(Passage(id_, "words", Span("r.yml", 5)), **fields)  # type: ignore[arg-type]


def record(
    key: str,
    *passages: Passage,
    standing: Standing = "news",
    copy_of: str = "",
    relies_on: str = "",
) -> Record:
    """Return a record with one passage `p`, or with those given."""
    return Record(
        key,
        standing,
        Span(f"{key}.yml"),
        copy_of=copy_of,
        relies_on=relies_on,
        passages=passages or (passage(),),
    )


def held(*records: Record) -> dict[str, Record]:
    """Return records by key."""
    return {r.key: r for r in records}


def finding(**bearings: str) -> Finding:
    """Return a finding from `supports="a#p b#p"` and the like."""
    evidence = tuple(
        Bears(address, bears, Span("f.yml", 10 + number))  # type: ignore[arg-type]
        for bears, addresses in bearings.items()
        for number, address in enumerate(addresses.split())
    )
    return Finding("one", "spending", "A sentence.", evidence, Span("f.yml", 3))


COPIES = held(
    record("report", standing="primary"),
    record("article", relies_on="report"),
    *(record(f"copy{n}", standing="copy", copy_of="article") for n in range(5)),
)


def test_five_copies_of_one_article_count_as_one() -> None:
    """However many copies support a finding, it rests on one origin."""
    copies = finding(supports=" ".join(f"copy{n}#p" for n in range(5)))
    assessed = assess(copies, COPIES)
    assert assessed.assessment == "single-origin"
    assert assessed.supports == ("report",)
    assert assessed.origins == 1


def test_five_copies_that_each_speak_for_themselves_still_count_as_one() -> None:
    """`relies_on: none` does not turn a copy into an origin: the words are the article's."""
    records = held(
        COPIES["report"],
        COPIES["article"],
        *(
            record(f"copy{n}", passage(relies_on="none"), standing="copy", copy_of="article")
            for n in range(5)
        ),
    )
    copies = finding(supports=" ".join(f"copy{n}#p" for n in range(5)))
    assessed = assess(copies, records)
    assert (assessed.assessment, assessed.supports) == ("single-origin", ("article",))


def test_copies_of_copies_lead_to_the_first_text() -> None:
    """A chain of copies has the origin of its end, however long it is."""
    chain = [record(f"c{n}", copy_of=f"c{n - 1}") for n in range(1, 500)]
    assert origin_of("c499#p", held(record("c0"), *chain)) == "c0"


@pytest.mark.parametrize(
    ("fields", "origin"),
    [
        ({}, "report"),
        ({"relies_on": "none"}, "article"),
        ({"relies_on": "other"}, "elsewhere"),
        ({"relies_on": "other#own"}, "other"),
        ({"relies_on": "other#said"}, "voice:the-mayor"),
        ({"relies_on": "copy0"}, "report"),
        ({"voice": "The Mayor"}, "voice:the-mayor"),
        ({"voice": "The Mayor", "relies_on": "none"}, "voice:the-mayor"),
        ({"variant_of": "other#said"}, "voice:the-mayor"),
        ({"variant_of": "other#said", "relies_on": "none"}, "voice:the-mayor"),
        ({"variant_of": "other#said", "relies_on": "report"}, "report"),
        ({"relies_on": "nowhere"}, "nowhere"),
        ({"relies_on": "nowhere#p"}, "nowhere"),
        ({"relies_on": "other#nothing"}, "elsewhere"),
    ],
)
def test_a_passage_has_one_origin(fields: dict[str, str], origin: str) -> None:
    """Voice first, then its own relation, then what it alters, then what its record says."""
    said = passage("said", voice="the  mayor!")
    records = held(
        COPIES["report"],
        COPIES["copy0"],
        record("other", passage("own", relies_on="none"), said, relies_on="elsewhere"),
        record("article", passage(**fields), relies_on="report"),
    )
    assert origin_of("article#p", records) == origin


def test_an_unknown_passage_has_the_origin_of_its_record() -> None:
    """An address that is at fault still gives an origin; the fault is reported elsewhere."""
    assert origin_of("copy0#nothing", COPIES) == "report"
    assert origin_of("nothing#p", COPIES) == "nothing"
    assert origin_of("copy0", COPIES) == "report"


def test_a_loop_is_one_origin() -> None:
    """Whatever runs into a loop counts once, under one stable name."""
    records = held(
        record("a", relies_on="c"), record("b", copy_of="a"), record("c", relies_on="b#p")
    )
    assert {origin_of(address, records) for address in ("a#p", "b#p", "c#p", "c")} == {"a"}
    chain, loop = lineage("c", records)
    assert [p.address for p in chain] == ["c", "b#p", "b", "a"]
    assert [p.address for p in loop] == ["c", "b#p", "b", "a"]


def test_a_key_that_holds_a_hash_wins_over_a_passage() -> None:
    """Where the whole address is a key it is that key; else it splits at the last `#`."""
    assert split_address("a#b", {"a#b"}) == ("a#b", "")
    assert split_address("a#b#c", {"a#b"}) == ("a#b", "c")
    assert split_address("a", ()) == ("a", "")


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("U.S. Department of Homeland Security", "voice:u-s-department-of-homeland-security"),
        ("  Señor   Núñez ", "voice:senor-nunez"),
        ("ИЦЕ", "voice:ице"),
    ],
)
def test_a_voice_is_named_by_its_words(name: str, origin: str) -> None:
    """Case, accents, punctuation and spacing do not tell two voices apart."""
    assert voice_of(name) == origin


def expected(s: int, q: int, c: int, *, s_primary: bool, c_primary: bool) -> Assessment:
    """Return the assessment that the table of DESIGN.md gives, read row by row."""
    table: list[tuple[Assessment, bool]] = [
        ("unsupported", s == 0 and c == 0),
        ("contradicted", s == 0 or (c > 0 and c_primary and not (s > 0 and s_primary))),
        ("disputed", s > 0 and c > 0),
        ("qualified", s > 0 and q > 0),
        ("single-origin", s == 1),
        ("confirmed", s >= 2),
    ]
    return next(name for name, matches in table if matches)


@pytest.mark.parametrize(
    ("s", "q", "c", "s_primary", "c_primary"),
    list(product(range(3), range(3), range(3), (False, True), (False, True))),
)
def test_every_combination_has_the_assessment_of_the_table(
    s: int, q: int, c: int, s_primary: bool, c_primary: bool
) -> None:
    """None, one or two origins on each side, primary or not: the first row that matches."""

    def side(name: str, number: int, primary: bool) -> list[Record]:
        standing: Standing = "primary" if primary else "news"
        # The first is primary, the others are not: one primary source on a side is enough.
        return [
            record(f"{name}{n}", standing=standing if n == 0 else "news") for n in range(number)
        ]

    sides = {
        "supports": side("s", s, s_primary),
        "qualifies": side("q", q, primary=True),
        "contradicts": side("c", c, c_primary),
    }
    one = finding(**{bears: " ".join(f"{r.key}#p" for r in rs) for bears, rs in sides.items()})
    assessed = assess(one, held(*(r for rs in sides.values() for r in rs)))
    assert assessed.assessment == expected(s, q, c, s_primary=s_primary, c_primary=c_primary)
    assert (assessed.origins, len(assessed.qualifies), len(assessed.contradicts)) == (s, q, c)


def test_an_origin_that_contradicts_only_itself_makes_no_dispute() -> None:
    """A dispute takes another origin; with a second supporter the same words do make one."""
    assert assessment_of({"a"}, set(), {"a"}, set()) == "single-origin"
    assert assessment_of({"a"}, {"b"}, {"a"}, set()) == "qualified"
    assert assessment_of({"a", "b"}, set(), {"a"}, set()) == "disputed"


def test_a_source_is_primary_by_its_origin() -> None:
    """News that passes on a primary source has its weight; hearsay in a primary one has none."""
    records = held(
        record("statute", standing="primary"),
        record("retold", relies_on="statute"),
        record("hearing", passage(voice="A Witness"), standing="primary"),
        record("paper"),
    )
    assert assess(finding(supports="paper#p", contradicts="retold#p"), records).assessment == (
        "contradicted"
    )
    assert assess(finding(supports="paper#p", contradicts="hearing#p"), records).assessment == (
        "disputed"
    )


def test_findings_keep_their_order() -> None:
    """A table shows findings as the author arranged them."""
    one, two = finding(), replace(finding(supports="report#p"), id="two")
    assert [a.finding.id for a in assess_all((two, one), COPIES)] == ["two", "one"]


def problems(
    records: dict[str, Record],
    *,
    findings: tuple[Finding, ...] = (),
    series: tuple[Series, ...] = (),
    overlaps: tuple[Overlap, ...] = (),
    references: tuple[str, ...] | None = None,
) -> list[Problem]:
    """Return the problems of relations; without `references` every record has its entry."""
    keys = tuple(records) if references is None else references
    entries = {key: Reference(key, "misc", (), "", Span("refs.bib")) for key in keys}
    evidence = Evidence(entries, records, findings, {s.id: s for s in series}, overlaps)
    return list(check_relations(evidence))


def codes(found: list[Problem]) -> list[tuple[str, str, int]]:
    """Return code, path and line of problems."""
    return [(p.code, p.path, p.line) for p in found]


def test_sound_relations_have_no_problems() -> None:
    """Copies, reliances and findings whose targets are all held."""
    one = finding(supports="copy1#p report#p", qualifies="article#p")
    assert problems(COPIES, findings=(one,)) == []


def test_a_record_needs_its_reference() -> None:
    """The nearest key of the bibliography is named."""
    (found,) = problems(held(record("smith2020")), references=("Smith2020", "other"))
    assert codes([found]) == [("record-without-reference", "smith2020.yml", 1)]
    assert found.hint == "did you mean `Smith2020`?"
    (found,) = problems(held(record("smith2020")), references=())
    assert found.hint == "add the entry, or mend the key"


def test_targets_of_relations_must_be_records() -> None:
    """What is missing is named, with the nearest, or with the word that only its record is."""
    records = held(
        record("article", passage(relies_on="reprot", variant_of="report#q"), copy_of="wire"),
        record("report", relies_on="ledger#p"),
    )
    found = problems(records, references=("article", "report", "wire"))
    assert codes(found) == [
        ("unknown-origin", "article.yml", 1),
        ("unknown-origin", "r.yml", 5),
        ("unknown-passage", "r.yml", 5),
        ("unknown-passage", "report.yml", 1),
    ]
    assert found[0].hint == "the bibliography has `wire`: add a record with that key"
    assert found[1].hint == "did you mean `report`?"
    assert found[2].hint == "its passages are: p"
    assert found[3].hint == "add the record, or mend the key"


def test_a_loop_is_named_whole_and_once() -> None:
    """The loop is shown from its first key back to it, whichever record is met first."""
    records = held(
        record("c", relies_on="b#p"), record("b", copy_of="a"), record("a", relies_on="c")
    )
    found = [p for p in problems(records) if p.code == "origin-cycle"]
    assert codes(found) == [("origin-cycle", "a.yml", 1)]
    assert found[0].message.endswith("`a` → `c` → `b#p` → `b` → `a`")


def test_a_record_that_copies_itself_is_a_loop() -> None:
    """The shortest loop has one member; its facts and its words are one loop each."""
    found = problems(held(record("a", passage(relies_on="none"), copy_of="a")))
    assert {p.code for p in found} == {"origin-cycle"}
    assert found[0].message.endswith("`a` → `a`")
    assert len(found) == 1


def test_one_passage_has_one_origin() -> None:
    """A voice beside a key, and a copy whose facts start elsewhere than its text's, conflict."""
    records = held(
        record("report"),
        record("article"),
        record("copy", copy_of="article", relies_on="report"),
        record("news", passage(voice="A", relies_on="report")),
    )
    assert codes(problems(records)) == [
        ("origin-conflict", "copy.yml", 1),
        ("origin-conflict", "r.yml", 5),
    ]
    agreeing = held(
        records["report"],
        record("article", relies_on="report"),
        records["copy"],
        record("news", passage(voice="A", relies_on="none")),
    )
    assert problems(agreeing) == []


def test_problems_of_a_record_stand_at_the_field() -> None:
    """Where a file was read; a loop at the relation by which it goes on."""
    files = {
        "a": "key: a\nstanding: copy\n",
        "b": "key: b\nstanding: news\ncopy_of: nobody\n",
        "c": "key: c\nstanding: news\nrelies_on: d\n",
        "d": "key: d\nstanding: news\ncopy_of: c\nindependent_of:\n"
        "  - reason: 'They are alike by chance.'\n    key: nobody\n",
    }
    records, faults = read_records([(f"{k}.yml", v.encode()) for k, v in files.items()])
    assert faults == ()
    assert [(p.path, p.line, p.column, p.code) for p in problems(held(*records))] == [
        ("a.yml", 2, 11, "copy-without-original"),
        ("b.yml", 3, 10, "unknown-origin"),
        ("c.yml", 3, 12, "origin-cycle"),
        ("d.yml", 6, 10, "unknown-record"),
    ]


def test_a_copy_says_of_what() -> None:
    """The standing copy without `copy_of` would count as an origin of its own."""
    (found,) = problems(held(record("a", standing="copy")))
    assert (found.code, found.severity) == ("copy-without-original", "warning")


def test_the_evidence_of_a_finding_must_be_held() -> None:
    """Each address is checked where it is written, and the nearest passage is named."""
    records = held(record("a", passage("total-cost"), passage("share")), record("b", passage("p")))
    bare = replace(records["b"], passages=())
    one = finding(supports="a#total-costs aa#share a b#p", qualifies="a#zzz")
    found = problems({**records, "b": bare}, findings=(one,))
    assert codes(found) == [
        ("unknown-passage", "f.yml", 10),
        ("unknown-passage", "f.yml", 10),
        ("unknown-passage", "f.yml", 11),
        ("unknown-passage", "f.yml", 12),
        ("unknown-passage", "f.yml", 13),
    ]
    assert {p.hint for p in found} == {
        "did you mean `a#total-cost`?",
        "its passages are: total-cost, share",
        "did you mean `a`?",
        "it has no passages yet",
    }


def test_a_finding_without_evidence_is_a_warning() -> None:
    """It may stand, as unsupported, but not unnoticed."""
    (found,) = problems({}, findings=(finding(),))
    assert (found.code, found.severity, found.line) == ("finding-without-evidence", "warning", 3)


def test_a_finding_whose_evidence_is_malformed_is_not_without() -> None:
    """What is wrong with the evidence is said there, and once."""
    file = (
        b"chapter: c\nfindings:\n  - id: one\n    statement: It is so.\n    evidence:\n"
        b"      - passage: a#p\n"
    )
    findings, faults = read_findings([("f.yml", file)])
    assert [p.code for p in faults] == ["finding-missing-key"]
    assert faults[0].hint == "add `bears:` with one of supports, qualifies, contradicts"
    assert [f.id for f in findings] == ["one"]
    assert problems({}, findings=findings) == []


def test_a_passage_bears_on_a_finding_once() -> None:
    """Twice the same evidence, or one passage on both sides, is named with both lines."""
    found = problems(COPIES, findings=(finding(supports="report#p report#p"),))
    assert codes(found) == [("repeated-evidence", "f.yml", 11)]
    assert "on line 10" in found[0].message
    assert "on line 11" in found[0].message


def test_an_origin_on_both_sides_is_a_warning() -> None:
    """The assessment does not show it, so the author is told."""
    (found,) = problems(COPIES, findings=(finding(supports="copy0#p", contradicts="copy1#p"),))
    assert (found.code, found.severity) == ("origin-on-both-sides", "warning")
    assert "`report`" in found.message


def test_the_passages_of_a_row_must_be_held() -> None:
    """The problem stands at the row."""
    row = Row({"a": "1"}, ("report#p", "report#q"), Span("s.yml", 7, 5))
    found = problems(COPIES, series=(Series("s", "S", (), (row,), Span("s.yml")),))
    assert codes(found) == [("unknown-passage", "s.yml", 7)]


def test_an_overlap_is_of_texts_that_are_held() -> None:
    """Both hashes must be those of captures that the records list."""
    captured = replace(record("a"), captures=(Capture("1" * 64, 10, "full"),))
    sound = Overlap("a", "a", 5, 1.0, "1" * 64, "1" * 64, Span("o.yml", 2))
    assert problems(held(captured), overlaps=(sound,)) == []
    found = problems(
        held(captured),
        overlaps=(replace(sound, part_sha256="2" * 64), replace(sound, whole="b")),
    )
    assert codes(found) == [
        ("overlap-without-capture", "o.yml", 2),
        ("unknown-record", "o.yml", 2),
    ]


keys = st.sampled_from(["a", "b", "c", "d"])
targets = st.one_of(st.just(""), keys, st.builds("{}#p".format, keys))
graphs = st.dictionaries(
    keys,
    st.tuples(st.one_of(st.just(""), keys), targets, targets, st.sampled_from(["", "", "V"])),
)


@given(graphs, st.lists(st.tuples(st.builds("{}#p".format, keys), st.integers(0, 2)), max_size=5))
def test_no_graph_makes_it_raise_and_every_passage_has_one_origin(
    graph: dict[str, tuple[str, str, str, str]], evidence: list[tuple[str, int]]
) -> None:
    """Loops and missing targets included; an origin is stable and is its own origin or a voice."""
    records = {
        key: record(
            key,
            passage(relies_on=own or "none", voice=voice),
            copy_of=copy_of,
            relies_on=relies_on,
        )
        for key, (copy_of, relies_on, own, voice) in graph.items()
    }
    bearings: tuple[Bearing, ...] = ("supports", "qualifies", "contradicts")
    one = replace(
        finding(), evidence=tuple(Bears(a, bearings[n], Span("f.yml")) for a, n in evidence)
    )
    assessed = assess(one, records)
    assert assessed.origins <= len(evidence)
    assert tuple(sorted(set(assessed.supports))) == assessed.supports
    assert problems(records, findings=(one,)) == problems(
        dict(reversed(list(records.items()))), findings=(one,)
    )


@given(graphs)
def test_a_copy_never_adds_an_origin(graph: dict[str, tuple[str, str, str, str]]) -> None:
    """A record that only copies another has the origin of that other, whatever the graph."""
    records = {
        key: record(key, passage(relies_on=own or "none", voice=voice), copy_of=c, relies_on=r)
        for key, (c, r, own, voice) in graph.items()
    }
    records["copy"] = record("copy", copy_of="a")
    assert origin_of("copy", records) == origin_of("a", records)
