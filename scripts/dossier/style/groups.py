"""Works that may influence one another's labels, told from those that cannot.

A processor adds names, given names, letters to years and more where works would be cited
alike (CSL 1.0.2, "Disambiguation"), and two works are cited alike only where what stands
first is the same. In a style that names authors that is the first person of some list of
names, or, where there is none, some other words of the entry. So works are tied together
that share the family name of a first person; a body as author, and an entry without
persons, is tied to all of whose names it holds a word. What is tied too much costs time;
what is tied too little would change a label, so that all doubt ties.
"""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dossier.model import Reference

_FIELD = re.compile(r"([A-Za-z][\w-]*)\s*=\s*([{\"])")
_AND = re.compile(r"\\.|[{}]|\s+and\s+", re.DOTALL | re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+(?:['’ʼ‐-][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
_COMMANDED = "\\"
"""Stands for all texts with commands: their letters may be those of any other text."""
_BY_NOTHING = "()"
"""Stands for all that is cited without a word of its own."""
_PARENTS = frozenset({"crossref", "xdata", "xref"})
# biblatex 3.20, section 2.2.2, "Data Types": lists of names; that of `holder` is one too.
_NAMES = """
author editor editora editorb editorc translator bookauthor director holder annotator commentator
introduction foreword afterword shortauthor shorteditor sortname namea nameb namec
"""
# By these a work with a title is not cited.
_BARE = """
date year month day volume number issue pages pagetotal doi url urldate eprint eprinttype isbn issn
langid language edition series chapter keywords abstract note crossref xdata origdate eventdate
"""


@dataclass(frozen=True, slots=True)
class Traits:
    """What in a style decides whether and how a bibliography may be divided.

    `divisible` is false where a work's label depends on more than works cited alike: on its
    number, or on a label made of letters of several names; for notes; and where nothing is
    listed, or no authors are named. `all_names` tells that given names are added wherever a
    family name is shared, and not only to first persons. `slow` tells that they are added to
    names at all, wherever these stand, for which the processor takes a square of time.
    """

    divisible: bool = False
    all_names: bool = False
    slow: bool = False


def traits_of(csl: str) -> Traits:
    """Return the traits of a style, given as XML that a processor takes."""
    root = ET.fromstring(csl)  # noqa: S314 - written by `csl`, or pandoc's own
    elements = {tag: [e for e in root.iter() if e.tag.endswith(f"}}{tag}")] for tag in _TAGS}
    variables = {v for e in root.iter() for v in e.get("variable", "").split()}
    named = {v for e in elements["names"] for v in e.get("variable", "").split()}
    rules = {e.get("givenname-disambiguation-rule", _BY_CITE) for e in elements["citation"]}
    # A variable may also be a key of a sort, or stand in a condition.
    counted = {"citation-number", "citation-label"} & variables
    divisible = (
        root.get("class") == "in-text"
        and not counted
        and len(elements["citation"]) == len(elements["bibliography"]) == 1
        and "author" in named
    )
    return Traits(divisible, not rules <= _OF_FIRST_PERSONS, rules != {_BY_CITE})


_TAGS = ("citation", "bibliography", "names")
_BY_CITE = "by-cite"
_OF_FIRST_PERSONS = {_BY_CITE, "primary-name", "primary-name-with-initials"}


BY_NAMES, BY_WORDS, BY_NOTHING = range(3)
"""By what a work is cited: names, other words of its entry, or words of the style ("n.d.")."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a work may be cited by.

    `persons` are the family names of first persons, `bodies` the whole names of bodies,
    `texts` these and, of an entry without names, all its values; `words` the words of the
    texts; all folded. `parents` are the keys it takes fields from, `first` is where it is
    likely to be sorted, and `level` by what it is cited.
    """

    persons: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    parents: frozenset[str] = frozenset()
    first: str = ""
    level: int = BY_NAMES


def names_of(reference: Reference, traits: Traits, level: int = BY_NAMES) -> Names:
    """Return what a work may be cited by: what its entry has, and what is known of its label."""
    fields = dict(_fields(reference.bibtex))
    persons, bodies = set[str](), list[str]()
    for field in sorted(fields.keys() & set(_NAMES.split())):
        people = _people(fields[field])
        for name in people if traits.all_names else people[:1]:
            family = _family(name)
            if family:
                persons.add(family)
            else:
                bodies.append(name)
    texts = bodies
    if level >= BY_WORDS or not (persons or bodies):
        level = max(level, BY_WORDS)
        titled = bool(fields.get("title"))
        texts = [*bodies, reference.key]  # the key stands in for what cannot be read
        texts += [v for f, v in fields.items() if not (titled and f in _BARE.split())]
    parents = ",".join(fields.get(field, "") for field in _PARENTS)
    lead = next((fields[f] for f in ("author", "editor", "title") if fields.get(f)), "")
    people = _people(lead)
    return Names(
        frozenset(persons),
        frozenset(filter(None, map(fold, bodies))),
        frozenset(_COMMANDED if "\\" in text else fold(text) for text in texts if fold(text))
        | ({_BY_NOTHING} if level == BY_NOTHING else frozenset()),
        frozenset(word for text in texts for word in words_of(text)),
        frozenset(key.strip() for key in parents.split(",")) - {""},
        (_family(people[0]) if people else "") or fold(lead),
        level,
    )


def group(names: Sequence[Names], keys: Sequence[str]) -> Ties:
    """Return works tied together, by their numbers: those of two sets cannot meet."""
    ties = Ties(len(names))
    met: dict[tuple[str, str], int] = {}
    persons = {person for name in names for person in name.persons}
    numbers = {key: n for n, key in enumerate(keys)}
    commanded = any(_COMMANDED in name.texts for name in names)
    for n, name in enumerate(names):
        tokens = {("person", p) for p in name.persons | (name.words & persons)}
        tokens |= {("text", text) for text in name.texts}
        if commanded and not all(map(str.isascii, name.persons | name.bodies)):
            tokens.add(("text", _COMMANDED))
        for token in tokens:
            ties.tie(met.setdefault(token, n), n)
        for parent in name.parents & numbers.keys():
            ties.tie(numbers[parent], n)
    return ties


class Ties:
    """Numbers tied together, and the least of each set (disjoint sets, by size)."""

    def __init__(self, count: int) -> None:
        self._up = list(range(count))
        self._sizes = [1] * count

    def root(self, n: int) -> int:
        """Return the number that stands for all that are tied to one."""
        while self._up[n] != n:
            self._up[n] = n = self._up[self._up[n]]
        return n

    def size(self, n: int) -> int:
        """Return how many are tied to one, itself included."""
        return self._sizes[self.root(n)]

    def tie(self, a: int, b: int) -> None:
        """Tie two numbers, and all that are tied to them."""
        a, b = sorted((self.root(a), self.root(b)))
        if a != b:
            self._up[b] = a
            self._sizes[a] += self._sizes[b]


def level_of(label: str, names: Names) -> int:
    """Return by what a work is cited, told by its label: what was thought, or the next."""
    words = {word for word in words_of(label) if not word.isdecimal()}
    if names.level == BY_NAMES:
        folded = fold(label)
        named = not names.persons.isdisjoint(words) or any(b in folded for b in names.bodies)
        return BY_NAMES if named else BY_WORDS
    # Single letters may be those of an abbreviation.
    held = any(len(word) > 1 and word in names.words for word in words)
    return BY_WORDS if held and names.level == BY_WORDS else BY_NOTHING


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text or of LaTeX, folded, and what hyphens part in them."""
    for word in _WORD.findall(_COMMAND.sub("", text).replace("{", "").replace("}", "")):
        yield fold(word)
        if not word.isalnum():
            yield from map(fold, _PART.findall(word))


def fold(text: str) -> str:
    """Return the letters and digits of a text or of LaTeX, without case and accents."""
    if text.isascii() and text.isalnum():
        return text.lower()
    if "\\" in text:
        text = _COMMAND.sub("", text)
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def _fields(source: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of an entry with their values as LaTeX."""
    at = source.find(",")
    while match := _FIELD.search(source, max(at, 0)):
        depth, end = 0, len(source)
        quoted = match[2] == '"'
        start = match.end()
        for sign in re.finditer(r'\\.|[{}"]', source[start:], re.DOTALL):
            if sign[0] == ("}" if not quoted else '"') and depth == 0:
                end = start + sign.start()
                break
            depth += (sign[0] == "{") - (sign[0] == "}")
        yield match[1].lower(), source[start:end]
        at = end + 1


def _people(value: str) -> list[str]:
    """Return the names of a list, split at each `and` outside of braces."""
    names, depth, start = [], 0, 0
    for sign in _AND.finditer(value):
        if sign[0] in "{}":
            depth += 1 if sign[0] == "{" else -1
        elif depth == 0 and not sign[0].startswith("\\"):
            names.append(value[start : sign.start()])
            start = sign.end()
    return [name.strip() for name in (*names, value[start:]) if name.strip()]


def _family(name: str) -> str:
    """Return the last word of a person's family name, folded; empty for what may be none.

    BibTeX, "Names": `First von Last`, or `von Last, Jr, First`. With braces, commands and
    signs of equality a name may be split in other places.
    """
    if any(sign in name for sign in "{}\\=~"):
        return ""
    words = name.partition(",")[0].split()
    return fold(words[-1]) if words else ""
