"""Every row of bad-inputs/MANIFEST.tsv; `test_bad_inputs_more.py` has what came after it."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from pathlib import Path

import pytest

from dossier.cli import main
from processes import run_module
from reports import ENVIRONMENT

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

FOLDER = Path(__file__).parent / "bad-inputs"
QUOTATION_ROWS = {"54", "55", "57", "61", "63"}
"""Rows of the quotation gate, whose sources stand there as texts: here they become records."""


def manifest() -> list[dict[str, str]]:
    lines = (FOLDER / "MANIFEST.tsv").read_text("utf-8").splitlines()
    names = ["n", "case", "area", "expect", "where", "what"]
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines[1:]]


ROWS = {row["n"]: row for row in manifest()}

# For each row the errors and warnings, as code and place; nothing else may be reported but notes.
EXPECTED: dict[str, list[tuple[str, str]]] = {
    "1": [("bib-unclosed-entry", "refs.bib:1")],
    "2": [("bib-stray-text", "refs.bib:2")],
    "3": [("bib-missing-comma", "refs.bib:2")],
    "5": [("duplicate-key", "refs.bib:7")],
    "6": [("duplicate-key", "refs.bib:7")],
    "7": [("duplicate-key", "b.bib:1")],
    "8": [("duplicate-key", "refs.bib:7")],
    "9": [("unknown-string", "refs.bib:2")],
    "10": [("string-cycle", "refs.bib:1")],
    "12": [("missing-parent", "refs.bib:3")],
    "14": [("duplicate-field", "refs.bib:4")],
    "15": [("unknown-entry-type", "refs.bib:1")],
    "17": [],
    "19": [("unknown-key", "docs/index.md:3"), ("bib-not-utf8", "refs.bib:2")],
    "20": [],
    "21": [],
    "23": [("unknown-key", "docs/index.md:3"), ("bib-empty", "refs.bib:1")],
    "24": [("unknown-key", "docs/index.md:3"), ("missing-bibliography", "mkdocs.yml:6")],
    "26": [("bib-too-deep", "refs.bib:2")],
    "29": [("unknown-key", "docs/index.md:3"), ("bad-key", "refs.bib:1")],
    "30": [],
    "32": [],
    "33": [("bad-doi", "refs.bib:47")],
    "35": [("bad-date", "refs.bib:5"), ("bad-date", "refs.bib:11"), ("bad-date", "refs.bib:71")],
    "37": [("unknown-latex-command", "refs.bib:3")],
    "38": [],
    "41": [("unknown-key", "docs/index.md:3"), ("unknown-key", "docs/index.md:3")],
    "43": [
        ("citation-comma", "docs/index.md:3"),
        ("citation-semicolon", "docs/index.md:3"),
        ("citation-in-link", "docs/index.md:3"),
    ],
    "46": [("yaml-syntax", "docs/index.md:2"), ("yaml-syntax", "docs/index.md:3")],
    "47": [("front-matter-type", f"docs/index.md:{line}") for line in (3, 4, 5)],
    "48": [("front-matter-unclosed", "docs/index.md:1")],
    "49": [("yaml-alias", "sources/findings/findings.yml:1")],
    "50": [("yaml-tag", "sources/findings/findings.yml:1")],
    "52": [("yaml-tab", "sources/findings/findings.yml:2")],
    "54": [],
    "55": [],
    "57": [("quote-not-found", "docs/index.md:3")],
    "61": [("no-record", "docs/index.md:3")],
    "63": [("quote-too-short", "docs/index.md:3"), ("quote-too-short", "docs/index.md:5")],
    "65": [("symlink-outside", "docs/loop:1"), ("symlink-outside", "docs/secret.md:1")],
    "67": [
        ("name-reserved", "docs/CON.md:1"),
        ("name-collision", "docs/a.md:1"),
        ("name-special", "docs/x y#z?.md:1"),
    ],
    "70": [],
}
# Rows whose file is refused as a whole: what its form lacks may be named beside it.
LOOSE = {"49", "50"}


def project(row: dict[str, str], folder: Path) -> Path:
    """A whole project of the row's files, with the configuration that the row presumes."""
    root = folder / row["case"]
    shutil.copytree(FOLDER / f"{int(row['n']):02d}-{row['case']}", root)
    if row["n"] == "67":
        # Not kept in the repository: a clone on Windows or macOS could not hold these names.
        for name in ("A.md", "a.md", "CON.md", "x y#z?.md"):
            (root / "docs" / name).write_text("# T\n", "utf-8")
    if row["n"] == "65":
        (root / "docs" / "secret.md").symlink_to("/etc/passwd")
        (root / "docs" / "loop").symlink_to(".")
    if (root / "findings.yml").exists():
        (root / "sources" / "findings").mkdir(parents=True)
        (root / "findings.yml").rename(root / "sources" / "findings" / "findings.yml")
        entry = "@article{ok2020, author={Doe, Jane}, title={T}, journal={J}, year=2020}\n"
        (root / "refs.bib").write_text(entry, "utf-8")
    gated = row["n"] in QUOTATION_ROWS
    if gated:
        record(root)
    files = "[a.bib, b.bib]" if row["n"] == "7" else "refs.bib"
    (root / "mkdocs.yml").write_text(
        "site_name: T\ntheme: material\nplugins:\n  - search\n  - dossier:\n"
        f"      bibliography: {files}\n" + ("      evidence: required\n" if gated else ""),
        "utf-8",
    )
    return root


def record(root: Path) -> None:
    """Write the text that a row holds of its source into a record; without one, an empty one."""
    folder = root / "sources" / "records"
    folder.mkdir(parents=True)
    text = root / "sources" / "ok2020.txt"
    if text.exists():
        lines = text.read_text("utf-8").splitlines()
        passage = "".join(f"      {line}\n" for line in lines)
        (folder / "ok2020.yml").write_text(
            "key: ok2020\nstanding: primary\nkind: article\npassages:\n"
            f"  - id: all\n    exact: |-\n{passage}",
            "utf-8",
        )


def problems(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, object]]]:
    status = main(["-f", str(root / "mkdocs.yml"), "check", "--format", "json"])
    return status, json.loads(capsys.readouterr().out)


def page(root: Path) -> str:
    """The HTML of the first page, built by MkDocs."""
    done = run_module(("mkdocs", "build", "-q"), root, ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    return (root / "site" / "index.html").read_text("utf-8")


def test_every_row_is_run() -> None:
    """No row is left out, and every row's folder is here."""
    assert set(ROWS) == set(EXPECTED)
    for row in ROWS.values():
        assert (FOLDER / f"{int(row['n']):02d}-{row['case']}").is_dir()


@pytest.mark.parametrize("number", EXPECTED, ids=lambda n: f"{n}-{ROWS[n]['case']}")
def test_a_row_behaves_as_the_manifest_says(
    number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The right problems at the right lines, no others, with the right exit status."""
    row = ROWS[number]
    status, found = problems(project(row, tmp_path), capsys)
    said = [(p["code"], f"{p['path']}:{p['line']}") for p in found if p["severity"] != "note"]
    if number in LOOSE:
        assert EXPECTED[number][0] in said
    else:
        assert said == EXPECTED[number]
    assert status == (1 if "E" in row["expect"].split("/")[0] else 0)
    severities = {p["severity"] for p in found} - {"note"}
    if row["expect"] == "W":
        assert severities == {"warning"}
    for problem in found:
        assert problem["hint"], problem
    assert not (Path.cwd() / "pwned").exists() and not list(tmp_path.rglob("pwned"))


BUILDING = [n for n in EXPECTED if "E" not in ROWS[n]["expect"] and n != "67"]


@pytest.mark.parametrize("number", BUILDING, ids=lambda n: f"{n}-{ROWS[n]['case']}")
def test_a_row_that_is_right_builds(number: str, tmp_path: Path) -> None:
    """What is no error is built, and its page holds the citation."""
    root = project(ROWS[number], tmp_path)
    html = page(root)
    assert "\ue0d0" not in html and "[@" not in html.replace("<code>", "")
    if "@" in (root / "docs" / "index.md").read_text("utf-8-sig") and number not in ("48", "43"):
        assert 'class="citation"' in html


def test_unknown_keys_are_named_with_their_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Row 41: both keys, each at its own column, with the key that was meant."""
    _, found = problems(project(ROWS["41"], tmp_path), capsys)
    errors = [p for p in found if p["code"] == "unknown-key"]
    assert [(p["line"], p["column"]) for p in errors] == [(3, 6), (3, 25)]
    assert all("ok2020" in str(p["hint"]) for p in errors)


def test_a_missing_bibliography_is_named_by_its_whole_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Row 24: the resolved path and the line of the configuration."""
    root = project(ROWS["24"], tmp_path)
    _, found = problems(root, capsys)
    assert any(str(root / "refs.bib") in str(p["message"]) for p in found)


def test_the_open_brace_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Row 1: where the brace that never closes was opened, not the end of the file."""
    _, found = problems(project(ROWS["1"], tmp_path), capsys)
    assert any("2:11" in str(p["message"]) for p in found)


def test_both_places_of_a_repeated_key_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows 5 and 7: the first place stands beside the second."""
    for number, first in (("5", "refs.bib:1"), ("7", "a.bib:1")):
        _, found = problems(project(ROWS[number], tmp_path), capsys)
        assert any(first in str(p["message"]) for p in found)


def test_a_script_in_a_title_is_text_everywhere(tmp_path: Path) -> None:
    """Rows 30 and 32: no element, no attribute comes out of a field of the bibliography."""
    for number in ("30", "32"):
        root = project(ROWS[number], tmp_path)
        html = page(root)
        assert "<script>alert" not in html and "<svg onload" not in html
        assert not re.search(r"<[^>]*\sonmouseover=", html)
        index = (root / "site" / "search" / "search_index.json").read_text("utf-8")
        texts = " ".join(doc["text"] for doc in json.loads(index)["docs"])
        assert "<script" not in texts and "<svg" not in texts


def test_forms_of_a_doi_lead_to_one_address(tmp_path: Path) -> None:
    """Row 33: every form of one DOI gives the same link; odd characters are encoded."""
    root = project(ROWS["33"], tmp_path)
    bib = (root / "refs.bib").read_text("utf-8").replace("doi = {not-a-doi},", "")
    (root / "refs.bib").write_text(bib, "utf-8")
    html = page(root)
    assert len(re.findall(r'href="https://doi\.org/10\.1000/abc"', html)) >= 4
    assert "https://doi.org/10.1000/a%3Cb%3Ec;2-%23" in html
    assert "https://doi.org/10.1000/456_789" in html


def test_latex_becomes_text(tmp_path: Path) -> None:
    """Row 37: accents composed, mathematics kept, the argument of an unknown command kept."""
    html = page(project(ROWS["37"], tmp_path))
    entry = re.search(r'<div class="csl-entry-text">.*?</div>', html, re.DOTALL)
    assert entry is not None
    text = re.sub(r"<[^>]+>", "", entry.group())
    assert unicodedata.normalize("NFC", text) == text
    # The style sets titles in title case, so that the case of letters is its own affair.
    folded = text.casefold().replace("\u2004", " ")
    assert "über été, naïve in vitro 2 α1 &lt; β &amp; 50% – møller x" in folded


def test_a_preamble_is_neither_run_nor_printed(tmp_path: Path) -> None:
    """Row 38: the entry behind a comment is there, the preamble is not."""
    html = page(project(ROWS["38"], tmp_path))
    assert "write18" not in html and "passwd" not in html and "Doe" in html


def test_a_wrapped_citation_is_read(tmp_path: Path) -> None:
    """Row 43: the citation over three lines is one, and the link stays a link."""
    html = page(project(ROWS["43"], tmp_path))
    assert "see" in html and 'href="x.md"' in html
    assert re.search(r"\(see\s+<a[^>]*>Doe 2020</a>, 3\)|\(see\s+<a[^>]*>Doe 2020, 3</a>\)", html)


def test_the_differing_word_of_a_quotation_is_marked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Row 57: the nearest words of the source, and the one word that differs."""
    _, (problem,) = problems(project(ROWS["57"], tmp_path), capsys)
    assert "[-some-]{+no+}" in str(problem["hint"])
    assert "ok2020#all" in str(problem["hint"])


def test_a_quotation_without_a_source_is_not_passed(tmp_path: Path) -> None:
    """Row 61: neither built, nor left in the page as if it had been verified."""
    root = project(ROWS["61"], tmp_path)
    done = run_module(("mkdocs", "build", "-q"), root, ENVIRONMENT)
    assert done.returncode == 1
    assert "no-record" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (root / "site" / "index.html").exists()
