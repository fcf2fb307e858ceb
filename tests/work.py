"""Work counted in calls, so that no test asks a clock."""

from __future__ import annotations

import sys
from collections.abc import Callable


def count_calls(task: Callable[[], object]) -> int:
    """Return the number of calls, of Python and of C, that a task takes."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        task()
    finally:
        sys.setprofile(before)
    return calls
