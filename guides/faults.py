"""Faults of the machine and of libraries, which no file of a project brings."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch


@contextmanager
def no_trafilatura() -> Iterator[None]:
    """The library that reads pages is not installed."""
    # None makes an import fail (The Python Language Reference, 5.3.1, "The module cache").
    with patch.dict(sys.modules, {"trafilatura": None}):
        yield
