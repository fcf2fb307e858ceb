"""YAML bytes or text to a tree with places and a list of everything that is wrong with it.

One reading gives the tree; only where that stumbles is the text read again, piece by
piece, for the faults that the first one hid.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dossier.encoding import foreign
from dossier.problems import Problem, hidden_characters, in_order
from dossier.yaml_faults import Fault, resume_after, section_end, tabbed_lines
from dossier.yaml_nodes import Node, YamlDocument, YamlText
from dossier.yaml_tree import build

_MAX_FAULTS = 20
"""Faults of syntax, of encoding and of characters that are looked for in one file."""

_LINE_END = re.compile(r"\r\n|\r|\n")
# What YAML 1.2.2, section 5.1, does not allow in a stream, and the three characters that
# PyYAML takes for line ends while no editor counts them so.
# Written as what is refused: a class of what is allowed takes ten times as long to compile.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)


def read_yaml(data: bytes, path: str) -> tuple[YamlDocument, tuple[Problem, ...]]:
    """Return the tree of a file and all its problems, in order; never raises.

    The root is None where the syntax is broken, and `remains` is then the tree without the
    items at fault; it stands (with the first of repeated keys, and stand-ins for aliases)
    where the faults are of another kind. So a form can still be held against either. A byte
    order mark is no part of the text.

    Codes: yaml-not-utf8, yaml-control-character, yaml-tab, yaml-syntax, yaml-repeated-key,
    yaml-bad-key, yaml-alias, yaml-tag, yaml-too-deep.
    """
    refused = foreign(data)
    if refused is not None:
        problem = Problem("yaml-not-utf8", path, 1, 1, refused.message, refused.hint(path))
        return YamlDocument(YamlText(path, "", (0,)), None), (problem,)
    data = data.removeprefix(b"\xef\xbb\xbf")
    document, problems = read_yaml_text(data.decode("utf-8", "replace"), path)
    return document, in_order((*_bytes_not_utf8(data, document.source), *problems))


def read_yaml_text(
    text: str, path: str, *, first_line: int = 1, start: int = 0
) -> tuple[YamlDocument, tuple[Problem, ...]]:
    """Return the tree of a text and all its problems: `read_yaml` for what is decoded already.

    `first_line` and `start` place the text in its file: the front matter of a page begins
    on line 2.
    """
    starts = (0, *(m.end() for m in _LINE_END.finditer(text)))
    source = YamlText(path, text, starts, first_line, start)
    problems = list(_unprintable(source))
    problems += hidden_characters(path, text, first_line, controls=False)
    clean = YamlText(path, _UNPRINTABLE.sub("\ufffd", text), starts, first_line, start)
    root, remains = _read(clean, problems)
    return YamlDocument(source, root, remains), in_order(problems)


def _read(source: YamlText, problems: list[Problem]) -> tuple[Node | None, Node | None]:
    """Return the tree of a text, or else that of what remains of it; append what is wrong."""
    root, found, fault = build(source, 0, len(source.text))
    if fault is None:
        problems += found
        return root, None
    tabs = tabbed_lines(source, fault)
    if tabs:
        for index in tabs:
            problems.append(
                source.problem(
                    "yaml-tab",
                    source.starts[index] + source.line(index).index("\t"),
                    "a tab is used for indentation",
                    "indent with spaces: YAML does not allow tabs there",
                )
            )
        source = _without_tabs(source, tabs)
        root, found, fault = build(source, 0, len(source.text))
    problems += found
    # How deep a tab indents is anyone's guess, so below the first one the syntax cannot be judged.
    last = tabs[0] if tabs else len(source.starts)
    _recover(source, fault, last, problems)
    return None, (None if tabs else _remains(source))


def _remains(source: YamlText) -> Node | None:
    """Return the tree of a text without the items at fault, None where there is none either."""
    for _ in range(_MAX_FAULTS):
        root, _, fault = build(source, 0, len(source.text))
        if fault is None:
            return root
        index = source.line_index(fault.offset)
        behind = resume_after(source, index)
        end = len(source.starts) if behind is None else behind
        if fault.final or not "".join(map(source.line, range(index, end))).strip():
            return None
        source = _blanked(source, index, end)
    return None


def _blanked(source: YamlText, begin: int, end: int) -> YamlText:
    """Return the text with lines emptied, and every other character where it was."""
    stop = source.starts[end] if end < len(source.starts) else len(source.text)
    start = source.starts[begin]
    blank = re.sub(r"[^\r\n]", " ", source.text[start:stop])
    text = source.text[:start] + blank + source.text[stop:]
    return YamlText(source.path, text, source.starts, source.first_line, source.start)


def _recover(source: YamlText, fault: Fault | None, last: int, problems: list[Problem]) -> None:
    """Append a fault and those after it, up to a line.

    The parser stops at the first fault. What follows is read again from the next line that
    opens an item no deeper than the faulty one, section by section.
    """
    found = 0
    while fault is not None and found < _MAX_FAULTS:
        index = source.line_index(fault.offset)
        if index >= last:
            return
        problems.append(source.problem(fault.code, fault.offset, fault.message, fault.hint))
        found += 1
        begin = None if fault.final else resume_after(source, index)
        fault = None
        while begin is not None and fault is None:
            end = section_end(source, begin)
            stop = source.starts[end] if end < len(source.starts) else len(source.text)
            _, more, fault = build(source, source.starts[begin], stop)
            problems += more
            begin = resume_after(source, end - 1, within=False)


def _without_tabs(source: YamlText, lines: tuple[int, ...]) -> YamlText:
    """Return the text with the indentation of these lines in spaces, as wide as it was."""
    text = source.text
    for index in lines:
        start = source.starts[index]
        width = len(source.line(index)) - len(source.line(index).lstrip(" \t"))
        text = text[:start] + " " * width + text[start + width :]
    return YamlText(source.path, text, source.starts, source.first_line, source.start)


def _bytes_not_utf8(data: bytes, source: YamlText) -> Iterator[Problem]:
    """Yield a problem for each sequence of bytes that is not UTF-8."""
    begin = 0
    for _ in range(_MAX_FAULTS):
        try:
            data[begin:].decode("utf-8")
        except UnicodeDecodeError as error:
            at = begin + error.start
            yield source.problem(
                "yaml-not-utf8",
                len(data[:at].decode("utf-8", "replace")),
                f"byte 0x{data[at]:02X} is not UTF-8",
                "save the file in the encoding UTF-8",
            )
            begin += error.end
        else:
            return


def _unprintable(source: YamlText) -> Iterator[Problem]:
    for count, match in enumerate(_UNPRINTABLE.finditer(source.text)):
        if count == _MAX_FAULTS:
            return
        yield source.problem(
            "yaml-control-character",
            match.start(),
            f"the character U+{ord(match[0]):04X} may not stand in YAML",
            "delete it: it cannot be seen in an editor",
        )
