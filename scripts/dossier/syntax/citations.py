"""The citation grammar of Pandoc over one run of inline text.

Source of the grammar: Pandoc User's Guide, "Citation syntax", and the behaviour of
pandoc 3.9 where the guide is silent (tests hold the two side by side). Offsets are
into the text given, in code points.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import Literal

Mode = Literal["normal", "author", "suppress"]


@dataclass(frozen=True, slots=True)
class Item:
    """One cited work of a cluster.

    `key` is as written, a passage included (`key#passage`). `prefix` and `suffix`
    are inline Markdown; the suffix keeps the comma or space it begins with. `start`
    and `end` bound the key with its sign, `nested` holds what is cited inside the
    prefix and the suffix.
    """

    key: str
    mode: Mode
    prefix: str
    suffix: str
    start: int
    end: int
    nested: tuple[Cluster, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """One citation: the works cited together at one place, `text[start:end]`."""

    items: tuple[Item, ...]
    start: int
    end: int

    @property
    def all_items(self) -> tuple[Item, ...]:
        """The items of the cluster and of those nested in their prefixes and suffixes."""
        found: list[Item] = []
        for item in self.items:
            found.append(item)
            for inner in item.nested:
                found += inner.all_items
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Link:
    """A link or image whose text holds what would be a citation elsewhere."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Slip:
    """A likely slip in a citation that the grammar accepts: a code and where it is."""

    code: Literal["citation-comma", "citation-semicolon", "citation-space"]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Inline:
    """What a run of inline text holds, each in the order of the text."""

    clusters: tuple[Cluster, ...]
    escapes: tuple[int, ...]
    calculations: tuple[tuple[int, int], ...]
    links: tuple[Link, ...]
    slips: tuple[Slip, ...]
    opaque: tuple[tuple[int, int], ...]


_KEY_INNER = r":.#$%&\-+?<>~/"
_SIMPLE_KEY = re.compile(rf"(?:[^\W_]|_)(?:\w|[{_KEY_INNER}](?=\w)|[:/](?=/))*")
_AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.\-]{1,31}:[^\s<>]*|[^\s<>@]+@[^\s<>@]+)>")
_TAG = re.compile(
    r"<(?:/[A-Za-z][\w:-]*\s*|[A-Za-z][\w:-]*(?:\s+[^\s\"'<>/=]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'"
    r"|[^\s\"'=<>`]+))?)*\s*/?)>"
)
_BARE_URL = re.compile(r"(?:https?|ftp)://[^\s<>\[\]\"]+|www\.[^\s<>\[\]\"]+", re.IGNORECASE)
_ATTRIBUTES = re.compile(
    r"\{:?\s*(?:(?:[.#][\w:.-]+|[\w:-]+=(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s}\"']+))\s*)+\}"
)
_LINK_END = re.compile(r"\(\s*(?:<[^<>\n]*>|(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*)\)", re.DOTALL)


_DEEPEST = 24


class Scanner:
    """Reads one run of inline text; `defined` are its page's link labels, case folded."""

    def __init__(self, text: str, defined: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.defined = defined
        self._code: dict[int, list[int]] | None = None
        self._runs: dict[int, int] = {}
        self._braces: dict[int, int] | None = None
        self._absent: dict[str, int] = {}
        self._closing = self._match_brackets()
        self._closers: dict[str, list[int]] = {}
        self._dollars: list[int] | None = None
        self._key_ends: set[int] = set()

    # -- the shape of the text, each found once so that no scan is quadratic --------

    def _skip_at(self, i: int) -> int:
        """Return the end of an atom that hides brackets at `i`, or `i` where there is none."""
        char = self.text[i]
        if char == "\\":
            return min(i + 2, len(self.text)) if not self.text[i + 1 : i + 2].isalnum() else i
        if char == "`":
            return self._code_end(i)
        if char == "<":
            return self._angle_end(i)
        return i

    def _match_brackets(self) -> dict[int, int]:
        """Return where each `[` is closed.

        Pairs that hold more than `_DEEPEST` levels of further pairs are no pairs: a
        bound on recursion that no text of a human being meets.
        """
        text, i = self.text, 0
        stack: list[list[int]] = []
        pairs: dict[int, int] = {}
        while i < len(text):
            char = text[i]
            if char in "\\`<":
                end = self._skip_at(i)
                if end > i:
                    i = end
                    continue
                if char == "`":
                    i += self._run_length(i)
                    continue
            if char == "[":
                stack.append([i, 0])
            elif char == "]" and stack:
                start, height = stack.pop()
                if stack:
                    stack[-1][1] = max(stack[-1][1], height + 1)
                if height < _DEEPEST:
                    pairs[start] = i
            i += 1
        return pairs

    def _run_length(self, i: int) -> int:
        if not self._runs:
            self._runs = {m.start(): len(m.group()) for m in re.finditer(r"`+", self.text)}
        return self._runs.get(i, 1)

    def _code_end(self, i: int) -> int:
        """Return the end of the code span that opens at `i`, or `i`."""
        width = self._run_length(i)
        if i not in self._runs:
            return i
        if self._code is None:
            self._code = {}
            for start, length in self._runs.items():
                self._code.setdefault(length, []).append(start)
        starts = self._code[width]
        at = bisect_right(starts, i)
        return starts[at] + width if at < len(starts) else i

    def _angle_end(self, i: int) -> int:
        if self.text.startswith("<!--", i):
            end = self._find("-->", i + 4)
            return end + 3 if end >= 0 else i
        match = _AUTOLINK.match(self.text, i) or _TAG.match(self.text, i)
        return match.end() if match else i

    def _math_end(self, i: int) -> int:
        """Return the end of mathematics that opens at `i`, or `i`.

        Pandoc's rule, "Math": the opening `$` has no space to its right, the closing
        one none to its left and no digit after it.
        """
        text = self.text
        if self._dollars is None:
            self._dollars = [
                m.start() for m in re.finditer(r"(?<!\\)\$", text)
            ]
        if text.startswith("$$", i):
            end = self._find("$$", i + 2)
            return end + 2 if end > i + 2 else i
        if i + 1 >= len(text) or text[i + 1].isspace() or text[i + 1] == "$":
            return i
        at = bisect_right(self._dollars, i)
        while at < len(self._dollars):
            end = self._dollars[at]
            after = text[end + 1 : end + 2]
            if not text[end - 1].isspace() and not after.isdigit():
                return end + 1
            at += 1
            if at - bisect_right(self._dollars, i) > 8:
                break
        return i

    def _atom_end(self, i: int) -> int:
        """Return the end of what hides citations at `i` (code, HTML, mathematics, attributes)."""
        text = self.text
        char = text[i]
        if char in "\\`<":
            return self._skip_at(i)
        if char == "$":
            return self._math_end(i)
        if char == "{":
            if text.startswith("{=", i):
                end = self._find("=}", i + 2)
                return end + 2 if end >= 0 else i
            match = _ATTRIBUTES.match(text, i)
            return match.end() if match else i
        if char in "hHfFwW" and (i == 0 or not text[i - 1].isalnum()):
            match = _BARE_URL.match(text, i)
            return match.end() if match else i
        return i

    def _link_end(self, i: int) -> int:
        """Return the end of the link whose text opens at `[`, or `i` if it is none."""
        close = self._closing.get(i)
        if close is None:
            return i
        text = self.text
        after = text[close + 1 : close + 2]
        if after == "(":
            match = _LINK_END.match(text, close + 1)
            if match:
                return match.end()
        label_end = self._closing.get(close + 1) if after == "[" else None
        if label_end is not None:
            label = text[close + 2 : label_end] or text[i + 1 : close]
            if _label(label) in self.defined:
                return label_end + 1
            return i
        if _label(text[i + 1 : close]) in self.defined:
            return close + 1
        return i

    # -- the grammar ------------------------------------------------------------------

    def _key_at(self, i: int) -> tuple[str, int, Mode] | None:
        """Return the key at `@` or `-@`, where it ends, and whether the author is suppressed."""
        text = self.text
        if not self._may_follow(i):
            return None
        suppress = text.startswith("-@", i)
        if suppress and self._ends_dash(i):
            return None  # the last hyphen of a dash, not a sign before the key
        at = i + 1 if suppress else i
        if not text.startswith("@", at):
            return None
        mode: Mode = "suppress" if suppress else "normal"
        if text.startswith("{", at + 1):
            close = self._brace_end(at + 1)
            key = text[at + 2 : close]
            return self._key(key, close + 1, mode) if key and close and not _space_in(key) else None
        match = _SIMPLE_KEY.match(text, at + 1)
        return self._key(match.group(), match.end(), mode) if match else None

    def _brace_end(self, i: int) -> int:
        """Return the place of the brace that closes the one at `i`, 0 where none does."""
        if self._braces is None:
            self._braces, stack = {}, []
            for match in re.finditer(r"[{}]", self.text):
                if match.group() == "{":
                    stack.append(match.start())
                elif stack:
                    self._braces[stack.pop()] = match.start()
        return self._braces.get(i, 0)

    def _find(self, mark: str, i: int) -> int:
        """Return the place of `mark` from `i` on, or -1; that there is none is found once."""
        if i >= self._absent.get(mark, len(self.text) + 1):
            return -1
        at = self.text.find(mark, i)
        if at < 0:
            self._absent[mark] = i
        return at

    def _ends_dash(self, i: int) -> bool:
        """Tell whether the hyphen at `i` belongs to a dash: `--` and `---` do, a fourth not."""
        start = i
        while start > 0 and self.text[start - 1] == "-":
            start -= 1
        return (i + 1 - start) % 3 != 1

    def _key(self, key: str, end: int, mode: Mode) -> tuple[str, int, Mode]:
        self._key_ends.add(end)
        return key, end, mode

    def _may_follow(self, i: int) -> bool:
        """Tell whether a key may begin at `i`: not right after a word (pandoc's rule).

        A full stop belongs to the word before it, three in a row are an ellipsis; a key
        is no word, so that another may follow it directly.
        """
        if i == 0 or i in self._key_ends:
            return True
        before = self.text[i - 1]
        if before == ".":
            return self.text[max(0, i - 3) : i] == "..."
        return not before.isalnum()

    def _span_end(self, i: int) -> int:
        """Return the end of an inline construct at `i` that hides `;` and `]`, or `i`."""
        text = self.text
        char = text[i]
        end = self._atom_end(i)
        if end > i:
            return end
        if char == "[":
            link = self._link_end(i)
            if link > i:
                return link
            close = self._closing.get(i)
            return close + 1 if close is not None else i
        if char in "*_":
            return self._emphasis_end(i)
        if char == '"':
            return self._quoted_end(i)
        return i

    def _emphasis_end(self, i: int) -> int:
        text = self.text
        char = text[i]
        width = 2 if text.startswith(char * 2, i) else 1
        after = i + width
        if after >= len(text) or text[after].isspace():
            return i
        if char == "_" and i > 0 and text[i - 1].isalnum():
            return i
        mark = char * width
        if mark not in self._closers:
            after_mark = r"(?!\w)" if char == "_" else ""
            pattern = rf"(?<=[^\s\\]){re.escape(mark)}{after_mark}"
            self._closers[mark] = [m.start() for m in re.finditer(pattern, text)]
        places = self._closers[mark]
        at = bisect_right(places, after)
        return places[at] + width if at < len(places) else i

    def _quoted_end(self, i: int) -> int:
        text = self.text
        if i > 0 and text[i - 1].isalnum():
            return i
        if i + 1 >= len(text) or text[i + 1].isspace():
            return i
        j = i + 1
        while j < len(text) and text[j] not in '"]':
            j += 2 if text[j] == "\\" else 1
        return j + 1 if j < len(text) and text[j] == '"' else i

    def _prefix(self, i: int, close: int) -> int | None:
        """Return where the key after a prefix begins, or None if there is none before `close`."""
        text = self.text
        while i < close:
            char = text[i]
            if char == ";":
                return None
            if char == "@" or (char == "-" and text.startswith("-@", i)):
                if self._key_at(i):
                    return i
            end = self._span_end(i)
            i = end if end > i else i + 1
        return None

    def _suffix_end(self, i: int, close: int) -> int:
        """Return where a suffix that begins at `i` ends: at `;` or `close`."""
        text = self.text
        if text.startswith("{", i) and i < self._brace_end(i) < close:
            i = self._brace_end(i) + 1
        while i < close:
            if text[i] == ";":
                return i
            end = self._span_end(i)
            i = min(end, close) if end > i else i + 1
        return close

    def _items(self, i: int, close: int) -> tuple[Item, ...] | None:
        """Return the items of a list of citations, or None if the text is none."""
        text = self.text
        items: list[Item] = []
        bounds: list[tuple[int, int, int, int]] = []
        while True:
            start = self._prefix(i, close)
            if start is None:
                return None
            found = self._key_at(start)
            assert found is not None
            key, after, mode = found
            end = self._suffix_end(after, close)
            prefix, suffix = text[i:start].strip(), text[after:end].rstrip()
            items.append(Item(key, mode, prefix, suffix, start, after))
            bounds.append((i, start, after, end))
            if end >= close:
                break
            i = end + 1
        # Only now, when all of it is a citation, look inside: each text is read once a level.
        return tuple(
            replace(item, nested=(*self._nested(a, b), *self._nested(c, d)))
            for item, (a, b, c, d) in zip(items, bounds, strict=True)
        )

    def _nested(self, start: int, end: int) -> tuple[Cluster, ...]:
        if "@" not in self.text[start:end]:
            return ()
        return tuple(self._walk(start, end, _Found()).clusters)

    def bracketed(self, i: int) -> Cluster | None:
        """Return the citation in brackets that opens at `[`, or None."""
        close = self._closing.get(i)
        if close is None or "@" not in self.text[i:close]:
            return None
        items = self._items(i + 1, close)
        if items is None:
            return None
        after = self.text[close + 1 : close + 2]
        if self._link_end(i) > i:
            return None
        if after == "{" and _ATTRIBUTES.match(self.text, close + 1):
            return None
        if after == "[" and close + 1 in self._closing:
            return None  # the text of a reference link, to pandoc defined or not
        return Cluster(items, i, close + 1)

    def in_text(self, i: int) -> Cluster | None:
        """Return the citation in running text that begins at `@` or `-@`, or None."""
        found = self._key_at(i)
        if found is None:
            return None
        key, end, mode = found
        if mode == "normal":
            mode = "author"
        bare = Item(key, mode, "", "", i, end)
        j = self._one_space(end)
        if not self.text.startswith("[", j) or j not in self._closing:
            return Cluster((bare,), i, end)
        rest = self.bracketed(j)
        if rest is not None:
            return Cluster((bare, *rest.items), i, rest.end)
        return self._bare_locator(bare, j) or Cluster((bare,), i, end)

    def _bare_locator(self, first: Item, i: int) -> Cluster | None:
        text, close = self.text, self._closing[i]
        after = text[close + 1 : close + 2]
        if text.startswith("[^", i) or after in ("[", "(") or self._link_end(i) > i:
            return None
        end = self._suffix_end(i + 1, close)
        rest: tuple[Item, ...] = ()
        if end < close:
            found = self._items(end + 1, close)
            if found is None:
                return None
            rest = found
        suffix = text[i + 1 : end].strip()
        item = Item(
            first.key, first.mode, "", suffix, first.start, first.end, self._nested(i + 1, end)
        )
        return Cluster((item, *rest), first.start, close + 1)

    def _one_space(self, i: int) -> int:
        """Return the place after spaces and at most one line end (pandoc's spnl)."""
        match = re.compile(r"[ \t]*(?:\n[ \t]*)?").match(self.text, i)
        return match.end() if match else i

    # -- the walk ---------------------------------------------------------------------

    def scan(self) -> Inline:
        """Return everything that the text holds."""
        found = self._walk(0, len(self.text), _Found())
        return Inline(
            tuple(found.clusters),
            tuple(found.escapes),
            tuple(found.calculations),
            tuple(found.links),
            tuple(found.slips),
            tuple(found.opaque),
        )

    def _walk(self, i: int, stop: int, found: _Found) -> _Found:
        for match in _START.finditer(self.text, i, stop):
            if match.start() >= i:
                i = self._step(match.start(), stop, found)
        return found

    def _step(self, i: int, stop: int, found: _Found) -> int:
        text = self.text
        char = text[i]
        if text.startswith("\\@", i) and i + 2 <= stop:
            found.escapes.append(i)
            return i + 2
        end = self._atom_end(i)
        if end > i:
            if text.startswith("{=", i):
                found.calculations.append((i, end))
            if char != "\\":
                found.opaque.append((i, end))
            return end
        if char == "`":
            return i + self._run_length(i)
        if char == "[":
            return self._step_bracket(i, stop, found)
        if char in "@-":
            cluster = self.in_text(i)
            if cluster is not None and cluster.end <= stop:
                self._note_slips(cluster, found)
                found.clusters.append(cluster)
                return cluster.end
        return i + 1

    def _step_bracket(self, i: int, stop: int, found: _Found) -> int:
        text = self.text
        close = self._closing.get(i)
        if close is not None and text.startswith("[^", i) and " " not in text[i:close]:
            return close + 1
        cluster = self.bracketed(i)
        if cluster is not None and cluster.end <= stop:
            self._note_slips(cluster, found)
            found.clusters.append(cluster)
            return cluster.end
        end = self._link_end(i)
        if end > i:
            key = self._key_inside(i, close or i)
            if key:
                found.links.append(Link(i, end, key))
            found.opaque.append((i, end))
            return end
        if close is not None and re.compile(r"\[\s*-?@").match(text, i):
            tail = re.compile(r";\s*\]").search(text, i, close + 1)
            if tail and tail.end() == close + 1:
                found.slips.append(Slip("citation-semicolon", tail.start(), close))
            elif re.compile(r"\[\s*-?@\s").match(text, i):
                found.slips.append(Slip("citation-space", i, close))
        return i + 1

    def _key_inside(self, start: int, end: int) -> str:
        inner = self._walk(start + 1, end, _Found())
        return inner.clusters[0].items[0].key if inner.clusters else ""

    def _note_slips(self, cluster: Cluster, found: _Found) -> None:
        for item in cluster.items:
            for inner in item.nested:
                between = self.text[item.end : inner.start].strip()
                if inner.start > item.end and between in (",", ""):
                    found.slips.append(Slip("citation-comma", item.end, inner.start))


class _Found:
    """What a walk gathers."""

    __slots__ = ("calculations", "clusters", "escapes", "links", "opaque", "slips")

    def __init__(self) -> None:
        self.clusters: list[Cluster] = []
        self.escapes: list[int] = []
        self.calculations: list[tuple[int, int]] = []
        self.links: list[Link] = []
        self.slips: list[Slip] = []
        self.opaque: list[tuple[int, int]] = []


_START = re.compile(r"[\\`<$\[{@]|-(?=@)|(?:(?<=\W)|^)(?:[hH][tT][tT][pP]|[fF][tT][pP]:|[wW]{3}\.)")


def _space_in(text: str) -> bool:
    return any(char.isspace() for char in text)


def _label(text: str) -> str:
    """Return a link label as labels are compared: white space folded, case ignored."""
    return " ".join(text.split()).casefold()


def scan_inline(text: str, defined: frozenset[str] = frozenset()) -> Inline:
    """Return the citations and all else that a run of inline text holds."""
    return Scanner(text, defined).scan()
