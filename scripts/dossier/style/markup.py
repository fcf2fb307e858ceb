"""HTML of citations and entries made safe, its links held to what may be a link."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping

import nh3

from dossier.model import Reference
from dossier.style.links import DOI_SERVER, address, anchor, linkable
from dossier.style.titles import link_title, split_html, split_tags

_INLINE = frozenset(
    {
        "a",
        "b",
        "br",
        "code",
        "del",
        "em",
        "i",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    }
)
_CLASSES = {
    "span": {"citation", "display", "inline", "math", "nodecor", "smallcaps",
             "underline", "csl-no-emph", "csl-no-smallcaps", "csl-no-strong"},
    "div": {"csl-block", "csl-indent", "csl-left-margin", "csl-right-inline"},
}  # fmt: skip
_HREF = re.compile(r'<a (?:[^>]* )?href="([^"]*)"')


class Sanitiser:
    """What pandoc emits, and nothing else; names under which pandoc knew keys become keys."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._keys = {name: key for key, name in names.items()}
        self._odd = {name: key for name, key in self._keys.items() if name != key}
        self._inline = self._cleaner(_INLINE)
        self._cleaned = {"": ""}
        self._entry = self._cleaner(_INLINE | {"div"})
        self._bare = self._cleaner(_INLINE - {"a"})

    def _cleaner(self, tags: frozenset[str]) -> nh3.Cleaner:
        return nh3.Cleaner(
            tags=set(tags),
            attributes={"a": {"href"}, "span": {"data-cites"}},
            tag_attribute_values={"a": {"role": {"doc-biblioref"}}},
            attribute_filter=self._attribute,
            allowed_classes=_CLASSES,
            link_rel=None,
            url_schemes={"http", "https", "mailto"},
        )

    def inline(self, fragment: str) -> str:
        """Return the HTML of a citation or a note, safe to stand in running text."""
        # A work and the cluster that cites it alone are the same.
        if fragment not in self._cleaned:
            self._cleaned[fragment] = self._finish(split_tags(self._inline.clean(fragment)))
        return self._cleaned[fragment]

    def entry(self, fragment: str, reference: Reference) -> str:
        """Return the HTML of an entry, its title linked to the address of the work."""
        parts = _without_idle_spans(split_tags(self._entry.clean(fragment)))
        return self._finish(_titled(parts, reference))

    def bare(self, fragment: str, reference: Reference) -> str:
        """Return a citation as an entry: without the link that would lead to itself."""
        return self._finish(_titled(split_tags(self._bare.clean(fragment)), reference))

    def _attribute(self, _tag: str, name: str, value: str) -> str | None:
        if name == "data-cites":
            return " ".join(self._keys.get(part, part) for part in value.split())
        if name == "href":
            if value.startswith("#ref-"):
                key = self._keys.get(value.removeprefix("#ref-"))
                return None if key is None else anchor(key)
            return linkable(value)
        return value

    def _finish(self, parts: list[str]) -> str:
        finished = "".join(_without_dead_links(parts)).strip()
        for name, key in self._odd.items():
            if name in finished:
                finished = finished.replace(name, html.escape(key))
        return finished


def _titled(parts: list[str], reference: Reference) -> list[str]:
    """Return the parts of an entry with its title linked to the address of the work."""
    target = address(reference)
    if not target:
        return parts
    # Pandoc writes a DOI into the address as it is, `#` and all.
    written = linkable(DOI_SERVER + reference.doi) if reference.doi else None
    link = f'<a href="{html.escape(target)}">'
    if written is not None:
        parts = [link if _target(part) == written else part for part in parts]
    return split_tags("".join(link_title(split_html("".join(parts)), reference.title, link)))


def _target(part: str) -> str:
    """Return where a start tag of a link leads, empty for anything else."""
    match = _HREF.match(part)
    return html.unescape(match[1]) if match is not None else ""


def _without_dead_links(parts: list[str]) -> Iterator[str]:
    """Yield the parts without the tags of links that lead nowhere; links do not nest."""
    dead = False
    for part in parts:
        if part == "<a>" or (part.startswith("<a ") and not _target(part)):
            dead = True
        elif dead and part == "</a>":
            dead = False
        else:
            yield part.replace(' class=""', "")


def _without_idle_spans(parts: Iterable[str]) -> list[str]:
    """Return the parts without elements that say nothing, as pandoc has them around titles."""
    kept: list[str] = []
    telling: list[bool] = []
    for part in parts:
        if part.startswith("<span"):
            telling.append(part not in ("<span>", '<span class="">'))
        if not part.startswith(("<span", "</span")) or telling[-1]:
            kept.append(part)
        if part == "</span>":
            telling.pop()
    return kept


def text_of(fragment: str) -> str:
    """Return the text of an HTML fragment, white space as single blanks."""
    return text_within(nh3.clean(fragment, tags=set()))


def text_within(sanitised: str) -> str:
    """Return the text of HTML that is sanitised already."""
    return " ".join(html.unescape("".join(split_tags(sanitised)[::2])).split())


_DIV = re.compile(r"""<(/?)div\b((?:[^>"]|"[^"]*")*)>""")
_ENTRY = re.compile(r'\sclass="(?:[^"]* )?csl-entry[ "]')
_ID = re.compile(r'\sid="([^"]*)"')


def split_entries(bibliography: str) -> list[tuple[str, str]]:
    """Return pandoc's name of each key with the HTML inside its division, in order."""
    found: list[tuple[str, str]] = []
    depth = start = 0
    name = ""
    for tag in _DIV.finditer(bibliography):
        if not depth:
            if not tag[1] and _ENTRY.search(tag[2]):
                written = _ID.search(tag[2])
                name = html.unescape(written[1]) if written is not None else ""
                depth, start = 1, tag.end()
            continue
        depth += -1 if tag[1] else 1
        if not depth:
            found.append((name.removeprefix("ref-"), bibliography[start : tag.start()]))
    return found
