"""What `dossier correct` does: a dated line in the list of corrections, and nothing else."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from dossier.capturing import write_whole
from dossier.corrections import (
    Correction,
    named,
    page_named,
    read_day,
    read_words,
    with_correction,
)
from dossier.loading import read_project, read_settings
from dossier.problems import Problem, in_order
from dossier.telling import is_unusable, refuse


def correct(options: argparse.Namespace, config: Path) -> int:
    """Write a correction into the list of them; exit 1 where nothing was written.

    Codes: those of `read_day`, `read_words`, `named` and `with_correction`.
    """
    settings, problems = read_settings(config.parent.resolve(), config.name)
    if is_unusable(problems):
        return refuse(problems)
    project = read_project(settings)
    listing = page_named(settings, project.pages, options.page)
    if listing is None:
        message = "there is no such page, which should have the list of corrections"
        hint = "make it, with the heading `## Corrections`, or name another with --page"
        return refuse([Problem("no-corrections", options.page, 1, 1, message, hint)])
    day = read_day(options.date, datetime.now(UTC).date())
    words = read_words(options.text)
    of = named(settings, project.evidence.findings, project.pages, options.target, listing)
    if isinstance(day, Problem) or isinstance(words, Problem) or isinstance(of, Problem):
        return refuse(in_order(one for one in (day, words, of) if isinstance(one, Problem)))
    file = Path(os.path.realpath(settings.root / listing.path))
    # Not read_text, which would change line ends.
    text = file.read_bytes().decode("utf-8")
    written = with_correction(listing.path, text, Correction(day, of, words))
    if isinstance(written, Problem):
        return refuse([written])
    write_whole(file, written[0].encode("utf-8"))
    line = written[0].split("\n")[written[1] - 1].rstrip("\r")
    sys.stdout.write(f"{listing.path}:{written[1]}: {line}\n")
    return 0
