"""What `dossier capture` does: a text into the folder, its hash, seals and overlaps into sources/.

Everything is worked out first, then written, each file whole or not at all: the text, the
record, the overlaps. Cut short in between, what is written is true of itself, and the same
command again completes it.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from dossier.bibliography import unfit_in_key
from dossier.copies import undeclared_copies
from dossier.extraction import Extract, extract
from dossier.fetching import Fetched, FetchError, fetch
from dossier.model import Capture, Evidence, Passage, Record, Seal
from dossier.overlaps import as_yaml, measure
from dossier.problems import Problem, counted, has_errors
from dossier.proposals import bibtex
from dossier.record_edits import new_record, with_captures
from dossier.records import read_overlaps, read_records
from dossier.schemas import FOLDER, as_json, file_name, schemas
from dossier.seals import broken, digest, digest_of, seal, searchable
from dossier.verification import current, name_of

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_PAGES = frozenset({".html", ".htm", ".xhtml"})


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was retrieved from a file or an address; `moved_to` is the address that answered."""

    body: bytes
    media_type: str = ""
    charset: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a capture.

    `source` is a file or an address; `day` the ISO 8601 date of retrieval, empty where it is
    not known; `standing` counts for a new record only.
    """

    source: str
    key: str
    day: str = ""
    extent: Literal["full", "partial"] | None = None
    standing: str = ""
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Captured:
    """What came of it: problems, what was done in words, and a proposed bibliography entry."""

    problems: tuple[Problem, ...] = ()
    done: tuple[str, ...] = ()
    proposal: str = ""


def is_address(source: str) -> bool:
    """Tell whether a source is an address; what exists as a file is one."""
    return _ADDRESS.match(source) is not None and not Path(source).exists()


def retrieve(
    source: str, *, allow_private: bool = False
) -> tuple[Retrieved | None, tuple[Problem, ...]]:
    """Return the bytes of a file or an address. Codes: capture-refused, capture-not-retrieved."""
    if not is_address(source):
        path = Path(source)
        hint = "name a file that can be read, or an address with https://"
        if path.exists() and not path.is_file():
            message = "it is no file: a folder, a pipe or a device"
            return None, (_problem("capture-not-retrieved", source, message, hint),)
        try:
            body = path.read_bytes()
        except (OSError, ValueError) as error:
            return None, (_problem("capture-not-retrieved", source, str(error), hint),)
        return Retrieved(body, "text/html" if path.suffix.lower() in _PAGES else ""), ()
    try:
        found: Fetched = fetch(source, allow_private=allow_private)
    except FetchError as error:
        if error.refused:
            hint = "save it in a file and capture that; a host of your own needs --allow-private"
            return None, (_problem("capture-refused", source, str(error), hint),)
        hint = "try again later, or save it from a browser and capture the file"
        return None, (_problem("capture-not-retrieved", source, str(error), hint),)
    if found.status != 200:
        message = f"the server answered {found.status}"
        hint = "save it from a browser, and capture the file"
        return None, (_problem("capture-not-retrieved", source, message, hint),)
    return Retrieved(found.body, found.media_type, found.charset, found.address), ()


def _problem(
    code: str, name: str, message: str, hint: str, severity: Literal["error", "warning"] = "error"
) -> Problem:
    return Problem(code, name, 1, 1, message, hint, severity)


def capture(
    wanted: Wanted, evidence: Evidence, root: Path, sources: Path, folder: Path
) -> Captured:
    """Capture a source: write its text, its record and the overlaps.

    `root` is the folder of the project, `sources` that of the evidence, `folder` that of the
    texts. Codes: those of `retrieve`, `extract` and `with_captures`, capture-bad-key,
    record-in-the-way, capture-lossy and undeclared-copy (warnings).
    """
    # What a bibliography takes for a key, or the record would be of none.
    unfit = unfit_in_key(wanted.key)
    if unfit or not wanted.key:
        message = f"a key may not hold this: {unfit}" if unfit else "a key is not empty"
        hint = "name the key of the entry in the bibliography: letters, digits and - _ : . / +"
        return Captured((_problem("capture-bad-key", wanted.key, message, hint),))
    retrieved, problems = retrieve(wanted.source, allow_private=wanted.allow_private)
    if retrieved is None:
        return Captured(problems)
    taken, problems = extract(
        retrieved.body,
        wanted.source,
        media_type=retrieved.media_type,
        charset=retrieved.charset,
    )
    if taken is None:
        return Captured(problems)
    return _write(wanted, retrieved, taken, evidence, root, sources, folder)


def _write(
    wanted: Wanted,
    retrieved: Retrieved,
    taken: Extract,
    evidence: Evidence,
    root: Path,
    sources: Path,
    folder: Path,
) -> Captured:
    record = evidence.records.get(wanted.key)
    if record is not None:
        path = root / record.span.path
        data = path.read_bytes()
    else:
        path = sources / "records" / f"{name_of(wanted.key)}.yml"
        if path.exists():
            message = f"there is a file {path}, and it holds no sound record of `{wanted.key}`"
            hint = (
                "mend what `dossier check` says of it, or give the file another name, if it is the "
                "record of another work"
            )
            return Captured((_problem("record-in-the-way", str(path), message, hint),))
        standing = wanted.standing or "news"
        data = new_record(wanted.key, standing, confirmed=bool(wanted.standing)).encode()
    (known,), problems = _read(data, path)
    if has_errors(problems):
        return Captured(problems)
    new = _capture_of(wanted, retrieved, taken)
    captures = known.captures
    listed = any(c.sha256 == new.sha256 for c in captures)
    if not listed:
        captures = (*captures, new)
    seals, said = _seals(known, taken.text)
    written, problems = with_captures(data, str(path), captures, seals)
    if written is None:
        return Captured(problems)

    texts = read_texts(folder)
    former = current(texts).get(wanted.key)
    texts[name_of(wanted.key)] = taken.text
    (updated,), _ = _read(written, path)
    records = {**evidence.records, wanted.key: updated}
    hashes = {c.sha256 for r in records.values() for c in r.captures}
    held = {
        key: text
        for key, text in current(texts).items()
        if key in records and digest(text) in hashes
    }
    overlaps = measure(held, evidence.overlaps)

    if former is not None and former != taken.text:
        write_whole(folder / f"{name_of(wanted.key, digest(former))}.txt", former.encode())
    write_whole(folder / f"{name_of(wanted.key)}.txt", taken.text.encode("utf-8"))
    if record is None or written != data:
        write_whole(path, written)
    if record is None:
        _keep_schema(sources / FOLDER / file_name("record"))
    file = sources / "overlaps.yml"
    text = as_yaml(overlaps).encode("utf-8")
    if overlaps and (not file.exists() or file.read_bytes() != text):
        write_whole(file, text)

    measured, _ = read_overlaps([(str(file), text)])
    found = [o for o in measured if wanted.key in (o.part, o.whole)]
    warned = [replace(p, severity="warning") for p in undeclared_copies(found, records)]
    if taken.lost:
        message = f"{counted(taken.lost, 'character')} could not be read in any encoding"
        hint = "save the text from a browser, in UTF-8, and capture the file"
        warned.append(_problem("capture-lossy", wanted.source, message, hint, "warning"))
    day = f" of {new.retrieved}" if new.retrieved else ""
    done = (
        f"{wanted.key}: {new.words} words{day}, {new.extent}, sha256 {new.sha256}"
        + (" (held already)" if listed else ""),
        *said,
    )
    proposal = ""
    if wanted.key not in evidence.references:
        proposal = bibtex(
            wanted.key,
            title=taken.title,
            authors=taken.authors,
            date=taken.date,
            site=taken.site,
            address=retrieved.address,
            retrieved=wanted.day,
        )
    return Captured(tuple(warned), done, proposal)


def _keep_schema(file: Path) -> None:
    """Write the schema that a new record names in its first line, where it is not there."""
    if not file.exists():
        write_whole(file, as_json(schemas()["record"]).encode("utf-8"))


def _read(data: bytes, path: Path) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    return read_records([(str(path), data)])


def _capture_of(wanted: Wanted, retrieved: Retrieved, taken: Extract) -> Capture:
    of_bytes = digest_of(retrieved.body)
    of_text = digest(taken.text)
    return Capture(
        sha256=of_text,
        words=len(taken.text.split()),
        extent=wanted.extent or ("partial" if taken.walled else "full"),
        retrieved=wanted.day,
        bytes_sha256=of_bytes if of_bytes != of_text else "",
    )


def _seals(record: Record, text: str) -> tuple[dict[str, Seal | None], list[str]]:
    """Return the seals of the passages that stand in a text, and in words what was not sealed.

    A seal made in an earlier capture stays while it holds: it is the older evidence.
    """
    ready = searchable(text)
    known = {c.sha256 for c in record.captures}
    seals: dict[str, Seal | None] = {}
    missing: list[str] = []
    for passage in record.passages:
        if _holds(passage, known - {digest(text)}):
            continue
        made = seal(passage.exact, text, passage.prefix, passage.suffix, ready=ready)
        if made is not None:
            seals[passage.id] = made
        else:
            missing.append(passage.id)
    sealed = len(record.passages) - len(missing)
    of = counted(len(record.passages), "passage")
    said = [f"{sealed} of {of} {'is' if sealed == 1 else 'are'} sealed"] if record.passages else []
    said += [f"not in this text: {record.key}#{id_}" for id_ in missing]
    return seals, said


def _holds(passage: Passage, captures: Iterable[str]) -> bool:
    of = passage.seal
    return of is not None and of.capture_sha256 in set(captures) and not broken(passage, of)


def read_texts(folder: Path) -> dict[str, str]:
    """Return the texts of a folder by name, without the ending .txt; what is not UTF-8 is left."""
    texts: dict[str, str] = {}
    for path in sorted(folder.glob("*.txt")):
        with suppress(UnicodeDecodeError):
            # Not read_text: that would change line ends, and with them the hash.
            texts[path.stem] = path.read_bytes().decode("utf-8")
    return texts


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or as it was before."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException as error:
        with suppress(OSError):
            Path(temporary).unlink()
        if isinstance(error, OSError) and error.errno is not None:
            # What could not be written is this file, whatever name it has while it is.
            error.filename = str(path)
        raise
