"""The link on the title of an entry.

Pandoc links the title only where the style prints no address; here a title always leads to
the work. The style's words are left as they are: the title is looked for in what it printed.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

# Tags, character references and single characters of HTML as the sanitiser writes it: it
# escapes `<` in text and puts attributes between double quotation marks.
_PART = re.compile(r"""<(?:[^>"]|"[^"]*")*>|&[#\w]+;|.""", re.DOTALL)
_TAG = re.compile(r"""(<(?:[^>"]|"[^"]*")*>)""")
_QUOTES = frozenset("“”„«»‘’‚‹›\"'")


def split_html(fragment: str) -> list[str]:
    """Return the tags and characters of sanitised HTML; joined they are the HTML again."""
    return _PART.findall(fragment)


def split_tags(fragment: str) -> list[str]:
    """Return sanitised HTML in stretches of text and tags by turns; joined it is whole again."""
    return _TAG.split(fragment)


def link_title(parts: list[str], title: str, link: str) -> list[str]:
    """Return the parts of an entry with a link around its title.

    `link` is the start tag. Nothing changes where the title is not found, stands in a link
    already or cannot be wrapped without breaking tags apart.
    """
    found = list(_find(parts, "".join(_fold(title).split())))
    if not found:
        return parts
    tags = [(n, part) for n, part in enumerate(parts) if part.startswith("<")]
    free = [place for place in found if not _is_within(tags, "a", *place)]
    # An institution may have its name as title too; the title is what the style sets off.
    free.sort(
        key=lambda place: (
            not (_is_within(tags, "em", place[0], place[0]) or _follows_quote(parts, place[0]))
        )
    )
    return _wrap(parts, *_with_signs(parts, *free[0], title), link) if free else parts


def _fold(text: str) -> str:
    """Return letters and digits without case and accents, all else as blanks.

    Styles change the case, quotation marks and dashes of titles, and nothing else.
    """
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c if c.isalnum() else " " for c in folded if not unicodedata.combining(c))


@lru_cache(maxsize=4096)
def _fold_part(part: str) -> str:
    """Return what a part of an entry adds to the text that a title is looked for in."""
    return "" if part.startswith("<") else _fold(html.unescape(part))


def _find(parts: list[str], wanted: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last part of each run of whole words with the wanted letters.

    Blanks are left out of the comparison: "CuInS_2" may be printed with a subscript.
    """
    letters: list[str] = []
    places: list[int] = []
    starts, ends = set[int](), set[int]()
    in_word = False
    for index, folded in enumerate(map(_fold_part, parts)):
        for char in folded:
            if char == " ":
                if in_word:
                    ends.add(len(letters) - 1)
                    in_word = False
                continue
            if not in_word:
                starts.add(len(letters))
                in_word = True
            letters.append(char)
            places.append(index)
    ends.add(len(letters) - 1)
    text = "".join(letters)
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        last = at + len(wanted) - 1
        if at in starts and last in ends:
            yield places[at], places[last]
        at = text.find(wanted, at + 1)


def _is_within(tags: Iterable[tuple[int, str]], name: str, first: int, last: int) -> bool:
    """Tell whether a part, of those from one to another, stands within an element."""
    depth = 0
    for index, tag in tags:
        if index > last:
            break
        if tag.startswith((f"<{name}>", f"<{name} ")):
            depth += 1
            if index > first:
                return True
        elif tag == f"</{name}>":
            if index > first and depth > 0:
                return True
            depth -= 1
    return depth > 0


def _follows_quote(parts: list[str], start: int) -> bool:
    before = (part for part in reversed(parts[:start]) if not part.startswith("<"))
    return html.unescape(next(before, "")) in _QUOTES


def _with_signs(parts: list[str], first: int, last: int, title: str) -> tuple[int, int]:
    """Return the place of a title with the signs before and after its words, as far as printed."""
    signs = re.fullmatch(r"([\W_]*).*?([\W_]*)", title.strip(), re.DOTALL)
    before, after = signs.groups() if signs is not None else ("", "")
    for sign in reversed(before):
        if first and html.unescape(parts[first - 1]) == sign:
            first -= 1
    for sign in after:
        if last + 1 < len(parts) and html.unescape(parts[last + 1]) == sign:
            last += 1
    return first, last


def _wrap(parts: list[str], first: int, last: int, link: str) -> list[str]:
    """Return the parts with a link from one to another, if tags nest in it."""
    start, stop = first, last + 1
    # A title that begins or ends within a tag takes the tag along, if nothing stands between
    # but a quotation mark.
    while (unmatched := _unmatched(parts[start:stop])) != (0, 0):
        if unmatched[0] and start and (_opens(parts[start - 1]) or parts[start - 1] in _QUOTES):
            start -= 1
        elif (
            unmatched[1] and stop < len(parts) and (_closes(parts[stop]) or parts[stop] in _QUOTES)
        ):
            stop += 1
        else:
            return parts
    return [*parts[:start], link, *parts[start:stop], "</a>", *parts[stop:]]


def _unmatched(parts: list[str]) -> tuple[int, int]:
    """Return how many end tags and how many start tags have no partner among the parts."""
    ends = starts = 0
    for part in parts:
        if _opens(part):
            starts += 1
        elif _closes(part):
            if starts:
                starts -= 1
            else:
                ends += 1
    return ends, starts


def _opens(part: str) -> bool:
    return part.startswith("<") and not part.startswith(("</", "<br"))


def _closes(part: str) -> bool:
    return part.startswith("</")
