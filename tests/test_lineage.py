"""Who takes text or facts from whom: the graph, its drawings, and the same in words."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # the drawings are our own
from html import unescape
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.lineage import Graph, lineage_figure, lineage_graph, lineage_svg
from dossier.lineage.across import across
from dossier.lineage.boxes import Drawing, label_of, text_width, trimmed, wrapped
from dossier.lineage.down import down
from dossier.loading import read_project, read_settings
from dossier.model import Overlap, Passage, Record, Reference, Span
from dossier.problems import visible

HERE = Span("r.yml")
SVG = "{http://www.w3.org/2000/svg}"
ROOT = Path(__file__).resolve().parent.parent


def record(key: str, copy_of: str = "", relies_on: str = "", *passages: Passage) -> Record:
    return Record(key, "news", HERE, "article", "", "", copy_of, relies_on, (), passages)


def passage(id_: str, relies_on: str | None = None) -> Passage:
    return Passage(id_, "words", HERE, relies_on=relies_on)


def graph(
    *records: Record,
    overlaps: dict[tuple[str, str], float] | None = None,
    keys: tuple[str, ...] = (),
    names: dict[str, str] | None = None,
) -> Graph:
    references = {
        key: Reference(key, "online", (), "", HERE, authors=(name,), date="2024-11-19")
        for key, name in (names or {}).items()
    }
    measured = [
        Overlap(part, whole, 5, share, "a", "b")
        for (part, whole), share in (overlaps or {}).items()
    ]
    return lineage_graph({r.key: r for r in records}, references, measured, keys)


def told(found: Graph) -> list[str]:
    return [f"{r.giver}>{r.taker} {label_of(r)}" for r in found.relations]


STORY = (
    record("study"),
    record("release", "", "study"),
    record("old"),
    record("original", "", "study", passage("aside", "old#p")),
    record("reprint", "original", "", passage("aside", "old#p"), passage("headline", "original")),
    record("spun", "original"),
    record("elsewhere"),
)
SHARES = {
    ("spun", "reprint"): 0.31105,
    ("reprint", "spun"): 0.1,
    ("release", "reprint"): 0.003,
    ("elsewhere", "reprint"): 0.002,
}


def test_a_story_is_its_copies_and_what_they_rest_on() -> None:
    """Copies and their original, the sources of both, and what was compared and rests on them."""
    assert told(graph(*STORY, overlaps=SHARES)) == [
        "original>reprint text",
        "original>spun text 31.1%",
        "study>release facts",
        "old>original some facts",
        "study>original facts",
    ]


def test_what_a_copy_takes_over_is_shown_at_its_original() -> None:
    """An aside that the original has from elsewhere makes no arrow to each of its copies."""
    assert "old>reprint some facts" not in told(graph(*STORY))
    apart = (*STORY[:3], record("original"), STORY[4])
    assert "old>reprint some facts" in told(graph(*apart))


def test_an_original_without_a_text_is_measured_by_its_nearest_copy() -> None:
    """That is the copy in which most of the others stands; with a text it is measured itself."""
    found = graph(*STORY, overlaps=SHARES)
    assert found.source("reprint").nearest == "original"
    assert [r.measured.whole for r in found.relations if r.measured] == ["reprint"]
    held = graph(*STORY, overlaps={**SHARES, ("spun", "original"): 0.5})
    assert "original>spun text 50.0%" in told(held)
    assert not held.source("reprint").nearest


def test_a_text_of_its_own_says_how_little_it_shares() -> None:
    """What was compared and copied from none carries the largest share found."""
    found = graph(*STORY, overlaps=SHARES)
    measured = found.source("release").measured
    assert measured is not None
    assert measured.percent == "0.3%"
    assert found.source("spun").measured is None


@pytest.mark.parametrize(
    ("keys", "sources"),
    [
        (("release",), {"release", "study"}),
        (("reprint",), {"reprint", "original", "spun", "study", "old"}),
        (("old",), {"reprint", "original", "spun", "study", "old"}),
        (("elsewhere",), {"elsewhere"}),
        (("nobody",), set()),
    ],
)
def test_a_key_chooses_its_story(keys: tuple[str, ...], sources: set[str]) -> None:
    """All texts of one original, whatever rests on the source named, and what these rest on."""
    assert {s.key for s in graph(*STORY, keys=keys).sources} == sources


def test_nothing_is_drawn_of_nothing() -> None:
    """Without relations there is no figure, no drawing and no list."""
    empty = graph(record("a"))
    assert lineage_figure(empty, str) == lineage_svg(empty) == ""
    with pytest.raises(KeyError):
        empty.source("a")


@pytest.mark.parametrize(
    "records",
    [
        (record("a", "b"), record("b", "a")),
        (record("a", "a"),),
        (record("a", "", "a"), record("b", "a")),
        (record("a", "b"), record("b", "c"), record("c", "a"), record("d", "a")),
        (record("a", "gone"),),
    ],
)
def test_broken_relations_are_drawn_all_the_same(records: tuple[Record, ...]) -> None:
    """Circles and sources without a record are problems elsewhere; here they end nothing."""
    found = graph(*records)
    for drawing in drawings(found):
        assert {box.key for box in drawing.boxes} == {s.key for s in found.sources}
    lineage_figure(found, str)


def test_sources_that_look_the_same_are_told_apart() -> None:
    """Of one publisher, kind and year, the key is added."""
    found = graph(record("a", "b"), record("b"), names={"a": "WIRED", "b": "WIRED"})
    assert [s.about for s in found.sources] == ["article, 2024, a", "article, 2024, b"]


def test_a_reader_of_the_drawing_has_the_same_in_words() -> None:
    """A list nested like the tree, each relation in words, with its share."""
    figure = lineage_figure(graph(*STORY, overlaps=SHARES), lambda key: f"<a>{key}</a>")
    start = figure.index("<ul>")
    words = re.sub(r"\s+", " ", re.sub(r"</?a>", "", figure[start : figure.index("</details>")]))
    assert words == (
        "<ul> <li>old, article: nothing held shows that it takes from another.</li> "
        "<li>study, article: nothing held shows that it takes from another. "
        "<ul> <li>release, article: takes its facts from study; its text is its own: 0.3% of its "
        "runs of five words stand in reprint.</li> "
        "<li>original, article: takes its facts from study; takes the facts of one passage from "
        "old. <ul> <li>reprint, article: takes its text from original.</li> "
        "<li>spun, article: takes its text from original, and 31.1% of its runs of five words "
        "stand in reprint.</li> </ul> </li> </ul> </li> </ul> "
    )


def test_lines_of_text_and_of_facts_differ_in_form_and_in_words() -> None:
    """Color says nothing: facts are broken lines with open heads, and each arrow has its word."""
    svg = ET.fromstring(f"<x>{lineage_svg(graph(*STORY, overlaps=SHARES))}</x>")  # noqa: S314
    wide = svg[0]
    for group in wide.iter(f"{SVG}g"):
        if group.get("class") in ("text", "facts"):
            line, head = group.findall(f"{SVG}path")
            broken = group.get("class") == "facts"
            assert (line.get("stroke-dasharray") is not None) == broken
            assert (head.get("fill") is None) == broken
            assert str(group.get("class")) in str(group[2].text)


def test_a_drawing_names_itself_and_brings_no_style() -> None:
    """An image with a title and a description, ids of its own, and nothing inline."""
    text = lineage_svg(graph(*STORY), name="second")
    assert "style" not in text
    assert "#" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids)) == 4
    for svg in ET.fromstring(f"<x>{text}</x>"):  # noqa: S314
        assert svg.get("role") == "img"
        assert svg.get("aria-labelledby") in ids
        assert svg.get("aria-describedby") in ids
        assert str(svg.get("aria-labelledby")).startswith("second-")


def test_the_figure_is_that_of_its_golden_file() -> None:
    """No character of the figure changes unnoticed."""
    names = {"study": "Institute <for> Studies & Such", "spun": "a.very.long.host.name.example.org"}
    found = graph(*STORY, overlaps=SHARES, names=names)
    figure = lineage_figure(found, lambda key: f'<a href="#ref-{key}">{key}</a>') + "\n"
    assert figure == (Path(__file__).parent / "lineage" / "figure.html").read_text("utf-8")


HOSTILE = st.lists(
    st.sampled_from([*"<>&\"'ab. /\x00\x1b\u202e\u200b\ud800\ufffe漢é", "]]>", "<!--", "</text>"]),
    min_size=1,
    max_size=40,
).map("".join)


@st.composite
def _stories(draw: st.DrawFn) -> Graph:
    keys = [f"k{n}" for n in range(draw(st.integers(2, 14)))]
    target = st.sampled_from(["", *keys])
    records = [
        record(
            key,
            draw(target),
            draw(target),
            *(passage(f"p{n}", draw(target) or None) for n in (1, 2)),
        )
        for key in keys
    ]
    names = {key: draw(HOSTILE) for key in keys}
    pairs = st.tuples(st.sampled_from(keys), st.sampled_from(keys))
    overlaps = draw(st.dictionaries(pairs, st.floats(0, 1), max_size=5))
    return graph(*records, overlaps=overlaps, names=names, keys=tuple(draw(st.sets(target))))


def drawings(found: Graph) -> list[Drawing]:
    if not found.relations:
        return []
    return [drawing for drawing in (across(found), down(found)) if drawing]


@settings(max_examples=120, deadline=None)
@given(_stories())
@pytest.mark.no_cover
def test_no_box_covers_another_and_all_is_on_the_sheet(found: Graph) -> None:
    """Every source has one box, boxes keep clear of each other, arrows touch both their boxes."""
    for drawing in drawings(found):
        boxes = {box.key: box for box in drawing.boxes}
        assert [*sorted(boxes)] == [s.key for s in found.sources]
        assert len(drawing.wires) == len(found.relations)
        for a, b in combinations(drawing.boxes, 2):
            apart = a.x + a.width <= b.x or b.x + b.width <= a.x
            assert apart or a.y + a.height < b.y or b.y + b.height < a.y
        for box in drawing.boxes:
            assert 0 <= box.x < box.x + box.width <= drawing.width
            assert 0 <= box.y < box.y + box.height <= drawing.height
        for wire in drawing.wires:
            for (x, y), key in (
                (wire.points[0], wire.relation.giver),
                (wire.points[-1], wire.relation.taker),
            ):
                box = boxes[key]
                assert box.x <= x <= box.x + box.width
                assert box.y <= y <= box.y + box.height
        for short, wire in zip(trimmed(drawing.wires, 5), drawing.wires, strict=True):
            assert short[-1] == wire.points[-1]


@settings(max_examples=60, deadline=None)
@given(_stories())
@pytest.mark.no_cover
def test_a_drawing_is_sound_xml_and_says_every_name(found: Graph) -> None:
    """Whatever a title holds: what cannot be printed is named, and nothing becomes an element."""
    text = lineage_svg(found)
    text.encode()
    for svg in ET.fromstring(f"<x>{text}</x>"):  # noqa: S314
        known = {"svg", "title", "desc", "g", "path", "rect", "text"}
        assert {str(e.tag).removeprefix(SVG) for e in svg.iter()} <= known
        shown = {
            str(group.get("data-key")): "".join(
                str(line.text or "") for line in group if line.get("class") == "name"
            )
            for group in svg.iter(f"{SVG}g")
            if group.get("data-key")
        }
        for source in found.sources:
            plain = re.sub("[\ud800-\udfff\ufffe]", "\ufffd", visible(source.name))
            assert re.sub(r"\s", "", shown[source.key]) == re.sub(r"\s", "", plain)


@given(HOSTILE, st.integers(40, 200))
def test_lines_keep_their_width_and_lose_nothing(text: str, width: int) -> None:
    """A line is only wider than the box where one character or named character is."""
    lines = wrapped(text, width, 13)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(
        r"\s", "", "".join(wrapped(text, 10_000, 13))
    )
    assert all(text_width(line, 13) <= width or len(line) == 1 for line in lines)


def test_the_report_tells_the_lineage_of_its_five_texts() -> None:
    """Two sources and not five: four texts have one original, which rests on the same study."""
    evidence = read_project(read_settings(ROOT)[0]).evidence
    found = lineage_graph(evidence.records, evidence.references, evidence.overlaps)
    from_wired = {r.taker for r in found.relations if (r.giver, r.taken) == ("wired2024", "text")}
    assert {"technologymag2024", "systmade2024", "itmagazine2024", "ninjasighting2024"} < from_wired
    on_study = {r.taker for r in found.relations if r.giver == "stop2024report"}
    assert on_study == {"wired2024", "stop2024release"}
    assert found.source("technologymag2024").nearest == "wired2024"
    shares = {r.taker: r.measured.percent for r in found.relations if r.measured}
    assert [key for key, _ in sorted(shares.items(), key=lambda kv: -float(kv[1][:-1]))] == [
        "systmade2024",
        "itmagazine2024",
        "ninjasighting2024",
    ]
    figure = lineage_figure(found, str)
    assert all(share in unescape(figure) for share in shares.values())
    assert 'class="lineage-across"' in figure
