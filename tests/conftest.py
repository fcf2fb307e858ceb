"""What the tests share."""

from __future__ import annotations

import importlib
import os
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings

import answers
import processes

# The fixtures of the tests in a browser.
from browsing import browser, home, paths, quick, site

__all__ = ["browser", "corpus", "home", "paths", "quick", "site"]

# Read here, where it is traced: what a test without a measure reads first would count as not run.
for name in processes.LOADED:
    importlib.import_module(name)

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes depends on what else the machine does: no test asks a clock.
settings.register_profile("calm", settings.default, deadline=None)
settings.load_profile("calm")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to keep answers: one folder, for the workers of xdist too."""
    if not hasattr(config, "workerinput"):
        answers.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what was kept."""
    if not hasattr(config, "workerinput"):
        answers.end()


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


@contextmanager
def _untraced(item: pytest.Item) -> Iterator[None]:
    """Trace nothing of a test that is marked `no_cover`.

    pytest-cov 7.1 starts two measures in a worker of xdist, and pauses the upper one alone.
    """
    if item.get_closest_marker("no_cover") is None:
        yield
        return
    traces = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)  # type: ignore[arg-type]
    try:
        yield
    finally:
        sys.settrace(traces[0])
        threading.settrace(traces[1])  # type: ignore[arg-type]


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Trace no fixture that a test without a measure is the first to ask for."""
    with _untraced(item):
        return (yield)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Trace no test without a measure."""
    with _untraced(item):
        return (yield)
