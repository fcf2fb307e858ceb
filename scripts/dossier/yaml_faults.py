"""Faults of YAML syntax in plain words, and where reading may go on after one."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from dossier.yaml_nodes import YamlText


@dataclass(frozen=True, slots=True)
class Fault:
    """What stopped the reading, at an offset of the text; `final` where it cannot go on."""

    code: str
    offset: int
    message: str
    hint: str
    final: bool = False


_QUOTES = 'inside "…" write \\" for a quotation mark, inside \'…\' write two, or use a block (>-)'
_BLOCK_HEAD = re.compile(r"[|>][+-]?[1-9]?[+-]?[ \t]*(?:#.*)?$")
_ITEM = re.compile(r"( *)(?:(-)(?: |$)|[\w\"'][^#:]*:(?: |$))")


def fault_of(
    source: YamlText, base: int, error: yaml.MarkedYAMLError, quoted: tuple[int, int]
) -> Fault:
    """Return a fault for what PyYAML's scanner or parser raised over a section.

    The place is where the mend is needed: the opening mark of what never closes, not the
    end of the file. `quoted` is the stretch of the last text in quotation marks.
    """
    problem, context = error.problem or "", error.context or ""
    offset = base + error.problem_mark.index if error.problem_mark else base
    offset = min(offset, len(source.text))
    opened = base + error.context_mark.index if error.context_mark else offset

    def fault(at: int, message: str, hint: str) -> Fault:
        return Fault("yaml-syntax", at, message, hint)

    here = source.line_index(offset)
    if "quoted scalar" in context and ("end of stream" in problem or "document" in problem):
        return fault(opened, "the text in quotation marks that opens here never closes", _QUOTES)
    if "quoted scalar" in context:
        message = "a backslash in this text begins no known escape"
        return fault(offset, message, "write two backslashes, or use single quotation marks")
    begun, ended = quoted
    if begun >= base and not source.text[ended:offset].strip(" ") and ended <= offset:
        if source.line_index(begun) < here:
            message = "the text in quotation marks that opens here runs on to line {}"
            return fault(begun, message.format(source.first_line + here), _QUOTES)
        message = "more text stands after the closing quotation mark"
        return fault(offset, message, _QUOTES)
    if "flow" in context:
        word = (
            "list that opens here with ["
            if "sequence" in context
            else "mapping that opens here with {"
        )
        message = f"the {word} is not closed or lacks a comma"
        return fault(
            opened, message, "close the bracket; put text with , [ ] { } : in quotation marks"
        )
    if "mapping values" in problem:
        message = (
            "a colon followed by a space stands inside a text, or the line is indented too far"
        )
        return fault(
            offset,
            message,
            "put the text in quotation marks, or mend the indentation or the line above",
        )
    if "cannot start" in problem:
        shown = source.text[offset : offset + 1]
        message = f"a text may not begin with the character {shown!r}"
        return fault(offset, message, "put the text in quotation marks")
    if "block" in context or "simple key" in context:
        message = "this does not fit the lines before it"
        hint = "check the indentation, the colon after each key and the dash before each item"
        return fault(offset, message, hint)
    return fault(offset, f"not YAML: {problem or 'the text cannot be read'}", "")


def tabbed_lines(source: YamlText, fault: Fault) -> tuple[int, ...]:
    """Return the indices of all lines indented with a tab, where the fault is about one.

    Within lists in brackets and in quoted texts YAML allows a tab at the start of a line
    (section 6.1 speaks of indentation only), so tabs count only when the parser stumbled.
    """
    index = source.line_index(fault.offset)
    if fault.final or "\t" not in _margin(source.line(index)):
        return ()
    found: list[int] = []
    block: int | None = None
    for number in range(len(source.starts)):
        line = source.line(number)
        if not line.strip():
            continue
        spaces = len(line) - len(line.lstrip(" "))
        if block is not None and spaces > block:
            continue
        tabbed = "\t" in _margin(line)
        if tabbed:
            found.append(number)
        if block is None or not tabbed:
            block = len(_margin(line)) if _BLOCK_HEAD.search(line) else None
    return tuple(found)


def _margin(line: str) -> str:
    """Return the white space that a line begins with."""
    return line[: len(line) - len(line.lstrip(" \t"))]


def resume_after(source: YamlText, index: int, *, within: bool = True) -> int | None:
    """Return the index of the next line that opens an item, or None.

    With `within` the item may be indented no deeper than the line given: what is deeper
    may be the inside of the text that was at fault.
    """
    limit = len(_margin(source.line(index))) if within else None
    for number in range(index + 1, len(source.starts)):
        item = _ITEM.match(source.line(number))
        if item and (limit is None or len(item[1]) <= limit):
            return number
    return None


def section_end(source: YamlText, begin: int) -> int:
    """Return the index after the last line of the block that a line opens.

    The block ends before a line indented less, and before one of the same indentation that
    turns from items to keys or back: each section can be read by itself.
    """
    first = _ITEM.match(source.line(begin))
    for number in range(begin + 1, len(source.starts)):
        line = source.line(number)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        depth = len(line) - len(line.lstrip(" "))
        if first is None or depth < len(first[1]):
            return number
        item = _ITEM.match(line)
        if depth == len(first[1]) and item and item[2] != first[2]:
            return number
    return len(source.starts)
