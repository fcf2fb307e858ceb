"""The content security policy of a page, computed from its finished HTML.

Under it a browser loads nothing from another host and runs no script that did not stand in the
page when it was built (W3C Content Security Policy Level 3). It stands in a `meta`, since a
folder of files cannot say with which headers it is served; there it holds for what stands
behind it, and so comes right behind the encoding.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

from dossier.html_tree import head_of, inline_scripts, value_of

DIRECTIVES = (
    ("default-src", "'self'"),
    ("script-src", "'self'"),
    # Material's style sheets hold their icons as `data:` images.
    ("img-src", "'self' data:"),
    ("object-src", "'none'"),
    ("base-uri", "'none'"),
    # A folder of files takes no form; the words of a search must not be sent as one.
    ("form-action", "'none'"),
)
"""What every policy says; `script-src` lists the scripts of its page besides."""

_NAME = "Content-Security-Policy"
_WRITTEN = re.compile(rf'<meta http-equiv="{_NAME}" content="[^"]*">')
# What a policy must stand before, to hold for all of its page.
_ACTING = frozenset({"base", "link", "noscript", "script", "style", "template"})


def policy_of(html: str) -> str:
    """Return the policy that a page needs: nothing but files of its host, and its own scripts.

    A script is listed by its hash, that of its text as a browser has it (CSP3, 'Does element
    match source list for type and source?').
    """
    hashes = dict.fromkeys(map(hash_of, inline_scripts(html)))
    scripts = "".join(f" '{found}'" for found in hashes)
    return "; ".join(
        f"{name} {value}{scripts if name == 'script-src' else ''}" for name, value in DIRECTIVES
    )


def with_policy(html: str) -> str:
    """Return a page with the policy that it needs, in the place of one that it was given before."""
    place = _place(html)
    behind = html[place:]
    written = _WRITTEN.match(behind)
    rest = behind[written.end() :] if written else behind
    return f'{html[:place]}<meta http-equiv="{_NAME}" content="{policy_of(html)}">{rest}'


def policy_in(html: str) -> str | None:
    """Return the policy of a page, None where it has none that holds for all of it."""
    for element in head_of(html):
        if element.tag in _ACTING:
            break
        if element.tag == "meta" and value_of(element, "http-equiv").lower() == _NAME.lower():
            return value_of(element, "content")
    return None


def unlisted_scripts(html: str, policy: str) -> tuple[str, ...]:
    """Return the scripts that stand in a page and are not in the list of a policy."""
    listed = policy.replace(";", " ").split()
    scripts = dict.fromkeys(inline_scripts(html))
    return tuple(script for script in scripts if f"'{hash_of(script)}'" not in listed)


def hash_of(script: str) -> str:
    """Return the hash of a script in the form in which a policy lists it, without its marks."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


class _Preamble(HTMLParser):
    """Finds where a policy goes: behind the encoding, else behind what opens the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.end = (1, 0)
        self.ended = False
        self._title = False

    def handle_decl(self, decl: str) -> None:
        self._put(f"<!{decl}>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("html", "head"):
            self._put(self.get_starttag_text() or "")
        elif tag == "title":
            self._title = True
        elif tag != "meta":
            self.ended = True
        elif "charset" in values or (values.get("http-equiv") or "").lower() == "content-type":
            self._put(self.get_starttag_text() or "")
            self.ended = True

    def handle_endtag(self, tag: str) -> None:
        self._title = False
        self.ended |= tag != "title"

    def handle_data(self, data: str) -> None:
        self.ended |= not (self._title or data.isspace())

    def _put(self, markup: str) -> None:
        if not self.ended:
            line, column = self.getpos()
            breaks = markup.count("\n")
            width = len(markup) - markup.rfind("\n") - 1
            self.end = (line + breaks, width if breaks else column + width)


def _place(html: str) -> int:
    """Return the offset at which a page is given its policy."""
    mark = len(html) - len(html.removeprefix("\ufeff"))
    lines = html[mark:].split("\n")
    reader = _Preamble()
    for line in lines:
        reader.feed(f"{line}\n")
        if reader.ended:
            break
    number, column = reader.end
    return mark + sum(len(line) + 1 for line in lines[: number - 1]) + column
