"""One entry or @string read field by field, past its faults, each named at its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dossier.bibliography.key_syntax import FIELD_NAMES, read_key
from dossier.bibliography.source import Source
from dossier.bibliography.value_syntax import Piece, Unclosed, read_value, skip_blank
from dossier.problems import Problem


@dataclass(frozen=True, slots=True)
class Field:
    """A field as written: its name in lower case and the pieces that `#` joins."""

    name: str
    offset: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """An entry or a @string: type in lower case, key as written, offsets of `@` and end."""

    type: str
    key: str
    offset: int
    key_offset: int
    end: int
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """An entry that could not be read, so that those who name its key can be told why."""

    key: str
    offset: int


_NAME = re.compile(r"[^\s,={}\"#()%]++")
_FIELD_AHEAD = re.compile(r"[ \t\n]*+[^\s,={}\"#()%]++[ \t\n]*+=")
# What reading goes on at after a fault within a field: the next line that starts a field or
# closes the entry.
_NEXT_FIELD = re.compile(r"\n(?=[ \t]*+(?:[A-Za-z][\w:+-]*+[ \t]*+=|[})]))")
_WORDS = re.compile(r"[^,={}\"\n()]*+")
_COMMA_OR_CLOSE = re.compile(r"[,}]")
_SIGNS = re.compile(r"[=#(]++")
_SWALLOWED = re.compile(
    rf"\n[ \t]*+(?:{'|'.join(sorted(FIELD_NAMES))})[ \t]*+=[ \t]*+[{{\"\d]", re.IGNORECASE
)


def read_block(
    source: Source, opening: re.Match[str], limit: int
) -> tuple[Block | Lost, list[Problem], int]:
    """Return a block, its faults, and the offset after it.

    `opening` matches from the at sign to the bracket; nothing at or after `limit` can
    belong to the block.
    """
    reader = _Reader(source, opening, limit)
    try:
        block = reader.read()
    except Unclosed as fault:
        return Lost(reader.key, opening.start()), [*reader.problems, reader.unclosed(fault)], limit
    return block, reader.problems, block.end


class _Reader:
    """The state of reading one block; used once."""

    def __init__(self, source: Source, opening: re.Match[str], limit: int) -> None:
        self.source = source
        self.text = source.text
        self.limit = limit
        self.start = opening.start()
        self.opened = opening.end() - 1
        self.type = (opening[1] or "").lower()
        self.close = "}" if opening[2] == "{" else ")"
        self.key = ""
        self.key_offset = self.opened + 1
        self.position = self.opened + 1
        self.fields: list[Field] = []
        self.problems: list[Problem] = []
        self.more_lines = True

    @property
    def name(self) -> str:
        """What messages call the block."""
        if self.type == "string":
            return "the @string"
        return f"the entry `{self.key}`" if self.key else "the entry"

    def fault(self, code: str, offset: int, message: str, hint: str) -> None:
        self.problems.append(self.source.problem(code, offset, message, hint))

    def read(self) -> Block:
        if self.type != "string":
            self._read_key()
        while True:
            self._skip(",")
            char = self._peek()
            if char in "})" and self._closes(char):
                break
            if char not in "})":
                self._read_field()
        end = self.position + 1
        self._look_for_swallowed()
        return Block(self.type, self.key, self.start, self.key_offset, end, tuple(self.fields))

    def _peek(self) -> str:
        if self.position >= self.limit:
            raise Unclosed(self.opened)
        return self.text[self.position]

    def _skip(self, more: str = "") -> None:
        self.position = skip_blank(self.text, self.position, self.limit, more)

    def _closes(self, char: str) -> bool:
        """Tell whether a closing bracket ends the block; the wrong one is a fault."""
        if char == self.close:
            return True
        line, column = self.source.place(self.opened)
        message = (
            f"{self.name} opens with {self.text[self.opened]} at {line}:{column} "
            f"but meets a {char} here"
        )
        self.fault("bib-stray-text", self.position, message, f"close it with {self.close}")
        if char == "}":  # brackets of fields come in pairs, so this one can only be the end
            return True
        self.position += 1
        return False

    def _read_key(self) -> None:
        found = read_key(self.text, self.opened, self.limit)
        self.key, self.key_offset, self.position = found.key, found.offset, found.end
        if found.unfinished:
            raise Unclosed(self.opened)
        if found.comma_missing:
            message = f"a comma is missing after the key `{self.key}`"
            at = self.key_offset + len(self.key)
            self.fault("bib-missing-comma", at, message, f"write `{self.key},`")

    def _read_field(self) -> None:
        match = _NAME.match(self.text, self.position, self.limit)
        if match is None:
            self._skip_stray()
            return
        offset, name = self.position, match[0]
        self.position = match.end()
        self._skip()
        if self._peek() == "=":
            self.position += 1
        else:
            colon = name.endswith(":")
            name = name.rstrip(":") or name
            if not self._mend_equals(name, offset, colon=colon):
                return
        self._skip()
        pieces, faults, self.position = read_value(self.source, self.position, self.limit, name)
        self.problems += faults
        self.fields.append(Field(name.lower(), offset, pieces))
        self._after_value(name)

    def _mend_equals(self, name: str, offset: int, *, colon: bool) -> bool:
        """Report a missing equals sign; tell whether a value follows all the same."""
        between = _WORDS.match(self.text, self.position, self.limit)
        words = between[0].strip() if between is not None else ""
        at = self.position
        if between is not None:
            self.position = between.end()
        follows = self._peek()
        if follows in '{"=':
            found = f", not `{words}`" if words else ", not a colon" if colon else ""
            message = f"an equals sign was expected after the field name `{name}`{found}"
            self.fault("bib-missing-equals", at, message, f"write `{name} = ...`")
            self.position += follows == "="
            return True
        said = f"{name} {words}".strip()
        message = f"`{said}` in {self.name} is neither a field nor a value"
        hint = "delete it, or write it as `name = {value}`"
        self.fault("bib-stray-text", offset, message, hint)
        return False

    def _skip_stray(self) -> None:
        message = f"a field name was expected here in {self.name}"
        hint = "fields are written `name = {value}`, with a comma between them"
        at = self.position
        if self.text[at] in '{"':
            _, _, self.position = read_value(self.source, at, self.limit, "")
        else:
            signs = _SIGNS.match(self.text, at, self.limit)
            self.position = signs.end() if signs is not None else at + 1
        self.fault("bib-stray-text", at, message, hint)

    def _after_value(self, name: str) -> None:
        end = self.position
        self._skip()
        if self._peek() in ",})":
            return
        if _FIELD_AHEAD.match(self.text, self.position, self.limit):
            message = f"a comma is missing after the field `{name}` of {self.name}"
            self.fault("bib-missing-comma", end, message, "put a comma after the value")
            return
        message = f"after the value of `{name}` in {self.name} a comma or the end was expected"
        hint = "write values with quotation marks in them between braces, and join two values by #"
        self.fault("bib-stray-text", self.position, message, hint)
        self.position = self._next_field()

    def _next_field(self) -> int:
        """Return where reading goes on after text that does not belong."""
        if self.more_lines:
            after = _NEXT_FIELD.search(self.text, self.position, self.limit)
            if after is not None:
                return after.end()
            self.more_lines = False  # there will be none later either; not searched for again
        end = _COMMA_OR_CLOSE.search(self.text, self.position, self.limit)
        if end is None:
            raise Unclosed(self.opened)
        return end.start()

    def _look_for_swallowed(self) -> None:
        for field in self.fields:
            place = _swallowing(field)
            if place is None:
                continue
            piece, at = place
            line, column = self.source.place(at)
            message = (
                f"the field `{field.name}` of {self.name} runs on over what looks like "
                f"another field at {line}:{column}"
            )
            hint = f"close the value of `{field.name}` where it ends"
            self.problems.append(
                self.source.problem(
                    "bib-swallowed-field", piece.offset - 1, message, hint, "warning"
                )
            )

    def unclosed(self, fault: Unclosed) -> Problem:
        """Return the problem of a block that never closes, naming the bracket to blame."""
        blamed, what = fault.offset, "its bracket"
        if fault.offset != self.opened:
            what = f"the value of `{fault.field}`"
        else:
            # All values closed: the one that runs over other fields took the last brace.
            for field in self.fields:
                place = _swallowing(field)
                if place is not None:
                    blamed, what = place[0].offset - 1, f"the value of `{field.name}`"
                    break
        line, column = self.source.place(blamed)
        message = f"{self.name} never closes: {what}, opened at {line}:{column}, has no end"
        hint = (
            f"close the bracket that line {line}, column {column} opens; "
            "until then the entry is left out"
        )
        return self.source.problem("bib-unclosed-entry", self.start, message, hint)


def _swallowing(field: Field) -> tuple[Piece, int] | None:
    """Return the piece of a value that holds what looks like another field, and that place."""
    for piece in field.pieces:
        if not piece.macro and "\n" in piece.text:
            match = _SWALLOWED.search(piece.text)
            if match is not None:
                at = match.end() - len(match[0].lstrip())
                return piece, piece.offset + at
    return None
