"""What in a page its content security policy keeps from working, or reaches another host.

Read from the finished HTML, as a browser reads it. What a page asks of another host is told even
where no policy forbids it: a connection that is opened ahead, and a page that leads away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dossier.html_tree import Element, elements, value_of

Kind = Literal["style", "script", "address"]


@dataclass(frozen=True, slots=True)
class Blocked:
    """One thing that a policy keeps from working: its kind, and its markup in short."""

    kind: Kind
    markup: str


# What a browser fetches without being asked, or where it sends something: of these elements.
_FETCHED = {
    "src": "audio frame iframe img input script source track video",
    "srcset": "img source",
    "imagesrcset": "link",
    "poster": "video",
    "background": "body table tbody td tfoot th thead tr",
    "href": "feimage image script use",
    "xlink:href": "feimage image script use",
    "ping": "a area",
}
_FETCHED_BY = {name: frozenset(tags.split()) for name, tags in _FETCHED.items()}
_FETCHING_LINKS = frozenset(
    """apple-touch-icon apple-touch-icon-precomposed dns-prefetch icon manifest mask-icon
    modulepreload preconnect prefetch preload prerender stylesheet""".split()  # noqa: SIM905
)
_LISTS = frozenset({"srcset", "imagesrcset"})
_IMAGES = frozenset({"feimage", "image", "img", "input"})
_IMAGE_ATTRIBUTES = _LISTS | {"poster", "background"}
# No plug-in, no other base of addresses, no form: whatever the address.
_REFUSED = {
    ("object", "data"),
    ("embed", "src"),
    ("base", "href"),
    ("form", "action"),
    ("button", "formaction"),
    ("input", "formaction"),
}
_ADDRESSES = frozenset({"action", "data", "formaction", "href", "src", "xlink:href"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# WHATWG HTML, 'parse a srcset attribute': commas may stand in an address, not at its end.
_CANDIDATE = re.compile(r"([^\s,]\S*?)(?:,+(?=\s|\Z)|(?=\s)[^,]*|\Z)")
_REFRESH = re.compile(r"[\s\d.]*[;,]?\s*(?:url\s*=\s*)?['\"]?([^'\"]*)", re.IGNORECASE)


def blocked(html: str) -> tuple[Blocked, ...]:
    """Return what is blocked in a page, each once, in order; with scripts off as with scripts on.

    Kinds: style, in an element or attribute; script, in an attribute or address; address, which
    is that of another host, or is refused wherever it leads.
    """
    return tuple(
        dict.fromkeys(
            item
            for scripting in (True, False)
            for element in elements(html, scripting=scripting)
            for item in _blocked_in(element)
        )
    )


def _blocked_in(element: Element) -> Iterator[Blocked]:
    tag = (element.tag or "").lower()
    if tag == "style":
        yield Blocked("style", "<style>")
    for name in element.attributes:
        value = value_of(element, name)
        written = _shortened(tag, name, value)
        # No attribute of HTML, SVG or ARIA that begins so is anything but a handler.
        if name.startswith("on") or (name in _ADDRESSES and _scheme(value) == "javascript"):
            yield Blocked("script", written)
        elif name == "style":
            yield Blocked("style", written)
        elif (tag, name) in _REFUSED or any(
            _is_elsewhere(address, _may_hold_data(element, tag, name))
            for address in _fetched(element, tag, name, value)
        ):
            yield Blocked("address", written)


def _fetched(element: Element, tag: str, name: str, value: str) -> list[str]:
    """Return the addresses in an attribute that a browser fetches, or goes to, by itself."""
    if tag == "link" and name == "href":
        rels = value_of(element, "rel").lower().split()
        return [value] if not _FETCHING_LINKS.isdisjoint(rels) else []
    if tag == "meta" and name == "content":
        refreshes = value_of(element, "http-equiv").lower() == "refresh"
        match = _REFRESH.match(value)
        return [match[1]] if refreshes and match else []
    if tag not in _FETCHED_BY.get(name, ()):
        return []
    if name == "ping":
        return value.split()
    return _CANDIDATE.findall(value) if name in _LISTS else [value]


def _may_hold_data(element: Element, tag: str, name: str) -> bool:
    """Tell whether what is fetched for an attribute is an image, which may be in a `data:` URL."""
    if tag == "link":
        return "icon" in value_of(element, "rel").lower().split()
    return tag in _IMAGES or name in _IMAGE_ATTRIBUTES


def _is_elsewhere(address: str, may_hold_data: bool) -> bool:
    match _scheme(address):
        case "":
            return _plain(address).startswith("//")
        case "data":
            return not may_hold_data
        case "about":  # an empty frame
            return False
        case _:
            return True


def _scheme(address: str) -> str:
    match = _SCHEME.match(_plain(address))
    return match[1].lower() if match else ""


def _plain(address: str) -> str:
    """Return an address as a browser begins to read it (WHATWG URL, 'basic URL parser')."""
    text = re.sub(r"[\t\n\r]", "", address.strip("".join(map(chr, range(0x21)))))
    return text.replace("\\", "/")


def _shortened(tag: str, name: str, value: str) -> str:
    text = " ".join(value.split())
    return f'<{tag} {name}="{text if len(text) <= 60 else f"{text[:59]}…"}">'
