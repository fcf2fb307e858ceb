"""Writing under `mkdocs serve`: an edit shows, a fault is named, the site stays up."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PATIENCE = 60.0
"""Seconds until a test gives up; nothing is measured."""

BIB = "@book{doe, author={Doe, Jane}, title={First Title}, publisher={P}, year=2020}\n"
RECORD = """\
key: doe
standing: news
passages:
  - id: words
    exact: The first words of the passage.
"""
FINDINGS = """\
chapter: one
findings:
  - id: it-is-so
    statement: The first statement of it.
    evidence:
      - {passage: doe#words, bears: supports}
"""


class Serving:
    """A running `mkdocs serve` and what it has said."""

    def __init__(self, root: Path) -> None:
        self.root = root
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/"
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}"]
        self.process = subprocess.Popen(
            command,
            cwd=root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line)

    def page(self) -> str:
        try:
            with urllib.request.urlopen(self.address, timeout=5) as answer:  # noqa: S310
                return str(answer.read().decode("utf-8"))
        except (urllib.error.URLError, OSError):
            return ""

    def log(self) -> str:
        return "".join(self.said)

    def wait(self, until: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not until():
            assert self.process.poll() is None, f"the server died:\n{self.log()}"
            assert time.monotonic() < end, f"it never came:\n{self.log()}"
            time.sleep(0.1)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._reader.join(5)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    (tmp_path / "docs").mkdir()
    text = "# T\n\nSee [@doe#words].\n\n::: findings one\n"
    (tmp_path / "docs" / "index.md").write_text(text, "utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: T\nplugins: [search, dossier]\n", "utf-8")
    (tmp_path / "references.bib").write_text(BIB, "utf-8")
    for name, content in (("records/doe", RECORD), ("findings/one", FINDINGS)):
        path = tmp_path / "sources" / f"{name}.yml"
        path.parent.mkdir(parents=True)
        path.write_text(content, "utf-8")
    server = Serving(tmp_path)
    try:
        server.wait(lambda: "First Title" in server.page())
        yield server
    finally:
        server.stop()


EDITS = [
    ("references.bib", BIB, "First Title", "Second Title"),
    ("sources/records/doe.yml", RECORD, "first words", "second words"),
    ("sources/findings/one.yml", FINDINGS, "first statement", "second statement"),
]
BROKEN = {
    "references.bib": (
        "@book{doe, title={Never closed\n",
        r"references\.bib:1:1: bib-unclosed-entry",
    ),
    "sources/records/doe.yml": (
        RECORD.replace("standing", "standign"),
        r"sources/records/doe\.yml:2:1: record-unknown-key",
    ),
    "sources/findings/one.yml": (
        FINDINGS.replace("supports", "suports"),
        r"sources/findings/one\.yml:6:\d+: finding-bad-value",
    ),
}


def test_edits_show_and_faults_are_named(serving: Serving) -> None:
    """Each file of the evidence: an edit reloads, a fault names its line and keeps the page."""
    for name, content, old, new in EDITS:
        path = serving.root / name
        path.write_text(content.replace(old, new), "utf-8")
        serving.wait(lambda new=new: new in serving.page())
        broken, pattern = BROKEN[name]
        path.write_text(broken, "utf-8")
        serving.wait(lambda pattern=pattern: re.search(pattern, serving.log()) is not None)
        # The last good state of the file stays in the page, and the site stays up.
        serving.wait(lambda new=new: new in serving.page())
        path.write_text(content, "utf-8")
        serving.wait(lambda old=old: old in serving.page())


def test_an_unknown_key_keeps_the_site_up(serving: Serving) -> None:
    """A citation of nothing is marked on the page and named in the terminal; mended, it goes."""
    page = serving.root / "docs" / "index.md"
    page.write_text("# T\n\nSee [@deo] here.\n", "utf-8")
    serving.wait(lambda: "[deo?]" in serving.page())
    assert re.search(r"docs/index\.md:3:6: unknown-key", serving.log())
    assert "did you mean `doe`?" in serving.log()
    page.write_text("# T\n\nSee [@doe] there.\n", "utf-8")
    serving.wait(lambda: "there" in serving.page() and "[deo?]" not in serving.page())


def test_what_is_served_has_no_content_security_policy(tmp_path: Path) -> None:
    """MkDocs puts the script that reloads the page into each one, which a policy would block."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# T\n\nSee [@doe].\n", "utf-8")
    config = "site_name: T\ntheme: material\nplugins:\n  - dossier: {csp: true}\n"
    (tmp_path / "mkdocs.yml").write_text(config, "utf-8")
    (tmp_path / "references.bib").write_text(BIB, "utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "-q"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    built = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert "Content-Security-Policy" in built
    assert "livereload" not in built
    server = Serving(tmp_path)
    try:
        server.wait(lambda: "First Title" in server.page())
        assert "livereload" in server.page()
        assert "Content-Security-Policy" not in server.page()
    finally:
        server.stop()
