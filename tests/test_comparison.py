"""`dossier diff`: what changed in the evidence, told as an editor would."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dossier.cli import main
from reports import make_report
from test_explorer import FILES
from test_history import git

ROOT = Path(__file__).parent.parent
BIB = """\
@online{fema2023manual, title = {The *Manual*}, date = {2023}, url = {https://a.example/}}
@book{doe2020, author = {Doe, Jane}, title = {Counts}, date = {2020}}
@book{gone2019, author = {Roe, Ann}, title = {Old}, date = {2019}}
"""
DOE = """\
key: doe2020
standing: research
passages:
  - {id: eighty, exact: "The national network has 80 centers in all."}
  - {id: spare, exact: "Nobody quotes this."}
"""
FEMA = """\
key: fema2023manual
standing: primary
passages:
  - {id: eighty, exact: "It lists 80 centers."}
"""
NETWORK = """\
chapter: network
findings:
  - id: eighty-centers
    statement: "The national network has 80 centers."
    evidence:
      - {passage: "doe2020#eighty", bears: supports}
      - {passage: "fema2023manual#eighty", bears: supports}
  - id: old-story
    statement: "The story is old."
    evidence: []
"""
FIRST = """\
chapter: first
findings:
  - id: one-more
    statement: "There is one more."
    figure: "80"
    evidence:
      - {passage: "doe2020#eighty", bears: supports}
"""
SERIES = """\
id: counts
title: "Centers by year"
columns:
  - {id: year, title: Year}
  - {id: count, title: Count, kind: number}
rows:
  - {year: "2019", count: "80", passages: ["doe2020#eighty"]}
  - {year: "2020", count: "80", passages: ["doe2020#eighty"]}
"""
PAGE = """\
# The network

It says that it "lists 80 centers" [@fema2023manual].
Doe writes that "The national network has 80 centers" [@doe2020].

::: findings network
"""
BEFORE: dict[str, str | None] = {
    "mkdocs.yml": "site_name: R\nplugins: [dossier]\nnav: [first.md, network.md]\n",
    "references.bib": BIB,
    "docs/first.md": '# First\n\nAs she put it, "in all" [@doe2020].\n\n::: findings first\n',
    "docs/network.md": PAGE,
    "sources/records/doe.yml": DOE,
    "sources/records/fema.yml": FEMA,
    "sources/findings/a.yml": NETWORK,
    "sources/findings/z.yml": FIRST,
    "sources/series/counts.yml": SERIES,
    "sources/names.yml": "names: [Special Order 40]\n",
}
AFTER: dict[str, str | None] = {
    "references.bib": BIB[: BIB.index("@book{gone")]
    .replace("date = {2020}", "date = {2021}")
    .replace("@book", "@book{new2025, author={Poe, Eve}, title={New}, date={2025}}\n@book"),
    "docs/first.md": "# First\n\nNo word of hers.\n\n::: findings first\n",
    "docs/network.md": PAGE.replace('"The national', '"national').replace(
        'it "lists 80 centers"', 'there are "12 of them"'
    ),
    "sources/records/doe.yml": DOE.replace("research", "news")
    .replace("  - {id: spare", "  - {id: fresh")
    .replace("Nobody quotes this.", "A fresh one."),
    "sources/records/fema.yml": FEMA.replace(
        "It lists 80 centers.", "It lists 80 centers, 12 of them new."
    )
    + '  - {id: not-all, exact: "Not all of them are open."}\n',
    "sources/findings/a.yml": NETWORK[: NETWORK.index("  - id: old")]
    + '      - {passage: "fema2023manual#not-all", bears: qualifies}\n',
    "sources/findings/z.yml": FIRST.replace("is one more", "is *one* more").replace(
        '"80"', '"80 centers"'
    )
    + "  - {id: fresh-one, statement: It is fresh., evidence: [{passage: 'doe2020#fresh', "
    "bears: supports}]}\n",
    "sources/series/counts.yml": SERIES.replace('"2020", count: "80"', '"2020", count: "81"')
    + '  - {year: "2021", count: "90", passages: ["doe2020#eighty"]}\n',
    "sources/names.yml": "names: [Special Order 40, Area 51]\n",
}
GOLDEN = """\
## What changed in the evidence

From `COMMIT-1` (January 1, 2020) to `COMMIT-2` (March 2, 2021). Changed: 4 findings, \
4 quotations, 4 sources, 1 table and 1 name.

### Findings

- Finding 1, ‘There is \\*one\\* more.’, was reworded, before: ‘There is one more.’; changed: its \
figure from ‘80’ to ‘80 centers’.
- Finding 2, ‘It is fresh.’, is new: single origin, 1 in support.
- Finding 3, ‘The national network has 80 centers.’, moved from confirmed to qualified: \
`fema2023manual#not-all` now limits it.
- The former finding 3, ‘The story is old.’, was withdrawn; it was unsupported.

### Quotations in pages

- `docs/network.md:3`: “12 of them” is new (`fema2023manual#eighty`).
- `docs/network.md:4`: now “national network has 80 centers”, before “The national network has 80 \
centers” (`doe2020#eighty`).
- `docs/first.md`: “in all” is gone (`doe2020#eighty`).
- `docs/network.md`: “lists 80 centers” is gone (`fema2023manual#eighty`).

### Sources

- `fema2023manual`, ‘The \\*Manual\\*’: passage `eighty` now reads “It lists 80 centers, 12 of \
them new.”, before “It lists 80 centers.” (it bears on finding 3); passage `not-all` is new: \
“Not all of them are open.” (it bears on finding 3).
- `new2025`, ‘New’: new, without a record.
- `doe2020`, ‘Counts’: `date` from ‘2020’ to ‘2021’; `standing` from ‘research’ to ‘news’; passage \
`fresh` is new: “A fresh one.” (it bears on finding 2); passage `spare` is gone: “Nobody quotes \
this.”.
- `gone2019`, ‘Old’: gone, without a record.

### Tables

- `counts`, ‘Centers by year’: row ‘2020’: `count` from ‘80’ to ‘81’; row ‘2021’ is new.

### Names

- The numbers in ‘Area 51’ need no passage from now on.
"""


def written(root: Path, files: dict[str, str | None]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or "", "utf-8")


def committed(root: Path, files: dict[str, str | None], date: str = "2020-01-01") -> str:
    """Commit files to a report in a folder of a repository, and return the hash."""
    written(root, files)
    git(root, "add", "-A")
    git(root, "commit", "--message=x", "--allow-empty", date=date)
    return said_by_git(root, "rev-parse", "HEAD")


def said_by_git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a report within a repository."""
    root = tmp_path / "repository" / "report"
    root.mkdir(parents=True)
    git(root, "init", "--initial-branch=main")
    return root


Diff = Callable[..., tuple[int, str, str]]


@pytest.fixture
def diff(capsys: pytest.CaptureFixture[str]) -> Diff:
    """The command on a report: its status, what it printed, and what beside that."""

    def run(root: Path, *arguments: str) -> tuple[int, str, str]:
        status = main(["-f", str(root / "mkdocs.yml"), "diff", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_two_commits(root: Path, diff: Diff) -> None:
    """Everything that differs, part by part, in sentences; text of the report is never Markdown."""
    first = committed(root, BEFORE)
    second = committed(root, AFTER, "2021-03-02")
    status, said, beside = diff(root, "HEAD~1", "main")
    assert (status, beside) == (0, "")
    assert said.replace(first[:12], "COMMIT-1").replace(second[:12], "COMMIT-2") == GOLDEN


def test_a_commit_and_the_files_as_they_stand(root: Path, diff: Diff) -> None:
    """Without a second name what is not committed counts, and is told just so."""
    committed(root, BEFORE)
    written(root, AFTER)
    status, said, _ = diff(root, "HEAD")
    assert status == 0
    assert said.partition("\n\n### ")[2] == GOLDEN.partition("\n\n### ")[2]
    assert " to the files as they stand. Changed: 4 findings" in said


def test_nothing_changed(root: Path, diff: Diff) -> None:
    """A commit that touches no evidence is told in one sentence."""
    committed(root, BEFORE)
    committed(root, {"docs/first.md": f"{BEFORE['docs/first.md']}\nMore words of ours.\n"})
    status, said, _ = diff(root, "HEAD~1", "HEAD")
    assert status == 0
    assert said.endswith("\n\nNothing in the evidence changed.\n")


def test_as_json(root: Path, diff: Diff) -> None:
    """The same for machines: plain texts, whole, and the passages by which something moved."""
    first = committed(root, BEFORE)
    committed(root, AFTER)
    status, said, _ = diff(root, first, "--format", "json")
    assert status == 0
    value = json.loads(said)
    assert value["from"] == {"commit": first, "date": "2020-01-01"}
    assert value["to"] == {"commit": None, "date": None}
    assert value["remarks"] == []
    moved = [d for d in value["differences"] if d["kind"] == "assessed"]
    assert moved == [
        {
            "part": "findings",
            "subject": "eighty-centers",
            "kind": "assessed",
            "before": "confirmed",
            "after": "qualified",
            "by": ["fema2023manual#not-all"],
            "words": "Finding 3, ‘The national network has 80 centers.’, moved from confirmed to "
            "qualified: `fema2023manual#not-all` now limits it",
        }
    ]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (
            {
                "sources/findings/a.yml": NETWORK.replace(
                    "supports}\n  - id", "contradicts}\n  - id"
                )
            },
            (
                "moved from confirmed to contradicted: `fema2023manual#eighty` now contradicts it "
                "and does not support it any more"
            ),
        ),
        (
            {
                "sources/findings/a.yml": NETWORK.replace(
                    '      - {passage: "doe2020#eighty", bears: supports}\n', ""
                )
            },
            "moved from confirmed to single origin: `doe2020#eighty` no longer supports it",
        ),
        (
            {
                "sources/records/doe.yml": DOE.replace(
                    "research", "research\nrelies_on: fema2023manual"
                )
            },
            (
                "moved from confirmed to single origin: `doe2020#eighty` now goes back to "
                "`fema2023manual`, before to `doe2020`"
            ),
        ),
        (
            {"sources/records/doe.yml": DOE.replace('all."}', 'all.", voice: The Agency}')},
            (
                "stays confirmed: `doe2020#eighty` now goes back to a speaker (the-agency), before "
                "to `doe2020`"
            ),
        ),
        (
            {"sources/records/fema.yml": FEMA.replace("primary", "news")},
            (
                "stays confirmed: `fema2023manual`, the origin of `fema2023manual#eighty`, no "
                "longer is a primary source"
            ),
        ),
    ],
)
def test_why_an_assessment_moved(
    root: Path, diff: Diff, files: dict[str, str | None], words: str
) -> None:
    """By evidence that is new, gone, or bears otherwise, or by where a passage comes from."""
    committed(root, BEFORE)
    written(root, files)
    said = diff(root, "HEAD")[1]
    assert f"‘The national network has 80 centers.’, {words}.\n" in said


def test_a_quotation_that_went_to_another_page(root: Path, diff: Diff) -> None:
    """It is neither new nor gone."""
    committed(root, BEFORE)
    first, network = BEFORE["docs/first.md"] or "", PAGE
    moved = 'As she put it, "in all" [@doe2020].'
    written(
        root,
        {"docs/first.md": first.replace(moved, ""), "docs/network.md": network + f"\n{moved}\n"},
    )
    said = diff(root, "HEAD")[1]
    assert (
        "- `docs/network.md:8`: “in all” stood in `docs/first.md` before (`doe2020#eighty`).\n"
        in said
    )
    assert "is gone" not in said
    assert "is new" not in said


def test_signs_that_change_no_word(root: Path, diff: Diff) -> None:
    """Straight marks that become curved are told of nowhere but in the words of a source."""
    straight = {
        "docs/first.md": '# First\n\nAs "one\'s own" [@doe2020].\n',
        "sources/records/doe.yml": DOE.replace("Nobody quotes this.", "It is one's own.")
        + "note: The source's note\n",
        "sources/findings/z.yml": FIRST.replace("There is", "There's"),
        "sources/series/counts.yml": SERIES.replace("by year", "by one's year"),
    }
    committed(root, BEFORE | straight)
    written(root, {name: text.replace("'s", "’s") for name, text in straight.items()})
    said = json.loads(diff(root, "HEAD", "--format", "json")[1])
    assert [(d["subject"], d["kind"]) for d in said["differences"]] == [
        ("doe2020#spare", "reworded")
    ]


def test_text_of_the_report_is_no_markup(root: Path, diff: Diff) -> None:
    """A summary shows it as it is, on one line, and cuts what is long; JSON has all of it."""
    hostile = "<script>x</script> [a](b) | `c` &amp; " + "word " * 60
    committed(root, BEFORE)
    written(root, {"sources/findings/z.yml": FIRST + f"    note: '{hostile}'\n"})
    said = diff(root, "HEAD")[1]
    assert "\\<script\\>x\\</script\\> \\[a\\](b) \\| \\`c\\` \\&amp; word" in said
    assert "word …’ added.\n" in said
    (note,) = json.loads(diff(root, "HEAD", "--format", "json")[1])["differences"]
    assert note["after"] == hostile.strip()


def test_bibliographies_that_pages_name(root: Path, diff: Diff) -> None:
    """They are found beside the page or beside the configuration, in a commit as on disk."""
    front = "---\nbibliography: [more.bib, other.bib]\n---\n"
    files = {
        **BEFORE,
        "docs/first.md": front + (BEFORE["docs/first.md"] or ""),
        "docs/more.bib": "@book{more, title = {More}, date = {2020}}\n",
        "other.bib": "@book{other, title = {Other}, date = {2020}}\n",
    }
    committed(root, files)
    assert "Nothing in the evidence changed." in diff(root, "HEAD")[1]


def test_files_with_errors_are_told_of(root: Path, diff: Diff) -> None:
    """What cannot be read counts as missing, and the reader knows why."""
    committed(root, BEFORE | {"sources/findings/a.yml": "chapter: [\n"})
    written(root, BEFORE)
    status, said, _ = diff(root, "HEAD")
    assert status == 0
    assert (
        "> There are errors in the files of HEAD, and what they are in may be missing here: "
        in said
    )
    assert "sources/findings/a.yml:" in said
    assert "‘The national network has 80 centers.’, is new: confirmed" in said


@pytest.mark.parametrize("name", ["no-such-branch", "-p", "--output=x", "", "HEAD:docs", "a b"])
def test_what_is_no_commit(root: Path, diff: Diff, name: str) -> None:
    """One problem that names it, nothing on the output, status 1; no option reaches git."""
    committed(root, BEFORE)
    status, said, beside = diff(root, "--", name)
    assert (status, said) == (1, "")
    assert beside.startswith(f".:1:1: unknown-revision: `{name}` names no commit")
    assert "1 error" in beside
    assert not (root / "x").exists()


def test_both_names_are_looked_at(root: Path, diff: Diff) -> None:
    """Each that is unknown is said."""
    committed(root, BEFORE)
    _, _, beside = diff(root, "one", "two")
    assert "`one` names" in beside
    assert "`two` names" in beside


def test_without_a_repository(tmp_path: Path, diff: Diff) -> None:
    """There is nothing to compare with."""
    written(tmp_path, BEFORE)
    status, said, beside = diff(tmp_path, "HEAD")
    assert (status, said) == (1, "")
    assert "no-repository" in beside


def test_without_a_configuration(tmp_path: Path, diff: Diff) -> None:
    """It is said as the other commands say it."""
    status, _, beside = diff(tmp_path, "HEAD")
    assert status == 1
    assert "no-config" in beside


def test_numbers_are_those_of_the_site(tmp_path: Path, diff: Diff) -> None:
    """A finding is called as the page of all findings numbers it."""
    report = make_report(tmp_path / "p", FILES).build()
    page = report.html("all/index.html")
    numbers = {
        row.attributes["id"].removeprefix("finding-"): row.attributes["data-number"]
        for row in page.all("tr")
        if "data-number" in row.attributes
    }
    root = tmp_path / "p"
    git(root, "init", "--initial-branch=main")
    git(root, "commit", "--message=x", "--allow-empty")
    said = json.loads(diff(root, "HEAD", "--format", "json")[1])
    told = {d["subject"]: d["words"] for d in said["differences"] if d["part"] == "findings"}
    assert len(numbers) == len(told) == 2
    for id_, words in told.items():
        assert words.startswith(f"Finding {numbers[id_]}, ")


@pytest.mark.no_cover
def test_over_the_history_of_this_report(diff: Diff) -> None:
    """From the oldest commit at hand, of which a shallow clone may have one, to the newest.

    What is added, taken from what is gone, is what there is more; the way back says the contrary.
    """
    if not (ROOT / ".git").exists():
        assert "no-repository" in diff(ROOT, "HEAD")[2]
        return
    oldest = said_by_git(ROOT, "rev-list", "HEAD").split()[-1]

    def findings(commit: str) -> int:
        names = said_by_git(ROOT, "ls-tree", "-r", "--name-only", commit, "sources/findings")
        texts = (said_by_git(ROOT, "show", f"{commit}:{name}") for name in names.split())
        return sum(line.startswith("  - id: ") for text in texts for line in text.splitlines())

    def counts(*revisions: str) -> tuple[int, int]:
        status, said, _ = diff(ROOT, *revisions, "--format", "json")
        assert status == 0
        kinds = [d["kind"] for d in json.loads(said)["differences"] if d["part"] == "findings"]
        return kinds.count("added"), kinds.count("gone")

    added, gone = counts(oldest, "HEAD")
    assert added - gone == findings("HEAD") - findings(oldest)
    assert counts("HEAD", oldest) == (gone, added)
    assert counts("HEAD", "HEAD") == (0, 0)
