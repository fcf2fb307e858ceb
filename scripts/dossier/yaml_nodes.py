"""YAML as plain text in a tree: every key and every value with its place in the file.

The kinds of node are those of YAML 1.2.2, section 3.2.1.1. Scalars are never typed:
`no`, `on`, `2024-11-19` and `1_000` stay the text that the author wrote.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TypeAlias

from dossier.model import Span
from dossier.problems import Problem, line_at

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"
"""The values of a tree without their places."""

Step: TypeAlias = "str | int"


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A text, or None where the value is empty, `~` or `null` and not quoted.

    `plain` tells that it was written without quotation marks. `refused` marks the stand-in
    for a value that was not read (an alias): its absence has been reported already.
    """

    value: str | None
    span: Span
    plain: bool = True
    refused: bool = False


@dataclass(frozen=True, slots=True)
class SequenceNode:
    """A list of nodes."""

    items: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its place, and its value."""

    key: str
    key_span: Span
    value: Node


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Entries in the order of the file; of a repeated key the first stands."""

    entries: tuple[Entry, ...]
    span: Span

    def entry(self, key: str) -> Entry | None:
        """Return the entry of that key, or None."""
        return next((e for e in self.entries if e.key == key), None)


Node: TypeAlias = "ScalarNode | SequenceNode | MappingNode"


@dataclass(frozen=True, slots=True)
class YamlText:
    r"""The text of a file, or of a block within one, and the places of its lines.

    `\r`, `\n` and `\r\n` end a line. `first_line` and `start` are where the text begins
    in its file (line from 1, offset in code points), so that a fault in the front matter of
    a page names the line of the page.
    """

    path: str
    text: str
    starts: tuple[int, ...]
    first_line: int = 1
    start: int = 0

    def line_index(self, offset: int) -> int:
        """Return the index, from 0, of the line that holds an offset of this text."""
        return bisect_right(self.starts, offset) - 1

    def line(self, index: int) -> str:
        """Return a line of this text, by index from 0, without its end."""
        end = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
        return line_at(self.text, self.starts[index], end)

    def span(self, begin: int, end: int) -> Span:
        """Return the place in the file of a stretch of this text."""
        index = self.line_index(begin)
        column = begin - self.starts[index] + 1
        return Span(
            self.path, self.first_line + index, column, self.start + begin, self.start + end
        )

    def problem(self, code: str, place: Span | int, message: str, hint: str = "") -> Problem:
        """Return an error at a place of the file (a Span) or at an offset of this text."""
        span = self.span(place, place) if isinstance(place, int) else place
        excerpt = self.line(span.line - self.first_line)
        return Problem(code, span.path, span.line, span.column, message, hint, excerpt=excerpt)


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """What was read: the text, and its tree, None where no whole tree could be made.

    `remains` is then the tree of the text without what was at fault, None where none remains.
    """

    source: YamlText
    root: Node | None
    remains: Node | None = None


def plain_of(node: Node) -> Plain:
    """Return the values of a tree: text, None, lists and dictionaries."""
    match node:
        case ScalarNode():
            return node.value
        case SequenceNode():
            return [plain_of(item) for item in node.items]
        case MappingNode():
            return {e.key: plain_of(e.value) for e in node.entries}


def locate(node: Node, path: tuple[Step, ...]) -> tuple[Node, Entry | None, bool]:
    """Return the node that a path of keys and indices leads to, with its entry.

    The last value tells whether the whole path was walked; where it was not, the node is
    the deepest one on the way.
    """
    entry: Entry | None = None
    for step in path:
        match node, step:
            case MappingNode(), str() if (found := node.entry(step)) is not None:
                entry, node = found, found.value
            case SequenceNode(), int() if step < len(node.items):
                entry, node = None, node.items[step]
            case _:
                return node, entry, False
    return node, entry, True


def without(node: Node, path: tuple[Step, ...]) -> Node:
    """Return the tree less the entry or the item at a path; all other nodes keep their places."""
    step, rest = path[0], path[1:]
    match node:
        case MappingNode():
            entries = tuple(
                Entry(e.key, e.key_span, without(e.value, rest)) if e.key == step else e
                for e in node.entries
                if rest or e.key != step
            )
            return MappingNode(entries, node.span)
        case SequenceNode():
            items = tuple(
                without(item, rest) if index == step else item
                for index, item in enumerate(node.items)
                if rest or index != step
            )
            return SequenceNode(items, node.span)
        case ScalarNode():
            return node
