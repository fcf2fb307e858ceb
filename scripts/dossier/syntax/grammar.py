"""The citation grammar of Pandoc over one run of inline text.

Source of the grammar: Pandoc's manual, section "Citation syntax", and the behaviour of
pandoc 3.9 where the manual is silent (tests hold the two side by side).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

from dossier.syntax.atoms import Atoms
from dossier.syntax.brackets import Brackets
from dossier.syntax.citations import Cluster, Item
from dossier.syntax.keys import Keys, Sign

Within = Callable[[int, int], tuple[Cluster, ...]]

# Whatever is none of these is plain text in a prefix or a suffix.
_SPECIAL = re.compile(r"[;@\\`<$&\[{*_\"hHfFwW-]")
_ONE_LINE_END = re.compile(r"[ \t]*+(?:\n[ \t]*+)?")
_CLOSING = {
    "*": re.compile(r"(?<!\\)\*"),
    "**": re.compile(r"(?<!\\)\*\*"),
    "_": re.compile(r"(?<!\\)_(?![^\W_])"),
    "__": re.compile(r"(?<!\\)__(?![^\W_])"),
    '"': re.compile(r'(?<!\\)"'),
}


class Grammar:
    """Reads the citations of one text; `within` gives those inside a part of it."""

    def __init__(
        self, text: str, atoms: Atoms, brackets: Brackets, keys: Keys, within: Within
    ) -> None:
        self.text = text
        self._atoms = atoms
        self._brackets = brackets
        self._keys = keys
        self._within = within
        self._places: dict[str, list[int]] = {}

    def bracketed(self, i: int) -> Cluster | None:
        """Return the citation in brackets that opens at `[`, or None."""
        close = self._brackets.close(i)
        if close is None or self.text.find("@", i, close) < 0:
            return None
        if self._brackets.link_end(i) > i or self._is_joined(i, close):
            return None
        items = self._items(i + 1, close)
        return Cluster(items, i, close + 1) if items else None

    def in_text(self, i: int) -> Cluster | None:
        """Return the citation in running text that begins at `@` or `-@`, or None."""
        sign = self._keys.at(i)
        if sign is None:
            return None
        mode = "author" if sign.mode == "normal" else sign.mode
        first = Item(sign.key, mode, "", "", i, sign.end)
        match = _ONE_LINE_END.match(self.text, sign.end)
        assert match is not None, "the pattern matches nothing at all too"
        at = match.end()
        if not self.text.startswith("[", at):
            return Cluster((first,), i, sign.end)
        rest = self.bracketed(at)
        if rest is not None:
            return Cluster((first, *rest.items), i, rest.end)
        return self._with_locator(first, at) or Cluster((first,), i, sign.end)

    def _is_joined(self, i: int, close: int) -> bool:
        """Tell whether what follows brackets takes them: attributes, or a label, defined or not."""
        if self._brackets.is_second(i):
            return False
        if self.text.startswith("{", close + 1):
            return self._atoms.attributes_end(close + 1) > close + 1
        return self._brackets.label_after(close) is not None

    def _with_locator(self, first: Item, i: int) -> Cluster | None:
        """Return `first` with what stands in the brackets at `i`: `@key [p. 3; see @b]`."""
        close = self._brackets.close(i)
        if close is None or self.text[i + 1] == "^" or self._brackets.link_end(i) > i:
            return None
        if self.text.startswith(("[", "(", "{"), close + 1):
            return None
        end = self._suffix_end(i + 1, close)
        if end is None:
            return None
        rest: tuple[Item, ...] = ()
        if end < close:
            rest = self._items(end + 1, close)
            if not rest:
                return None
        suffix = self.text[i + 1 : end].strip()
        nested = self._nested(i + 1, end)
        item = Item(first.key, first.mode, "", suffix, first.start, first.end, nested)
        return Cluster((item, *rest), first.start, close + 1)

    # -- the parts of a list of citations --------------------------------------------------

    def _items(self, i: int, close: int) -> tuple[Item, ...]:
        """Return the items of a list of citations, none if the text is no such list."""
        found: list[tuple[int, int, Sign, int]] = []
        while True:
            start = self._prefix_end(i, close)
            sign = self._keys.at(start) if start is not None else None
            if start is None or sign is None:
                return ()
            end = self._suffix_end(sign.end, close)
            if end is None:
                return ()
            found.append((i, start, sign, end))
            if end == close:
                break
            i = end + 1
        # Only now, when all of it is a citation, look inside: each text is read once a level.
        return tuple(
            Item(
                sign.key,
                sign.mode,
                self.text[begin:start].strip(),
                self.text[sign.end : end].rstrip(),
                start,
                sign.end,
                (*self._nested(begin, start), *self._nested(sign.end, end)),
            )
            for begin, start, sign, end in found
        )

    def _nested(self, start: int, end: int) -> tuple[Cluster, ...]:
        return self._within(start, end) if self.text.find("@", start, end) >= 0 else ()

    def _prefix_end(self, i: int, close: int) -> int | None:
        """Return where the key after a prefix begins, or None if there is none before `close`."""
        while (match := _SPECIAL.search(self.text, i, close)) is not None:
            i = match.start()
            char = match.group()
            if char == ";":
                return None
            if char in "@-" and self._keys.at(i):
                return i
            i = self._past(i)
        return None

    def _suffix_end(self, i: int, close: int) -> int | None:
        """Return where a suffix that begins at `i` ends: at `;` or `close`.

        None says that something in it goes on beyond `close`. A locator in braces right
        behind the key is taken whole (pandoc's rule).
        """
        brace = self._keys.brace_end(i) if self.text.startswith("{", i) else 0
        if i < brace < close:
            i = brace + 1
        while (match := _SPECIAL.search(self.text, i, close)) is not None:
            i = match.start()
            if match.group() == ";":
                return i
            i = self._past(i)
        return close if i <= close else None

    def _past(self, i: int) -> int:
        """Return the place behind what begins at `i` and hides `;` and `]`, at least one on."""
        char = self.text[i]
        end = self._atoms.end(i) if char not in ';@-*_["' else i
        if char == "[":
            link = self._brackets.link_end(i)
            close = self._brackets.close(i)
            end = link if link > i else i if close is None else close + 1
        elif char in "*_":
            end = self._emphasis_end(i)
        elif char == '"':
            end = self._quoted_end(i)
        if end == i and char == "`":
            end = i + self._atoms.run_length(i)
        return max(end, i + 1)

    def _emphasis_end(self, i: int) -> int:
        """Return the end of emphasis that opens at `i`, or `i` where the mark is plain text.

        Pandoc reads on to the end of the block where it is never closed, so that brackets
        around it are no citation.
        """
        text = self.text
        char = text[i]
        if char == "_" and self._keys.follows_word(i):
            return i
        mark = char * 2 if text.startswith(char * 2, i) else char
        after = i + len(mark)
        if text[after : after + 1].isspace():
            return after
        return self._next(mark, after, len(text) + 1)

    def _quoted_end(self, i: int) -> int:
        text = self.text
        if (i > 0 and text[i - 1].isalnum()) or text[i + 1 : i + 2].isspace():
            return i
        return self._next('"', i + 1, i)

    def _next(self, mark: str, i: int, otherwise: int) -> int:
        """Return the end of the next closing mark from `i` on; each is found once in the text."""
        if mark not in self._places:
            self._places[mark] = [m.start() for m in _CLOSING[mark].finditer(self.text)]
        places = self._places[mark]
        at = bisect_left(places, i)
        return places[at] + len(mark) if at < len(places) else otherwise
