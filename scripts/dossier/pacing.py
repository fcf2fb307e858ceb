"""How often a host is asked: seldom, and not before it said that it may be."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from dossier.fetching import Fetched

BUSY: Final = frozenset({429, 503})
"""The answers by which a server says: not now (RFC 6585, section 4; RFC 9110, 15.6.4)."""

LONGEST: Final = 120.0
"""The longest wait, in seconds, that a host is granted; one that asks for more is left alone."""


class LeftAloneError(Exception):
    """A host that is not asked again in this run; the message names it."""


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Pace:
    """When hosts may be asked: `pause` seconds after they were asked last, or when they said."""

    pause: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = _sleep
    now: Callable[[], datetime] = _now
    _free: dict[str, float] = field(default_factory=dict)
    _alone: set[str] = field(default_factory=set)

    def wait(self, host: str) -> None:
        """Return when a host may be asked; raise LeftAloneError where it may not be in this run."""
        if host in self._alone:
            raise LeftAloneError(f"{host} asked not to be asked for now")
        left = self._free.get(host, 0.0) - self.clock()
        if host in self._free and left > 0:
            self.sleep(left)
        self._free[host] = self.clock() + self.pause

    def ask(self, address: str, fetch: Callable[[str], Fetched]) -> Fetched:
        """Return what an address answers, once more where it names a short wait.

        `fetch` calls `wait` for each host. A host that refuses twice, asks for a long wait, or
        says 429 and no time is left alone from then on. A 503 without a time may be of one page.
        """
        found = fetch(address)
        if found.status not in BUSY:
            return found
        host = urlsplit(found.address).hostname or ""
        seconds = retry_after(found.retry_after, self.now())
        if seconds is None and found.status == 503:
            return found
        if seconds is None or seconds > LONGEST:
            self._alone.add(host)
            return found
        self._free[host] = max(self._free.get(host, 0.0), self.clock() + seconds)
        found = fetch(address)
        if found.status in BUSY:
            self._alone.add(urlsplit(found.address).hostname or "")
        return found


def retry_after(header: str, now: datetime) -> float | None:
    """Return the seconds that the header Retry-After asks for, None where it says none.

    Source: RFC 9110, section 10.2.3: seconds, or a date.
    """
    text = header.strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        then = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    then = then if then.tzinfo is not None else then.replace(tzinfo=UTC)
    return max(0.0, (then - now).total_seconds())
