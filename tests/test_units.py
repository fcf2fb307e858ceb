"""Units of pages, their quotations, and the way from their words back to the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.syntax import Page, scan_page
from dossier.syntax.plain import IN_TEXT, Plain, Unit
from dossier.syntax.quoting import pair_marks
from dossier.syntax.sentences import sentence_ends
from dossier.syntax.units import read_units

CASES = (Path(__file__).parent / "units" / "cases.txt").read_text("utf-8")


def cases() -> dict[str, tuple[str, list[str]]]:
    """Each case by its name: a page, and a line for each of its units."""
    found = {}
    for case in CASES.split("%% ")[1:]:
        name, _, rest = case.partition("\n")
        page, _, expected = rest.partition("%%\n")
        found[name] = (page, expected.strip().split("\n"))
    return found


def shown(page: Page, unit: Unit) -> str:
    """A unit on one line: its kind, citations and quotations."""
    parts: list[str] = [unit.kind]
    parts += [page.text[page.clusters[n].start : page.clusters[n].end] for n in unit.clusters]
    for quoted in unit.quotations:
        words = " ".join(quoted.text.split())
        parts.append(f'{"block " if quoted.block else ""}"{words}"')
    return " ".join(parts)


@pytest.mark.parametrize("name", cases())
def test_case(name: str) -> None:
    """Each golden case gives its units, and no problem."""
    text, expected = cases()[name]
    page = scan_page("page.md", text)
    units, problems = read_units(page)
    assert [shown(page, unit) for unit in units] == expected
    assert problems == ()


def test_places_of_a_quotation() -> None:
    """A quotation knows its marks, its words, and where each word stands in the page."""
    text = 'A\n\n> Intro\n\nSaid "one **two**\nthree&nbsp;four" [@a].\n'
    page = scan_page("page.md", text)
    (quoted,) = [q for unit in read_units(page)[0] for q in unit.quotations if not q.block]
    assert text[quoted.start : quoted.end] == '"one **two**\nthree&nbsp;four"'
    assert quoted.text == "one two\nthree\xa0four"
    plain = quoted.plain
    for words, source in (("two", "two"), ("\xa0", "&nbsp;"), ("four", "four"), ("two\nthree", "")):
        at = plain.text.index(words)
        place = text[plain.start(at) : plain.end(at + len(words))]
        assert place == (source or "two**\nthree")


def test_runs_leave_out_what_is_no_prose() -> None:
    """The prose of a unit has neither citations nor markup; code in it is marked opaque."""
    text = "In 2020 `x = 3` was [5](p.md) by @doe of {= 1 + 1 = 2 =} <b>6</b>{ .n9 } [@a, p. 7].\n"
    ((unit,), _) = read_units(scan_page("page.md", text))
    (run,) = unit.runs
    assert run.text == f"In 2020 x = 3 was 5 by {IN_TEXT} of {IN_TEXT} 6 ."
    assert [run.text[a:b] for a, b in run.opaque] == ["x = 3"]
    part = run.part(10, 20)
    assert (part.text, part.opaque) == (run.text[10:20], ((0, 3),))


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('An "open mark. [@a]\n', [(1, 4)]),
        ('A mark" closed and “one more. [@a]\n', [(1, 7), (1, 20)]),
        ('Fine "here" and\nlone ” there [@a].\n', [(2, 6)]),
        ('---\nx: "y\n---\n\nNothing `"` here.\n', []),
        ('An "outer "inner" one [@a].\n', [(1, 4)]),
    ],
)
def test_a_mark_without_another_is_reported(text: str, places: list[tuple[int, int]]) -> None:
    """A mark that is never closed is a warning with its place."""
    body = text.index("---", 3) + 4 if text.startswith("---") else 0
    _, problems = read_units(scan_page("page.md", text, body))
    assert [(p.line, p.column) for p in problems] == places
    assert {(p.code, p.severity) for p in problems} <= {("quote-unclosed", "warning")}


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ('6" and 5\'10" x 3"', []),
        ('"6" pipe', ['"6"']),
        ("(“a” „b“ «c» „d”)", ["“a”", "„b“", "«c»", "„d”"]),
        ('"a ("b") c"', ['"a ("b") c"']),
        ('—"a"—', ['"a"']),
        ('"a“ b" c"', ['"a“ b" c"']),
        ('x" y "z"', ['"z"']),
        ('""', ['""']),
    ],
)
def test_pairs(text: str, pairs: list[str]) -> None:
    """Marks are paired at the outermost level; inches are none."""
    assert [text[a:b] for a, b in pair_marks(text).pairs] == pairs


@given(st.text(alphabet="\"“”„« a1.('", max_size=30))
def test_pairs_are_apart(text: str) -> None:
    """Pairs are in order and never overlap, and every mark is in a pair, lone, or inches."""
    found = pair_marks(text)
    assert all(a[1] <= b[0] for a, b in zip(found.pairs, found.pairs[1:], strict=False))
    for at, char in enumerate(text):
        inside = any(a <= at < b for a, b in found.pairs)
        if char in "“”„«":
            assert inside != (at in found.lone)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("No stop", ["No stop"]),
        ("It grew by 3.5 percent. 40 stayed.", ["It grew by 3.5 percent.", "40 stayed."]),
        ("See No. 40. No. It failed.", ["See No. 40.", "No.", "It failed."]),
        ("He left at 5 p.m. The rest stayed.", ["He left at 5 p.m.", "The rest stayed."]),
        ("A vs. B, Mr. Doe and J. R. Roe of D.C. Police.", 1),
        ("It was v. good etc. and so on.", 1),
        ("Wait... What? Yes! Then", ["Wait... What?", "Yes!", "Then"]),
        ("Well.... Then", ["Well....", "Then"]),
        ("Is it? yes. “So” it is.", ["Is it? yes.", "“So” it is."]),
        ("(a) bit. Closing) cup. D", ["(a) bit.", "Closing) cup.", "D"]),
        (". Odd", [".", "Odd"]),
        (f"By Inc. {IN_TEXT} says", ["By Inc.", f"{IN_TEXT} says"]),
        ("", [""]),
    ],
)
def test_sentences(text: str, sentences: list[str] | int) -> None:
    """Sentences end at stops, but not behind abbreviations or inside parentheses."""
    ends = sentence_ends(text)
    found = [text[a:b].strip() for a, b in zip((0, *ends), ends, strict=False)]
    assert found == sentences if isinstance(sentences, list) else len(found) == sentences


@given(st.text(alphabet='ab "“”*_`[]()<>\\&;{}=.@#|>-\n~!:/', max_size=60))
def test_units_of_any_text(text: str) -> None:
    """Whatever stands in a page, its units lie in it, and every word knows its place."""
    page = scan_page("page.md", text)
    units, _ = read_units(page)
    clusters = [n for unit in units for n in unit.clusters]
    assert sorted(clusters) == sorted(set(clusters)), "no citation stands in two units"
    assert set(clusters) == set(range(len(page.clusters)))
    for unit in units:
        assert 0 <= unit.start <= unit.end <= len(text)
        for plain in (*unit.runs, *(quoted.plain for quoted in unit.quotations)):
            check_places(text, plain)


def check_places(text: str, plain: Plain) -> None:
    """Hold that places are in order, in the page, and those of copied letters exact."""
    before = 0
    for at, char in enumerate(plain.text):
        start, end = plain.start(at), plain.end(at + 1)
        assert before <= start < end <= len(text)
        before = start
        if char in "abc" and end == start + 1:
            assert text[start:end] == char
