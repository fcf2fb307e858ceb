"""From the bytes of .bib files to references and problems, every fault at once."""

from __future__ import annotations

from collections.abc import Sequence

from dossier.bibliography.duplicates import drop_duplicates
from dossier.bibliography.entries import Entry, read_entry
from dossier.bibliography.inheritance import read_inheritance
from dossier.bibliography.library import read_fields
from dossier.bibliography.outline import Outline, outline
from dossier.bibliography.references import read_references
from dossier.bibliography.source import Source, read_source
from dossier.bibliography.strings import Macros
from dossier.model import Reference
from dossier.problems import Problem, hidden_characters, in_order


def read_bibliography(
    files: Sequence[tuple[str, bytes]],
) -> tuple[tuple[Reference, ...], tuple[Problem, ...]]:
    """Return the references of .bib files, in order, and everything wrong in them, by place.

    `files` holds the path of each file as problems show it, and its bytes. The files are read
    as one: macros, keys and parents hold over all of them. An entry is either among the
    references or named in a problem.
    """
    problems: list[Problem] = []
    outlines: list[Outline] = []
    for path, data in files:
        source = read_source(path, data)
        if isinstance(source, Problem):
            problems.append(source)
        else:
            outlines.append(outline(source))
            problems += hidden_characters(path, source.text, widthless=True)
    for found in outlines:
        problems += found.problems
        problems += _stray_bytes(found)
    problems += _empty(outlines)
    entries, faults, lost = _read_entries(outlines)
    problems += faults
    entries, repeats = drop_duplicates(entries)
    problems += repeats
    inheritance = read_inheritance(entries, lost)
    problems += inheritance.problems
    read: list[tuple[Entry, tuple[tuple[str, str], ...]]] = []
    for entry, fields in zip(entries, read_fields(entries), strict=True):
        if fields is None:
            problems.append(_malformed(entry))
        else:
            read.append((entry, fields))
    references, faults = read_references(read, inheritance)
    return references, in_order([*problems, *faults])


def _read_entries(
    outlines: Sequence[Outline],
) -> tuple[Sequence[Entry], list[Problem], dict[str, str]]:
    """Return the entries of all files, their problems, and the place of each one left out."""
    blocks = [(found.source, block) for found in outlines for block in found.blocks]
    numbered = [(order, source, block) for order, (source, block) in enumerate(blocks)]
    macros = Macros([item for item in numbered if item[2].type == "string"])
    entries: list[Entry] = []
    problems: list[Problem] = []
    lost = {
        item.key: _place(found.source, item.offset) for found in outlines for item in found.lost
    }
    for order, source, block in numbered:
        if block.type == "string":
            continue
        entry, faults = read_entry(source, block, order, macros)
        problems += faults
        if entry is None:
            lost.setdefault(block.key, _place(source, block.offset))
        else:
            entries.append(entry)
    return entries, [*macros.problems, *problems], lost


def _place(source: Source, offset: int) -> str:
    line, _ = source.place(offset)
    return f"{source.path}:{line}"


def _empty(outlines: Sequence[Outline]) -> list[Problem]:
    """Return a problem for each file that holds no entry and says nothing else about it."""
    anywhere = any(b.type != "string" for found in outlines for b in found.blocks)
    problems: list[Problem] = []
    for found in outlines:
        has_entries = any(block.type != "string" for block in found.blocks) or found.lost
        only_strings = bool(found.blocks) and anywhere
        if has_entries or only_strings or found.source.undecoded:
            continue
        message = "the bibliography holds no entry, so that no citation can be resolved"
        hint = "add entries, or take the file out of the configuration"
        problems.append(found.source.problem("bib-empty", 0, message, hint))
    return problems


def _stray_bytes(found: Outline) -> list[Problem]:
    """Return a problem for bytes outside entries that are not UTF-8, once for a file.

    Those within an entry keep it from being used, and are reported with it.
    """
    source = found.source
    spans = [(block.offset, block.end) for block in found.blocks if block.type != "string"]
    index = 0
    outside: list[tuple[int, int]] = []
    for offset, value in source.undecoded:
        while index < len(spans) and spans[index][1] <= offset:
            index += 1
        if index == len(spans) or offset < spans[index][0]:
            outside.append((offset, value))
    if not outside:
        return []
    offset, value = outside[0]
    more = f", nor are {len(outside) - 1} more" if len(outside) > 1 else ""
    message = f"the byte 0x{value:02X}, outside any entry, is not UTF-8{more}"
    return [source.problem("bib-not-utf8", offset, message, source.encoding_hint, "warning")]


def _malformed(entry: Entry) -> Problem:
    message = f"the entry `{entry.key}` cannot be read as BibTeX and is left out"
    hint = "write it anew, each field as `name = {value}`, and report the entry as it was"
    return entry.problem("bib-malformed", entry.block.offset, message, hint)
