"""@string macros: the months, those of plain.bst, and the definitions of the files."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from dossier.bibliography.block_syntax import Block
from dossier.bibliography.source import Source
from dossier.bibliography.value_syntax import Piece
from dossier.problems import Problem, listed, nearest

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

# The macros that every BibTeX style defines (btxbst.doc, "MACRO"), then those of plain.bst.
PREDEFINED = {
    **{month[:3].lower(): month for month in MONTHS},
    "acmcs": "ACM Computing Surveys",
    "acta": "Acta Informatica",
    "cacm": "Communications of the ACM",
    "ibmjrd": "IBM Journal of Research and Development",
    "ibmsj": "IBM Systems Journal",
    "ieeese": "IEEE Transactions on Software Engineering",
    "ieeetc": "IEEE Transactions on Computers",
    "ieeetcad": "IEEE Transactions on Computer-Aided Design of Integrated Circuits",
    "ipl": "Information Processing Letters",
    "jacm": "Journal of the ACM",
    "jcss": "Journal of Computer and System Sciences",
    "scp": "Science of Computer Programming",
    "sicomp": "SIAM Journal on Computing",
    "tocs": "ACM Transactions on Computer Systems",
    "tods": "ACM Transactions on Database Systems",
    "tog": "ACM Transactions on Graphics",
    "toms": "ACM Transactions on Mathematical Software",
    "toois": "ACM Transactions on Office Information Systems",
    "toplas": "ACM Transactions on Programming Languages and Systems",
    "tcs": "Theoretical Computer Science",
}

LENGTH_LIMIT = 65_536
"""Characters of an expanded value: macros that double one another grow without bound."""


@dataclass(frozen=True, slots=True)
class _Definition:
    """One @string: where it stands among all blocks of all files, and its value as written."""

    name: str
    order: int
    source: Source
    offset: int
    pieces: tuple[Piece, ...]


class Macros:
    """The macros of a bibliography. Names do not heed case; the order of definitions counts."""

    def __init__(self, definitions: Sequence[tuple[int, Source, Block]]) -> None:
        self.problems: list[Problem] = []
        self._by_name: dict[str, list[_Definition]] = {}
        self._values: dict[int, str] = {}
        for order, source, block in definitions:
            for field in block.fields:
                definition = _Definition(field.name, order, source, field.offset, field.pieces)
                self._by_name.setdefault(field.name, []).append(definition)
        self._near = lru_cache(maxsize=None)(self._nearest)
        for defined in self._by_name.values():
            for definition in defined:
                self._resolve(definition)
        for defined in self._by_name.values():
            self._report_repeats(defined)

    def expand(
        self, source: Source, pieces: Sequence[Piece], order: int, where: str
    ) -> tuple[str, list[Problem]]:
        """Return the text of a value, and a problem for each macro in it that is unknown.

        `order` is the place of the block among all blocks; `where` names the field in words.
        """
        if len(pieces) == 1 and not pieces[0].macro:
            return pieces[0].text, []
        texts: list[str] = []
        problems: list[Problem] = []
        for piece in pieces:
            if not piece.macro:
                texts.append(piece.text)
                continue
            definition = self._definition(piece.text, order)
            if definition is not None:
                texts.append(self._values.get(id(definition), ""))
            elif piece.text.lower() in PREDEFINED:
                texts.append(PREDEFINED[piece.text.lower()])
            else:
                problems.append(self._unknown(source, piece, where))
        length = sum(map(len, texts))
        if length > LENGTH_LIMIT and len(pieces) > 1:
            message = f"{where} grows to {length} characters, more than {LENGTH_LIMIT}"
            hint = "look for macros that are built from one another again and again"
            at = pieces[0].offset
            return "", [*problems, source.problem("string-too-long", at, message, hint)]
        return "".join(texts), problems

    def _definition(self, name: str, order: int) -> _Definition | None:
        """Return the definition in force at a block: the last before it, or else the first after.

        BibTeX wants macros defined first; a file that defines them last is no riddle.
        """
        defined = self._by_name.get(name.lower())
        if not defined:
            return None
        index = bisect_left(defined, order, key=lambda d: d.order)
        return defined[index - 1] if index else defined[0]

    def _resolve(self, first: _Definition) -> None:
        """Work out the value of a definition, those it needs first; a cycle is reported once."""
        path = [(first, iter(first.pieces))]
        open_ = {id(first)}
        while path:
            current, pieces = path[-1]
            for piece in pieces:
                needed = self._definition(piece.text, current.order) if piece.macro else None
                if needed is None or id(needed) in self._values:
                    continue
                if id(needed) in open_:
                    self._report_cycle([d for d, _ in path], needed)
                    self._values[id(needed)] = ""
                    continue
                path.append((needed, iter(needed.pieces)))
                open_.add(id(needed))
                break
            else:
                path.pop()
                open_.discard(id(current))
                self._settle(current)

    def _settle(self, definition: _Definition) -> None:
        if id(definition) in self._values:
            return
        where = f"the @string `{definition.name}`"
        text, problems = self.expand(definition.source, definition.pieces, definition.order, where)
        self.problems += problems
        self._values[id(definition)] = text

    def _report_cycle(self, stack: list[_Definition], again: _Definition) -> None:
        start = next(i for i, d in enumerate(stack) if d is again)
        path = " -> ".join(f"`{d.name}`" for d in [*stack[start:], again])
        self.problems.append(
            again.source.problem(
                "string-cycle",
                again.offset,
                f"the @string `{again.name}` is defined by itself: {path}",
                "give one of them a text of its own",
            )
        )

    def _report_repeats(self, defined: list[_Definition]) -> None:
        for before, again in pairwise(defined):
            if self._values.get(id(before)) == self._values.get(id(again)):
                continue
            line, _ = before.source.place(before.offset)
            self.problems.append(
                again.source.problem(
                    "duplicate-string",
                    again.offset,
                    f"the @string `{again.name}` is defined again, and differently; "
                    f"first at {before.source.path}:{line}",
                    "rename one of the two: the blocks after each definition use that one",
                    "warning",
                )
            )

    def _unknown(self, source: Source, piece: Piece, where: str) -> Problem:
        near = self._near(piece.text)
        text = f"text is written `{{{piece.text}}}`"
        hint = f"define it with @string; a {text}"
        if near:
            hint = f"did you mean {listed(near)}? A {text}"
        return source.problem(
            "unknown-string",
            piece.offset,
            f"the @string `{piece.text}` is not defined ({where})",
            hint,
        )

    def _nearest(self, name: str) -> list[str]:
        if len(self._by_name) > 2_000:
            pool = [n for n in self._by_name if n[:1] == name[:1].lower()][:2_000]
        else:
            pool = list(self._by_name)
        months = [month[:3].lower() for month in MONTHS]
        return nearest(name.lower(), [*pool, *months])
