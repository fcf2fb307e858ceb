"""`dossier freshness`: which source was last checked when."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dossier.cli import main
from reports import BIB

HASH = "a" * 64
RECORDS = {
    # Never looked at; one of two passages read twice.
    "doe2020": "passages:\n  - {id: a, exact: A., read: twice}\n"
    "  - {id: b, exact: B., read: once}\n",
    # Never looked at, and nobody read it twice.
    "bare": "passages:\n  - {id: a, exact: A.}\n",
    # A text of an unknown day is no look.
    "dayless": f"captures:\n  - {{sha256: {HASH}, words: 9, extent: full}}\n",
    "captured": "captures:\n"
    f"  - {{sha256: {HASH}, words: 9, extent: full, retrieved: 2025-07-08}}\n"
    f"  - {{sha256: {'b' * 64}, words: 9, extent: full, retrieved: 2024-01-02}}\n",
    "roe2021": f"captures:\n  - {{sha256: {HASH}, words: 9, extent: full, retrieved: 2026-03-01}}\n"
    "passages:\n  - {id: a, exact: A.}\n  - {id: b, exact: B.}\n  - {id: c, exact: C.}\n",
    "poe2022": "passages:\n  - {id: a, exact: A.}\n",
}
CHECKS = """\
checks:
  - key: roe2021
    where: archive
    address: https://archive.example/roe
    checked: 2026-03-01
    passages: [{id: a, result: gone}, {id: b, result: there}, {id: c, result: there}]
  - key: roe2021
    where: address
    address: https://roe.example/
    checked: 2026-03-01
    passages: [{id: a, result: changed, now: An A.}, {id: b, result: there}, {id: c, result: there}]
  - key: captured
    where: address
    address: https://c.example/
    checked: 2026-04-01
    fault: the server answered 503
  - key: poe2022
    where: address
    address: https://poe.example/
    checked: 2025-01-01
    fault: the server answered 503
  - key: poe2022
    where: archive
    address: https://archive.example/poe
    checked: 2026-02-01
    passages: [{id: a, result: there}]
"""
TEXT = """\
never       bare: 1 passage, 0 read twice
never       dayless: 0 passages, 0 read twice
never       doe2020: 2 passages, 1 read twice
2025-07-08  captured: its text was retrieved; 0 passages, 0 read twice; a look on 2026-04-01 \
failed, the server answered 503
2026-02-01  poe2022: looked at its archived copy; 1 there; 1 passage, 0 read twice
2026-03-01  roe2021: looked at its address; 1 changed, 2 there; 3 passages, 0 read twice
6 sources, 3 of them never checked; the oldest look is of 2025-07-08
"""

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command on a report with these records and checks."""
    keys = "".join(f"@misc{{{key}, title={{T}}, year=2020}}\n" for key in RECORDS if key not in BIB)
    files = {
        "mkdocs.yml": "site_name: R\nplugins: [dossier]\n",
        "references.bib": BIB + keys,
        "docs/index.md": "# Start\n",
        "sources/checks.yml": CHECKS,
        **{
            f"sources/records/{k}.yml": f"key: {k}\nstanding: news\n{v}" for k, v in RECORDS.items()
        },
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")

    def command(*arguments: str) -> tuple[int, str, str]:
        status = main(["-f", str(tmp_path / "mkdocs.yml"), "freshness", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


def test_in_words(run: Run) -> None:
    """Never checked first, then the oldest look; of one day a live address says most.

    A look that failed is told where nothing came after it, and counts for none.
    """
    assert run() == (0, TEXT, "")


def test_as_json(run: Run) -> None:
    """The same order, for machines."""
    status, said, _ = run("--format", "json")
    found = json.loads(said)
    assert status == 0
    assert [one["key"] for one in found] == [
        *("bare", "dayless", "doe2020"),
        *("captured", "poe2022", "roe2021"),
    ]
    assert found[0] == {
        "key": "bare",
        "title": "T",
        "day": None,
        "how": None,
        "results": {},
        "passages": 1,
        "read_twice": 0,
        "failed": None,
    }
    assert found[3]["failed"] == {"day": "2026-04-01", "fault": "the server answered 503"}
    assert (found[5]["day"], found[5]["how"]) == ("2026-03-01", "address")
    assert found[5]["results"] == {"changed": 1, "there": 2}


def test_what_is_wrong_is_said_beside(run: Run, tmp_path: Path) -> None:
    """A record that cannot be read is not in the list; the status tells that it is not whole."""
    (tmp_path / "sources/records/bare.yml").write_text("key: bare\nstanding: bad\n", "utf-8")
    status, said, beside = run()
    assert status == 1
    assert "bare:" not in said
    assert "dayless:" in said
    assert "record-bad-value" in beside


def test_without_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """There is nothing to list, and the mend is told."""
    (tmp_path / "mkdocs.yml").write_text("site_name: R\nplugins: [dossier]\n", "utf-8")
    (tmp_path / "docs").mkdir()
    assert main(["-f", str(tmp_path / "mkdocs.yml"), "freshness"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "no-sources" in said.err
    assert main(["-f", str(tmp_path / "none.yml"), "freshness"]) == 1
    assert "no-config" in capsys.readouterr().err
