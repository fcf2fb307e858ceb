"""Faults of the machine and of libraries, which no file of a project brings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from dossier.bibliography.library import read_fields


@contextmanager
def unread_entry() -> Iterator[None]:
    """The BibTeX library reads all entries of a bibliography but the first."""
    where = "dossier.bibliography.reading.read_fields"
    with patch(where, lambda entries: [None, *read_fields(entries)[1:]]):
        yield
