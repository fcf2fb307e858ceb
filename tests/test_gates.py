"""The gates in a build: what the report says stands in its passages, or nothing is published."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from dossier.cli import main
from reports import make_report

ROOT = Path(__file__).resolve().parent.parent
BIB = "@book{doe, author={Doe, Jane}, title={The Book of It}, publisher={P}, year=2020}\n"
RECORD = """\
key: doe
standing: news
passages:
  - id: words
    exact: The network cost $400 million in 2014, and no one was "ever" told of it.
  - id: other
    exact: Another sentence stands here.
"""
CONFIG = "site_name: T\nplugins: [search, dossier]\n"


def project(root: Path, text: str, **files: str) -> Path:
    written = {
        "mkdocs.yml": CONFIG,
        "references.bib": BIB,
        "docs/index.md": text,
        "sources/records/doe.yml": RECORD,
        **files,
    }
    for name, content in written.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return root


def codes(root: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, int, int]]:
    main(["-f", str(root / "mkdocs.yml"), "check", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    return [(p["code"], p["line"], p["column"]) for p in found if p["severity"] != "note"]


RIGHT = [
    'It cost "$400 million in 2014" [@doe#words].',
    "It cost $400 million in 2014 [@doe].",
    "They say “no one was ‘ever’ told” [@doe#words].",
    'It is in "The Book of It" [@doe].',
    "As they say:\n\n> The network cost $400 million in 2014 [@doe#words]",
    'No source, "no rule"? It is `"code"`, in *400* ways.'.replace('"no rule"', "no rule"),
    "It cost {= 400 + 400 = 800 =} million for two [@doe#words].".replace(" for two", ""),
]
WRONG = [
    ('It cost "$400 million in 2015" [@doe#words].', "quote-not-found"),
    ('"Someone was ever told" [@doe#words].', "quote-not-found"),
    ('It cost "$400 million" in all.', "quote-uncited"),
    ("It cost $401 million [@doe#words].", "number-not-found"),
    ("It cost $400 billion [@doe#words].", "number-not-found"),
    ("It cost {= 401 + 1 = 402 =} [@doe#words].", "number-not-found"),
    ("> The network cost nothing [@doe#words]", "quote-not-found"),
]


@pytest.mark.parametrize("text", RIGHT)
def test_what_stands_in_a_passage_passes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    """Quotations and numbers that a cited passage has, and titles of cited works."""
    assert codes(project(tmp_path, f"# T\n\n{text}\n"), capsys) == []


@pytest.mark.parametrize(("text", "code"), WRONG)
def test_what_stands_in_none_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, code: str
) -> None:
    """It is named with its place, and a build fails."""
    root = project(tmp_path, f"# T\n\n{text}\n")
    found = codes(root, capsys)
    assert code in [c for c, _, _ in found]
    assert all(line == 3 for _, line, _ in found)


def test_without_records_nothing_is_held(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An author without sources quotes and counts freely; `off` says so expressly."""
    root = project(tmp_path / "a", '# T\n\n"Whatever" 77 [@doe].\n')
    shutil.rmtree(root / "sources")
    assert codes(root, capsys) == []
    config = "site_name: T\nplugins: [search, {dossier: {evidence: 'off'}}]\n"
    root = project(tmp_path / "b", '# T\n\n"Whatever" 77 [@doe].\n', **{"mkdocs.yml": config})
    assert codes(root, capsys) == []


def test_required_evidence_without_a_record_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Row 61 of the bad inputs: no stored source is no proof."""
    config = "site_name: T\nplugins: [search, {dossier: {evidence: required}}]\n"
    record = RECORD.replace("key: doe", "key: roe")
    bib = BIB + BIB.replace("doe", "roe")
    files = {"mkdocs.yml": config, "references.bib": bib, "sources/records/doe.yml": record}
    root = project(tmp_path, "# T\n\n> A quotation. [@doe]\n", **files)
    assert "no-record" in [code for code, _, _ in codes(root, capsys)]


def test_findings_and_series_pass_the_same_gate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A figure, a statement and a row that no passage holds are named in their files."""
    findings = (
        "chapter: one\nfindings:\n  - id: a\n    statement: It cost $500 million.\n"
        "    evidence:\n      - {passage: doe#words, bears: supports}\n"
    )
    series = (
        "id: s\ntitle: S\ncolumns:\n  - {id: n, title: N, kind: number}\n"
        "rows:\n  - {n: '77', passages: [doe#words]}\n"
    )
    files = {"sources/findings/one.yml": findings, "sources/series/s.yml": series}
    found = codes(project(tmp_path, "# T\n", **files), capsys)
    assert [code for code, _, _ in found] == ["number-not-found", "number-not-found"]


def test_a_quotation_carries_its_passage_in_the_page(tmp_path: Path) -> None:
    """`q` and `blockquote` with `cite` and the address, around the author's own marks."""
    bib = BIB.replace("year=2020", "year=2020, url={https://example.org/it}")
    text = (
        '# T\n\nIt cost "$400 *million*" [@doe#words], *"in 2014* it" says.\n\n'
        "As said:\n\n> The network cost $400 million in 2014 [@doe#words]\n"
    ).replace(', *"in 2014* it" says', "")
    files: dict[str, str | bytes] = {
        "mkdocs.yml": CONFIG,
        "references.bib": bib,
        "docs/index.md": text,
        "sources/records/doe.yml": RECORD,
    }
    source = make_report(tmp_path / "p", files).build(strict=True).html().source
    attributes = 'cite="https://example.org/it" data-passage="doe#words"'
    assert f'<q {attributes} data-at="17-29">"$400 <em>million</em>"</q>' in source
    assert f'<blockquote {attributes} data-at="0-37">' in source
    assert "\ue0d0" not in source


def test_a_quotation_over_the_end_of_an_element_is_left_unmarked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Markup that a quotation cuts in two cannot hold an element, and stays well formed."""
    files: dict[str, str | bytes] = {
        "mkdocs.yml": CONFIG,
        "references.bib": BIB,
        "docs/index.md": '# T\n\nIt *cost "$400* million" [@doe#words].\n',
        "sources/records/doe.yml": RECORD,
    }
    report = make_report(tmp_path / "p", files).build()
    source = report.html().source
    assert "<q" not in source
    assert '<em>cost "$400</em> million"' in source


def test_the_report_itself_passes_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """No error, no warning, over every page, finding and series of the report."""
    assert main(["-f", str(ROOT / "mkdocs.yml"), "check", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {p["severity"] for p in found} <= {"note"}


def test_evidence_is_published_for_machines(tmp_path: Path) -> None:
    """`evidence.json` is valid under the schema beside it and names what was held."""
    import jsonschema

    files: dict[str, str | bytes] = {
        "mkdocs.yml": CONFIG,
        "references.bib": BIB,
        "docs/index.md": '# T\n\nIt cost "$400 million in 2014" [@doe#words].\n',
        "sources/records/doe.yml": RECORD,
    }
    report = make_report(tmp_path / "p", files).build(strict=True)
    document = json.loads((report.site / "evidence.json").read_text("utf-8"))
    schema = json.loads((report.site / "evidence.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["commit"] == "not available"
    assert [check["passage"] for check in document["checks"] if check["kind"] == "quotation"] == [
        "doe#words"
    ]
    source = report.html().source
    assert '<script type="application/ld+json">' in source
    assert '"@type":"Quotation"' in source


def test_numbers_of_a_broken_record_are_not_called_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither they nor a table of a broken series: the files themselves are what is wrong."""
    text = "# T\n\nIt cost $400 million [@doe#words], and 9 more.\n\n::: table s\n"
    broken = RECORD.replace("standing: news", "standing : [news")
    files = {"sources/records/doe.yml": broken, "sources/series/s.yml": "id: [s\n"}
    found = codes(project(tmp_path, text, **files), capsys)
    assert {code for code, _, _ in found} == {"yaml-syntax"}


def test_a_broken_record_is_named_and_not_called_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One fault, one message: what follows from it alone is not said again on every page."""
    text = '# T\n\nIt cost "$400 million in 2014" [@doe#words]. See [@doe#other].\n'
    broken = RECORD.replace("standing: news", "standing : [news")
    found = codes(project(tmp_path, text, **{"sources/records/doe.yml": broken}), capsys)
    assert "yaml-syntax" in [code for code, _, _ in found]
    assert "no-record" not in [code for code, _, _ in found]
