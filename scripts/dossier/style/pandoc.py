"""One call of pandoc with citeproc, without network or files of the machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path
from tempfile import TemporaryDirectory

NOT_FOUND = "pandoc was not found; it comes with the package pypandoc-binary"
PATIENCE = 300.0
"""Seconds after which a call is given up: 2,000 works that are not set in parts, in the
slowest styles, take some 45."""

# Pandoc's Markdown without what reaches over the borders of a cluster (macros, notes,
# divisions, numbered examples) and without blocks that a cluster could be taken for.
_READER = (
    "markdown-latex_macros-raw_tex-inline_notes-footnotes-native_divs-fenced_divs"
    "-example_lists-yaml_metadata_block-pandoc_title_block-line_blocks-implicit_figures"
)
# The heap is bounded: an inheritance loop in a bibliography would take all memory there is. New
# values have 32 MB before they are looked through for the first time: a call that sets a few
# works, most of them do, then takes two thirds of the time.
_HEAP = ("+RTS", "-A32m", "-M3g", "-RTS")
# A locale of CSL for which pandoc has no words for its own headings is none the worse.
_HARMLESS = frozenset({"CouldNotLoadTranslations", "NoTranslation"})


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning of pandoc: its type, what it is about, and its words."""

    type: str
    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class Output:
    """What a call returned: HTML, and the warnings on the way to it."""

    html: str
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A call without output: what pandoc said, and whether it was given up for its time."""

    words: str
    late: bool = False


@lru_cache(maxsize=1)
def _binary() -> Path | None:
    """Return pandoc: the one the environment names, the one in the package, or any found.

    The package's comes before a newer one on the machine, so that a lock file fixes what
    the pages print.
    """
    if named := os.environ.get("PYPANDOC_PANDOC"):
        return Path(named)
    spec = util.find_spec("pypandoc")
    if spec is not None and spec.origin:
        name = "pandoc.exe" if sys.platform == "win32" else "pandoc"
        carried = Path(spec.origin).parent / "files" / name
        if carried.is_file():
            return carried
    try:
        import pypandoc  # noqa: PLC0415 - takes longer to load than a warm build has

        return Path(pypandoc.get_pandoc_path())
    except (ImportError, OSError):
        return None


@lru_cache(maxsize=1)
def identity() -> str:
    """Return what tells this pandoc from another, without starting it."""
    binary = _binary()
    if binary is None:
        return ""
    try:
        if binary.parent.parent.name == "pypandoc":
            return f"pypandoc_binary {metadata.version('pypandoc_binary')}"
        status = binary.stat()
    except (metadata.PackageNotFoundError, OSError):
        return str(binary)
    return f"{binary} {status.st_size} {status.st_mtime_ns}"


def default_style() -> str | Failure:
    """Return the XML of the style that pandoc uses when it is given none."""
    done = _call(["--print-default-data-file=default.csl"], "", None)
    return done if isinstance(done, Failure) else done.decode("utf-8", "replace")


def convert(document: str, bibliography: str, csl: str, locale: str) -> Output | Failure:
    """Return the HTML of a Markdown document whose citations are set by a style."""
    with TemporaryDirectory(prefix="dossier-") as name:
        folder = Path(name)
        (folder / "references.bib").write_text(bibliography, "utf-8", "replace", "\n")
        (folder / "style.csl").write_text(csl, "utf-8", "replace", "\n")
        arguments = [
            "--sandbox",
            f"--data-dir={folder}",  # what a person has in theirs must not change the pages
            "--citeproc",
            "--bibliography=references.bib",
            "--csl=style.csl",
            f"--metadata=lang:{locale}",
            "--metadata=link-citations:true",
            "--metadata=link-bibliography:true",
            f"--from={_READER}",
            "--to=html5",
            "--wrap=none",
            "--reference-location=block",
            "--quiet",
            "--log=log.json",
        ]
        done = _call(arguments, document, folder)
        if isinstance(done, Failure):
            return done
        return Output(done.decode("utf-8", "replace"), _warnings(folder / "log.json"))


def items(bibliography: str) -> str | Failure:
    """Return the entries of a BibTeX file as CSL-JSON, in the order of their keys in it."""
    done = _call(["--sandbox", "--from=biblatex", "--to=csljson", "--quiet"], bibliography, None)
    return done if isinstance(done, Failure) else done.decode("utf-8", "replace")


def _call(arguments: list[str], text: str, folder: Path | None) -> bytes | Failure:
    binary = _binary()
    if binary is None:
        return Failure(NOT_FOUND)
    heap = _HEAP if binary.parent.parent.name == "pypandoc" else ()
    try:
        done = subprocess.run(
            [str(binary), *heap, *arguments],
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            cwd=folder,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Failure(f"pandoc took more than {PATIENCE:.0f} seconds", late=True)
    except OSError as error:
        return Failure(f"pandoc does not start: {error.strerror}")
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip()
        return Failure(words or f"pandoc ended with status {done.returncode}")
    return done.stdout


def _warnings(log: Path) -> tuple[Warned, ...]:
    """Return the warnings in pandoc's log, a JSON list of messages.

    Read instead of `--fail-if-warnings`, which leaves no output: one formula that cannot
    be set would take the whole bibliography with it.
    """
    try:
        messages: object = json.loads(log.read_text("utf-8"))
    except (OSError, ValueError):
        return ()
    found: list[Warned] = []
    for message in messages if isinstance(messages, list) else ():
        if not isinstance(message, dict) or message.get("verbosity") != "WARNING":
            continue
        type_, pretty = str(message.get("type", "")), str(message.get("pretty", ""))
        if type_ not in _HARMLESS:
            subject = str(message.get("contents") or message.get("message") or "")
            found.append(Warned(type_, subject, pretty.partition("\n")[0]))
    return tuple(dict.fromkeys(found))
