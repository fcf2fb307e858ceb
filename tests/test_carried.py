"""What quotations, numbers and calculations carry of their evidence."""

from __future__ import annotations

import pytest

from dossier.carried import Carried, carry, number_attributes, quotation_attributes
from dossier.gates import Gates, hold
from dossier.model import (
    Bears,
    Column,
    Evidence,
    Finding,
    Passage,
    Record,
    Reference,
    Row,
    Series,
    Span,
)
from dossier.quotation_gate import Place
from dossier.syntax import Page, scan_page

HERE = Span("x.yml")
EMOJI = "\U0001f600\U0001f600 It cost $400 million & more in 2014."
EVIDENCE = Evidence(
    {
        "cost": Reference("cost", "book", (), "", HERE, date="2015", url="https://example.org/?a&b"),
        "odd#key": Reference("odd#key", "book", (), "", HERE, title="Over 9 Things"),
    },
    {
        "cost": Record(
            "cost", "news", HERE,
            passages=(
                Passage("total", "It cost $400 million & more in 2014.", HERE),
                Passage("faces", EMOJI, HERE),
                Passage("parts", "Of this 184.8 was paid by states and 143.7 by others.", HERE),
            ),
        ),
    },
    findings=(
        Finding(
            "f", "c", 'It "cost $400 million" in 2014.',
            (Bears("cost#total", "supports", HERE, "in 2014"),), HERE,
            figure="$400 million", note="2014 <only>",
        ),
    ),
    series={
        "s": Series(
            "s", "S",
            (Column("year", "Year"), Column("sum", "Sum", "money", "$ million")),
            (Row({"year": "2014", "sum": "400"}, ("cost#total",), HERE),),
            HERE,
        )
    },
)  # fmt: skip


def carried(text: str) -> tuple[Carried, Page, Gates]:
    page = scan_page("p.md", text)
    gates = hold(EVIDENCE, [page])
    return carry(EVIDENCE, gates), page, gates


def at(text: str, words: str) -> tuple[str, int]:
    return "p.md", text.index(words)


def test_a_quotation_carries_its_source_its_passage_and_its_stretches() -> None:
    """What an ellipsis leaves out is no part of them; an address is escaped."""
    text = 'It "cost $400 million ... in 2014" [@cost#total].\n'
    found, _, _ = carried(text)
    assert found.by_quotation(*at(text, '"cost')) == (
        ' cite="https://example.org/?a&amp;b" data-passage="cost#total" data-at="3-20 28-35"'
    )
    assert found.by_quotation("p.md", 0) == ""
    assert found.by_quotation("q.md", at(text, '"cost')[1]) == ""


def test_the_title_of_a_work_carries_nothing() -> None:
    """It stands in no passage."""
    text = 'See "Over 9 Things" [@odd#key].\n'
    found, _, gates = carried(text)
    assert gates.problems == ()
    assert found.by_quotation(*at(text, '"Over')) == ""


def test_a_number_carries_its_passage_or_its_work() -> None:
    """The date of a work stands in no passage, and has no stretch."""
    text = "It cost $400 million [@cost#total], so a book of 2015 [@cost].\n"
    found, _, _ = carried(text)
    attributes = found.by_number(*at(text, "$400"))
    assert attributes == ' class="number" data-passage="cost#total" data-at="8-20"'
    assert found.by_number(*at(text, "2015")) == ' class="number" data-passage="cost"'
    assert found.by_number("p.md", 3) == ""


def test_a_number_that_stands_nowhere_carries_nothing() -> None:
    """A problem speaks of it."""
    text = "It cost $401 million [@cost#total].\n"
    found, _, gates = carried(text)
    assert [p.code for p in gates.problems] == ["number-not-found"]
    assert found.by_number(*at(text, "$401")) == ""


NEAREST = {
    "It was 2014 [@cost#total], or 2014 [@cost#faces].": ("cost#total", "cost#faces"),
    "Says [@cost#total] that 2014 was it.": ("cost#total",),
    "By [@cost#faces] and [@cost#total] it was 2014.": ("cost#total",),
}


@pytest.mark.parametrize(("text", "places"), NEAREST.items())
def test_a_number_stands_in_what_is_cited_next_to_it(text: str, places: tuple[str, ...]) -> None:
    """The citation next behind it, else the nearest before, as for quotations."""
    _, _, gates = carried(f"{text}\n")
    assert tuple(held.place for held in gates.numbers if not held.field) == places


def test_offsets_are_counted_as_scripts_count_them() -> None:
    """A character beyond the first plane is two units of UTF-16."""
    text = "It cost $400 million [@cost#faces].\n"
    found, _, gates = carried(text)
    (held,) = [h for h in gates.numbers if not h.field]
    assert held.at is not None
    assert EMOJI[slice(*held.at)] == "$400 million"
    units = EMOJI.encode("utf-16-le")
    attributes = found.by_number(*at(text, "$400"))
    start, end = attributes.rpartition('data-at="')[2].rstrip('"').split("-")
    assert units[2 * int(start) : 2 * int(end)].decode("utf-16-le") == "$400 million"


def test_a_calculation_carries_the_passages_of_its_terms() -> None:
    """Each once, with where its terms stand; a count rests on none."""
    text = "Of it {= 184.8 + 143.7 = 328.5 =} [@cost#parts], and {= count(findings) =}.\n"
    found, page, _ = carried(text)
    first, second = page.calculations
    assert found.by_calculation("p.md", first.start, first.end) == (
        ' data-passages="cost#parts" data-at="8-13 37-42"'
    )
    assert found.by_calculation("p.md", second.start, second.end) == ""
    text = "So {= 184.8 / 400 = 46.2% =} [@cost#parts; @cost#total].\n"
    found, page, _ = carried(text)
    (both,) = page.calculations
    assert found.by_calculation("p.md", both.start, both.end) == (
        ' data-passages="cost#parts cost#total" data-at="8-13|8-20"'
    )


FIELDS = {
    ("finding/f/statement", 'It "cost $400 million" in 2014.'): (
        'It <q cite="https://example.org/?a&amp;b" data-passage="cost#total" data-at="3-20">'
        "&quot;cost $400 million&quot;</q> in "
        '<span class="number" data-passage="cost#total" data-at="31-35">2014</span>.'
    ),
    ("finding/f/figure", "$400 million"): (
        '<span class="number" data-passage="cost#total" data-at="8-20">$400 million</span>'
    ),
    ("finding/f/note", "2014 <only>"): (
        '<span class="number" data-passage="cost#total" data-at="31-35">2014</span> &lt;only&gt;'
    ),
    ("series/s/rows/0/sum", "400"): (
        '<span class="number" data-passage="cost#total" data-at="8-20">400</span>'
    ),
    ("series/s/rows/0/year", "2014"): (
        '<span class="number" data-passage="cost#total" data-at="31-35">2014</span>'
    ),
    ("series/s/title", "S <1>"): "S &lt;1&gt;",
}


@pytest.mark.parametrize(("field", "html"), FIELDS.items())
def test_texts_of_findings_and_series_carry_theirs(field: tuple[str, str], html: str) -> None:
    """The unit of a column stands in its head, and is no part of the cell; nothing is nested."""
    found, _, gates = carried("T\n")
    assert gates.problems == ()
    assert found.in_field(*field) == html


def test_attributes_are_escaped() -> None:
    """A key may hold what HTML reads as markup."""
    place = Place("p.md", 0, 3, 'a"<b>#c', at=((0, 1),))
    assert quotation_attributes(place, EVIDENCE) == (
        ' data-passage="a&quot;&lt;b&gt;#c" data-at="0-1"'
    )
    (held, *_) = carried("In 2014 [@cost#total].\n")[2].numbers
    assert '"><' not in number_attributes(held, EVIDENCE)
