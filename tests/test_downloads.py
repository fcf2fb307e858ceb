"""The files beside the pages: references that pandoc reads back, findings and series as CSV."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import pypandoc
import pytest

from dossier.bibliography import read_bibliography
from dossier.loading import read_project, read_settings
from dossier.style import as_csl_json
from test_explorer import FILES, built

ROOT = Path(__file__).resolve().parent.parent


def read_back(path: Path, form: str) -> list[dict[str, object]]:
    """Return what pandoc reads in a file, which must be without a warning."""
    command = [pypandoc.get_pandoc_path(), "--fail-if-warnings", "-f", form, "-t", "csljson"]
    done = subprocess.run([*command, str(path)], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    read: list[dict[str, object]] = json.loads(done.stdout)
    return read


@pytest.mark.parametrize("form", ["bibtex", "biblatex"])
def test_references_are_read_back_as_bibtex(tmp_path: Path, form: str) -> None:
    """All of them, under their keys, and the same as in the list in CSL-JSON."""
    site = built(tmp_path).site
    items = read_back(site / "references.bib", form)
    assert [item["id"] for item in items] == ["doe2020", "roe2021", "poe2022"]
    by_key = {item["id"]: item for item in read_back(site / "references.json", "csljson")}
    assert [by_key[item["id"]]["title"] for item in items] == [item["title"] for item in items]


def test_the_references_of_the_report_are_all_there() -> None:
    """Pandoc reads each of them, and as many come back as there are."""
    project = read_project(read_settings(ROOT)[0])
    items = as_csl_json(tuple(project.evidence.references.values()))
    assert items is not None
    assert [item["id"] for item in items] == list(project.evidence.references)


def test_odd_keys_keep_their_names() -> None:
    """A key that BibTeX as pandoc reads it cannot have is the id of its item all the same."""
    source = b"@book{it's, title={A}}\n@book{plain, title={B}}\n"
    references, _ = read_bibliography((("a.bib", source),))
    items = as_csl_json(references)
    assert items is not None
    assert [(item["id"], item["title"]) for item in items] == [("it's", "A"), ("plain", "B")]


def test_findings_are_a_table_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """As the page of all findings has them; pages may link to the file."""
    report = built(tmp_path)
    with (report.site / "data" / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = [(row["number"], row["id"], row["chapter"]) for row in rows]
    assert found == [("1", "a", "early"), ("2", "b", "late")]
    assert "sources/findings/a.yml" in FILES
