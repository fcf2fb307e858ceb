"""What the tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The fixtures of the tests in a browser.
from browsing import browser, home, paths, site

__all__ = ["browser", "corpus", "home", "paths", "site"]

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes depends on what else the machine does: no test asks a clock.
settings.register_profile("calm", settings.default, deadline=None)
settings.load_profile("calm")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real inputs that are not ours to publish; it is named, or not used."""
    named = os.environ.get("DOSSIER_CORPUS")
    if not named:
        pytest.skip("DOSSIER_CORPUS is not set: tests over real .bib files and reports do not run")
    folder = Path(named).resolve()
    if not folder.is_dir():
        pytest.fail(f"DOSSIER_CORPUS names a folder that is not there: {folder}")
    return folder
