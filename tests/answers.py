"""Answers of pandoc and templates of Jinja, got once in a run of the tests and not for each report.

Hundreds of reports of the tests have the same bibliography, the same citations and the same theme.
Pandoc answers the same question alike, and setting a few works takes it longer than all else of a
tiny report; what Jinja makes of a template hangs on its text alone. So both are kept in a folder
that the processes of a run share. What is asked is compared whole: the program, its arguments, and
what it reads. A failure is not kept, and a process of its own (`python -m mkdocs`) keeps nothing.
"""

from __future__ import annotations

import os
import pickle
import shutil
import tempfile
from pathlib import Path
from typing import Any

import jinja2

from dossier.keeping import digest
from dossier.style import pandoc

VARIABLE = "DOSSIER_TESTS_KEPT"
READ = ("references.bib", "style.csl")
LOG = "log.json"

asked = pandoc._call
_made = jinja2.Environment.__init__


def begin() -> None:
    """Make the folder of a run, and name it to the processes that are started from here."""
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = tempfile.mkdtemp(prefix="dossier-kept-")


def end() -> None:
    """Remove the folder."""
    shutil.rmtree(os.environ.pop(VARIABLE, ""), ignore_errors=True)


def _call(arguments: list[str], text: str, folder: Path | None) -> bytes | pandoc.Failure:
    """Ask pandoc what has not been asked before."""
    kept, binary = os.environ.get(VARIABLE), pandoc._binary()
    if not kept or binary is None:
        return asked(arguments, text, folder)
    read = [(folder / name).read_bytes() if folder else b"" for name in READ]
    alike = [one for one in arguments if one != f"--data-dir={folder}"]
    around = repr((str(binary), pandoc.PATIENCE, pandoc._HEAP, alike))
    path = Path(kept, digest(around, text, *read))
    try:
        answer, log = pickle.loads(path.read_bytes())  # noqa: S301 - written below
    except FileNotFoundError:
        answer = asked(arguments, text, folder)
        if isinstance(answer, pandoc.Failure):
            return answer
        log = (folder / LOG).read_bytes() if folder else b""
        # Written whole or not at all: other processes read it.
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(pickle.dumps((answer, log)))
        part.replace(path)
    if folder:
        (folder / LOG).write_bytes(log)
    assert isinstance(answer, bytes)
    return answer


def _environment(self: jinja2.Environment, *arguments: Any, **named: Any) -> None:
    if kept := os.environ.get(VARIABLE):
        named.setdefault("bytecode_cache", jinja2.FileSystemBytecodeCache(kept))
    _made(self, *arguments, **named)


pandoc._call = _call
jinja2.Environment.__init__ = _environment  # type: ignore[method-assign]
