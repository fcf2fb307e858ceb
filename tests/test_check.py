"""What is wrong with pages: each code, and its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dossier.check import check_pages, check_uses
from dossier.model import Bears, Evidence, Finding, Passage, Record, Reference, Row, Series, Span
from dossier.problems import Problem, in_order
from dossier.syntax import scan_page

AT = Span("sources/x.yml", 3, 5)
PASSAGES = (Passage("two-cases", "In two cases", AT), Passage("total", "$1", AT))
EVIDENCE = Evidence(
    references={
        key: Reference(key, "misc", (), "", Span("references.bib", n, 1))
        for n, key in enumerate(("doe2020", "roe2019", "poe2018", "odd#key"), 1)
    },
    records={"doe2020": Record("doe2020", "news", AT, passages=PASSAGES)},
    findings=(Finding("f", "money", "s", (Bears("roe2019#p", "supports", AT),), AT),),
    series={"costs": Series("costs", "C", (), (Row({}, ("poe2018#p",), AT),), AT)},
)


def problems(text: str, evidence: Evidence = EVIDENCE, *, gated: bool = True) -> list[Problem]:
    """Return the problems of one page."""
    return list(check_pages(evidence, [scan_page("docs/x.md", text)], gated=gated))


def places(text: str, evidence: Evidence = EVIDENCE, *, gated: bool = True) -> list[str]:
    """Return place, code and severity of each problem of one page."""
    found = problems(text, evidence, gated=gated)
    return [f"{p.line}:{p.column} {p.code} {p.severity}" for p in found]


@pytest.mark.parametrize(
    "text",
    [
        "see @doe2020, [@roe2019, p. 3; -@poe2018]",
        "[@doe2020#total]",
        "@{odd#key}",
        "\\@nobody and joe@nobody.org and `@nobody`",
        "::: bibliography\n\n::: findings money\n\n::: findings\n\n::: table costs",
        "::: findings money form=short",
        "<!-- [@nobody] -->",
        "",
    ],
)
def test_a_page_that_is_right_has_no_problem(text: str) -> None:
    """Known keys, known passages, known directives."""
    assert problems(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The column is that of the `@`, also where a hyphen or a prefix stands before it.
        ("@nobody", ["1:1 unknown-key error"]),
        ("x\n\n  see -@nobody", ["3:8 unknown-key error"]),
        ("[see @nobody; -@none, p. 3]", ["1:6 unknown-key error", "1:16 unknown-key error"]),
        ("@doe2020 [and @nobody]", ["1:15 unknown-key error"]),
        (
            "[@doe2020 and @nobody]",
            ["1:15 citation-comma warning", "1:15 unknown-key error"],
        ),
        ("[see\n@nobody,\np. 3]", ["2:1 unknown-key error"]),
        ("- x\n\n    > [see\n    > @nobody]", ["4:7 unknown-key error"]),
        ("| a |\n|---|\n| x | @nobody |", ["3:7 unknown-key error"]),
        ("\u00e9\U0001f642 @nobody", ["1:4 unknown-key error"]),
        ("@nobody#p", ["1:1 unknown-key error"]),
        ("@Doe2020", ["1:1 unknown-key error"]),
        ("[@doe2020#totals]", ["1:2 unknown-passage error"]),
        ("[@roe2019#x]", ["1:2 no-record error"]),
        ("[@doe2020, @roe2019]", ["1:10 citation-comma warning"]),
        ("[@doe2020;]", ["1:10 citation-semicolon warning"]),
        ("[@ doe2020]", ["1:1 citation-space warning"]),
        ("[@doe2020, p. 3*]", ["1:1 citation-unread warning"]),
        ("[@doe2020](x.md)", ["1:1 citation-in-link warning"]),
        ("::: tabel costs", ["1:1 unknown-directive error"]),
        ("> ::: lineages", ["1:3 unknown-directive error"]),
        (":::", ["1:1 bad-directive error"]),
        ("::: table 'costs", ["1:1 bad-directive error"]),
        ("::: table costs more", ["1:1 bad-directive error"]),
        (f"::: table {'x' * 1000}", ["1:1 bad-directive error"]),
        ("::: table", ["1:1 bad-directive error"]),
        ("::: table cost", ["1:1 unknown-series error"]),
        ("::: findings spending", ["1:1 unknown-chapter error"]),
        ("::: bibliography all", ["1:1 bad-directive error"]),
        ("::: findings form=long", ["1:1 unknown-option error"]),
        ("::: table costs form=short", ["1:1 unknown-option error"]),
        ("::: bibliography a=b c=d", ["1:1 unknown-option error", "1:1 unknown-option error"]),
    ],
)
def test_each_problem_has_its_code_and_place(text: str, expected: list[str]) -> None:
    """All of a page are reported, in order."""
    assert places(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("@Doe2020", "did you mean `doe2020`?"),
        ("@zzz", "add the entry; write \\@"),
        ("@doe2020#totals", "did you mean `total`?"),
        ("@doe2020#zzz", "its record is sources/x.yml"),
        ("@roe2019#x", "write sources/records/roe2019.yml"),
        ("::: tabel costs", "did you mean `table`?"),
        (
            "::: zzz",
            "there are `bibliography`, `chart`, `explorer`, `findings`, `history`, `table`",
        ),
        ("::: table", "there are `costs`"),
        ("::: table cost", "did you mean `costs`?"),
        ("::: table zzz", "did you mean `costs`?"),
        ("::: findings form=long", "there is `form=short`"),
        ("::: bibliography a=b", "take it out"),
        ("::: x 'y", "write it as  ::: name argument key=value"),
    ],
)
def test_each_problem_says_how_to_mend_it(text: str, words: str) -> None:
    """Near names first, else what there is."""
    assert words in problems(text)[0].hint


def test_what_is_wrong_is_named_and_shown() -> None:
    """The message names what was written; the excerpt is the line."""
    found = problems("x\nsee [@nobody]\n")[0]
    assert "`nobody`" in found.message
    assert (found.path, found.excerpt) == ("docs/x.md", "see [@nobody]")


def test_without_a_bibliography_the_hint_is_where_to_name_one() -> None:
    """A project that has none yet is told so, and not of near keys."""
    found = problems("@doe2020", replace(EVIDENCE, references={}))[0]
    assert "no bibliography was read" in found.message
    assert "`bibliography`" in found.hint


def test_without_series_the_hint_says_so() -> None:
    """Nothing to choose from is said in words."""
    bare = replace(EVIDENCE, series={})
    assert problems("::: table x", bare)[0].hint == "there are no series in sources/"
    assert problems("::: table", bare)[0].hint == "there are none"


def test_without_sources_a_passage_cannot_be_cited() -> None:
    """Citations of whole works stand; the hint names the option."""
    assert places("[@doe2020; @doe2020#total]", gated=False) == ["1:12 unknown-passage error"]
    assert "`evidence`" in problems("@doe2020#total", gated=False)[0].hint


def test_unknown_keys_of_one_line_are_all_reported_with_their_columns() -> None:
    """A key that differs by case, and one that is nowhere."""
    found = problems("# T\n\nSee [@Doe2020] and more [@nobody].")
    assert [(p.line, p.column) for p in found] == [(3, 6), (3, 26)]


def test_places_are_those_of_the_file_behind_front_matter() -> None:
    """Lines count from the top of the file, in a text handed over from its middle too."""
    text = "---\ntitle: x\n---\n\n@nobody\n"
    whole = scan_page("docs/x.md", text, text.index("\n\n") + 2)
    part = scan_page("docs/x.md", "@nobody\n", 0, 5)
    assert [
        [(p.line, p.column) for p in check_pages(EVIDENCE, [page], gated=True)]
        for page in (whole, part)
    ] == [[(5, 1)], [(5, 1)]]


def test_problems_of_several_pages_are_in_order() -> None:
    """By file, then by place."""
    pages = [scan_page(name, "@b1 @a1") for name in ("b.md", "a.md")]
    found = check_pages(EVIDENCE, pages, gated=True)
    assert [(p.path, p.column) for p in found] == [
        ("a.md", 1),
        ("a.md", 5),
        ("b.md", 1),
        ("b.md", 5),
    ]
    assert found == in_order(found)


def test_an_entry_that_nothing_cites_is_noted() -> None:
    """Pages, findings and series all cite; the note stands at the entry."""
    pages = [scan_page("x.md", "[see @nobody and @doe2020#total]")]
    found = check_uses(EVIDENCE, pages)
    assert [(p.code, p.severity, p.path, p.line) for p in found] == [
        ("uncited-reference", "note", "references.bib", 4)
    ]
    assert "`odd#key`" in found[0].message


def test_an_entry_that_a_cited_one_takes_fields_from_is_used() -> None:
    """However many lie between; that of an entry which nothing cites is not."""
    entries = (("part", ("volume",)), ("volume", ("set",)), ("set", ()), ("alone", ("other",)))
    references = {
        key: Reference(key, "misc", (), "", Span("r.bib", n), parents=parents)
        for n, (key, parents) in enumerate((*entries, ("other", ())), 1)
    }
    found = check_uses(Evidence(references), [scan_page("x.md", "[@part]")])
    assert [p.line for p in found] == [4, 5]


def test_the_work_of_checking_does_not_grow_with_pages_twice() -> None:
    """Each page is checked by itself: the problems of two are those of each."""
    one = scan_page("a.md", "@x1 [@doe2020#zzz]")
    two = scan_page("b.md", "::: zzz")
    together = check_pages(EVIDENCE, [one, two], gated=True)
    assert together == (
        *check_pages(EVIDENCE, [one], gated=True),
        *check_pages(EVIDENCE, [two], gated=True),
    )
