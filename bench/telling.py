"""What goes on, told where someone is looking."""

from __future__ import annotations

import sys


def tell(words: str) -> None:
    """Write words over those before them; none clear the line."""
    if sys.stderr.isatty():
        print(f"\r\033[K{words}", end="", file=sys.stderr, flush=True)
