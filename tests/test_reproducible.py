"""Two builds of one state are identical to the byte, wherever and however they are made."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("docs", "sources", "overrides", "references.bib", "mkdocs.yml")


def copy(folder: Path, *, backwards: bool) -> Path:
    """The report in another folder, its files written in one order or the other."""
    folder.mkdir(parents=True)
    for part in sorted(PARTS, reverse=backwards):
        source = ROOT / part
        if source.is_file():
            shutil.copy(source, folder / part)
            continue
        files = sorted((p for p in source.rglob("*") if p.is_file()), reverse=backwards)
        for path in files:
            target = folder / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return folder


def hashes(folder: Path, **environment: str) -> dict[str, str]:
    """The hash of every file of the site that a whole process builds there."""
    variables = {**os.environ, "SOURCE_DATE_EPOCH": "1790000000", **environment}
    command = [sys.executable, "-m", "dossier.cli", "build"]
    done = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    site = folder / "site"
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = copy(tmp_path_factory.mktemp("a") / "report", backwards=False)
    return hashes(folder, TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")


def test_another_folder_zone_locale_and_order_give_the_same_bytes(
    first: dict[str, str], tmp_path: Path
) -> None:
    """Neither path nor time zone, locale, hash seed or order of files shows in the site."""
    folder = copy(tmp_path / "another place" / "deep down", backwards=True)
    second = hashes(folder, TZ="Pacific/Auckland", LC_ALL="C", PYTHONHASHSEED="77", HOME="/")
    assert second == first


def test_a_warm_build_gives_the_same_bytes(first: dict[str, str], tmp_path: Path) -> None:
    """What the cache holds prints as what pandoc says."""
    folder = copy(tmp_path / "report", backwards=False)
    assert hashes(folder) == first
    assert hashes(folder) == first
