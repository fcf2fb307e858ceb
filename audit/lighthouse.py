"""What Lighthouse says of pages, and of the same pages under bare Material."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from audit.programs import LIGHTHOUSE, browser, node
from audit.sites import Site, address_of
from bench.comparison import aligned
from bench.processes import read

PERFECT = ("accessibility", "best-practices", "seo")
"""Categories in which each page has to reach 100."""

PERFORMANCE = "performance"
ROUNDS = 3

# A run counts where the machine was this fast, beside the fastest that it was seen in the audit;
# so many times as many pairs are taken at most in order to have enough of them.
_STEADY = 0.7
_TRIES = 3
_BROWSER = ("--headless=new", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit that is not passed: its category, name and title, and what was measured."""

    category: str
    name: str
    title: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one run says: scores from 0 to 100 by category, and the audits that cost points.

    `speed` is what Lighthouse makes of the machine at that moment (its `benchmarkIndex`, some
    1,500 on a desktop computer): other work on it costs a page points.
    """

    scores: Mapping[str, int]
    failed: tuple[Audit, ...]
    speed: float = 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """A page and the bare page, read one after the other."""

    ours: Reading
    bare: Reading

    @property
    def speed(self) -> float:
        """How fast the machine was, at the slower of the two."""
        return min(self.ours.speed, self.bare.speed)


@dataclass(frozen=True, slots=True)
class PageReadings:
    """A page: one pair for the categories that do not vary, and pairs for performance.

    `fastest` is the greatest speed that the machine was seen at. `written` is a page that the
    build writes whole: the bare one is a heading, and no measure of its performance.
    """

    page: str
    once: Pair
    pairs: tuple[Pair, ...]
    fastest: float = 0.0
    written: bool = False

    @property
    def ours(self) -> float:
        """The median of the page's scores for performance."""
        return median(pair.ours.scores[PERFORMANCE] for pair in self.pairs)

    @property
    def bare(self) -> float:
        """The median of the bare page's."""
        return median(pair.bare.scores[PERFORMANCE] for pair in self.pairs)

    @property
    def busy(self) -> bool:
        """Whether the machine had other work to do in a pair, so that the scores say little."""
        return any(pair.speed < _STEADY * self.fastest for pair in self.pairs)


def read_result(output: bytes) -> Reading:
    """Return what a result of Lighthouse says (JSON, its version 12).

    Raises ValueError where it could not read the page, since then no score means anything.
    """
    result: dict[str, Any] = json.loads(output)
    fault = result.get("runtimeError")
    if fault:
        raise ValueError(f"{result.get('requestedUrl', '')}: {fault.get('message', fault['code'])}")
    scores, failed = {}, []
    for name, category in result["categories"].items():
        if category["score"] is None:
            raise ValueError(f"{result['requestedUrl']}: no score for {name}")
        scores[name] = round(category["score"] * 100)
        for reference in category["auditRefs"]:
            audit = result["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                value = audit.get("displayValue", "").replace("\u00a0", " ")
                failed.append(Audit(name, reference["id"], audit["title"], value))
    speed = result.get("environment", {}).get("benchmarkIndex", 0.0)
    return Reading(scores, tuple(failed), speed)


def run_page(address: str, categories: Sequence[str], folder: Path) -> Reading:
    """Return what one run says of the page at an address, on a phone as Lighthouse simulates it.

    Raises MissingError without Node.js or Chromium, RunError where Lighthouse fails.
    """
    # A browser has no sandbox under root, and none is needed for pages of ours.
    flags = (*_BROWSER, "--no-sandbox") if os.geteuid() == 0 else _BROWSER
    command = (
        node(),
        str(LIGHTHOUSE),
        address,
        "--quiet",
        "--output=json",
        "--no-enable-error-reporting",
        f"--only-categories={','.join(categories)}",
        f"--chrome-flags={' '.join(flags)}",
    )
    return read_result(read(command, folder, {"CHROME_PATH": browser()}))


def steadiest(pairs: Sequence[Pair], rounds: int) -> tuple[Pair, ...]:
    """Return so many pairs, those during which the machine was fastest, in their order."""
    chosen = sorted(range(len(pairs)), key=lambda at: -pairs[at].speed)[:rounds]
    return tuple(pairs[at] for at in sorted(chosen))


def take_pairs(take: Callable[[], Pair], rounds: int, fastest: float) -> tuple[Pair, ...]:
    """Return so many pairs, and take more where the machine had other work to do meanwhile.

    `fastest` is the speed that the machine was seen at before.
    """
    pairs: list[Pair] = []
    while len(pairs) < rounds * _TRIES:
        pairs.append(take())
        fastest = max(fastest, *(pair.speed for pair in pairs))
        if sum(pair.speed >= _STEADY * fastest for pair in pairs) >= rounds:
            break
    return steadiest(pairs, rounds)


def read_pages(
    ours: Site,
    bare: Site,
    pages: Sequence[str],
    written: Collection[str],
    rounds: int,
    tell: Callable[[str], None],
) -> tuple[PageReadings, ...]:
    """Return what Lighthouse says of each page, ours and the bare one in turn.

    In turn, because the load of a machine drifts. What does not vary is read first, and once; that
    warms the caches of the system, too.
    """
    found: list[tuple[str, Pair, tuple[Pair, ...]]] = []
    fastest = 0.0
    for at, page in enumerate(pages, 1):

        def take(*categories: str, page: str = page, at: int = at) -> Pair:
            readings = []
            for site in (ours, bare):
                tell(f"page {at} of {len(pages)}: {', '.join(categories)} of {site.name}")
                address = site.address + address_of(page)
                readings.append(run_page(address, categories, site.folder))
            return Pair(*readings)

        once = take(*PERFECT)
        pairs = take_pairs(partial(take, PERFORMANCE), rounds, fastest)
        fastest = max(fastest, *(pair.speed for pair in pairs))
        found.append((page, once, pairs))
    return tuple(PageReadings(*parts, fastest, parts[0] in written) for parts in found)


def failures(pages: Sequence[PageReadings]) -> tuple[str, ...]:
    """Return a sentence for each score that is too low, with the audits that cost points."""
    found = []
    for page in pages:
        once = page.once.ours
        found += [
            f"{page.page}: {category} {once.scores[category]}: {_named(once, category)}"
            for category in PERFECT
            if once.scores[category] < 100
        ]
        if page.ours < page.bare and not page.written:
            middle = min(
                (pair.ours for pair in page.pairs),
                key=lambda reading: abs(reading.scores[PERFORMANCE] - page.ours),
            )
            busy = ", while the machine had other work to do" if page.busy else ""
            found.append(
                f"{page.page}: performance {page.ours:g}, and {page.bare:g} under bare "
                f"Material{busy}: {_named(middle, PERFORMANCE)}"
            )
    return tuple(found)


def _named(reading: Reading, category: str) -> str:
    return "; ".join(
        f"{audit.name} ({audit.value or audit.title})"
        for audit in reading.failed
        if audit.category == category
    )


def as_text(pages: Sequence[PageReadings]) -> str:
    """Return the scores as a table, each beside that of the bare page in brackets."""
    heads = ("Lighthouse", *PERFECT, "performance, median", "runs", "speed of the machine")
    table: list[tuple[str, ...]] = [heads]
    for page in pages:
        one, other = page.once.ours.scores, page.once.bare.scores
        runs = [[r.scores[PERFORMANCE] for r in (pair.ours, pair.bare)] for pair in page.pairs]
        speeds = [pair.speed for pair in page.pairs]
        table.append(
            (
                page.page,
                *(f"{one[category]} ({other[category]})" for category in PERFECT),
                f"{page.ours:g} ({'written by the build' if page.written else f'{page.bare:g}'})",
                " ".join(f"{mine} ({theirs})" for mine, theirs in runs),
                f"{min(speeds):.0f} to {max(speeds):.0f}{', busy' if page.busy else ''}",
            )
        )
    return aligned(table)
