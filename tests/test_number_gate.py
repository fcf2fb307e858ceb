"""The gate of numbers over pages, findings and series: what passes, and what a problem says."""

from __future__ import annotations

import pytest

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
from dossier.names import read_names
from dossier.number_gate import Held, hold_findings, hold_page, hold_series, problems_of
from dossier.numbers.ledger import Ledger
from dossier.syntax import scan_page
from dossier.syntax.units import read_units

HERE = Span("sources/x.yml", 3, 5)
PASSAGES = {
    "cost": {
        "total": "The total was $328.3 million for 2014, of which $184.8 million (56.3%) local.",
        "share": "A smaller amount, $143.7 million (43.2%), was federal.",
        "agents": "The 2,004 agents came on April 17, from 12 states.",
    },
    "order": {"rule": "Special Order 40 was signed by five officers in 13 months."},
    "bare": {},
}
TITLES = {
    "cost": ("Three takeaways", "2015-03-02"),
    "order": ("Special Order 40", "1979-11-27"),
    "lost": ("Seven lost years", ""),
}


def evidence(**more: object) -> Evidence:
    """Return two records with passages, one without, and an entry without a record."""
    keys = ("cost", "order", "bare", "lost")
    return Evidence(
        references={
            key: Reference(
                key, "misc", (), "", HERE,
                title=TITLES.get(key, ("Notes", ""))[0],
                date=TITLES.get(key, ("", ""))[1],
            )
            for key in keys
        },
        records={
            key: Record(
                key, "news", HERE,
                passages=tuple(Passage(id_, exact, HERE) for id_, exact in passages.items()),
            )
            for key, passages in PASSAGES.items()
        },
        **more,
    )  # fmt: skip


def held(text: str, names: tuple[str, ...] = ()) -> tuple[Held, ...]:
    """Return what the gate makes of a page."""
    found = evidence()
    page = scan_page("docs/x.md", text)
    units, _ = read_units(page)
    return hold_page(Ledger(found, names), found, page, units)


def failed(text: str, names: tuple[str, ...] = ()) -> list[str]:
    """Return the numbers of a page that stand nowhere, as written on the page."""
    return [text[h.span.start : h.span.end] for h in held(text, names) if h.problem]


PASS = [
    "It cost $328.3 million in 2014 [@cost#total].",
    "It cost 328,300,000 dollars [@cost].",
    "The local part was 56.3 percent, the federal one 43.2 % [@cost].",
    "It came to **$328.3** million [@cost#total].",
    "It came to _$328.3&nbsp;million_ [@cost#total].",
    "@cost says $328.3 million.",
    "It says: $328.3\nmillion [@cost].",
    "Dated March 2, 2015 [@cost#total], and published in 2015 [@cost#total].",
    "Its title has three in it [@cost#share].",
    "In all 2,004 agents [@cost].",
    "This has 99 of them and cites nothing.",
    "Before it 99. Then $328.3 million [@cost]. After it 98.",
    "Under 8 U.S.C. 1373 and 287(g), COVID-19 [@cost].",
    "Code `99` and [five](https://example.org/99) [@order].",
    "About {= 184.8 / 328.3 = 56.3% =} was local [@cost#total].",
    "{= 328.3 - 184.8 = 143.5 =} million was not [@cost#total].",
    "- the share {= 184.8 / 328.3 = 56.3% =} [@cost#total]\n- the next",
    "In {= 2014 - 12 = 2002 =} [@cost#total; @cost#agents].",
    "{= count(findings) =} findings.",
    "| What | Sum |\n|---|---|\n| Local [@cost#total] | $184.8 million |\n",
    "> The total was $328.3 million\n\n[@cost#total]",
    "Nobody knows 77 [@unknown].",
    "It lasted for seven [@lost].",
]  # fmt: skip


@pytest.mark.parametrize("text", PASS)
def test_a_number_of_a_cited_passage_passes(text: str) -> None:
    """So do dates of the entry, numbers of its title, operands, and all where nothing is cited."""
    assert failed(text) == []


FAIL = [
    ("It cost $328.4 million in 2014 [@cost#total].", ["$328.4 million"]),
    ("It cost $328.3 billion [@cost].", ["$328.3 billion"]),
    ("It was 56.3 [@cost], 12 percent [@cost].", ["56.3", "12 percent"]),
    ("The federal part was $143.7 million [@cost#total].", ["$143.7 million"]),
    ("It cost $328.3 million [@order].", ["$328.3 million"]),
    ("It was signed by four officers in 13 years [@order].", ["four", "13 years"]),
    ("Signed on November 28, 1979 [@order].", ["November 28, 1979"]),
    ("In all 2004 agents [@cost].", ["2004"]),
    ("On April 17, 2014 [@cost].", ["April 17, 2014"]),
    ("It says 5 [@bare]. It says 5 [@lost].", ["5", "5"]),
    ("It is 9 **9** and `9` [@cost].", ["9", "9"]),
    ("One number: 5{= 184.8 / 328.3 = 56.3% =} [@cost#total].", ["5"]),
    ("It is {= 184.9 / 328.3 = 56.3% =} [@cost#total].", ["184.9"]),
    ("It is {= $56.3 / 328.3 = 17% =} [@cost#total].", ["$56.3"]),
    ("It is {= 184.8 / 143.7 = 1.3 =} [@cost#total].", ["143.7"]),
    ("It is {= 184.8 / 328.3 = 56.3% =}.", ["184.8", "328.3"]),
    ("{= 1/4 = 0.25 =} of it [@cost#total].", ["1", "4"]),
    ("First $328.3 million [@cost].\n\n{= 5 + 5 = 10 =}\nof them [@cost].", ["5", "5"]),
    ("- It cost [@cost]\n- The share {= 9 / 8 = 1.1 =}\n- [@cost] it was", ["9", "8"]),
    ("> The total was $328.5 million\n\n[@cost#total]", ["$328.5 million"]),
    ("| What | Sum |\n|---|---|\n| Local [@cost#total] | $184.9 million |\n", ["$184.9 million"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "numbers"), FAIL)
def test_a_number_of_no_cited_passage_is_an_error(text: str, numbers: list[str]) -> None:
    """The error stands where the number stands, one for each."""
    assert failed(text) == numbers
    for problem in problems_of(held(text)):
        assert problem.code == "number-not-found"
        assert problem.severity == "error"
        assert text.split("\n")[problem.line - 1] == problem.excerpt


def test_a_name_is_no_number() -> None:
    """What is listed as a name needs no passage, and gives no number to one."""
    assert failed("It had 40 parts [@order], by Special Order 40.", ("Special Order 40",)) == ["40"]


HINTS = {
    "It cost $328.4 million [@cost#total].": "nearest there is `$328.3 million` in `cost#total`",
    "It was $143.7 million [@cost#total].": "`cost#share` has it: cite that passage",
    "In all 2004 agents [@cost].": "`2,004` in `cost#agents`; a count of four digits has a comma",
    "It says 9 [@bare].": "what is cited holds no number",
    "It says 5 [@lost].": "`order#rule` has it: cite that passage if it is meant; "
    "there is no record of `lost`",
    "In June 2015 [@order].": "the nearest there is `1979-11-27` in `order`",
    "It is {= 184.9 / 328.3 = 56.3% =} [@cost#total].": "the nearest there is `$184.8 million`",
    "It is {= 184.8 / 328.3 = 56.3% =}.": "cite the passages with its numbers",
}


@pytest.mark.parametrize(("text", "hint"), HINTS.items())
def test_the_hint_says_where_the_nearest_number_stands(text: str, hint: str) -> None:
    """The passage that has the number comes first, then the one most like it that is cited."""
    problem = problems_of(held(text))[0]
    assert hint in problem.hint


def test_what_passes_names_its_place() -> None:
    """Every number that was held carries the passage, or the entry, that it stands in."""
    found = held("In 2014 it cost $328.3 million, told in March 2015 [@cost#total].")
    assert [(h.number.text, h.place) for h in found] == [
        ("2014", "cost#total"),
        ("$328.3 million", "cost#total"),
        ("March 2015", "cost"),
    ]
    operands = held("{= 184.8 / 328.3 = 56.3% =} of it [@cost#total].")
    assert [(h.number.text, h.place, h.operand) for h in operands] == [
        ("184.8", "cost#total", True),
        ("328.3", "cost#total", True),
    ]


def test_findings_are_held_against_the_passages_that_bear_on_them() -> None:
    """A figure stands in a passage that supports it, a note of bearing in that very passage."""
    bears = Span("sources/x.yml", 9, 7)
    good = Finding(
        "a", "c", "It cost $328.3 million.",
        (
            Bears("cost#total", "supports", bears, "for 2014"),
            Bears("cost#share", "qualifies", bears, "43.2 percent"),
        ),
        HERE, figure="$328.3 million", note="The federal part was 43.2%.",
    )  # fmt: skip
    bad = Finding(
        "b", "c", "It cost $329 million.",
        (
            Bears("cost#total", "supports", bears, "43.2 percent"),
            Bears("cost#share", "qualifies", bears, ""),
        ),
        HERE, figure="$143.7 million", note="The federal part was 43.9%.",
    )  # fmt: skip
    found = evidence(findings=(good, bad))
    wrong = problems_of(hold_findings(Ledger(found), found))
    assert [(p.message.split("`")[1], p.line) for p in wrong] == [
        ("$329 million", 3),
        ("$143.7 million", 3),
        ("43.9%", 3),
        ("43.2 percent", 9),
    ]


CELLS = [
    ("date", "", "2014", True),
    ("date", "", "2015-03", True),
    ("date", "", "2015-03-02", True),
    ("date", "", "04-17", False),
    ("date", "", "2014/2015", True),
    ("date", "", "2013/2014", False),
    ("number", "agents", "2,004", True),
    ("number", "agents", "2004", True),
    ("number", "agents", "2014", False),
    ("number", "", "12", True),
    ("number", "states", "13", False),
    ("money", "$ million", "328.3", True),
    ("money", "million dollars", "184.8", True),
    ("money", "$ billion", "328.3", False),
    ("money", "", "$328.3 million", True),
    ("money", "", "328.3", False),
    ("percent", "", "56.3", True),
    ("percent", "%", "56.3", True),
    ("percent", "", "56.4%", False),
    ("text", "", "12 states in 2014", True),
    ("text", "", "13 states", False),
]


@pytest.mark.parametrize(("kind", "unit", "value", "passes"), CELLS)
def test_cells_are_held_in_the_unit_of_their_column(
    kind: str, unit: str, value: str, passes: bool
) -> None:
    """A cell is held against the passages of its row, a date against that of the entry too."""
    row = Row({"c": value}, ("cost#total", "cost#agents"), HERE)
    series = Series("s", "S", (Column("c", "C", kind, unit),), (row,), HERE)  # type: ignore[arg-type]
    found = evidence(series={"s": series})
    result = hold_series(Ledger(found), found)
    assert result
    assert (not problems_of(result)) is passes


def test_names_are_read_once_each_and_in_order() -> None:
    """Names come from any number of files, white space folded."""
    names, problems = read_names(
        [("a.yml", b"names:\n  - Special  Order 40\n  - 'Act 47'\n"), ("b.yml", b"names: []\n")]
    )
    assert names == ("Special Order 40", "Act 47")
    assert problems == ()


NAMES_WRONG = [
    (b"names: [30 percent]\n", "names-bad-value", 1),
    (b"names:\n  - Act 47\n  - Act 47\n", "repeated-name", 3),
    (b"names: Act 47\n", "names-bad-value", 1),
    (b"name: [Act 47]\n", "names-unknown-key", 1),
    (b"names: [Act 47, '']\n", "names-bad-value", 1),
    (b"names: [Act 47\n", "yaml-syntax", 1),
]


@pytest.mark.parametrize(("data", "code", "line"), NAMES_WRONG)
def test_a_faulty_list_of_names_is_a_problem(data: bytes, code: str, line: int) -> None:
    """A name without a capital letter would hide any number of its words."""
    _, problems = read_names([("names.yml", data)])
    assert (code, line) in [(p.code, p.line) for p in problems]
