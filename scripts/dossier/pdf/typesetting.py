"""One run of Typst: the only module that knows it. No file is read, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Final

STANDARD: Final = "ua-1"
"""PDF/UA-1 (ISO 14289-1): Typst refuses to write what it knows to fall short of it."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that was not set: what Typst said, or that it is not there."""

    words: str
    hint: str = ""


def _mend(words: str, hints: Sequence[str]) -> str:
    """Return what is to be done; of fonts, as Typst would have it, an author has no choice."""
    if "could not be displayed with font" in words:
        return "write this sign in another way: no font of the PDF has it"
    return "; ".join(hints)


def identity() -> str:
    """Return what tells this typesetter from another, without loading it."""
    try:
        return f"typst {metadata.version('typst')} {STANDARD}"
    except metadata.PackageNotFoundError:
        return ""


def paint(source: str) -> bytes | Failure:
    """Return the PNG of the one page that a Typst source describes, a pixel for each point."""
    try:
        import typst  # noqa: PLC0415 - loading 80 MB is for those who make a picture
    except ImportError as error:
        return Failure(f"Typst cannot be loaded: {error}", "install the package `typst`")
    try:
        return typst.compile(
            source.encode("utf-8"), None, format="png", ppi=72.0, ignore_system_fonts=True
        )
    except typst.TypstError as error:
        return Failure(error.message, _mend(error.message, error.hints))


def typeset(source: str, dataset: str, day: int) -> bytes | Failure:
    """Return the PDF that a Typst source describes, the same for the same three arguments.

    The source finds the text of `evidence.json` in `sys.inputs.evidence`. `day` is the time
    that the document gives as its own, in seconds since 1970.
    """
    try:
        import typst  # noqa: PLC0415 - loading 80 MB is for those who make a PDF
    except ImportError as error:
        return Failure(f"Typst cannot be loaded: {error}", "install the package `typst`")
    try:
        return typst.compile(
            source.encode("utf-8"),
            None,
            format="pdf",
            sys_inputs={"evidence": dataset},
            # The fonts of the machine would change the pages; the package has its own.
            ignore_system_fonts=True,
            pdf_standards=STANDARD,
            timestamp=day,
        )
    except typst.TypstError as error:
        return Failure(error.message, _mend(error.message, error.hints))
