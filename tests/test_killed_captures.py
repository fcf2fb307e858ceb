"""What the commands write is there whole or as it was, killed at any moment or on a full disk."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dossier.capturing import write_whole
from dossier.overlaps import HEADER as OVERLAPS
from dossier.records import read_checks, read_overlaps, read_records
from loopback import Loopback, loopback, page
from processes import run_module

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

WORDS = "The council put forty new cameras at the quays of the town in the spring of that year."
RECORD = f"""\
key: KEY
standing: news
passages:
  - id: cameras
    exact: >-
      {WORDS}
    read: once
"""
KEYS = ("aarhus2025", "bergen2025", "cork2025")

# Loaded by Python before anything else: kills the command at the nth time it changes the disk
# within the report, or lets it write no more than so many bytes to any file.
HOOK = """
import os, sys

left = int(os.environ.get("KILLED_AT", "0"))
root = os.environ["KILLED_WITHIN"]
writes = os.O_WRONLY | os.O_RDWR


def watch(event, arguments):
    global left
    changes = event == "os.rename" or (event == "open" and arguments[2] & writes)
    if changes and str(arguments[0]).startswith(root):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)


if left:
    sys.addaudithook(watch)
"""


def report(folder: Path, server: Loopback) -> Path:
    """A report of three sources, each at an address of the server."""
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "index.md").write_text("# A report\n", "utf-8")
    (folder / "mkdocs.yml").write_text("site_name: A report\nplugins: [dossier]\n", "utf-8")
    entries = (
        f"@online{{{key}, title = {{T}}, url = {{{server.url('/' + key)}}}}}" for key in KEYS
    )
    (folder / "references.bib").write_text("\n".join(entries) + "\n", "utf-8")
    (folder / "sources" / "records").mkdir(parents=True)
    for key in KEYS:
        record = folder / "sources" / "records" / f"{key}.yml"
        record.write_text(RECORD.replace("KEY", key), "utf-8")
        (folder / f"{key}.txt").write_text(text_of(key), "utf-8")
        server.answers[f"/{key}"] = page(text_of(key).encode(), "Content-Type: text/plain")
    (folder / "hook").mkdir()
    (folder / "hook" / "sitecustomize.py").write_text(HOOK, "utf-8")
    return folder


def text_of(key: str) -> str:
    """A text that holds the passage, and shares a paragraph with those of the other keys."""
    shared = " ".join(f"word{number} of all" for number in range(15))
    return f"{WORDS}\n\n{shared}\n\n" + " ".join(f"{key} {number}" for number in range(15)) + "\n"


def run(
    folder: Path, *arguments: str, killed_at: int = 0, bytes_at_most: int = 0
) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, which starts with the hook."""
    variables = {**os.environ, "PYTHONPATH": str(folder / "hook"), "KILLED_WITHIN": str(folder)}

    def bound() -> None:
        if bytes_at_most:
            resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_at_most, bytes_at_most))

    return subprocess.run(
        [sys.executable, "-m", "dossier.cli", *arguments],
        cwd=folder,
        env={**variables, "KILLED_AT": str(killed_at), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        preexec_fn=bound,
    )


def again(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command once more, in a process that has everything loaded, which nothing kills."""
    return run_module(("dossier.cli", *arguments), folder, os.environ)


def whole(folder: Path) -> dict[str, bytes]:
    """The files of a report that its readers see, each of them sound."""
    records = sorted((folder / "sources" / "records").glob("*.yml"))
    assert read_records([(p.name, p.read_bytes()) for p in records])[1] == ()
    overlaps, checks = folder / "sources" / "overlaps.yml", folder / "sources" / "checks.yml"
    if overlaps.exists():
        assert read_overlaps([("o", overlaps.read_bytes())])[1] == ()
        assert overlaps.read_text("utf-8").startswith(OVERLAPS[:40])
    if checks.exists():
        assert read_checks([("c", checks.read_bytes())])[1] == ()
    texts = sorted((folder / "captures").glob("*.txt"))
    assert all(p.read_text("utf-8") in {text_of(key) for key in KEYS} for p in texts)
    files = [*records, *texts, *(p for p in (overlaps, checks) if p.exists())]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


@pytest.fixture(scope="module")
def server() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, server: Loopback) -> Path:
    """A report of which one source was captured already."""
    folder = report(tmp_path_factory.mktemp("captured") / "report", server)
    done = capture(folder, KEYS[0])
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def taking(key: str) -> tuple[str, ...]:
    return "capture", f"{key}.txt", "--key", key, "--retrieved", "2025-07-08"


def capture(folder: Path, key: str, **how: int) -> subprocess.CompletedProcess[str]:
    return run(folder, *taking(key), **how)


@pytest.fixture
def folder(before: Path) -> Iterator[Path]:
    """That report anew, at the same place."""
    kept = before.with_name("kept")
    shutil.copytree(before, kept)
    yield before
    shutil.rmtree(before)
    kept.rename(before)


@pytest.fixture(scope="module")
def after(before: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a second capture that nothing disturbs makes of it."""
    other = tmp_path_factory.mktemp("undisturbed") / "report"
    shutil.copytree(before, other)
    assert capture(other, KEYS[1]).returncode == 0
    return whole(other)


# Three files are written: text, record, overlaps. Each is made under another name, and renamed.
MOMENTS = range(1, 7)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_capture_that_is_killed(folder: Path, after: dict[str, bytes], moment: int) -> None:
    """Each file is the old one or the new one, and the same command again completes them."""
    old = whole(folder)
    done = capture(folder, KEYS[1], killed_at=moment)
    assert done.returncode == -signal.SIGKILL
    for name, data in whole(folder).items():
        assert data in (old.get(name), after[name]), name
    assert again(folder, *taking(KEYS[1])).returncode == 0
    assert whole(folder) == after


def test_these_are_all_the_moments(folder: Path) -> None:
    """A capture changes the disk no oftener than it is killed above."""
    assert capture(folder, KEYS[1], killed_at=len(MOMENTS) + 1).returncode == 0


@pytest.mark.parametrize(
    ("size", "name"),
    [
        (100, "captures/bergen2025.txt"),
        (530, "sources/records/bergen2025.yml"),
        (1000, "sources/overlaps.yml"),
    ],
)
def test_a_capture_for_which_there_is_no_room(
    folder: Path, after: dict[str, bytes], size: int, name: str
) -> None:
    """A file that cannot be written to its end leaves the old one, and says why in one line."""
    old = whole(folder)
    done = capture(folder, KEYS[1], bytes_at_most=size)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    said = f"{folder / name}:1:1: file-refused: the file system refuses: File too large"
    assert said in done.stderr
    for file, data in whole(folder).items():
        assert data in (old.get(file), after[file]), file
    assert not list(folder.rglob(".*.txt.*")) + list(folder.rglob(".*.yml.*"))
    assert again(folder, *taking(KEYS[1])).returncode == 0
    assert whole(folder) == after


@pytest.mark.parametrize("moment", [2, 3, 4])
def test_a_look_that_is_killed(folder: Path, server: Loopback, moment: int) -> None:
    """What was looked at is kept, and a second run asks the rest alone."""
    live = ("verify", "--live", "--allow-private", "--pause", "0")
    file = folder / "sources" / "checks.yml"
    server.requests.clear()
    assert run(folder, *live, killed_at=moment).returncode == -signal.SIGKILL
    whole(folder)
    kept = read_checks([("c", file.read_bytes())])[0] if file.exists() else ()
    # After each look the file is made under another name, and renamed.
    assert len(kept) == (moment - 1) // 2
    server.requests.clear()
    done = again(folder, *live)
    assert done.returncode == 0, done.stdout + done.stderr
    asked = [request.split(" ")[1] for request in server.requests]
    assert asked == [f"/{key}" for key in KEYS[len(kept) :]]
    checks = read_checks([("c", file.read_bytes())])[0]
    assert [check.key for check in checks] == list(KEYS)
    assert all(check.passages[0].result == "there" for check in checks)


@pytest.mark.parametrize("step", ["write", "fsync", "chmod", "replace"])
def test_a_full_disk_at_any_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whichever step of writing finds the disk full, the old file is there and nothing else."""
    path = tmp_path / "checks.yml"
    write_whole(path, b"old")
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def fail(*_: object) -> None:
        raise full

    if step == "write":
        size, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
        try:
            with pytest.raises(OSError, match="too large"):
                write_whole(path, b"new" * 1000)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    else:
        where = os if step == "fsync" else Path
        with monkeypatch.context() as patch:
            patch.setattr(where, step, fail)
            with pytest.raises(OSError, match="No space"):
                write_whole(path, b"new")
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {"checks.yml": b"old"}
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
