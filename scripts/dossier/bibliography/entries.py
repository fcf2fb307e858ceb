"""Entries before they become references: macros expanded, keys, types and fields checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import category, normalize

from dossier.bibliography.block_syntax import Block, Field
from dossier.bibliography.entry_types import ENTRY_TYPES, near_types
from dossier.bibliography.source import Source
from dossier.bibliography.strings import Macros
from dossier.problems import Problem, listed

# What pandoc's reader takes in a key besides letters and numbers (pandoc 3.9, BibTeX reader);
# braces, quotation marks, blanks, commas and # would end it, and < > could end an attribute.
_KEY_SIGNS = frozenset("!$&'()*+-./:;=?@[]_`")


@dataclass(frozen=True, slots=True)
class Value:
    """A field with its macros expanded; `pieces` keep the places of what was written."""

    field: Field
    text: str

    @property
    def name(self) -> str:
        """Return the name of the field, in lower case."""
        return self.field.name

    @property
    def offset(self) -> int:
        """Return where the value begins, or the field where it has none."""
        return self.field.pieces[0].offset if self.field.pieces else self.field.offset


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with a good key: its type is one of ENTRY_TYPES, no field stands twice."""

    source: Source
    block: Block
    type: str
    values: tuple[Value, ...]

    @property
    def key(self) -> str:
        """Return the key as written."""
        return self.block.key

    def value(self, name: str) -> Value | None:
        """Return the field of that name, or None."""
        return next((v for v in self.values if v.name == name), None)

    def text(self, name: str) -> str:
        """Return the text of a field, empty where the entry has none."""
        value = self.value(name)
        return value.text if value is not None else ""

    def problem(self, code: str, offset: int, message: str, hint: str = "") -> Problem:
        """Return an error at an offset of the entry's file."""
        return self.source.problem(code, offset, message, hint)

    def warning(self, code: str, offset: int, message: str, hint: str = "") -> Problem:
        """Return a warning at an offset of the entry's file."""
        return self.source.problem(code, offset, message, hint, "warning")


def read_entry(
    source: Source, block: Block, order: int, macros: Macros
) -> tuple[Entry | None, list[Problem]]:
    """Return the entry of a block, None where its key cannot be used, and its problems."""
    byte = source.undecoded_in(block.offset, block.end)
    problems = _check_key(source, block, allowed="\ufffd" if byte is not None else "")
    usable = not problems
    if byte is not None:
        message = (
            f"the byte 0x{byte[1]:02X} is not UTF-8; the entry `{block.key}` is left out, "
            "so that no garbled text is printed"
        )
        problems.append(source.problem("bib-not-utf8", byte[0], message, source.encoding_hint))
        usable = False
    type_ = block.type
    if type_ not in ENTRY_TYPES:
        problems.append(_unknown_type(source, block))
        type_ = "misc"
    values: list[Value] = []
    for field in block.fields:
        where = f"the field `{field.name}` of `{block.key}`"
        text, unknown = macros.expand(source, field.pieces, order, where)
        problems += unknown
        values.append(Value(field, text.strip()))
    problems += [p for field in block.fields for p in _check_name(source, block, field)]
    kept, repeats = _drop_repeats(source, block, values)
    problems += repeats
    if usable and not kept:
        message = f"the entry `{block.key}` has no fields"
        hint = "give it at least a title"
        problems.append(source.problem("empty-entry", block.offset, message, hint, "warning"))
    return (Entry(source, block, type_, kept) if usable else None), problems


def _check_key(source: Source, block: Block, allowed: str) -> list[Problem]:
    if not block.key:
        message = f"the entry of type `{block.type}` has no key and is left out"
        hint = f"write `@{block.type}{{key, ...}}` with a key of your choice"
        return [source.problem("missing-key", block.offset, message, hint)]
    bad = [c for c in block.key if c not in allowed and not _may_be_in_key(c)]
    if not bad:
        return []
    named = unfit_in_key("".join(bad))
    message = f"the key `{block.key}` holds what a key may not: {named}; the entry is left out"
    hint = "use letters, digits and any of - _ : . / + in keys"
    if good := _good_key(block.key):
        hint = f"write `{good}`, here and where it is cited; {hint}"
    at = block.key_offset + block.key.index(bad[0])
    return [source.problem("bad-key", at, message, hint)]


def unfit_in_key(key: str) -> str:
    """Return the signs of a key that a key may not hold, named, or the empty string."""
    return ", ".join(dict.fromkeys(_name_of(c) for c in key if not _may_be_in_key(c)))


def _may_be_in_key(sign: str) -> bool:
    return sign.isalnum() or sign in _KEY_SIGNS


def _good_key(key: str) -> str:
    """Return the key to propose for a bad one, empty where nothing would be left of it."""
    # What is one letter to a reader may be a letter and a mark, and a dash look like a hyphen.
    signs = [
        "-" if category(c) == "Pd" else c
        for c in normalize("NFC", key)
        if _may_be_in_key(c) or category(c) == "Pd"
    ]
    return "".join(signs) if any(c.isalnum() for c in signs) else ""


def _check_name(source: Source, block: Block, field: Field) -> list[Problem]:
    """Return a problem for a field whose name is not the one it looks like."""
    if field.name.endswith(":") and (name := field.name.rstrip(":")):
        message = f"the name of the field `{field.name}` of `{block.key}` ends in a colon"
        hint = f"write `{name} = ...`: with the colon it is another field, which is not printed"
        return [source.problem("bad-field-name", field.offset, message, hint)]
    unseen = [c for c in field.name if not c.isprintable()]
    if not unseen:
        return []
    named = ", ".join(dict.fromkeys(f"the character U+{ord(c):04X}" for c in unseen))
    message = f"the name of the field `{field.name}` of `{block.key}` holds {named}"
    hint = "write the name anew: the character cannot be seen in an editor"
    return [source.problem("bad-field-name", field.offset, message, hint)]


def _name_of(char: str) -> str:
    if char.isspace():
        return "white space"
    return f"{char} (U+{ord(char):04X})" if not char.isascii() else char


def _unknown_type(source: Source, block: Block) -> Problem:
    near = near_types(block.type)
    hint = "the manual of biblatex lists the types"
    if near:
        hint = f"did you mean {listed(near)}?"
    named = f"`{block.type}`" if block.type else "(none)"
    message = f"the entry type {named} of `{block.key}` is unknown; read as `misc`"
    return source.problem("unknown-entry-type", block.offset, message, hint, "warning")


def _drop_repeats(
    source: Source, block: Block, values: Sequence[Value]
) -> tuple[tuple[Value, ...], list[Problem]]:
    """Return the first of each field, and a problem for each further one."""
    first: dict[str, Value] = {}
    problems: list[Problem] = []
    for value in values:
        before = first.setdefault(value.name, value)
        if before is value:
            continue
        line, _ = source.place(before.field.offset)
        same = before.text.split() == value.text.split()
        how = "with the same value" if same else "with another value"
        problems.append(
            source.problem(
                "duplicate-field",
                value.field.offset,
                f"the field `{value.name}` of `{block.key}` stands twice, {how}; "
                f"the first, on line {line}, is used",
                "delete one of the two",
                "warning" if same else "error",
            )
        )
    return tuple(first.values()), problems
