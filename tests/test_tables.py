"""Tables of findings and series, as HTML and for use outside the site."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.assessments import badge
from dossier.exports import as_csv, as_json, as_markdown
from dossier.model import Assessed, Assessment, Bears, Column, Finding, Row, Series, Span
from dossier.tables import findings_summary, findings_table, series_table
from dossier.wording import ASSESSMENT_SIGNS, ASSESSMENT_WORDS, date_in_words

GOLDEN = Path(__file__).parent / "records" / "tables"
HERE = Span("f.yml")

QUALIFIED = Assessed(
    Finding(
        "total-cost",
        "spending",
        "The centers cost $328.3 million & more in 2014.",
        (
            Bears("dhs2014#total", "supports", HERE),
            Bears("news2015#total", "supports", HERE, "retells DHS"),
            Bears("gao2015#limits", "qualifies", HERE),
        ),
        HERE,
        figure="$328.3 million",
        note="Not every center answered.",
    ),
    "qualified",
    supports=("dhs2014",),
    qualifies=("gao2015",),
)
CONTRADICTED = Assessed(
    Finding(
        "run-by-dhs", "spending", "DHS runs them.", (Bears("law#a", "contradicts", HERE),), HERE
    ),
    "contradicted",
    contradicts=("law",),
)
UNSUPPORTED = Assessed(Finding("nothing", "spending", "Nobody knows.", (), HERE), "unsupported")
HOSTILE = Assessed(
    Finding(
        'x" onload="y',
        "spending",
        "<script>alert(1)</script> | `a` *b* [@key] {= 1 =} ~~c~~ \\",
        (Bears("a#b", "supports", HERE, '"><img src=x>'),),
        HERE,
        figure="=1+1",
        note="@SUM(A1) & 'so'",
    ),
    "confirmed",
    supports=("a",),
)
FINDINGS = (QUALIFIED, CONTRADICTED, UNSUPPORTED)
SERIES = Series(
    "agreements",
    "287(g) agreements",
    (
        Column("when", "Date", "date"),
        Column("count", "In force", "number", "agreements"),
        Column("change", "Change", "percent"),
        Column("what", "What is counted"),
    ),
    (
        Row(
            MappingProxyType(
                {"when": "2025-04", "count": "456", "change": "-5%", "what": "a|b <c>"}
            ),
            ("cbs2025#count", "ice2025#list"),
            HERE,
        ),
        Row(MappingProxyType({"when": "2012/2014", "what": "=cmd"}), ("old2014#p",), HERE),
    ),
    HERE,
    caption="Counted by those who sign them.",
)


def cite(addresses: Sequence[str]) -> str:
    """Return citations as the site would render them."""
    return ", ".join(f'<a href="#ref-{a.split("#", maxsplit=1)[0]}">{a}</a>' for a in addresses)


GOLDEN_TABLES: dict[str, Callable[[], str]] = {
    "findings.html": lambda: findings_table(FINDINGS, cite, caption="Findings on spending"),
    "findings.md": lambda: as_markdown(FINDINGS, caption="Findings on spending"),
    "findings.csv": lambda: as_csv(FINDINGS),
    "findings.json": lambda: as_json(FINDINGS),
    "hostile.html": lambda: findings_table([HOSTILE], cite, caption="<b>"),
    "hostile.md": lambda: as_markdown([HOSTILE], caption="*"),
    "hostile.csv": lambda: as_csv([HOSTILE]),
    "summary.html": lambda: findings_summary(
        FINDINGS, {"spending": ("../spending/#top", "What & why")}
    ),
    "series.html": lambda: series_table(SERIES, cite),
    "series.md": lambda: as_markdown(SERIES),
    "series.csv": lambda: as_csv(SERIES),
    "series.json": lambda: as_json(SERIES),
}


@pytest.mark.parametrize("name", GOLDEN_TABLES)
def test_a_table_is_that_of_its_golden_file(name: str) -> None:
    """No character of a table changes unnoticed; golden files end their lines with LF."""
    text = GOLDEN_TABLES[name]().replace("\r\n", "\n")
    assert text == (GOLDEN / name).read_text("utf-8")


def test_lines_of_csv_end_as_the_standard_has_it() -> None:
    """RFC 4180, section 2: each record ends with CRLF, and nothing else holds a line end here."""
    lines = as_csv(FINDINGS).split("\r\n")
    assert len(lines) == len(FINDINGS) + 2
    assert lines[-1] == ""
    assert not any("\n" in line or "\r" in line for line in lines)


class Elements(HTMLParser):
    """The elements of some HTML: names with attributes, and whether every one is closed."""

    VOID = frozenset({"img", "br"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text.append(data)


@pytest.mark.parametrize("html", [GOLDEN_TABLES[n]() for n in GOLDEN_TABLES if n.endswith("html")])
def test_a_table_is_whole_and_told_without_style(html: str) -> None:
    """Caption, scopes and labels are there; no inline style, no colour alone, nothing unclosed."""
    elements = Elements(html)
    assert elements.open == []
    assert [tag for tag, _ in elements.found].count("caption") == 1
    assert all("style" not in attrs for _, attrs in elements.found)
    scopes = {attrs.get("scope") for tag, attrs in elements.found if tag == "th"}
    assert scopes <= {"col", "row", "rowgroup"}
    heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html)
    heads = [re.sub(r" <span.*", "", head) for head in heads]
    labels = [attrs["data-label"] for tag, attrs in elements.found if tag == "td"]
    assert labels == heads[1:] * (len(labels) // len(heads[1:]))
    assert len(labels) == len(heads[1:]) * html.count('scope="row"')


def test_text_of_the_evidence_never_becomes_an_element() -> None:
    """Whatever a file says is shown as it is; only `cite` gives HTML."""
    elements = Elements(GOLDEN_TABLES["hostile.html"]())
    names = {tag for tag, _ in elements.found}
    assert names.isdisjoint({"script", "img", "b"})
    assert all("onload" not in attrs for _, attrs in elements.found)
    assert "<script>alert(1)</script>" in "".join(elements.text)
    hostile = replace(
        SERIES,
        id='"><i>',
        title="<i>",
        caption="<i>",
        columns=(Column("a", '"<i>', "date", "<i>"),),
        rows=(Row({"a": '"><i>'}, (), HERE),),
    )
    html = series_table(hostile, cite)
    assert "<i>" not in html
    assert Elements(html).open == []


def test_a_summary_leads_to_the_evidence_where_there_is_a_page() -> None:
    """A chapter that no page shows is named, and nothing is linked."""
    html = findings_summary([HOSTILE, QUALIFIED], {"spending": ("a/#b", "<i>")}, ids=False)
    assert '<a href="a/">&lt;i&gt;</a>' in html
    assert '<a href="a/#finding-total-cost" data-meaning=' in html
    assert ">3 passages</td>" in html
    assert Elements(html).open == []
    assert ' id="' not in html
    assert "<a" not in findings_summary([HOSTILE], {})


def test_a_summary_has_a_group_of_rows_for_each_chapter() -> None:
    """Its head spans every column; chapters keep the order of their first findings."""
    law = replace(CONTRADICTED, finding=replace(CONTRADICTED.finding, chapter="law"))
    html = findings_summary([law, QUALIFIED, UNSUPPORTED, law], {})
    assert re.findall(r'<th scope="rowgroup" colspan="4">(\w+)</th>', html) == ["law", "spending"]
    assert html.count("<tbody>") == html.count("</tbody>") == 2
    assert html.index("Nobody knows.") > html.index("The centers cost")


def test_a_column_without_a_figure_is_left_out() -> None:
    """Nothing is printed for findings that are not about an amount."""
    for table in (findings_table([CONTRADICTED], cite), findings_summary([CONTRADICTED], {})):
        assert "Figure" not in table
    assert 'colspan="3"' in findings_summary([CONTRADICTED], {})


def test_passages_are_folded_under_how_many_there_are() -> None:
    """Each bearing is told by word and sign; where nothing bears there is no fold."""
    html = findings_table(FINDINGS, cite)
    assert html.count("<details ") == html.count("<summary>") == 3
    sign = '<span class="sign" aria-hidden="true">%s</span>'
    assert f"<summary>{sign % '+'} Supports: 2 passages</summary>" in html
    assert f"<summary>{sign % '±'} Qualifies: 1 passage</summary>" in html
    assert f"<summary>{sign % '−'} Contradicts: 1 passage</summary>" in html
    assert '<td data-label="Evidence">none held</td>' in html


def test_rows_carry_the_id_and_the_assessment() -> None:
    """A row can be linked to, and styled by what it says; a second table leaves the ids out."""
    html = findings_table(FINDINGS, cite)
    assert '<tr id="finding-total-cost" data-assessment="qualified">' in html
    assert 'id="' not in findings_table(FINDINGS, cite, ids=False)
    assert html.count("data-assessment=") == len(FINDINGS)


def test_every_assessment_has_its_own_word_and_sign() -> None:
    """No two look alike without colour, and the sign is not read out."""
    names = get_args(Assessment)
    assert set(names) == set(ASSESSMENT_WORDS) == set(ASSESSMENT_SIGNS)
    assert len(set(ASSESSMENT_SIGNS.values())) == len(set(ASSESSMENT_WORDS.values())) == len(names)
    html = badge("contradicted")
    assert '<span class="sign" aria-hidden="true">✕</span> contradicted' in html


def test_a_table_leads_to_what_the_assessments_mean() -> None:
    """Where a page explains them; where none does, its caption has no note."""
    for table in (
        findings_table(FINDINGS, cite, scale="../#a&b"),
        findings_summary(FINDINGS, {}, scale="../#a&b"),
    ):
        (note,) = re.findall(r'<span class="caption-note">(.*?)</span></caption>', table)
        assert '<a href="../#a&amp;b">What the assessments mean</a>' in note
    assert "caption-note" not in findings_table(FINDINGS, cite)


def test_every_passage_is_cited_once_under_how_it_bears() -> None:
    """The citations of a table are those of the evidence, in its order."""
    cited: list[str] = []

    def note(addresses: Sequence[str]) -> str:
        cited.extend(addresses)
        return "-"

    findings_table(FINDINGS, note)
    assert cited == [e.passage for item in FINDINGS for e in item.finding.evidence]
    cited.clear()
    series_table(SERIES, note)
    assert cited == [address for row in SERIES.rows for address in row.passages]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2025", "2025"),
        ("2025-04", "April 2025"),
        ("2025-04-03", "April 3, 2025"),
        ("2012/2014-01", "2012 to January 2014"),
        ("2025-13", "2025-13"),
        ("soon", "soon"),
        ("2025-1-1-1", "2025-1-1-1"),
    ],
)
def test_dates_read_as_in_prose(value: str, words: str) -> None:
    """What is no date is shown as it is written."""
    assert date_in_words(value) == words


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_spreadsheet_runs_nothing(sign: str) -> None:
    """A cell that begins like a formula begins with an apostrophe."""
    item = replace(QUALIFIED, finding=replace(QUALIFIED.finding, statement=f"{sign}cmd|'/c calc'"))
    (_, row) = csv.reader(io.StringIO(as_csv([item]), newline=""))
    assert row[2] == f"'{sign}cmd|'/c calc'"


@pytest.mark.parametrize(("cell", "guarded"), [("-5.2", False), ("-1,000", False), ("-5%", True)])
def test_a_negative_number_is_no_formula(cell: str, guarded: bool) -> None:
    """Plain numbers stay numbers; anything more is guarded."""
    item = replace(QUALIFIED, finding=replace(QUALIFIED.finding, figure=cell))
    (_, row) = csv.reader(io.StringIO(as_csv([item]), newline=""))
    assert row[3] == ("'" if guarded else "") + cell


def test_a_key_that_pandoc_would_cut_stands_in_braces() -> None:
    """The citation names the whole address, whatever signs the key ends with."""
    odd = replace(
        CONTRADICTED,
        finding=replace(CONTRADICTED.finding, evidence=(Bears("a--b#p", "supports", HERE),)),
    )
    assert "[@{a--b#p}]" in as_markdown([odd])


text = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


@given(text, text, text)
def test_any_text_makes_a_whole_table(statement: str, note: str, figure: str) -> None:
    """HTML stays closed, CSV and JSON give back what was put in, Markdown keeps its columns."""
    finding = Finding(
        "a", "b", statement, (Bears("k#p", "supports", HERE, note),), HERE, figure, note
    )
    item = Assessed(finding, "single-origin", ("k",))
    assert Elements(findings_table([item], cite)).open == []
    (_, row) = csv.reader(io.StringIO(as_csv([item]), newline=""))
    assert row[2].removeprefix("'").endswith(statement.removeprefix("'"))
    (read,) = json.loads(as_json([item]))
    assert (read["statement"], read["note"] or "", read["figure"] or "") == (
        statement,
        note,
        figure,
    )
    line = as_markdown([item]).splitlines()[-1]
    assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) == 6
