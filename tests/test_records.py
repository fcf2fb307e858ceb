"""What files of `sources/` give: golden files, one behaviour each, and duplicates over files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.model import Finding, Overlap, Record, Series
from dossier.problems import Problem, as_text
from dossier.records import (
    read_findings,
    read_overlaps,
    read_records,
    read_series,
)
from dossier.schemas import schemas

GOLDEN = Path(__file__).parent / "records"
READERS: dict[str, Callable[..., tuple[tuple[object, ...], tuple[Problem, ...]]]] = {
    "record": read_records,
    "findings": read_findings,
    "series": read_series,
    "overlaps": read_overlaps,
}
CASES = sorted(p for folder in READERS for p in (GOLDEN / folder).glob("*.yml"))
HASH = "0123456789abcdef" * 4


def shown(value: object) -> list[str]:
    """Return what a golden file says of a value: the fields that are not at their default."""
    match value:
        case Record():
            head = f"record {value.key} at {value.span.line}:{value.span.column}"
            fields = ["standing", "kind", "interest", "note", "copy_of", "relies_on"]
            lines = [f"  {f}: {getattr(value, f)!r}" for f in fields if getattr(value, f)]
            lines += [
                f"  capture {c.sha256[:6]} {c.words} {c.extent} {c.retrieved!r}"
                for c in value.captures
            ]
            for p in value.passages:
                lines.append(f"  passage {p.id} at {p.span.line}:{p.span.column}: {p.exact!r}")
                more = ["locator", "prefix", "suffix", "relies_on", "voice", "variant_of", "care"]
                lines += [f"    {f}: {getattr(p, f)!r}" for f in more if getattr(p, f)]
                lines.append(f"    read: {p.read!r}")
            return [head, *lines]
        case Finding():
            head = f"finding {value.id} of {value.chapter} at {value.span.line}:{value.span.column}"
            fields = ["statement", "figure", "note"]
            lines = [f"  {f}: {getattr(value, f)!r}" for f in fields if getattr(value, f)]
            lines += [
                f"  {b.passage} {b.bears} at {b.span.line}:{b.span.column} {b.note!r}"
                for b in value.evidence
            ]
            return [head, *lines]
        case Series():
            head = f"series {value.id} at {value.span.line}:{value.span.column}"
            lines = [f"  title: {value.title!r}", f"  caption: {value.caption!r}"]
            lines += [f"  column {c.id} {c.title!r} {c.kind} {c.unit!r}" for c in value.columns]
            lines += [f"  chart: {value.chart}"] if value.chart else []
            lines += [
                f"  row at {r.span.line}:{r.span.column}: {dict(r.values)} {list(r.passages)}"
                for r in value.rows
            ]
            return [head, *lines]
        case Overlap():
            place = f"{value.span.line}:{value.span.column}"
            hashes = f"{value.part_sha256[:6]} {value.whole_sha256[:6]}"
            head = f"overlap {value.part} in {value.whole}: {value.share} in runs of {value.run}"
            return [f"{head}, {hashes} at {place}"]
        case _:
            raise TypeError(value)


def render(folder: str, path: Path) -> str:
    """Return what is read from one golden file, values first, then problems."""
    values, problems = READERS[folder]([(path.name, path.read_bytes())])
    lines = [line for value in values for line in shown(value)]
    return "\n".join([*lines, *map(as_text, problems)]) + "\n"


@pytest.mark.parametrize("path", CASES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_a_file_gives_its_sound_values_and_all_its_problems(path: Path) -> None:
    """The values and the problems of a file are those of the golden file beside it."""
    assert render(path.parent.name, path) == path.with_suffix(".txt").read_text("utf-8")


def test_the_golden_files_show_more_failures_than_successes() -> None:
    """At least half of the cases are of files with faults."""
    faulty = [p for p in CASES if "mend:" in p.with_suffix(".txt").read_text("utf-8")]
    assert len(CASES) <= 2 * len(faulty)


def test_a_record_key_in_two_files_names_both_places() -> None:
    """The first file counts; the problem stands at the second and names both."""
    one = b"key: a\nstanding: news\n"
    two = b"standing: copy\nkey: a\n"
    records, problems = read_records([("one.yml", one), ("two.yml", two)])
    assert [(r.key, r.standing) for r in records] == [("a", "news")]
    (problem,) = problems
    assert (problem.code, problem.path, problem.line, problem.column) == (
        "repeated-record",
        "two.yml",
        2,
        6,
    )
    assert "one.yml:1 and at two.yml:2" in problem.message


def test_a_faulty_record_still_takes_its_key() -> None:
    """A key is known to be taken even where the rest of its file is beyond use."""
    files = [("one.yml", b"key: a\n"), ("two.yml", b"key: a\nstanding: news\n")]
    records, problems = read_records(files)
    assert records == ()
    assert [p.code for p in problems] == ["record-missing-key", "repeated-record"]


def test_a_finding_in_two_chapters_names_both_places() -> None:
    """Ids of findings are unique over all files."""
    text = "chapter: {}\nfindings:\n  - {{id: one, statement: A., evidence: []}}\n"
    files = [(f"{name}.yml", text.format(name).encode()) for name in ("b", "a")]
    findings, problems = read_findings(files)
    assert [(f.id, f.chapter) for f in findings] == [("one", "b")]
    assert [(p.code, p.path, p.line) for p in problems] == [("repeated-finding", "a.yml", 3)]
    assert "b.yml:3 and at a.yml:3" in problems[0].message


def test_a_series_in_two_files_names_both_places() -> None:
    """Ids of series are unique over all files."""
    text = b"id: s\ntitle: S\ncolumns: [{id: a, title: A}]\nrows: []\n"
    series, problems = read_series([("one.yml", text), ("two.yml", text)])
    assert [s.span.path for s in series] == ["one.yml"]
    assert [(p.code, p.path) for p in problems] == [("repeated-series", "two.yml")]


def test_a_broken_file_does_not_hide_the_others() -> None:
    """Each file is read for itself, whatever the one before it holds."""
    files = [("bad.yml", b'key: "a\n'), ("good.yml", b"key: b\nstanding: news\n")]
    records, problems = read_records(files)
    assert [r.key for r in records] == ["b"]
    assert [(p.code, p.path) for p in problems] == [("yaml-syntax", "bad.yml")]


def test_an_overlap_in_two_files_is_met_again() -> None:
    """A pair is measured once over all files, in one direction."""
    item = f"{{part: a, whole: b, run: 5, share: 0, part_sha256: {HASH}, whole_sha256: {HASH}}}"
    data = f"overlaps: [{item}]\n".encode()
    overlaps, problems = read_overlaps([("one.yml", data), ("two.yml", data)])
    assert len(overlaps) == 1
    assert [(p.code, p.path) for p in problems] == [("repeated-overlap", "two.yml")]


def test_the_values_of_a_row_cannot_be_changed() -> None:
    """Evidence is shared between pages, so its mappings are read-only."""
    data = b"id: s\ntitle: S\ncolumns: [{id: a, title: A}]\nrows: [{a: 1, passages: [k#p]}]\n"
    (series,), _ = read_series([("s.yml", data)])
    with pytest.raises(TypeError):
        series.rows[0].values["a"] = "2"  # type: ignore[index]


def test_schemas_are_those_of_the_forms() -> None:
    """Each schema is plain JSON, closes its objects and knows the words of DESIGN.md."""
    every = schemas()
    assert list(every) == ["record", "findings", "series", "names", "overlaps", "checks"]
    assert json.loads(json.dumps(every)) == every
    text = json.dumps(every["record"])
    assert all(f'"{word}"' in text for word in ("primary", "advocacy", "variant_of", "twice"))
    for schema in every.values():
        assert schema["additionalProperties"] is False
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_schema_refuses_what_the_reader_refuses() -> None:
    """Patterns of the schema hold the whole of a value, as the reader does."""
    definitions = schemas()["record"]["$defs"]
    assert isinstance(definitions, dict)
    passage = definitions["PassageForm"]
    assert passage["properties"]["id"]["pattern"] == "^(?:[a-z0-9]+(?:-[a-z0-9]+)*)$"
    assert passage["required"] == ["id", "exact"]
    row = schemas()["series"]["$defs"]
    assert isinstance(row, dict)
    assert row["RowForm"]["additionalProperties"] == {"type": ["string", "number", "null"]}


yaml_like = st.lists(
    st.sampled_from(
        [
            *(
                "key: ",
                "standing: ",
                "news",
                "passages:",
                "\n",
                "\n  - ",
                "id: ",
                "exact: ",
                "a#b",
                "a",
            ),
            *(
                "[",
                "]",
                "{",
                "}",
                ", ",
                '"',
                "'",
                "*a ",
                "&a ",
                "!!x ",
                "\t",
                "findings:",
                "chapter: ",
            ),
            *(
                "statement: ",
                "evidence:",
                "bears: supports",
                "rows:",
                "columns:",
                "title: ",
                "- ",
                "|",
            ),
            *(
                "overlaps:",
                "part: ",
                "share: 0.1",
                "captures:",
                "\x00",
                "é",
                "#",
                "---\n",
                "~",
                "? ",
            ),
        ]
    ),
    max_size=40,
).map(lambda parts: "".join(parts).encode())


@given(st.one_of(st.binary(max_size=200), yaml_like), st.sampled_from(sorted(READERS)))
def test_no_bytes_make_a_reader_raise(data: bytes, folder: str) -> None:
    """Any bytes give values and problems, each problem at a place inside the file."""
    values, problems = READERS[folder]([("f.yml", data)])
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    assert isinstance(values, tuple)
    assert all(1 <= p.line <= lines and p.column >= 1 for p in problems)
