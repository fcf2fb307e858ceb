"""The text of what was retrieved: of a page, a PDF or a text file, with what it says of itself.

The only module that knows trafilatura and pypdf. They come with the extra `capture`, so they
are imported where they are used: a build has no need of them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from dossier.charsets import decode
from dossier.problems import Problem

_STUMBLES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What the libraries raise on input that their authors did not think of."""

_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)",
    re.IGNORECASE | re.DOTALL,
)
_WALLED = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of a source, and what it says of itself.

    `whole` is all text that the page shows, menus and notices included, the same as `text`
    where there is no page. `walled` tells that the page says of itself that it must be paid
    for. `lost` counts characters that could not be read.
    """

    text: str
    whole: str
    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    site: str = ""
    walled: bool = False
    lost: int = 0


def extract(
    body: bytes, name: str, *, media_type: str = "", charset: str = ""
) -> tuple[Extract | None, tuple[Problem, ...]]:
    """Return the text of what was retrieved, or None and why there is none.

    What it is, is told by its first bytes; `media_type` and `charset` are what a server
    declared, empty for a file. `name` is the address or file that problems name. Codes:
    capture-unreadable, capture-empty, capture-needs-extra, capture-unknown-kind.
    """
    try:
        if body.lstrip()[:5] == b"%PDF-":
            found = _pdf(body)
        elif _is_html(body, media_type):
            found = _html(body, charset)
        elif _is_text(body, media_type):
            found = _text(body, charset)
        else:
            kind = f" ({media_type})" if media_type else ""
            message = f"this is neither a page, nor a PDF, nor a text{kind}"
            hint = "save its text in a file, and capture that"
            return None, (_problem("capture-unknown-kind", name, message, hint),)
    except ImportError as error:
        message = f"the library {error.name} is not installed"
        hint = "install the extra: pip install 'dossier[capture]'"
        return None, (_problem("capture-needs-extra", name, message, hint),)
    except _STUMBLES as error:
        message = f"the text cannot be taken out of it: {type(error).__name__}: {error}"
        hint = "save its text in a file, and capture that"
        return None, (_problem("capture-unreadable", name, message[:300], hint),)
    if not found.text.strip():
        message = "there is no text in it"
        hint = "a scan holds pictures only, and some pages are made by scripts: save its text"
        return None, (_problem("capture-empty", name, message, hint),)
    return found, ()


def _problem(code: str, name: str, message: str, hint: str) -> Problem:
    return Problem(code, name, 1, 1, message, hint)


def _is_html(body: bytes, media_type: str) -> bool:
    if media_type:
        return media_type in ("text/html", "application/xhtml+xml")
    return _HTML.match(body.removeprefix(b"\xef\xbb\xbf")[:4096]) is not None


def _is_text(body: bytes, media_type: str) -> bool:
    if media_type and not media_type.startswith("text/"):
        return False
    return b"\0" not in body[:1024] or body.startswith((b"\xff\xfe", b"\xfe\xff"))


def _text(body: bytes, charset: str) -> Extract:
    decoded = decode(body, charset)
    return Extract(decoded.text, decoded.text, lost=decoded.lost)


def _html(body: bytes, charset: str) -> Extract:
    import trafilatura  # noqa: PLC0415 - an extra

    decoded = decode(body, charset, html=True)
    page = decoded.text
    whole = trafilatura.html2txt(page)
    main = trafilatura.extract(page, include_comments=False, include_tables=True) or ""
    if not main.strip() and not whole.strip():
        return Extract("", "")
    about = trafilatura.extract_metadata(page)
    title = _line(about.title)
    text = main or whole
    # The headline is part of the source, and the libraries take it for metadata.
    if title and title not in " ".join(text.split()):
        text = f"{title}\n\n{text}"
    return Extract(
        text=text,
        whole=f"{title}\n{whole}",
        title=title,
        authors=_names(re.split(r"\s*;\s*", _line(about.author))),
        date=_line(about.date),
        site=_line(about.sitename),
        walled=_WALLED.search(page) is not None,
        lost=decoded.lost,
    )


def _pdf(body: bytes) -> Extract:
    import pypdf  # noqa: PLC0415 - an extra
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        reader = pypdf.PdfReader(io.BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError("it is protected by a password")
        text = "\n\n".join(page.extract_text() for page in reader.pages)
        about = reader.metadata
        day = about.creation_date if about else None
        return Extract(
            text=text,
            whole=text,
            title=_line(about.title if about else ""),
            authors=_names(re.split(r"\s*;\s*", _line(about.author if about else ""))),
            date=day.date().isoformat() if day else "",
            lost=text.count("\ufffd"),
        )
    except PyPdfError as error:
        raise ValueError(str(error)) from error


def _line(text: object) -> str:
    return " ".join(str(text or "").split())


def _names(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name)
