"""Answers of pandoc, templates and themes, got once in a run of the tests and not for each report.

Hundreds of reports of the tests have the same bibliography, the same citations and the same theme.
Pandoc answers the same question alike, and setting a few works takes it longer than all else of a
tiny report; what Jinja makes of a template hangs on its text alone, and so does what is made of
pandoc's own style. So these are kept in a folder that the processes of a run share. What is asked
is compared whole: the program, its arguments, and what it reads. Only the marks of a batch, which
are random, are the same in all that is kept: pandoc hands them on as they are. A failure is not
kept. Which themes are installed, MkDocs reads from all packages for each configuration; here it is
read once in a process and in those that are forked from it. A process of its own (`python -m
mkdocs`) keeps nothing.
"""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from mkdocs import utils

from dossier.keeping import digest
from dossier.style import csl, pandoc, retrieval

VARIABLE = "DOSSIER_TESTS_KEPT"
READ = ("references.bib", "style.csl")
LOG = "log.json"

_TOKEN = re.compile(r"```\{=html\}\n<!--([0-9a-f]{32}):0-->")
"""The first mark of a batch, with its token."""
_ANY = digest("the token of any batch")[:32]

asked = pandoc._call
_run = subprocess.run
_made = jinja2.Environment.__init__


def begin() -> None:
    """Make the folder of a run, and name it to the processes that are started from here."""
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="dossier-kept-")


def end() -> None:
    """Remove the folder."""
    shutil.rmtree(os.environ.pop(VARIABLE, ""), ignore_errors=True)


def _with(data: bytes, token: str, other: str) -> bytes:
    """Return what has one token with another in its place: whole in marks, cut short in keys."""
    for end in (32, 12):
        data = data.replace(token[:end].encode(), other[:end].encode())
    return data


def _keep(path: Path, value: bytes) -> None:
    """Write it whole or not at all: other processes read it."""
    part = path.with_suffix(f".{threading.get_native_id()}")
    part.write_bytes(value)
    part.replace(path)


def _call(arguments: list[str], text: str, folder: Path | None) -> bytes | pandoc.Failure:
    """Ask pandoc what has not been asked before."""
    kept, binary = os.environ.get(VARIABLE), pandoc._binary()
    # A test that looks at the start of a process, or prevents it, means the process itself.
    if not kept or binary is None or subprocess.run is not _run:
        return asked(arguments, text, folder)
    batch = _TOKEN.match(text)
    token = batch[1] if batch else _ANY
    read = [(folder / name).read_bytes() if folder else b"" for name in READ]
    alike = [one for one in arguments if one != f"--data-dir={folder}"]
    around = repr((str(binary), pandoc.PATIENCE, pandoc._HEAP, alike))
    question = (text.encode("utf-8", "surrogatepass"), *read)
    path = Path(kept, digest(around, *(_with(part, token, _ANY) for part in question)))
    try:
        answer, log = pickle.loads(path.read_bytes())  # noqa: S301 - written below
    except FileNotFoundError:
        asked_now = asked(arguments, text, folder)
        if isinstance(asked_now, pandoc.Failure):
            return asked_now
        log = (folder / LOG).read_bytes() if folder else b""
        answer, log = _with(asked_now, token, _ANY), _with(log, token, _ANY)
        _keep(path, pickle.dumps((answer, log)))
    if folder:
        (folder / LOG).write_bytes(_with(log, _ANY, token))
    assert isinstance(answer, bytes)
    return _with(answer, _ANY, token)


@cache
def _prepared(source: str) -> str:
    """Return pandoc's own style as the engine prepares it."""
    kept = os.environ.get(VARIABLE)
    if not kept:
        return csl.prepare(source)
    path = Path(kept, digest("prepared", source))
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        prepared = csl.prepare(source)
        _keep(path, prepared.encode())
        return prepared


def _environment(self: jinja2.Environment, *arguments: Any, **named: Any) -> None:
    if kept := os.environ.get(VARIABLE):
        named.setdefault("bytecode_cache", jinja2.FileSystemBytecodeCache(kept))
    _made(self, *arguments, **named)


pandoc._call = _call
retrieval.prepare = _prepared
jinja2.Environment.__init__ = _environment  # type: ignore[method-assign]
utils.get_themes()
utils.get_themes.cache_clear = lambda: None  # type: ignore[method-assign]
