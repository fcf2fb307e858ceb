"""`dossier correct`: a dated line in the list of corrections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dossier.cli import main
from dossier.wording import date_in_words
from reports import make_report

LIST = """\
# Method

```
## Corrections
- in a block of code
```

## Corrections

- **January 5, 2025:** [Start](index.md): old.
  It goes on.
- **January 2, 2025:** first publication.

A correction is listed here.

- no list of corrections

## Afterwards

- **January 1, 2020:** another list.
"""
FILES: dict[str, str | bytes] = {
    "mkdocs.yml": "site_name: R\nplugins: [dossier]\n",
    "docs/index.md": "# Start\n\n::: findings form=short\n",
    "docs/all.md": "# All\n\n::: findings\n",
    "docs/part/costs.md": "---\ntitle: What it [costs]\n---\n\n::: findings costs\n",
    "docs/noted.md": "---\n# A comment.\ndescription: Of it.\n---\n\n# Noted\n",
    "docs/method.md": LIST,
    "sources/records/doe.yml": "key: doe2020\nstanding: news\n"
    "passages:\n  - {id: lot, exact: It costs a *lot* indeed.}\n",
    "sources/findings/costs.yml": "chapter: costs\nfindings:\n"
    '  - {id: total-cost, statement: "It costs “a *lot*”.", evidence: '
    "[{passage: 'doe2020#lot', bears: supports}]}\n",
    "sources/findings/other.yml": "chapter: other\nfindings:\n"
    "  - {id: other-thing, statement: It is other., evidence: []}\n"
    "  - {id: index, statement: It is a finding., evidence: []}\n",
}

Correct = Callable[..., tuple[int, str, str]]


@pytest.fixture
def correct(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Correct:
    """The command on a report: its status, what it printed, and what beside that."""
    make_report(tmp_path / "p", FILES)

    def command(*arguments: str) -> tuple[int, str, str]:
        status = main(["-f", str(tmp_path / "p" / "mkdocs.yml"), "correct", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


def page(tmp_path: Path, name: str = "method.md") -> Path:
    return tmp_path / "p" / "docs" / name


@pytest.mark.parametrize(
    ("day", "place"),
    [("2025-02-01", 10), ("2025-01-05", 10), ("2025-01-03", 12), ("2025-01-01", 13)],
)
def test_the_newest_stands_first(tmp_path: Path, correct: Correct, day: str, place: int) -> None:
    """The line goes to its day; everything else stays as it was."""
    status, said, beside = correct("index.md", "It was x and is y.", "--date", day)
    line = f"- **{date_in_words(day)}:** [Start](index.md): It was x and is y."
    assert (status, said, beside) == (0, f"docs/method.md:{place}: {line}\n", "")
    lines = LIST.split("\n")
    lines.insert(place - 1, line)
    assert page(tmp_path).read_text("utf-8") == "\n".join(lines)


def test_without_a_day_it_is_today(tmp_path: Path, correct: Correct) -> None:
    """Today is that of the world's clock."""
    before = datetime.now(UTC).date().isoformat()
    assert correct("all", "It was x and is y.")[0] == 0
    after = datetime.now(UTC).date().isoformat()
    written = page(tmp_path).read_text("utf-8")
    assert any(
        f"- **{date_in_words(day)}:** [All](all.md): It" in written for day in (before, after)
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("total-cost", "[What it \\[costs\\]](part/costs.md), ‘It costs ‘a \\*lot\\*’.’: x."),
        ("other-thing", "[All](all.md), ‘It is other.’: x."),
        ("part/costs.md", "[What it \\[costs\\]](part/costs.md): x."),
        ("docs/part/costs.md", "[What it \\[costs\\]](part/costs.md): x."),
        ("./part/costs", "[What it \\[costs\\]](part/costs.md): x."),
        ("index", "[All](all.md), ‘It is a finding.’: x."),
        ("index.md", "[Start](index.md): x."),
        ("noted.md", "[Noted](noted.md): x."),
    ],
)
def test_what_is_corrected(correct: Correct, name: str, words: str) -> None:
    """A finding by its id, on the page with its evidence and in its words; or a page by its path.

    No text of the report becomes Markdown, and no words of ours a quotation.
    """
    assert correct(name, " x. ", "--date", "2025-02-01")[1].endswith(f":** {words}\n")


def test_a_finding_that_no_page_shows(tmp_path: Path, correct: Correct) -> None:
    """It is named by its words alone."""
    page(tmp_path, "all.md").write_text("# All\n", "utf-8")
    said = correct("other-thing", "x.", "--date", "2025-02-01")[1]
    assert said.endswith(":** ‘It is other.’: x.\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# Corrections", "# Corrections\n\nLINE\n"),
        ("# Corrections\n", "# Corrections\n\nLINE\n"),
        ("# Corrections\n\nNone yet.\n", "# Corrections\n\nLINE\n\nNone yet.\n"),
        ("# Corrections\nNone yet.\n", "# Corrections\n\nLINE\n\nNone yet.\n"),
        ("# Corrections\n## Next\n", "# Corrections\n\nLINE\n\n## Next\n"),
        (
            "# What we mended {#corrections}\r\n\r\n",
            "# What we mended {#corrections}\r\n\r\nLINE\r\n",
        ),
        ("# CORRECTIONS #\n\n- undated", "# CORRECTIONS #\n\n- undated\nLINE\n"),
        (
            "# Corrections\n\n- **January 5, 2026:** a\n\n- **January 2, 2024:** b\n",
            "# Corrections\n\n- **January 5, 2026:** a\n\nLINE\n\n- **January 2, 2024:** b\n",
        ),
        (
            "# Corrections\n\n- **January 5, 2023:** a\n- **January 2, 2024:** b\n",
            "# Corrections\n\n- **January 5, 2023:** a\n- **January 2, 2024:** b\nLINE\n",
        ),
        (
            "# Corrections\n\n- **January 5, 2023:** a\n- **January 2, 2026:** b\n",
            "# Corrections\n\n- **January 5, 2023:** a\nLINE\n- **January 2, 2026:** b\n",
        ),
    ],
)
def test_other_lists(tmp_path: Path, correct: Correct, before: str, after: str) -> None:
    """None yet, loose ones, those with the oldest first, and the line ends of the page."""
    page(tmp_path, "log.md").write_bytes(before.encode())
    status, said, _ = correct("all", "x.", "--date", "2025-02-01", "--page", "docs/log.md")
    assert status == 0
    assert said.startswith("docs/log.md:")
    line = "- **February 1, 2025:** [All](all.md): x."
    assert page(tmp_path, "log.md").read_bytes().decode() == after.replace("LINE", line)


def test_the_line_is_sound(tmp_path: Path, correct: Correct) -> None:
    """The report builds with it, and its link leads to the page."""
    correct("total-cost", "It was x and is y.")
    report = make_report(tmp_path / "p", {}).build()
    assert report.dead_links() == []
    item = next(e for e in report.html("method/index.html").all("li") if "and is y" in e.text)
    assert "‘It costs ‘a *lot*’.’: It was x and is y." in item.text


def test_the_link_begins_at_the_page_of_the_list(tmp_path: Path, correct: Correct) -> None:
    """A list in a folder leads out of it."""
    page(tmp_path, "part/log.md").write_text("# Corrections\n", "utf-8")
    said = correct("all", "x.", "--page", "part/log.md")[1]
    assert "[All](../all.md)" in said


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("no-such", "x."), "no-such:1:1: unknown-target"),
        (("", "x."), "unknown-target"),
        (("all", ""), "correction-bad-text"),
        (("all", " \t"), "correction-bad-text"),
        (("all", "one\n- **January 1, 2020:** two"), "correction-bad-text"),
        (("all", "a bell \a"), "correction-bad-text"),
        (("all", "x" * 1001), "correction-bad-text"),
        (("all", "x.", "--date", "yesterday"), "yesterday:1:1: correction-bad-date"),
        (("all", "x.", "--date", "2025-02-30"), "correction-bad-date"),
        (("all", "x.", "--date", "9999-01-01"), "correction-bad-date"),
        (("all", "x.", "--page", "none.md"), "none.md:1:1: no-corrections"),
        (("all", "x.", "--page", "all.md"), "docs/all.md:1:1: no-corrections"),
        (("all", "x.", "--page", "../mkdocs.yml"), "no-corrections"),
    ],
)
def test_what_is_refused(
    tmp_path: Path, correct: Correct, arguments: tuple[str, ...], code: str
) -> None:
    """With a problem that names it and status 1; nothing is written."""
    status, said, beside = correct(*arguments)
    assert (status, said) == (1, "")
    assert code in beside
    assert "mend: " in beside
    assert page(tmp_path).read_text("utf-8") == LIST


def test_everything_that_is_wrong_is_said(correct: Correct) -> None:
    """Not the first thing alone."""
    beside = correct("totl-cost", "", "--date", "never")[2]
    assert "3 errors" in beside
    assert "did you mean `total-cost`" in beside


def test_the_same_line_twice(tmp_path: Path, correct: Correct) -> None:
    """A command that is run again writes nothing."""
    arguments = ("all", "x.", "--date", "2025-02-01")
    correct(*arguments)
    before = page(tmp_path).read_bytes()
    status, _, beside = correct(*arguments)
    assert status == 1
    assert "docs/method.md:10:1: correction-repeated" in beside
    assert page(tmp_path).read_bytes() == before


def test_without_a_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is said as the other commands say it."""
    assert main(["-f", str(tmp_path / "mkdocs.yml"), "correct", "all", "x."]) == 1
    assert "no-config" in capsys.readouterr().err
