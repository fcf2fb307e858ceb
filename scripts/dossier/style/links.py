"""Addresses: of works, of entries on a page, and what may become a link at all."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

from dossier.model import Reference

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\"<>`]")
_PORT = re.compile(r"\d{1,5}(?:[/?#]|$)")
# URL Standard, section 3.5, "forbidden host code points": a browser takes no such host.
_FORBIDDEN = frozenset(" #/<>?@[\\]^|%") | frozenset(map(chr, range(33))) | {"\x7f"}
# DOI Handbook, section 2.5.2.4: other characters would be read as parts of an address.
_IN_DOI = "/:;()-._~!$&'*+,=@"
DOI_SERVER = "https://doi.org/"


def anchor(key: str) -> str:
    """Return the fragment that leads to the entry of a key, `#ref-KEY`, percent-encoded.

    RFC 3986, section 3.5, says which characters stand in a fragment as they are.
    """
    return "#ref-" + quote(key, safe="!$&'()*+,;=:@/?-._~")


def address(reference: Reference) -> str:
    """Return where the work is to be found: its DOI as an address, or its url, or nothing."""
    if reference.doi:
        return DOI_SERVER + quote(reference.doi, safe=_IN_DOI)
    return linkable(reference.url) or ""


def linkable(url: str) -> str | None:
    """Return an address that may be a link, or None: http, https, mailto, and doi by its server.

    Pandoc puts `https://` before an address whose scheme it does not know, so that a scheme
    is looked for behind it as well.
    """
    url = _UNSAFE.sub(lambda m: quote(m[0]), url.strip())
    match = _SCHEME.fullmatch(url)
    if match is None:
        return None
    scheme, rest = match[1].lower(), match[2]
    if scheme == "mailto":
        return f"mailto:{rest}" if "@" in rest else None
    if scheme == "doi":
        return DOI_SERVER + quote(rest.lstrip("/"), safe=_IN_DOI + "%")
    if scheme not in {"http", "https"} or not rest.startswith("//"):
        return None
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    authority = rest[2:].split("/")[0]
    if (inner := _SCHEME.match(rest[2:])) and not _PORT.match(inner[2]):
        if inner[1].lower() in {"mailto", "doi"}:
            return linkable(rest[2:])
        if "@" not in authority:
            return None
    return f"{scheme}:{rest}" if host and not set(unquote(host)) & _FORBIDDEN else None
