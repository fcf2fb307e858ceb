"""Copies of sources in an archive of the web: where to look for one, and what is said of it.

An archive is named by the form of its addresses, with `{day}` (20250708) and `{url}` in it, which
lead to the copy nearest to that day: a TimeGate (RFC 7089, section 2.2.3) that takes the day in its
address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urldefrag

from dossier.model import Check, PassageCheck, Record

_COPY = re.compile(r"(?<=/)(\d{4})(\d\d)(\d\d)\d*(?:[a-z]{2}_)?(?=/)")
"""The moment of a copy in its address, and the flag that asks for the page as it came."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy in an archive: its address, its day (ISO 8601, or empty), and what stands in it."""

    address: str
    day: str
    there: int
    of: int


def is_form(text: str) -> bool:
    """Tell whether a text is the form of an archive's addresses."""
    return text.startswith(("http://", "https://")) and "{url}" in text


def place(form: str, url: str, day: str) -> str:
    """Return where an archive has the copy of an address nearest to a day (ISO 8601)."""
    return form.replace("{day}", day.replace("-", "")).replace("{url}", urldefrag(url).url)


def is_lost(check: Check) -> bool:
    """Tell whether a source has moved, or does not have all passages at its address any more."""
    return bool(check.fault or check.moved_to) or any(p.result != "there" for p in check.passages)


def day_of(record: Record, known: Iterable[Check], today: str) -> str:
    """Return the day whose copy would do best: when the source was last as we have it."""
    read = [capture.retrieved for capture in record.captures if capture.retrieved]
    seen = [
        check.checked
        for check in known
        if (check.key, check.where) == (record.key, "address") and not is_lost(check)
    ]
    return max([*read, *seen], default=today)


def held(passages: Iterable[PassageCheck]) -> int:
    """Return how many passages were found word for word, be it at another address than asked."""
    return sum(passage.result in ("there", "moved") for passage in passages)


def copy_at(address: str, passages: Sequence[PassageCheck]) -> Copy | None:
    """Return the copy that an archive answered with, None where it has no passage."""
    there = held(passages)
    if not there:
        return None
    moment = _COPY.search(address)
    day = "-".join(moment.groups()) if moment else ""
    # Readers are led to the page as the archive shows it.
    shown = _COPY.sub(lambda m: re.sub(r"[a-z]{2}_$", "", m[0]), address, count=1)
    return Copy(shown, day, there, len(passages))
