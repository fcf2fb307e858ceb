"""DOIs and addresses: taken out of what people write, and held to what may become a link."""

from __future__ import annotations

import re
from urllib.parse import unquote

# DOI Handbook, section 2.2: prefix 10., a registrant with optional subdivisions, any suffix.
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_RESOLVER = re.compile(r"(?:https?://)?(?:www\.|dx\.)?doi\.org/+", re.IGNORECASE)
_LABEL = re.compile(r"doi:\s*", re.IGNORECASE)
_SCHEME = re.compile(r"(?:https?://[^\s/]|mailto:|doi:)", re.IGNORECASE)
_NAMED_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")

_WRAPPED = re.compile(r"\\(?:url|path|nolinkurl|doi|href)\s*\{(.*)\}", re.DOTALL)
_ESCAPED = re.compile(r"\{?\\([_%&#$~{}])(?:\{\})?\}?")
_TILDE = re.compile(r"\{?(?:\\textasciitilde|\$\\sim\$|\\sim)(?:\{\}|(?![A-Za-z]))\s?\}?")
_UNDERSCORE = re.compile(r"\{?\\textunderscore(?:\{\}|(?![A-Za-z]))\s?\}?")
_BREAKING = re.compile(r"[{}\\ ]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def unescape(value: str) -> str:
    """Return a DOI or address as it is, without the LaTeX escapes that people add to it."""
    value = value.strip()
    if wrapped := _WRAPPED.fullmatch(value):
        value = wrapped[1].strip()
    if "\\" in value:
        value = _UNDERSCORE.sub("_", _TILDE.sub("~", value))
        value = _ESCAPED.sub(r"\1", value)
    return _CONTROL.sub("", value)


def read_doi(value: str) -> str | None:
    """Return the bare DOI in a field, the empty string for an empty field, None for no DOI."""
    text = unescape(value)
    while text.startswith("{") and text.endswith("}"):
        text = text[1:-1].strip()
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    if resolver := _RESOLVER.match(text):
        text = text[resolver.end() :]
        text = unquote(text) if "%" in text else text
        text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    if not text:
        return ""
    return text if _DOI.fullmatch(text) else None


def doi_within(value: str) -> str:
    """Return the DOI that stands somewhere in a text, to be proposed; empty if there is none."""
    match = _DOI.search(unescape(value))
    return match[0].rstrip(".,;)") if match else ""


def read_url(value: str) -> str:
    """Return the address in a field; blanks, braces and backslashes are percent-encoded."""
    text = unescape(value)
    while text.startswith("{") and text.endswith("}"):
        text = text[1:-1].strip()
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1].strip()
    return verbatim(re.sub(r"\s+", "%20", text))


def may_link(url: str) -> bool:
    """Tell whether an address may become a link: http, https, mailto or doi, and nothing else."""
    return _SCHEME.match(url) is not None


def scheme_of(url: str) -> str:
    """Return the scheme an address names, empty where it names none."""
    match = _NAMED_SCHEME.match(url)
    return match[1].lower() if match else ""


def verbatim(text: str) -> str:
    """Return a DOI or address for a BibTeX value, in which braces must come in pairs."""
    return _BREAKING.sub(lambda m: f"%{ord(m[0]):02X}", text)
