"""What a build keeps for the next one, so that what did not change is not worked out again.

Kept by content: of everything that a publication depends on a digest is taken, and it is taken
anew where one byte of it differs. Light to load, since most builds need nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dossier.edits import Edit
from dossier.handover import Host, Printed, Publication
from dossier.problems import Problem
from dossier.settings import PAGES

if TYPE_CHECKING:
    from dossier.cache import Cache
    from dossier.settings import Settings

_READ = (*PAGES, ".yml", ".yaml")
"""The endings of the files in folders whose content counts."""

_FORM = 2
"""The form in which things are kept; one of another form is not read."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the last build of a configuration kept.

    `inputs` is the digest of what it read, from the files and folders of `roots`; `published`
    the names to which pages may link; `marks` gives for each page the digest of its Markdown and
    the edits that marked it; `key` is the digest of what `publication` depends on.
    """

    inputs: str
    roots: tuple[str, ...]
    published: tuple[str, ...]
    marks: Mapping[str, tuple[str, tuple[Edit, ...]]]
    key: str
    publication: Publication


def digest(*parts: str | bytes) -> str:
    """Return a name for texts that no others have: SHA-256 of them and of their lengths."""
    summed = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        summed.update(f"{len(data)}:".encode())
        summed.update(data)
    return summed.hexdigest()


@cache
def engine() -> str:
    """Return what tells this engine from another: its files, Python, and the libraries installed.

    Files are told by their size and time; a folder of libraries by its time, which changes with
    each one that is installed, renewed or removed.
    """
    package = Path(__file__).parent
    parts = [sys.version, os.environ.get("PYPANDOC_PANDOC", "")]
    libraries = (Path(folder) for folder in sys.path if folder.endswith("-packages"))
    parts += [f"{folder} {folder.stat().st_mtime_ns}" for folder in libraries if folder.is_dir()]
    for entry in _entries(package):
        if entry.name.endswith((".py", ".js", ".css")):
            status = entry.stat()
            parts.append(f"{entry.name} {status.st_size} {status.st_mtime_ns}")
    return digest(*parts)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.is_dir():
            yield from _entries(Path(entry.path))
        else:
            yield entry


def inputs_digest(root: Path, roots: Iterable[str], options: str) -> str:
    """Return the digest of the files that a report is made of, and of its options.

    Of a folder all its pages and YAML files count, and of every other file its name and whether it
    is a file: a picture that leads nowhere is a problem, too. Of each link counts where it leads.
    What is not there counts as missing.
    """
    summed: list[str | bytes] = [options, engine()]
    for name in roots:
        for path, relative in _files(root / name, name):
            leads = os.path.realpath(path) if path.is_symlink() else ""
            summed += (relative, leads)
            try:
                summed.append(_content(path, read=relative == name or path.name.endswith(_READ)))
            except OSError as error:
                summed.append(f"{error.errno}")
    return digest(*summed)


def _content(path: Path, *, read: bool) -> str | bytes:
    # A pipe is never opened: to read it is to wait for a writer.
    if not path.is_file():
        return "no file"
    return path.read_bytes() if read else ""


def _files(path: Path, name: str) -> Iterator[tuple[Path, str]]:
    """Yield what is in a folder and the folders below, or the path itself, in a fixed order."""
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError:  # no folder, or one that may not be read
        yield path, name
        return
    for entry in entries:
        # Links to folders are not followed: they lead to what is looked at anyway, or are refused.
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path), f"{name}/{entry.name}")
        else:
            yield Path(entry.path), f"{name}/{entry.name}"


_INHERITED = re.compile(r"(?m)^INHERIT:\s*[\"']?([^\"'#\n]+?)[\"']?\s*$")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEEPEST = 8


def roots_of(settings: Settings, watched: Iterable[Path] = ()) -> tuple[str, ...]:
    """Return what a project is read from, there or not, relative to its folder, and in order."""
    root = settings.root
    named = (settings.config, settings.sources, "CITATION.cff", *settings.bibliography)
    paths = (settings.docs, *watched, *(root / name for name in named))
    return tuple(sorted({os.path.relpath(path, root) for path in paths}))


def configuration(config: Path) -> str:
    """Return the text of a configuration and those it inherits, and the variables it may name."""
    texts: list[str] = []
    path: Path | None = config
    while path is not None and len(texts) < _DEEPEST:
        try:
            texts.append(path.read_text("utf-8", "replace"))
        except OSError as error:
            texts.append(str(error.errno))
            break
        parent = _INHERITED.search(texts[-1])
        path = path.parent / parent[1] if parent else None
    lines = (line for text in texts for line in text.splitlines() if "!ENV" in line)
    names = dict.fromkeys(name for line in lines for name in _VARIABLE.findall(line))
    return json.dumps([texts, {name: os.environ.get(name) for name in names}])


def write_check(
    store: Cache, name: str, inputs: str, roots: Iterable[str], problems: Iterable[Problem]
) -> None:
    """Keep what a check found."""
    found = [astuple(problem) for problem in problems]
    value = {"form": _FORM, "inputs": inputs, "roots": list(roots), "problems": found}
    store.write(name, value)


def read_check(store: Cache, name: str, root: Path, options: str) -> tuple[Problem, ...] | None:
    """Return what a check of the same found, None where nothing of it is kept."""
    value = store.read(name)
    try:
        if not isinstance(value, dict) or value["form"] != _FORM:
            return None
        if value["inputs"] != inputs_digest(root, value["roots"], options):
            return None
        return tuple(Problem(*problem) for problem in value["problems"])
    except (KeyError, TypeError, ValueError):
        return None


def host_digest(inputs: str, host: Host) -> str:
    """Return the digest of all that a publication depends on."""
    parts = [inputs, host.name, host.url, host.description, host.day, host.commit]
    parts += [str(host.has_robots), json.dumps([sorted(host.urls.items()), host.order])]
    for page in host.pages:
        parts += [
            page.path,
            page.url,
            page.title,
            page.content,
            json.dumps(page.headings),
            page.canonical,
            page.description,
        ]
    return digest(*parts)


def is_keepable(problems: Iterable[Problem]) -> bool:
    """Tell whether a build without these problems may stand for the next.

    A file that is missing may come without any other changing, and then the problem goes: what
    has errors or warnings is worked out anew each time.
    """
    return all(problem.severity == "note" for problem in problems)


def write_kept(store: Cache, name: str, kept: Kept) -> None:
    """Keep what a build made."""
    store.write_each(name, _parts(kept))


def _parts(kept: Kept) -> Iterator[object]:
    """Yield a build as JSON values: what is known of it, then a page or a file at a time."""
    publication = kept.publication
    yield {
        "form": _FORM,
        "inputs": kept.inputs,
        "roots": kept.roots,
        "published": kept.published,
        "marks": kept.marks,
        "key": kept.key,
        "problems": [astuple(problem) for problem in publication.problems],
        "edition": publication.edition,
        "entries": publication.entries,
        "pages": len(publication.pages),
        "files": len(publication.files),
    }
    for path, page in publication.pages.items():
        yield "page", path, astuple(page)
    for path, value in publication.files.items():
        if isinstance(value, str):
            yield "text", path, value
        else:
            yield "bytes", path, base64.b64encode(value).decode()


def read_kept(store: Cache, name: str) -> Kept | None:
    """Return what the last build kept, None where there is nothing of this form."""
    parts = store.read_each(name)
    known: Any = next(parts, None)
    if not isinstance(known, dict) or known.get("form") != _FORM:
        return None
    try:
        pages: dict[str, Printed] = {}
        files: dict[str, str | bytes] = {}
        rest: Iterator[Any] = parts
        for kind, path, value in rest:
            if kind == "page":
                pages[path] = _printed(value)
            else:
                files[path] = value if kind == "text" else base64.b64decode(value)
        if (len(pages), len(files)) != (known["pages"], known["files"]):
            return None
        marks = {
            path: (key, tuple((a, b, written) for a, b, written in edits))
            for path, (key, edits) in known["marks"].items()
        }
        publication = Publication(
            tuple(Problem(*problem) for problem in known["problems"]),
            pages,
            files,
            known["edition"],
            tuple((where, title, text) for where, title, text in known["entries"]),
        )
        roots, published = tuple(known["roots"]), tuple(known["published"])
        return Kept(known["inputs"], roots, published, marks, known["key"], publication)
    except (KeyError, TypeError, ValueError):
        return None


def _printed(value: Sequence[Any]) -> Printed:
    body, closing, title, headings, references, anchors, head, explorer = value
    return Printed(
        body, closing, title, tuple(headings), references, tuple(anchors), head, explorer
    )
