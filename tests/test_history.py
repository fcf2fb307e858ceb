"""What changed in the findings: read from git, and told in the words of readers."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dossier.cache import Cache
from dossier.history import (
    NOT_WHOLE,
    UNKNOWN,
    Change,
    History,
    Snapshot,
    Stated,
    changes,
    history_list,
)
from dossier.repository import past_versions
from dossier.versions import history_of
from reports import Html, make_report
from test_explorer import FILES, FINDINGS, RECORD

Commit = Callable[[str, dict[str, str | None]], None]


def git(root: Path, *arguments: str, date: str = "2020-01-01") -> None:
    person = {"NAME": "A", "EMAIL": "a@a.example", "DATE": f"{date}T12:00:00+0000"}
    environment = {
        f"GIT_{who}_{k}": v for who in ("AUTHOR", "COMMITTER") for k, v in person.items()
    }
    subprocess.run(
        ["git", "-C", str(root), *arguments],
        check=True,
        capture_output=True,
        env={**os.environ, **environment},
    )


@pytest.fixture
def repository(tmp_path: Path) -> tuple[Path, Commit]:
    """Return a project in a folder of a repository, and what commits files to it on a day."""
    root = tmp_path / "repository" / "report"
    root.mkdir(parents=True)
    git(root.parent, "init", "--initial-branch=main")

    def commit(date: str, files: dict[str, str | None]) -> None:
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_text(text, "utf-8")
        git(root, "add", "-A")
        git(root, "commit", "--message=x", "--allow-empty", date=date)

    return root, commit


FIRST: dict[str, str | None] = {
    "sources/records/doe2020.yml": RECORD,
    "sources/findings/a.yml": FINDINGS,
}


def told(history: History | None) -> list[tuple[str, str, str, str, str]]:
    assert history is not None
    return [(c.date, c.finding, c.kind, c.before, c.after) for c in history.changes]


def test_a_finding_is_added_reworded_assessed_anew_and_withdrawn(
    repository: tuple[Path, Commit],
) -> None:
    """By the evidence of each day: a record alone can change an assessment."""
    root, commit = repository
    commit("2020-01-02", FIRST)
    commit("2020-01-03", {"README": "no finding changed"})
    commit("2020-01-04", {"sources/findings/a.yml": FINDINGS.replace("says so", "says more")})
    second = RECORD.replace("doe2020", "roe2021")
    more = FINDINGS.replace("says so", "says more").replace(
        "bears: supports}", 'bears: supports}, {passage: "roe2021#p", bears: supports}'
    )
    files: dict[str, str | None] = {
        "sources/records/roe2021.yml": second,
        "sources/findings/a.yml": more,
    }
    commit("2020-01-05", files)
    relying = second.replace("standing: news", "standing: news\nrelies_on: doe2020")
    commit("2020-01-06", {"sources/records/roe2021.yml": relying})
    commit("2020-01-07", {"sources/findings/a.yml": None})
    assert told(history_of(root, "sources", None)) == [
        ("2020-01-02", "b", "added", "single origin", "It says so."),
        ("2020-01-04", "b", "reworded", "It says so.", "It says more."),
        ("2020-01-05", "b", "assessed", "single origin", "confirmed"),
        ("2020-01-06", "b", "assessed", "confirmed", "single origin"),
        ("2020-01-07", "b", "withdrawn", "It says more.", ""),
    ]


def test_a_version_that_cannot_be_read_is_left_out(repository: tuple[Path, Commit]) -> None:
    """What it would have said nobody knows; the next one is compared with the one before."""
    root, commit = repository
    commit("2020-01-02", FIRST)
    commit("2020-01-03", {"sources/findings/a.yml": "findings: ["})
    commit("2020-01-04", {"sources/findings/a.yml": FINDINGS})
    assert [day for day, *_ in told(history_of(root, "sources", None))] == ["2020-01-02"]


def test_history_is_kept_by_its_commit(repository: tuple[Path, Commit], tmp_path: Path) -> None:
    """Git is asked once for each; the next commit is another history."""
    root, commit = repository
    commit("2020-01-02", FIRST)
    cache = Cache(tmp_path / "cache")
    first = history_of(root, "sources", cache)
    objects = root.parent / ".git" / "objects"
    objects.rename(objects.with_name("away"))
    assert history_of(root, "sources", cache) == first
    assert history_of(root, "sources", None) is None
    objects.with_name("away").rename(objects)
    commit("2020-01-03", {"sources/findings/a.yml": None})
    assert len(told(history_of(root, "sources", cache))) == 2


def test_a_shallow_clone_says_that_versions_are_missing(
    repository: tuple[Path, Commit], tmp_path: Path
) -> None:
    """Its first version has all findings, and is not told as the day on which they were added."""
    root, commit = repository
    commit("2020-01-02", FIRST)
    commit("2020-01-03", {"sources/findings/a.yml": FINDINGS.replace("says so", "says more")})
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--depth=1", root.parent.as_uri(), str(clone))
    history = history_of(clone / "report", "sources", None)
    assert history is not None
    assert not history.whole
    shown = history_list(history, {"b": 1})
    assert NOT_WHOLE in shown
    assert "At hand from here: finding 1." in Html(shown).one("li").text
    assert "first version at hand" in history.of("b")


def test_without_a_repository_nothing_is_known(tmp_path: Path) -> None:
    """Which is said, and is no fault."""
    assert history_of(tmp_path, "sources", None) is None
    assert UNKNOWN in history_list(None, {})
    report = make_report(
        tmp_path / "p", {**FILES, "docs/all.md": "# All\n\n::: explorer\n\n::: history\n"}
    ).build()
    if past_versions(tmp_path, ("p",)) is None:
        assert UNKNOWN in report.html("all/index.html").source


def test_signs_that_say_the_same_are_no_change() -> None:
    """A straight apostrophe made a curved one rewords nothing."""
    days = ("2020-01-01", "2020-01-02")
    said = ('It\'s "so".', "It’s “so”.")
    snapshots = [
        Snapshot(day, day, {"a": Stated(words, "confirmed")})
        for day, words in zip(days, said, strict=True)
    ]
    assert [change.kind for change in changes(snapshots)] == ["added"]


def test_changes_are_told_by_day_the_newest_first() -> None:
    """Findings by their present numbers; one that is no more by its words; all escaped."""
    history = History(
        (
            *(Change("2020-01-01", "1", id_, "added", "confirmed", "<a>") for id_ in "abce"),
            Change("2020-01-02", "2", "a", "reworded", "<a>", "b & c"),
            Change("2020-01-02", "2", "e", "withdrawn", "<a>"),
        )
    )
    page = Html(history_list(history, {"a": 1, "b": 2, "c": 4}, "all/"))
    assert [e.text for e in page.all("dt")] == ["January 2, 2020", "January 1, 2020"]
    assert [e.text for e in page.all("li")] == [
        "Finding 1: reworded. Before: <a> Since then: b & c",
        "A finding that is no more: withdrawn. It said: <a>",
        "Added: findings 1 to 2, finding 4, <a>.",
    ]
    assert page.one("a").attributes["href"] == "all/#finding-a"
    fold = Html(history.of("a"))
    assert [e.text[:16] for e in fold.all("li")] == ["January 2, 2020:", "January 1, 2020:"]
    assert history.of("none") == ""
