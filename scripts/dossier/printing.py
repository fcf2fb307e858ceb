"""Writing the report of a built site as one PDF."""

from __future__ import annotations

import base64
import os
import time
from datetime import UTC, datetime
from pathlib import Path

from dossier.cache import FOLDER, Cache
from dossier.dataset import DATASET_NAME
from dossier.keeping import digest
from dossier.loading import read_site
from dossier.pdf import Failure, Imprint, compose, identity, typeset
from dossier.problems import Problem
from dossier.repository import commit_of
from dossier.settings import Settings


def write_pdf(settings: Settings, site: Path, target: Path) -> tuple[Problem, ...]:
    """Write the PDF of a built site to a file; return what stood in the way.

    Its day is that of SOURCE_DATE_EPOCH (reproducible-builds.org), else today. What the last
    build set is taken where nothing of it has changed. Codes: no-site, pdf-failed.
    """
    pages = read_site(site)
    moment = _moment()
    day = datetime.fromtimestamp(moment, UTC)
    imprint = Imprint(
        settings.name,
        settings.description,
        settings.rights,
        settings.address,
        # An epoch of zero stands for no date, as on the pages.
        f"{day:%B} {day.day}, {day.year}" if day.year > 2000 else "",
        commit_of(settings.root),
        settings.locale,
    )
    source = compose(pages, imprint)
    if not source:
        hint = "build it with `dossier build`"
        return (Problem("no-site", str(site), 1, 1, "there is no site in this folder", hint),)
    dataset = site / DATASET_NAME
    held = dataset.read_text(encoding="utf-8") if dataset.exists() else ""
    made = _kept(settings, source, held, moment)
    if isinstance(made, Failure):
        hint = made.hint or "a sign that no font has must be written in another way"
        message = f"the PDF was not made: {made.words}"
        return (Problem("pdf-failed", str(target), 1, 1, message, hint),)
    target.write_bytes(made)
    return ()


def _moment() -> int:
    """Return the time that the PDF gives as its own; without an epoch, all of a day are one."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    now = int(time.time())
    return int(given) if given.isdecimal() else now - now % (24 * 60 * 60)


def _kept(settings: Settings, source: str, held: str, moment: int) -> bytes | Failure:
    """Set a document, or take it as the last build set it: half of a build goes to that."""
    store = Cache(settings.root / FOLDER)
    name = f"pdf-{digest(settings.config)[:16]}"
    key = digest(identity(), source, held, str(moment))
    value = store.read(name)
    if isinstance(value, dict) and value.get("key") == key and isinstance(value.get("pdf"), str):
        return base64.b64decode(value["pdf"])
    made = typeset(source, held, moment)
    if isinstance(made, bytes):
        store.write(name, {"key": key, "pdf": base64.b64encode(made).decode("ascii")})
    return made
