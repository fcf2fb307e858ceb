"""Faults of the machine and of libraries, which no file of a project brings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from dossier.bibliography import reading


@contextmanager
def unread_entry() -> Iterator[None]:
    """The BibTeX library reads all entries of a bibliography but the first."""
    read = reading.read_fields
    with patch.object(reading, "read_fields", lambda entries: [None, *read(entries)[1:]]):
        yield
