"""The hook that other repositories take: what .pre-commit-hooks.yaml says, and that it runs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from reports import make_report

ROOT = Path(__file__).parent.parent
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the entry as pre-commit does: in the folder of the repository, from the environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        shlex.split(HOOK["entry"]),
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": path},
    )


def test_the_hook_holds_the_whole_report() -> None:
    """It is installed from this repository, asks for no files, and runs a command that there is."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert HOOK["language"] == "python"
    assert HOOK["pass_filenames"] is False
    assert shlex.split(HOOK["entry"])[0] in project["scripts"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("docs/index.md", True),
        ("references.bib", True),
        ("sources/records/doe.yml", True),
        ("mkdocs.yml", True),
        ("CITATION.cff", True),
        ("scripts/dossier/cli.py", False),
        ("docs/assets/picture.png", False),
    ],
)
def test_what_it_runs_for(name: str, wanted: bool) -> None:
    """Whatever a check reads; a commit of nothing else is not held up."""
    assert bool(re.search(HOOK["files"], name)) is wanted


def test_a_sound_report_is_let_through(tmp_path: Path) -> None:
    """The entry ends with status 0."""
    make_report(tmp_path / "p", {"docs/index.md": "# Start\n\nIt stands [@doe2020].\n"})
    done = run(tmp_path / "p")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_report_with_an_error_is_refused(tmp_path: Path) -> None:
    """The entry ends with status 1, and says where and how to mend it."""
    make_report(tmp_path / "p", {"docs/index.md": "# Start\n\nIt stands [@doe2021].\n"})
    done = run(tmp_path / "p")
    assert done.returncode == 1
    assert "docs/index.md:3:12: unknown-key" in done.stdout
    assert "mend: did you mean" in done.stdout


def test_the_documented_lines_name_the_hook() -> None:
    """CONTRIBUTING.md has lines for .pre-commit-config.yaml, for others and for this repository."""
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    blocks = re.findall(r"```yaml\n(repos:.*?)```", page, re.DOTALL)
    assert len(blocks) == 2
    there, here = (yaml.safe_load(block)["repos"][0] for block in blocks)
    assert there["hooks"] == [{"id": HOOK["id"]}]
    assert there["rev"]
    assert here["repo"] == "local"
    (local,) = here["hooks"]
    assert {key: local[key] for key in ("entry", "files", "pass_filenames")} == {
        "entry": ".venv/bin/dossier check",
        "files": HOOK["files"],
        "pass_filenames": False,
    }
