"""Charts: what is drawn of a series and of all findings, what is said of it, and its files."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # the drawings are our own
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.chart_files import chart_addresses, chart_files
from dossier.charts import Picture, chart_figure, chart_file, picture_of, picture_of_findings
from dossier.charts.dated import Axis, period
from dossier.charts.marks import NARROW, WIDE
from dossier.check import check_pages
from dossier.loading import read_project, read_settings
from dossier.model import (
    Assessed,
    Chart,
    Column,
    Evidence,
    Finding,
    Passage,
    Record,
    Row,
    Series,
    Span,
)
from dossier.problems import visible
from dossier.series_values import Undrawn, chart_of
from dossier.syntax import scan_page

HERE = Span("s.yml")
SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).resolve().parent.parent
COLUMNS = (
    Column("who", "Who"),
    Column("when", "When", "date"),
    Column("count", "Count", "number"),
    Column("group", "Kind of body"),
    Column("stand", "How it stands"),
)
ROWS = (
    ("City <A> & Sons", "2014-03", "$300 million", "yes", "as counted"),
    ("A county whose name is so long that it takes more than one line", "2020", "75", "no", ""),
    ("An advocate", "2021-06-30/2022", "over 400 million", "no", "Claim, not verified"),
    ("No number", "2023", "", "yes", ""),
)
RECORDS = {
    "a": Record("a", "news", HERE, passages=(Passage("p", "x", HERE), Passage("q", "y", HERE))),
    "b": Record("b", "copy", HERE, copy_of="a", passages=(Passage("p", "x", HERE),)),
    "c": Record("c", "news", HERE, passages=(Passage("p", "z", HERE),)),
}
CITED = (("a#p", "a#q"), ("a#p", "b#p"), ("a#p", "c#p"), ("c#p",))
KINDS = {
    "bars": Chart("bars", "who", "count", claim="stand"),
    "dated": Chart("dated", value="count", date="when", claim="stand"),
    "timeline": Chart("timeline", "who", date="when", claim="stand"),
    "matrix": Chart("matrix", "who", group="group", claim="stand"),
}


def series(chart: Chart | None, rows: tuple[tuple[str, ...], ...] = ROWS) -> Series:
    names = [column.id for column in COLUMNS]
    filled = tuple(
        Row({n: v for n, v in zip(names, row, strict=True) if v}, CITED[at % len(CITED)], HERE)
        for at, row in enumerate(rows)
    )
    return Series("sums", "What it <cost>", COLUMNS, filled, HERE, "As stated.", chart)


def picture(kind: str) -> Picture:
    found = picture_of(series(KINDS[kind]), RECORDS)
    assert isinstance(found, Picture)
    return found


def figure(one: Picture) -> str:
    files = {form: f"../{address}" for form, address in chart_addresses(one.id).items()}
    title = "What it &lt;cost&gt;"
    return chart_figure(
        one, "<table></table>", title=title, caption=one.caption, data="<a>A</a>", downloads=files
    )


def svgs(html: str) -> list[ET.Element]:
    return [ET.fromstring(one) for one in re.findall(r"<svg.*?</svg>", html, re.DOTALL)]  # noqa: S314


def written(svg: ET.Element) -> str:
    """All text that is drawn, without white space, since a text may be broken anywhere."""
    return re.sub(r"\s", "", "".join("".join(t.itertext()) for t in svg.iter(f"{SVG}text")))


ASSESSED = tuple(
    Assessed(Finding(f"f{n}", chapter, "S.", (), HERE), assessment)  # type: ignore[arg-type]
    for n, (chapter, assessment) in enumerate(
        [
            *[("one", "confirmed")] * 2,
            *[("one", "disputed")] * 31,
            ("two", "unsupported"),
            ("untitled", "single-origin"),
        ]
    )
)
TITLES = {"two": "Chapter two", "one": "Chapter <one>", "none": "Without findings"}


@pytest.mark.parametrize("kind", [*KINDS, "tally"])
def test_a_figure_is_that_of_its_golden_file(kind: str) -> None:
    """No character of a figure changes unnoticed."""
    one = picture_of_findings(ASSESSED, TITLES) if kind == "tally" else picture(kind)
    golden = Path(__file__).parent / "charts" / f"{kind}.html"
    assert figure(one) + "\n" == golden.read_text("utf-8")


@pytest.mark.parametrize("kind", [*KINDS, "tally"])
def test_a_figure_brings_what_a_page_needs(kind: str) -> None:
    """A name and a text alternative for each drawing, ids once, no style, script or fixed color."""
    one = picture_of_findings(ASSESSED, TITLES) if kind == "tally" else picture(kind)
    html = figure(one)
    ids = re.findall(r' id="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert not re.search(r"style|<script|#[0-9a-f]{3,6}\b", html)
    wide, narrow = svgs(html)
    for svg in (wide, narrow):
        # Both are named and described by what stands in the wide one.
        assert svg.get("role") == "img"
        assert svg.get("aria-labelledby") == wide.find(f"{SVG}title").get("id")  # type: ignore[union-attr]
        assert svg.get("aria-describedby") == wide.find(f"{SVG}desc").get("id")  # type: ignore[union-attr]
    assert (wide.findtext(f"{SVG}title"), wide.findtext(f"{SVG}desc")) == (one.title, one.words)
    assert (wide.get("width"), narrow.get("width")) == (f"{WIDE:.0f}", f"{NARROW:.0f}")
    for form, address in chart_addresses(one.id).items():
        assert f'href="../{address}" download>{form}' in html


def test_bars_are_as_long_as_their_numbers() -> None:
    """From nought, in proportion, scale and words around a number heeded."""
    for svg in svgs(figure(picture("bars"))):
        lengths = [float(str(bar.get("width"))) for bar in svg.iter(f"{SVG}rect")]
        assert lengths[0] / lengths[2] == pytest.approx(300 / 400, abs=0.002)
        assert lengths[1] < 0.1  # 75, beside millions


@pytest.mark.parametrize("kind", KINDS)
def test_a_claim_is_open_and_not_told_by_color_alone(kind: str) -> None:
    """Its mark has an outline and no fill; where there is room its text says so too."""
    for svg in svgs(figure(picture(kind))):
        marks = [e for e in svg.iter() if e.get("class") in ("claim", "mark")]
        claims = [mark for mark in marks if mark.get("class") == "claim"]
        assert claims
        assert len(claims) < len(marks)
        assert all(m.get("fill") == "none" and m.get("stroke") for m in claims)
        assert all(m.get("fill") == "currentColor" for m in marks if m not in claims)
    assert "laim" in picture(kind).words or kind in ("timeline", "matrix")


def test_what_a_chart_says_in_words() -> None:
    """Every bar; first, last and highest number; the year of most events; origins by group."""
    assert picture("bars").words == (
        "3 bars. City <A> & Sons: $300 million; A county whose name is so long that it takes more "
        "than one line: 75; An advocate: over 400 million (Claim, not verified, an open bar)."
    )
    assert picture("dated").words == (
        "3 numbers on an axis of time. The first is $300 million, March 2014; the last is over "
        "400 million (a claim), June 30, 2021 to 2022."
    )
    assert picture("timeline").words == "4 events, the first March 2014, the last 2023."
    assert picture("matrix").words == (
        "4 rows; in brackets the distinct origins behind each. Kind of body, yes: City <A> & Sons "
        "(1), No number (1). Kind of body, no: An advocate (2), A county whose name is so long "
        "that it takes more than one line (1)."
    )
    assert picture_of_findings(ASSESSED, TITLES).words == (
        "35 findings in 3 chapters: 2 confirmed, 1 single origin, 31 disputed, 1 unsupported."
    )


def test_the_highest_number_is_named_where_it_is_neither_first_nor_last() -> None:
    """A peak within is what a reader would see."""
    rows = tuple(("A", f"20{n}", str(v), "", "") for n, v in ((10, 5), (11, 90), (12, 7)))
    found = picture_of(series(KINDS["dated"], rows), RECORDS)
    assert isinstance(found, Picture)
    assert found.words.endswith("the last is 7, 2012. The highest is 90, 2011.")


def test_copies_are_one_dot() -> None:
    """The dots of a row of a matrix are distinct origins, so a copy adds none."""
    wide, _ = svgs(figure(picture("matrix")))
    assert len(list(wide.iter(f"{SVG}circle"))) == 1 + 1 + 2 + 1


def test_dates_stand_in_proportion() -> None:
    """A year in its middle, a month in its middle, a day on its day, on an even axis."""
    assert period("2014") == (2014.5, 2014.5)
    assert period("2014-01") == pytest.approx((2014.0417, 2014.0417), abs=1e-4)
    assert period("2014-12-31/2012") == pytest.approx((2012.5, 2014.9973), abs=1e-4)
    axis = Axis(2010, 2020, 10, 110)
    assert (axis.at(2010), axis.at(2015), axis.at(2020)) == (10, 60, 110)


HOSTILE = st.lists(
    st.sampled_from([*"<>&\"'ab. /\x00\x1b\u202e\u200b\ud800\ufffe漢é7", "]]>", "<!--", "</text>"]),
    min_size=1,
    max_size=40,
).map("".join)
DATES = st.sampled_from(["1066", "1979-11-27", "2014-02", "2024-02-29", "2012/2014"])
NUMBERS = st.sampled_from(["0", "7", "-3", "over 1,500", "$289 million to $1.4 billion", "43.2%"])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(HOSTILE, DATES, NUMBERS, HOSTILE, HOSTILE), max_size=8))
def test_any_text_is_drawn_as_text_and_stays_on_the_sheet(
    rows: list[tuple[str, str, str, str, str]],
) -> None:
    """The drawings are well-formed, name every datum, and nothing lies outside of them."""
    filled = tuple((name.strip() or "x", *row) for name, *row in rows)
    for kind, chart in KINDS.items():
        found = picture_of(series(chart, filled), RECORDS)
        assert isinstance(found, Picture)
        for svg in (*svgs(figure(found)), *svgs(chart_file(found, ()))):
            shown = written(svg)
            # In a page the table beside a timeline, which is not folded, tells the events.
            told = kind != "timeline" or svg.get("class") == "chart"
            for row in filled if told else ():
                values = dict(zip([c.id for c in COLUMNS], row, strict=True))
                for name in (chart.label, chart.value if kind != "matrix" else ""):
                    plain = re.sub("[\ud800-\udfff\ufffe]", "\ufffd", visible(values.get(name, "")))
                    assert re.sub(r"\s", "", plain) in shown
            width, height = float(str(svg.get("width"))), float(str(svg.get("height")))
            for mark in svg.iter():
                x = max(float(x) for x in (mark.get("x") or mark.get("cx") or "0").split())
                y = float(mark.get("y") or mark.get("cy") or 0)
                assert -0.1 <= x <= width
                assert -0.1 <= y <= height
                assert x + float(mark.get("width") or 0) <= width + 0.6


def test_a_series_without_a_chart_is_drawn_by_its_columns() -> None:
    """Dates and numbers on an axis of time, numbers as bars, dates as a timeline."""
    text, day, count = COLUMNS[:3]

    def drawn(*columns: Column) -> object:
        return chart_of(Series("s", "S", columns, (), HERE))

    assert drawn(text, day, count) == Chart("dated", value="count", date="when")
    assert drawn(text, count) == Chart("bars", "who", "count")
    assert drawn(text, day) == Chart("timeline", "who", date="when")
    assert isinstance(drawn(text), Undrawn)


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("::: chart sums", "", ""),
        ("::: chart assessments", "", ""),
        ("::: chart summs", "unknown-series", "did you mean `sums`?"),
        ("::: chart", "bad-directive", "there are `sums`, `words`"),
        ("::: chart words", "bad-directive", "or write  ::: table words"),
        ("::: chart sums form=short", "unknown-option", "take it out"),
    ],
)
def test_a_directive_names_what_can_be_drawn(line: str, code: str, told: str) -> None:
    """A series, or the assessments; a series of words alone has nothing to draw."""
    words = Series("words", "W", (COLUMNS[0],), (), HERE)
    evidence = Evidence(series={"sums": series(None), "words": words})
    found = check_pages(evidence, [scan_page("p.md", f"{line}\n")], gated=True)
    assert [problem.code for problem in found] == ([code] if code else [])
    assert all(told in problem.hint for problem in found)


def test_the_files_of_the_report() -> None:
    """Six pictures, each as SVG that stands alone in both schemes and as CSV."""
    evidence = read_project(read_settings(ROOT)[0]).evidence
    files = chart_files(evidence, ASSESSED, TITLES)
    names = {Path(name).stem for name in files if name.endswith(".svg")}
    assert names >= {
        "network-cost-2014",
        "agreements-287g",
        "police-positions",
        "mechanisms",
        "lineage",
        "assessments",
    }
    assert set(files) == {a for name in names for a in chart_addresses(name).values()}
    for name, text in files.items():
        if name.endswith(".svg"):
            svg = ET.fromstring(text)  # noqa: S314
            style = svg.findtext(f"{SVG}style") or ""
            assert "prefers-color-scheme: dark" in style
            assert "http" not in re.sub(r'xmlns="[^"]*"', "", text)
            assert svg.findtext(f"{SVG}title")
        else:
            assert text.count("\r\n") > 1
    shown = unescape(files["charts/network-cost-2014.svg"])
    assert "Data: " in shown
    assert "Technology Mag" in shown
