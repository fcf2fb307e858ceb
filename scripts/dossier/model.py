"""The vocabulary of the engine as frozen values: no behaviour, no input or output.

The words are those of DESIGN.md. Everything here is hashable or holds only
tuples and read-only mappings, so a value can be shared between pages and threads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Standing = Literal["primary", "research", "news", "advocacy", "party", "copy"]
Bearing = Literal["supports", "qualifies", "contradicts"]
Assessment = Literal[
    "unsupported",
    "contradicted",
    "disputed",
    "qualified",
    "single-origin",
    "confirmed",
]
ColumnKind = Literal["text", "number", "money", "percent", "date"]
ChartKind = Literal["bars", "dated", "timeline", "matrix"]
CheckResult = Literal["there", "moved", "changed", "gone"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in an input file.

    `path` is POSIX and relative to the project; `line` and `column` count from 1,
    columns in code points. `start` and `end` are offsets into the text of the file,
    in code points, both 0 where only the line is known.
    """

    path: str
    line: int = 1
    column: int = 1
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the bibliography.

    `fields` holds names in lower case and values as BibTeX source with @string
    macros expanded and the outer delimiters taken off, in the order of the file.
    `bibtex` is the whole entry rewritten for the style processor. `title`, `year`
    and `date` are plain text, empty where the entry has none. `parents` are the keys
    of the entries from which it takes fields.
    """

    key: str
    type: str
    fields: tuple[tuple[str, str], ...]
    bibtex: str
    span: Span
    title: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    doi: str = ""
    url: str = ""
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Capture:
    """What is kept of the text of a source as retrieved on a day; never the text.

    `retrieved` is an ISO 8601 date, empty where the day was not recorded; `sha256`
    is the hash of the UTF-8 text in lower-case hexadecimal; `words` counts runs of
    non-space characters. `bytes_sha256` is the hash of what was retrieved (the HTML, the
    PDF), empty where the text itself was, or where nobody took it.
    """

    sha256: str
    words: int
    extent: Literal["full", "partial"]
    retrieved: str = ""
    bytes_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """Where a passage stands in a capture, and the hash of its words.

    `start` and `end` count the words of the capture (runs of non-space characters), from 0,
    the end not included; `sha256` is the hash of the passage as version `version` of the
    seal normalises it.
    """

    version: int
    capture_sha256: str
    start: int
    end: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A quotation whose omission a human being found fair: its words as printed, and why."""

    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A short verbatim excerpt of a source: a W3C TextQuoteSelector with an id.

    `relies_on` overrides the record's: None inherits, "none" says that the source
    speaks for itself, a key (or key#passage) names where the facts come from.
    `voice` names whose words or facts they are where these are not the source's own
    and that origin has no record (an official's reply, carried by a newspaper). `confirmed`
    are quotations of it that leave out a negation or the end of a sentence.
    """

    id: str
    exact: str
    span: Span
    locator: str = ""
    prefix: str = ""
    suffix: str = ""
    relies_on: str | None = None
    voice: str = ""
    variant_of: str = ""
    read: Literal["once", "twice"] = "once"
    care: str = ""
    seal: Seal | None = None
    confirmed: tuple[Confirmation, ...] = ()


@dataclass(frozen=True, slots=True)
class Independence:
    """The word of a person that a source takes nothing from another, and why."""

    key: str
    reason: str
    span: Span = field(default=Span(""), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """What we hold of one reference: its standing, relations, captures and passages.

    `archived` is the address of an archived copy; `independent_of` names the sources whose
    text is like this one's without a relation between them. `places` says where some fields
    stand, by their names.
    """

    key: str
    standing: Standing
    span: Span
    kind: str = ""
    interest: str = ""
    note: str = ""
    copy_of: str = ""
    relies_on: str = ""
    captures: tuple[Capture, ...] = ()
    passages: tuple[Passage, ...] = ()
    archived: str = ""
    independent_of: tuple[Independence, ...] = ()
    places: tuple[tuple[str, Span], ...] = field(default=(), compare=False, repr=False)

    def place(self, name: str) -> Span:
        """Return where the value of a field stands, or the record where that is not known."""
        return dict(self.places).get(name, self.span)

    def passage(self, id_: str) -> Passage | None:
        """Return the passage of that id, or None."""
        return next((p for p in self.passages if p.id == id_), None)


@dataclass(frozen=True, slots=True)
class Bears:
    """One passage's bearing on a finding; `passage` is its address, key#id."""

    passage: str
    bears: Bearing
    span: Span
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One checkable statement with the passages that bear on it.

    `torn` tells that some of its evidence is malformed, so that `evidence` is not all of it.
    """

    id: str
    chapter: str
    statement: str
    evidence: tuple[Bears, ...]
    span: Span
    figure: str = ""
    note: str = ""
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Assessed:
    """A finding with what its evidence comes to.

    `supports`, `qualifies` and `contradicts` hold the distinct origins of the passages that
    bear on it so, sorted: keys of records, or `voice:name` for a speaker without a record.
    """

    finding: Finding
    assessment: Assessment
    supports: tuple[str, ...] = ()
    qualifies: tuple[str, ...] = ()
    contradicts: tuple[str, ...] = ()

    @property
    def origins(self) -> int:
        """The number of distinct origins that support the finding."""
        return len(self.supports)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a series: its field, heading, kind of value and unit."""

    id: str
    title: str
    kind: ColumnKind = "text"
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a series: values by column, as written, and the passages they come from."""

    values: Mapping[str, str]
    passages: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Chart:
    """The picture of a series: its kind, and the columns it is drawn from, by id.

    `label` names each datum, `value` is its number, `date` its day or period, `group` what it is
    sorted by; `claim` is the column whose text, where a row has one, says that the row is a claim
    and no measurement. Those that a kind has no use for are empty.
    """

    kind: ChartKind
    label: str = ""
    value: str = ""
    date: str = ""
    group: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers or events over time, each row with the passages it comes from."""

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    span: Span
    caption: str = ""
    chart: Chart | None = None


def in_percent(share: float) -> str:
    """Return a share from 0 to 1 in per cent, to one digit, a half rounded up: `32.2%`."""
    return f"{(Decimal(str(share)) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


@dataclass(frozen=True, slots=True)
class Overlap:
    """The containment of the text of `part` in that of `whole`, from 0 to 1.

    Measured over runs of `run` words; `part_sha256` and `whole_sha256` name the two
    texts that were compared. `spread` and `carried` are what tells a copy from a shared
    quotation (see `copies`), None where they were not measured.
    """

    part: str
    whole: str
    run: int
    share: float
    part_sha256: str
    whole_sha256: str
    span: Span = Span("")
    spread: float | None = None
    carried: float | None = None


@dataclass(frozen=True, slots=True)
class PassageCheck:
    """What became of one passage at an address; `now` is what stands there where it changed."""

    id: str
    result: CheckResult
    now: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One look at the address of a source, or at its archived copy, on a day (ISO 8601).

    `moved_to` is the address that answered where it is another one. Where nothing could be
    read, `fault` says why; then a passage has a result only if the page is known to be gone.
    """

    key: str
    where: Literal["address", "archive"]
    address: str
    checked: str
    passages: tuple[PassageCheck, ...] = ()
    moved_to: str = ""
    fault: str = ""
    span: Span = Span("")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a project holds, read once: what pages are checked and woven against."""

    references: Mapping[str, Reference] = field(default_factory=dict)
    records: Mapping[str, Record] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    series: Mapping[str, Series] = field(default_factory=dict)
    overlaps: tuple[Overlap, ...] = ()
    names: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
