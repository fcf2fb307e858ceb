"""The tree of a section of YAML, made while PyYAML's events pass.

Aliases, anchors, tags, repeated keys and depth are refused here, before there is a tree to
walk: what would expand is never expanded, and nothing is constructed but text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

from dossier.model import Span
from dossier.problems import Problem
from dossier.yaml_faults import Fault, fault_of
from dossier.yaml_nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, YamlText

MAX_DEPTH = 24
"""Levels of nesting; evidence needs five, and a limit keeps every later walk safe."""

# libyaml reads the same language some twenty times faster; where PyYAML was built without
# it the pure Python parser gives the same events at the same offsets.
LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What an escape in a quoted text could bring into a value and no page should hold.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(slots=True)
class _Open:
    """A list or a mapping whose end has not been seen."""

    start: int
    sequence: bool
    items: list[Node] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    keys: dict[str, Span] = field(default_factory=dict)
    key: Entry | None = None
    waits_for_value: bool = False


@dataclass(slots=True)
class _Builder:
    """Makes nodes of events; `base` is where the section read begins in the text."""

    source: YamlText
    base: int
    problems: list[Problem] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    root: Node | None = None
    documents: int = 0
    quoted: tuple[int, int] = (-1, -1)
    named: set[tuple[int, str]] = field(default_factory=set)

    def take(self, event: yaml.Event) -> Fault | None:
        """Take the next event; return a fault where reading must stop."""
        # Every event has its marks; the types allow for events that a program made.
        begin = self.base + (event.start_mark.index if event.start_mark else 0)
        end = self.base + (event.end_mark.index if event.end_mark else 0)
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    message = "a second document begins here"
                    return Fault("yaml-syntax", begin, message, "keep one document in a file", True)
            case yaml.AliasEvent():
                self.refuse_alias(begin, f"*{event.anchor}", "alias")
                self.put(ScalarNode(None, self.source.span(begin, end), refused=True))
            case yaml.ScalarEvent():
                self.look_at(event, begin)
                self.put(self.scalar(event, begin, end))
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self.look_at(event, begin)
                self.open.append(_Open(begin, isinstance(event, yaml.SequenceStartEvent)))
                if len(self.open) > MAX_DEPTH:
                    message = f"nested deeper than {MAX_DEPTH} levels"
                    hint = "close the brackets, or write the value as its field takes it"
                    return Fault("yaml-too-deep", begin, message, hint, True)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                done = self.open.pop()
                span = self.source.span(done.start, end)
                if done.sequence:
                    self.put(SequenceNode(tuple(done.items), span))
                else:
                    self.put(MappingNode(tuple(done.entries), span))
            case _:
                pass
        return None

    def look_at(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, begin: int) -> None:
        """Refuse an anchor and a tag."""
        if event.anchor is not None:
            self.refuse_alias(begin, f"&{event.anchor}", "anchor")
        tag = event.tag
        if tag is not None:
            shown = tag.replace("tag:yaml.org,2002:", "!!")
            self.problems.append(
                self.source.problem(
                    "yaml-tag",
                    begin,
                    f"the tag {shown} is refused: nothing but text, lists and mappings is read",
                    "delete the tag",
                )
            )

    def refuse_alias(self, begin: int, name: str, word: str) -> None:
        """Report an anchor or an alias, once a line for each name: a bomb repeats them."""
        place = (self.source.line_index(begin), name)
        if place not in self.named:
            self.named.add(place)
            message = f"the {word} {name} is refused: a file must read as it stands"
            hint = "write the value out where it is meant"
            self.problems.append(self.source.problem("yaml-alias", begin, message, hint))

    def scalar(self, event: yaml.ScalarEvent, begin: int, end: int) -> ScalarNode:
        """Return the text of a scalar, None where it is empty and not quoted."""
        plain = not event.style
        if event.style in ("'", '"'):
            self.quoted = (begin, end)
        text: str = event.value
        bad = _UNPRINTABLE.search(text)
        if bad is not None:
            self.problems.append(
                self.source.problem(
                    "yaml-control-character",
                    begin,
                    f"this text holds the character U+{ord(bad[0]):04X}, written as an escape",
                    "leave the escape out",
                )
            )
            text = _UNPRINTABLE.sub("\ufffd", text)
        value = None if plain and text in _NULLS else text
        return ScalarNode(value, self.source.span(begin, end), plain)

    def put(self, node: Node) -> None:
        """Put a node where it belongs: the root, an item, a key or a value."""
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        if parent.sequence:
            parent.items.append(node)
        elif not parent.waits_for_value:
            parent.key = self.key(node, parent)
            parent.waits_for_value = True
        else:
            parent.waits_for_value = False
            if parent.key is not None:
                parent.entries.append(Entry(parent.key.key, parent.key.key_span, node))

    def key(self, node: Node, parent: _Open) -> Entry | None:
        """Return an entry that waits for its value; None for a key that cannot stand."""
        if isinstance(node, ScalarNode) and node.refused:
            return None
        if not isinstance(node, ScalarNode) or not (name := self.name(node)):
            message = "a key must be a text"
            hint = "write `name: value`; put a text that begins with [ or { in quotation marks"
            self.problems.append(self.source.problem("yaml-bad-key", node.span, message, hint))
            return None
        first = parent.keys.get(name)
        if first is not None:
            self.problems.append(
                self.source.problem(
                    "yaml-repeated-key",
                    node.span,
                    f"the key `{name}` stands twice: on line {first.line} and on line "
                    f"{node.span.line}",
                    "keep one of them",
                )
            )
            return None
        parent.keys[name] = node.span
        return Entry(name, node.span, node)

    def name(self, node: ScalarNode) -> str:
        """Return the text of a key: `null` and `~` are names there, not the absence of one."""
        if node.value is not None:
            return node.value
        begin = node.span.start - self.source.start
        return self.source.text[begin : begin + node.span.end - node.span.start]


def build(
    source: YamlText, begin: int, end: int
) -> tuple[Node | None, list[Problem], Fault | None]:
    """Return the tree of a section, what was found on the way, and the fault that stopped it."""
    builder = _Builder(source, begin)
    fault: Fault | None = None
    try:
        for event in yaml.parse(source.text[begin:end], Loader=LOADER):
            fault = builder.take(event)
            if fault is not None:
                break
    except yaml.MarkedYAMLError as error:
        fault = fault_of(source, begin, error, builder.quoted)
    except (ValueError, OverflowError):
        # The pure Python scanner raises these for an escape above U+10FFFF, without a place.
        at = source.text.find("\\U", begin)
        fault = Fault("yaml-syntax", at, "an escape names no character", "", True)
    root = builder.root if fault is None else None
    if root is None and fault is None:
        root = ScalarNode(None, source.span(0, 0))
    return root, builder.problems, fault
