"""What the commands `dossier capture` and `dossier verify` do: the only ones that use a network."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dossier import archives, capturing
from dossier.archives import Copy
from dossier.capturing import Wanted, is_address, read_texts, write_whole
from dossier.extraction import extract
from dossier.fetching import Fetched, FetchError, fetch
from dossier.live import GONE, Where, addresses, as_yaml, look, merge, moved, summary
from dossier.loading import read_project, read_settings
from dossier.model import Check, Evidence, PassageCheck, Record
from dossier.pacing import LeftAloneError, Pace
from dossier.problems import Problem, counted, has_errors, in_order, nearest
from dossier.records import read_checks
from dossier.seals import check_seals
from dossier.settings import Settings
from dossier.telling import is_unusable, print_problems
from dossier.verification import verify_folder, verify_overlaps

Ask = Callable[[str], Fetched]


def capture(options: argparse.Namespace, config: Path) -> int:
    """Capture a source; exit 1 where nothing could be written."""
    _quiet()
    settings, problems, evidence = _project(config)
    if problems:
        return print_problems(problems, "text")
    today = datetime.now(UTC).date().isoformat()
    day = options.retrieved or (today if is_address(options.source) else "")
    wanted = Wanted(
        options.source,
        options.key,
        day,
        options.extent,
        options.standing or "",
        options.allow_private,
    )
    sources = settings.root / settings.sources
    folder = settings.root / options.folder
    done = capturing.capture(wanted, evidence, settings.root, sources, folder)
    for line in done.done:
        _say(line)
    if done.proposal:
        _say("\nThere is no entry of this key yet. Check this one, and add it:\n")
        _say(done.proposal)
    return print_problems(done.problems, "text") if done.problems else 0


def verify(options: argparse.Namespace, config: Path) -> int:
    """Verify seals against texts, or passages against their addresses; exit 1 on errors."""
    _quiet()
    settings, problems, evidence = _project(config)
    if problems:
        return print_problems(problems, "text")
    if options.folder is None and options.live is None:
        message = "there is nothing to verify against"
        hint = "name the folder of the captures, or say --live"
        return print_problems((Problem("no-captures", ".", 1, 1, message, hint),), "text")
    status = 0
    if options.folder is not None:
        status = _verify_texts(Path(options.folder), evidence)
    if options.live is not None:
        status = max(status, _verify_live(options, settings, evidence))
    return status


def _verify_texts(folder: Path, evidence: Evidence) -> int:
    texts = read_texts(folder)
    if not texts:
        message, hint = "there are no texts in this folder", "they are named KEY.txt, in UTF-8"
        return print_problems((Problem("no-captures", str(folder), 1, 1, message, hint),), "text")
    records = evidence.records
    found = (
        *check_seals(records.values()),
        *verify_folder(records, texts),
        *verify_overlaps(evidence.overlaps, records, texts),
    )
    sealed = sum(p.seal is not None for r in records.values() for p in r.passages)
    _say(f"{counted(len(texts), 'text')}, {counted(sealed, 'sealed passage')}")
    return print_problems(in_order(found), "text")


# ---- live ----


def _verify_live(options: argparse.Namespace, settings: Settings, evidence: Evidence) -> int:
    records = evidence.records
    unknown = _unknown(options.live, records)
    if unknown:
        return print_problems(unknown, "text")
    file = settings.root / settings.sources / "checks.yml"
    known, problems = _known(file)
    if has_errors(problems):
        return print_problems(problems, "text")
    today = datetime.now(UTC).date()
    since = (today - timedelta(days=options.again_after)).isoformat()

    pace = Pace(options.pause)

    def once(address: str) -> Fetched:
        return fetch(address, allow_private=options.allow_private, before=pace.wait)

    def ask(address: str) -> Fetched:
        return pace.ask(address, once)

    copies: dict[str, Copy] = {}
    for key in options.live or sorted(records):
        record = records[key]
        for where, address in addresses(record, evidence.references.get(key)):
            recent = any(
                (c.key, c.where, c.address) == (key, where, address) and c.checked > since
                for c in known
            )
            if not record.passages or (recent and key not in options.live):
                continue
            try:
                check = check_live(record, where, address, today.isoformat(), ask)
                copy = None
                if options.archive and not record.archived:
                    copy = find_copy(record, check, options.archive, known, ask)
            except LeftAloneError as error:
                # Nothing is written, so that the next run asks.
                _say(f"{key} ({where}): left out: {error}")
                continue
            known = merge(known, check)
            # After each, so that a run that was cut short goes on where it was.
            write_whole(file, as_yaml(known).encode("utf-8"))
            _say(f"{key} ({where}): {_outcome(check)}")
            if copy is not None:
                copies[key] = copy
                _say(f"  archived: {copy.address}  has {copy.there} of {copy.of}")
    if options.summary:
        write_whole(Path(options.summary), summary(known, records, copies).encode("utf-8"))
    return 0


def _known(file: Path) -> tuple[tuple[Check, ...], tuple[Problem, ...]]:
    """Return the checks of before, and what is wrong with their file; none where there is none."""
    return read_checks([(file.name, file.read_bytes())]) if file.is_file() else ((), ())


def _unknown(keys: Sequence[str], records: Mapping[str, Record]) -> list[Problem]:
    """Return a problem for each key that is named and has no record."""
    problems = []
    for key in keys:
        if key not in records:
            message = f"there is no record of `{key}`"
            hint = f"did you mean {', '.join(nearest(key, records)) or 'another key'}?"
            problems.append(Problem("unknown-record", key, 1, 1, message, hint))
    return problems


def check_live(record: Record, where: Where, address: str, day: str, ask: Ask) -> Check:
    """Return what became of the passages of a record at an address."""
    check = Check(record.key, where, address, day)
    try:
        found = ask(address)
    except FetchError as error:
        return replace(check, fault=str(error))
    if found.status in GONE:
        gone = tuple(PassageCheck(p.id, "gone") for p in record.passages)
        return replace(check, passages=gone, fault=f"the server answered {found.status}")
    if found.status != 200:
        return replace(check, fault=f"the server answered {found.status}")
    taken, problems = extract(
        found.body, address, media_type=found.media_type, charset=found.charset
    )
    if taken is None:
        return replace(check, fault=problems[0].message)
    elsewhere = moved(address, found.address)
    passages, fault = look(record, (taken.text, taken.whole), moved=elsewhere)
    to = found.address if elsewhere and passages else ""
    return replace(check, passages=passages, fault=fault, moved_to=to)


def find_copy(
    record: Record, check: Check, archive: str, known: Sequence[Check], ask: Ask
) -> Copy | None:
    """Return the copy of a source that is lost, None where the archive has none with a passage."""
    if not archives.is_lost(check):
        return None
    day = archives.day_of(record, known, check.checked)
    address = archives.place(archive, check.address, day)
    found = check_live(record, "archive", address, check.checked, ask)
    return archives.copy_at(found.moved_to or address, found.passages)


def _outcome(check: Check) -> str:
    counts: dict[str, int] = {}
    for passage in check.passages:
        counts[passage.result] = counts.get(passage.result, 0) + 1
    said = ", ".join(f"{number} {result}" for result, number in counts.items())
    return "; ".join(filter(None, (said, check.fault)))


# ---- what both need ----


def _project(config: Path) -> tuple[Settings, tuple[Problem, ...], Evidence]:
    """Return the settings, what makes them unusable, and the evidence."""
    settings, problems = read_settings(config.parent.resolve(), config.name)
    if is_unusable(problems):
        return settings, problems, Evidence()
    return settings, (), read_project(replace(settings, evidence="required")).evidence


def _quiet() -> None:
    """Keep the libraries from speaking: what they stumble over becomes a problem."""
    for name in ("pypdf", "trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
