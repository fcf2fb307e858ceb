"""A .bib file cut into blocks, whatever state it is in: one bad block never hides the next.

bibtexparser reads what is well formed; this scan comes before it, because in a faulty file
the library drops, merges or accepts in silence, and because a fault needs a place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from dossier.bibliography.block_syntax import Block, Lost, read_block
from dossier.bibliography.source import Source
from dossier.problems import Problem

_SPACE = r"[ \t\n]*+"
_BLOCK = re.compile(rf"@{_SPACE}(?>([^\W\d_][\w.:+-]*+)?){_SPACE}([{{(])")
_KEY = re.compile(rf"{_SPACE}([^\s,={{}}()\"]++){_SPACE},")
_SPECIAL = frozenset({"comment", "preamble", "string"})

# Where reading starts again after a block that never closes: something at the start of a
# line that can only be a block. Code quoted in an abstract (`@Override`) must not match.
_RESTART = re.compile(
    r"^[ \t]*+@[ \t]*+(?:(?:string|comment|preamble)[ \t]*+[{(]"
    rf"|[^\W\d_]\w*+{_SPACE}(?:\{{{_SPACE}[^\s,={{}}()\"]*+{_SPACE}[,=]"
    rf"|\({_SPACE}[^\s,={{}}()\"]++{_SPACE},))",
    re.MULTILINE | re.IGNORECASE,
)
# Words outside blocks are comments (Patashnik 1988, section 4), unless they look like
# fields that lost their entry.
_LEFTOVER_FIELD = re.compile(r"[A-Za-z][\w:+-]*+[ \t]*+=[ \t\n]*+[{\"]")
_COMMENT_LINE = re.compile(r"^[ \t]*+(?:%|@comment\b).*+$", re.MULTILINE | re.IGNORECASE)
_CURLY = re.compile(r"\\.|[{}]", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Outline:
    """The blocks of one file in order, the entries that could not be read, and the faults."""

    source: Source
    blocks: tuple[Block, ...]
    lost: tuple[Lost, ...]
    problems: tuple[Problem, ...]


def outline(source: Source) -> Outline:
    """Return the outline of a file. Time is linear in its length."""
    text = source.text
    restarts = [m.start() for m in _RESTART.finditer(text)]
    blocks: list[Block] = []
    lost: list[Lost] = []
    problems: list[Problem] = []
    closers = _Closers(text)
    position = gap = 0
    before: Block | None = None
    while match := _BLOCK.search(text, position):
        position = match.end()
        line_start = source.line_start(match.start())
        if text[line_start : match.start()].lstrip(" \t").startswith("%"):
            problems.append(_commented(source, match.start()))
            position = _line_end(text, match.start())
            continue
        if not _opens_block(text, match):
            continue
        problems += _leftovers(source, gap, match.start(), before)
        limit = _next_restart(restarts, match.start(), len(text))
        kind = (match[1] or "").lower()
        before = None
        if kind in {"comment", "preamble"}:
            position = _skip_ignored(source, match, kind, limit, closers, problems)
        else:
            result, faults, position = read_block(source, match, limit)
            problems += faults
            if isinstance(result, Block):
                blocks.append(result)
                before = result
            else:
                lost.append(result)
        gap = position
    problems += _leftovers(source, gap, len(text), before)
    return Outline(source, tuple(blocks), tuple(lost), tuple(problems))


def _opens_block(text: str, match: re.Match[str]) -> bool:
    """Tell a block from an at sign in a comment, such as that of an e-mail address."""
    kind = (match[1] or "").lower()
    after_word = match.start() > 0 and text[match.start() - 1].isalnum()
    if kind in _SPECIAL:
        return not after_word
    if kind and match[2] == "{" and not after_word:
        return True
    return _KEY.match(text, match.end()) is not None


def _next_restart(restarts: list[int], start: int, end: int) -> int:
    # A restart includes the blanks before its at sign, so the block's own lies at or before it.
    index = bisect_right(restarts, start)
    return restarts[index] if index < len(restarts) else end


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return end if end >= 0 else len(text)


def _named(text: str, offset: int) -> str:
    """Return what messages call a block that is not read, by its key where it has one."""
    block = _BLOCK.match(text, offset)
    key = _KEY.match(text, block.end()) if block is not None else None
    return f"the entry `{key[1]}`" if key is not None else "this block"


def _commented(source: Source, offset: int) -> Problem:
    return source.problem(
        "commented-entry",
        offset,
        f"{_named(source.text, offset)} stands behind a percent sign and was not read",
        "take the sign away to use the entry; BibTeX itself knows no comment sign "
        "and would read it",
        "note",
    )


class _Closers:
    """The partner of every brace of a text, found in one pass when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._partners: dict[int, int] | None = None

    def of(self, offset: int) -> int | None:
        """Return the offset of the brace that closes the one at `offset`, None if none does."""
        if self._partners is None:
            self._partners = {}
            stack: list[int] = []
            for match in _CURLY.finditer(self._text):
                if match[0] == "{":
                    stack.append(match.start())
                elif match[0] == "}" and stack:
                    self._partners[stack.pop()] = match.start()
        return self._partners.get(offset)


def _skip_ignored(
    source: Source,
    match: re.Match[str],
    kind: str,
    limit: int,
    closers: _Closers,
    problems: list[Problem],
) -> int:
    """Return the end of a @comment or @preamble, which is neither run nor printed."""
    text = source.text
    opened = match.end() - 1
    if match[2] == "(":
        # BibTeX ends a @comment with its first word; nothing in round brackets is hidden.
        end = text.find(")", opened, limit)
        return end + 1 if end >= 0 and kind == "preamble" else match.end()
    closed = closers.of(opened)
    if closed is None or (kind == "preamble" and closed > limit):
        line, column = source.place(opened)
        message = f"this @{kind} never closes: its brace at {line}:{column} has no partner"
        hint = "close the brace; reading went on at the next entry"
        problems.append(
            source.problem("bib-unclosed-entry", match.start(), message, hint, "warning")
        )
        return limit
    if kind == "comment":
        for hidden in _RESTART.finditer(text, match.end(), closed):
            at = text.index("@", hidden.start())
            message = f"{_named(text, at)} stands inside a @comment and was not read"
            hint = "take it out of the comment to use it"
            problems.append(source.problem("commented-entry", at, message, hint, "note"))
    return closed + 1


def _leftovers(source: Source, start: int, end: int, before: Block | None) -> list[Problem]:
    """Return a problem where text between blocks looks like part of an entry."""
    gap = source.text[start:end]
    if "=" not in gap and "}" not in gap:
        return []
    # Blanked, not cut, so that offsets stay true.
    gap = _COMMENT_LINE.sub(lambda m: " " * len(m[0]), gap)
    offsets = [m.start() for m in _LEFTOVER_FIELD.finditer(gap)][:1]
    depth = 0
    for match in _CURLY.finditer(gap):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth < 0:
            offsets.append(match.start())
            break
    if not offsets:
        return []
    at = min(offsets)
    if not gap.strip(" \t\n,})"):
        # Nothing is lost: BibTeX takes a lone brace for a comment, and so may the reader.
        message = "this closing bracket belongs to no entry; nothing was lost by it"
        return [source.problem("bib-stray-text", start + at, message, "delete it", "note")]
    message = "text outside any entry looks like part of one, and was not read"
    hint = "look for a brace that closes too early, or delete the text"
    lead = gap[:at]
    if before is not None and not lead.strip(" \t\n,"):
        # The fault is the brace before, so the place is where the entry ended.
        at = len(lead) - len(lead.lstrip(" \t\n"))
        first, _ = source.place(before.offset)
        line, column = source.place(before.end - 1)
        message = (
            f"the entry `{before.key}` (line {first}) ends early, at {line}:{column}; "
            "what follows belongs to no entry and was not read"
        )
        hint = f"there is one closing bracket too many at or before {line}:{column}"
    return [source.problem("bib-stray-text", start + at, message, hint)]
