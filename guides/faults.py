"""Faults of the machine and of libraries, which no file of a project brings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from dossier.bibliography.library import read_fields
from dossier.style import pandoc


@contextmanager
def unread_entry() -> Iterator[None]:
    """The BibTeX library reads all entries of a bibliography but the first."""
    where = "dossier.bibliography.reading.read_fields"
    with patch(where, lambda entries: [None, *read_fields(entries)[1:]]):
        yield


@contextmanager
def no_pandoc() -> Iterator[None]:
    """Pandoc, which sets citations, is not installed."""
    # What is known of it is kept for the process, so that both are set.
    with patch.object(pandoc, "_binary", lambda: None), patch.object(pandoc, "identity", str):
        yield


@contextmanager
def pandoc_overflows() -> Iterator[None]:
    """Pandoc has no room for roots in roots: what it is known to stumble over never gets there."""
    convert = pandoc.convert

    def overflow(document: str, bibliography: str, csl: str, locale: str) -> object:
        if r"\sqrt{\sqrt{" in bibliography:
            return pandoc.Failure("Stack overflow")
        return convert(document, bibliography, csl, locale)

    with patch.object(pandoc, "convert", overflow):
        yield


@contextmanager
def no_trafilatura() -> Iterator[None]:
    """The library that reads pages is not installed."""
    # None makes an import fail (The Python Language Reference, 5.3.1, "The module cache").
    with patch.dict(sys.modules, {"trafilatura": None}):
        yield
