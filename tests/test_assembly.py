"""What pages print of the evidence, where no host is needed to see it."""

from __future__ import annotations

import pytest

from dossier.assembly import Assembly, View, assemble
from dossier.bibliography import read_bibliography
from dossier.model import Bears, Column, Evidence, Finding, Passage, Record, Row, Series, Span
from dossier.style import Styled
from dossier.syntax import scan_page
from dossier.weave import mark
from reports import Html

BIB = b"@book{doe, author={Doe & Co}, title={T}, year=2020}"


def render(_: str, sources: object) -> Styled:
    """Return clusters in a style of the tests: the source in capitals."""
    assert isinstance(sources, tuple)
    return Styled(
        clusters={s: f'<span class="citation" data-cites="x">{s.upper()}</span>' for s in sources},
        entries={"doe": "Entry"},
        labels={"doe": "Doe <2020>"},
        order=("doe",),
    )


def assembled(
    text: str,
    landed: tuple[int, ...] | None = None,
    title: str = "",
    findings: tuple[Finding, ...] = (),
    records: tuple[Record, ...] = (),
    series: tuple[Series, ...] = (),
) -> Assembly:
    """Return one page, all of whose marks came out as prose unless it is said which."""
    references, _ = read_bibliography((("r.bib", BIB),))
    page = scan_page("p.md", text)
    marks = mark(page).marks
    every = tuple(range(len(marks))) if landed is None else landed
    view = View(page, marks, every, title, "en-US")
    evidence = Evidence(
        {r.key: r for r in references},
        {r.key: r for r in records},
        findings=findings,
        series={one.id: one for one in series},
    )
    return assemble(evidence, [view], render)


def test_only_what_came_out_as_prose_is_used() -> None:
    """A citation that Python-Markdown took for code has no entry and no way back."""
    text = "A [@doe] and [@doe, p. 3].\n"
    assert [use.anchor for use in assembled(text).uses] == ["cite-1", "cite-2"]
    assert [use.anchor for use in assembled(text, (1,)).uses] == ["cite-2"]
    assert assembled(text, ()).uses == ()
    assert assembled(text, ()).closing("p.md", str) == ""


def test_a_token_that_means_nothing_is_nothing() -> None:
    """An author's own private-use characters break no page."""
    assert assembled("A [@doe].\n", (0, 7)).uses[0].key == "doe"
    assert assembled("A [@doe].\n").in_words("p.md", "A \ue0d0\ue0d9\ue0d1 b") == "A b"


TITLES = [
    ("# A [@doe] b", "A b"),
    ("# A [@doe]: b", "A: b"),
    ("# [@doe] b", "b"),
    ("# A [@doe]", "A"),
    ("# A [@doe] [@doe], b", "A, b"),
    ("# As @doe says", "As @{DOE} says"),
    ("# A \\@b", "A @b"),
    ("# [@doe]", "[@{DOE}]"),
    ("# @none says", "[none?] says"),
]


@pytest.mark.parametrize(("heading", "words"), TITLES)
def test_titles_are_in_plain_words(heading: str, words: str) -> None:
    """Citations go, with the space before them; authors in the text stay."""
    assembly = assembled(heading)
    marked = mark(assembly.views["p.md"].page).text
    assert assembly.in_words("p.md", marked.removeprefix("# ").strip()) == words


def test_an_unknown_key_is_escaped() -> None:
    """It comes from the page, and is text there."""
    fragment = assembled('A [@{a"><b>}].\n').fragment("p.md", 0, str)
    page = Html(fragment)
    assert [e.tag for e in page.elements] == ["span"]
    assert page.elements[0].text == '[a"><b>?]'


def test_a_label_is_escaped() -> None:
    """A label is plain text until it is put on a page."""
    assert "Doe &lt;2020&gt;" in assembled("A\n\n[@doe]\n").cite("en-US", ["doe"])


def test_tables_cite_each_work_once() -> None:
    """With all its passages; an unknown work is marked."""
    page = Html(assembled("[@doe]\n").cite("en-US", ["doe#a", "doe#b", "none#c"]))
    first, second = page.all("span", "citation")
    links = [a for a in page.all("a") if first in a.above]
    assert [a.attributes["data-passages"] for a in links] == ["a b"]
    assert "data-unresolved" in second.attributes


HERE = Span("f.yml")
FINDING = Finding("cost", "money", "It cost <much>.", (Bears("doe#p", "supports", HERE),), HERE)
DOE = Record("doe", "news", HERE, passages=(Passage("p", "much", HERE),))


def test_a_finding_is_named_in_prose() -> None:
    """By its assessment, as tables show it, and by its statement, which nobody types twice."""
    text = "{= assessment(cost) =} **{= statement(cost) =}**\n"
    with_table = f"{text}\n::: findings\n"
    assembly = assembled(with_table, findings=(FINDING,), records=(DOE,))
    badge, statement, table = (assembly.fragment("p.md", number, str) for number in (0, 1, 2))
    assert badge.startswith('<a href="#finding-cost"')
    assert badge in table
    alone = assembled(text, findings=(FINDING,), records=(DOE,)).fragment("p.md", 0, str)
    assert alone.startswith('<span class="assessment assessment-single-origin">')
    assert 'class="assessment assessment-single-origin"' in badge
    assert statement == '<span class="statement">It cost &lt;much&gt;.</span>'
    assert assembly.problems == ()


def test_a_finding_that_is_not_there_is_a_problem() -> None:
    """It says where, and prints that it is missing."""
    assembly = assembled("A {= assessment(costs) =}\n", findings=(FINDING,), records=(DOE,))
    (problem,) = assembly.problems
    assert (problem.code, problem.line, problem.column) == ("unknown-count", 1, 3)
    assert "did you mean `cost`?" in problem.hint
    assert "unresolved" in assembly.fragment("p.md", 0, str)


def test_findings_lead_to_the_page_that_explains_assessments() -> None:
    """On the same page by its anchor alone."""
    text = "::: findings\n\n::: assessments\n"
    assembly = assembled(text, findings=(FINDING,), records=(DOE,))
    assert '<a href="#assessments">' in assembly.fragment("p.md", 0, str)
    scale = assembly.fragment("p.md", 1, str)
    assert scale.startswith('<div id="assessments"')


SUMS = Series(
    "sums",
    "Sums & more",
    (Column("what", "What"), Column("sum", "Sum", "money")),
    (Row({"what": "All", "sum": "$7"}, ("doe#p",), HERE),),
    HERE,
)


def test_a_chart_cites_its_works_and_holds_its_table() -> None:
    """Each work once beside the picture, and the table in a fold; a work leads back to it."""
    assembly = assembled("::: chart sums\n", records=(DOE,), series=(SUMS,))
    shown = assembly.fragment("p.md", 0, lambda path: f"../{path}")
    page = Html(shown)
    (figure,) = page.all("figure", "chart")
    assert figure.attributes["id"] == "chart-sums"
    assert '<span class="chart-title">Sums &amp; more</span>' in shown
    assert "Data: " in shown
    (table,) = page.all("table", "series")
    assert table.inside("details")
    assert len(page.all("span", "citation")) == 2
    assert [use.anchor for use in assembly.uses] == ["chart-sums"]
    assert [one.attributes["href"] for one in page.all("a") if "download" in one.attributes] == [
        "../charts/sums.svg",
        "../data/series-sums.csv",
    ]


def test_a_chart_has_no_link_to_a_file_that_its_host_does_not_bring() -> None:
    """A host that knows pages alone gives no way to the files."""
    assembly = assembled("::: chart sums\n", records=(DOE,), series=(SUMS,))
    assert "download" not in assembly.fragment("p.md", 0, lambda _: "").lower()


def test_the_assessments_are_drawn_by_chapter() -> None:
    """Under the title of the page that has a chapter's findings."""
    text = "::: findings\n\n::: chart assessments\n"
    assembly = assembled(text, title="Money", findings=(FINDING,), records=(DOE,))
    shown = assembly.fragment("p.md", 1, str)
    assert ">Money</text>" in shown
    assert '<th scope="row">Money</th>' in shown
    assert "1 finding in 1 chapter: 1 single origin." in shown
