"""What Lighthouse says of pages, and of the same pages under bare Material."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
    """What one run says: scores from 0 to 100 by category, and the audits that cost points."""

    scores: Mapping[str, int]
    failed: tuple[Audit, ...]


@dataclass(frozen=True, slots=True)
class PageReadings:
    """The runs of a page, and of the bare page, in the order in which they took turns."""

    page: str
    ours: tuple[Reading, ...]
    bare: tuple[Reading, ...]


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
    return Reading(scores, tuple(failed))


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


def take_runs(
    ours: Site, bare: Site, pages: Sequence[str], rounds: int, tell: Callable[[str], None]
) -> tuple[PageReadings, ...]:
    """Return the runs of each page, ours and the bare one in turn, round after round.

    In turn, because the load of a machine drifts. All categories are read once; performance alone
    differs from run to run.
    """
    found = []
    for at, page in enumerate(pages, 1):
        runs: dict[str, list[Reading]] = {ours.name: [], bare.name: []}
        for number in range(rounds):
            categories = (PERFORMANCE,) if number else (PERFORMANCE, *PERFECT)
            for site in (ours, bare):
                tell(f"page {at} of {len(pages)}, round {number + 1} of {rounds}: {site.name}")
                address = site.address + address_of(page)
                runs[site.name].append(run_page(address, categories, site.folder))
        found.append(PageReadings(page, tuple(runs[ours.name]), tuple(runs[bare.name])))
    return tuple(found)


def performance(readings: Sequence[Reading]) -> float:
    """Return the median of the scores for performance."""
    return median(reading.scores[PERFORMANCE] for reading in readings)


def failures(pages: Sequence[PageReadings]) -> tuple[str, ...]:
    """Return a sentence for each score that is too low, with the audits that cost points."""
    found = []
    for page in pages:
        first = page.ours[0]
        found += [
            f"{page.page}: {category} {first.scores[category]}: {_named(first, category)}"
            for category in PERFECT
            if first.scores[category] < 100
        ]
        reached, wanted = performance(page.ours), performance(page.bare)
        if reached < wanted:
            middle = min(page.ours, key=lambda r: abs(r.scores[PERFORMANCE] - reached))
            found.append(
                f"{page.page}: performance {reached:g}, and {wanted:g} under bare Material: "
                f"{_named(middle, PERFORMANCE)}"
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
    table: list[tuple[str, ...]] = [("Lighthouse", *PERFECT, "performance, median", "runs")]
    table += [
        (
            page.page,
            *(f"{page.ours[0].scores[c]} ({page.bare[0].scores[c]})" for c in PERFECT),
            f"{performance(page.ours):g} ({performance(page.bare):g})",
            f"{_runs(page.ours)} ({_runs(page.bare)})",
        )
        for page in pages
    ]
    return aligned(table)


def _runs(readings: Sequence[Reading]) -> str:
    return " ".join(str(reading.scores[PERFORMANCE]) for reading in readings)
