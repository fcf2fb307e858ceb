"""The forms of the files in `sources/`: what keys they have and what may stand in each.

Held against the plain values of a YAML tree, where every scalar is text; the same classes
give the JSON Schemas by which an editor completes and checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from dossier.model import Bearing, ChartKind, CheckResult, ColumnKind, Standing


def _wrong(words: str) -> PydanticCustomError:
    """Return the error of a value; `words` completes the sentence "it must be ..."."""
    return PydanticCustomError("shape", "{words}", {"words": words})


@dataclass(frozen=True, slots=True)
class Shape:
    """A regular expression that the whole of a text must match, and what it means in words."""

    pattern: str
    words: str

    def check(self, value: str) -> str:
        """Return the value, or raise the error that pydantic collects."""
        if re.fullmatch(self.pattern, value) is None:
            raise _wrong(self.words)
        return value

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return the schema of a text with this check after it."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Return the JSON Schema of a text with this pattern."""
        return {**handler(schema), "pattern": f"^(?:{self.pattern})$"}


def _number(convert: Callable[[str], int | float], pattern: str, words: str) -> BeforeValidator:
    """Return a validator that reads a number from the text that the YAML reader gives."""

    def read(value: object) -> int | float:
        if not isinstance(value, str) or re.fullmatch(pattern, value) is None:
            raise _wrong(words)
        return convert(value)

    return BeforeValidator(read)


def _day(value: str) -> str:
    """Return an ISO 8601 calendar date that exists."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            date.fromisoformat(value)
            return value
    except ValueError:
        pass
    raise _wrong("a date that exists, written like 2025-07-08")


_KEBAB = r"[a-z0-9]+(?:-[a-z0-9]+)*"

Filled: TypeAlias = Annotated[str, Shape(r"[\s\S]*\S[\s\S]*", "a text that is not empty")]
Key: TypeAlias = Annotated[str, Shape(r"\S+", "one key of the bibliography, without spaces")]
Id: TypeAlias = Annotated[
    str, Shape(_KEBAB, "words in small letters or digits, joined by hyphens (like-this)")
]
Address: TypeAlias = Annotated[
    str, Shape(r"\S+#[^\s#]+", "the address of a passage, written key#passage")
]
Whole: TypeAlias = Annotated[
    int, _number(int, r"[0-9]{1,9}", "a whole number"), Field(ge=0, le=999_999_999)
]
Share: TypeAlias = Annotated[
    float,
    _number(float, r"0(?:\.[0-9]+)?|1(?:\.0+)?", "a number from 0 to 1, written like 0.322"),
    Field(ge=0, le=1),
]
Day: TypeAlias = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"})]
WebAddress: TypeAlias = Annotated[
    str, Shape(r'https?://[^\s<>"]+', "an address that begins with https:// or http://")
]
Hash: TypeAlias = Annotated[
    str, Shape(r"[0-9a-f]{64}", "a SHA-256 hash: 64 digits and letters from a to f")
]


class Form(BaseModel):
    """What all forms share: no other keys than those named, and no value changed to fit."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class CaptureForm(Form):
    """A capture: the text of the source as retrieved on a day, by its hash."""

    sha256: Hash = Field(description="the hash of the text, in UTF-8")
    words: Whole = Field(description="runs of non-space characters")
    extent: Literal["full", "partial"] = Field(
        description="full: the text of the whole source; partial: of a part, as before a paywall"
    )
    retrieved: Day | None = Field(
        None, description="the day of retrieval, as an ISO 8601 date", examples=["2025-07-08"]
    )
    bytes_sha256: Hash | None = Field(None, description="the hash of what was retrieved")


class SealForm(Form):
    """Where a passage stands in a capture; written by `dossier capture`, never by hand."""

    version: Whole = Field(description="the version of the normal form that was hashed")
    capture_sha256: Hash = Field(description="the hash of the text of the capture")
    start: Whole = Field(description="the words of the capture before the passage")
    end: Whole = Field(description="the words of the capture up to the end of the passage")
    sha256: Hash = Field(description="the hash of the normalised passage")


class ConfirmationForm(Form):
    """A quotation of a passage that leaves out a negation or the end of a sentence, and stands."""

    words: Filled = Field(
        description="the quotation as it is printed, with its ellipses",
        examples=["The first words [...] and the last"],
    )
    reason: Filled = Field(
        description="why the sense stands without what is left out",
        examples=["What is left out names the three centers, and denies nothing."],
    )


class PassageForm(Form):
    """A short verbatim excerpt of the source."""

    id: Id = Field(
        description="unique in the record, mnemonic, never changed",
        examples=["two-deportation-cases"],
    )
    exact: Filled = Field(description="the very words of the source, whole where a cut would limit")
    locator: str | None = Field(
        None, description="where it stands", examples=["p. 3", "Executive Summary"]
    )
    prefix: str | None = Field(None, description="the words before, where needed to tell it apart")
    suffix: str | None = Field(None, description="the words after, where needed to tell it apart")
    relies_on: Key | None = Field(
        None,
        description="key or key#passage its facts come from; none: the source itself",
        examples=["none", "dhs2014costs", "dhs2014costs#total-2014"],
    )
    voice: Filled | None = Field(
        None,
        description="whose words or facts these are, where that origin has no record",
        examples=["U.S. Department of Homeland Security"],
    )
    variant_of: Address | None = Field(
        None,
        description="key#passage this is an altered copy of",
        examples=["dhs2014costs#total-2014"],
    )
    read: Literal["once", "twice"] | None = Field(
        None, description="twice: compared character by character by a second reader"
    )
    care: str | None = Field(None, description="what to mind when printing it")
    seal: SealForm | None = Field(
        None, description="where it stands in a capture; written by `dossier capture`"
    )
    confirmed: list[ConfirmationForm] | None = Field(
        None, description="quotations that leave out a negation or a sentence's end, confirmed"
    )


class IndependenceForm(Form):
    """A source whose text is like this one's without a relation between them."""

    key: Key = Field(description="the key of the other source", examples=["dhs2014costs"])
    reason: Filled = Field(
        description="why they are alike, a full sentence",
        examples=["Both print the same press notice at the foot of every page."],
    )


class RecordForm(Form):
    """A source record: what is held of one entry of the bibliography."""

    key: Key = Field(
        description="the key of the entry in the bibliography", examples=["dhs2014costs"]
    )
    standing: Standing = Field(
        description="primary: a statute, a document of the body concerned; research: studies; "
        "news: reporting; advocacy: of a group with a cause; party: of one side of a case; "
        "copy: a text taken from another"
    )
    kind: str | None = Field(
        None, description="what kind of document, in plain words", examples=["news article"]
    )
    interest: str | None = Field(
        None,
        description="any interest worth knowing, a full sentence",
        examples=["The site writes in favor of the centers."],
    )
    note: str | None = Field(None, description="our remark about the source")
    copy_of: Key | None = Field(
        None, description="key this source takes its text from", examples=["stop2024release"]
    )
    relies_on: Key | None = Field(
        None,
        description="key or key#passage its facts come from",
        examples=["dhs2014costs", "dhs2014costs#total-2014"],
    )
    archived: WebAddress | None = Field(
        None,
        description="the address of an archived copy",
        examples=["https://archive.example/2025/page"],
    )
    independent_of: list[IndependenceForm] | None = Field(
        None, description="sources whose text is like this one's, for another reason than copying"
    )
    captures: list[CaptureForm] | None = Field(
        None, description="the texts retrieved, by their hashes; written by `dossier capture`"
    )
    passages: list[PassageForm] | None = Field(
        None, description="short verbatim excerpts, each cited as key#id"
    )


class BearsForm(Form):
    """One passage and how it bears on the finding."""

    passage: Address = Field(
        description="the address of the passage, key#id", examples=["dhs2014costs#total-2014"]
    )
    bears: Bearing = Field(
        description="supports it, qualifies it (adds a condition), or contradicts it"
    )
    note: str | None = Field(
        None, description="a few words", examples=["what the statute does not cover"]
    )


class FindingForm(Form):
    """One checkable statement, and the passages that bear on it."""

    id: Id = Field(
        description="unique over all files, never changed",
        examples=["boston-reports-in-deportation-cases"],
    )
    statement: Filled = Field(
        description="one sentence in our own words, plain text",
        examples=["Fusion centers are run by DHS."],
    )
    figure: str | None = Field(
        None,
        description="its number, as a supporting passage has it",
        examples=["at least two cases"],
    )
    note: str | None = Field(None, description="its limits, or the answer of the other side")
    evidence: list[BearsForm] = Field(
        description="every passage that bears on it, above all those against"
    )


class FindingsForm(Form):
    """The findings of a chapter."""

    chapter: Id = Field(
        description="the name by which `::: findings` asks for them", examples=["spending"]
    )
    findings: list[FindingForm] = Field(description="in the order in which the chapter shows them")


class ColumnForm(Form):
    """A column of a series."""

    id: Annotated[
        str,
        Shape(
            r"(?!passages$)[a-z][a-z0-9_-]*",
            "a name in small letters, digits, - and _, and not `passages`",
        ),
    ] = Field(description="the field of the rows that is its cell", examples=["when", "amount"])
    title: Filled = Field(description="the heading of the column", examples=["Date"])
    kind: ColumnKind | None = Field(
        None, description="what its cells hold, text by default; numbers are set flush right"
    )
    unit: str | None = Field(
        None, description="the unit of its numbers, shown in the head", examples=["million dollars"]
    )


class RowForm(Form):
    """A row of a series: a value for each column, and the passages these stand in."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"additionalProperties": {"type": ["string", "number", "null"]}},
    )
    __pydantic_extra__: dict[str, str | None] = Field(init=False)

    passages: Annotated[list[Address], Field(min_length=1)] = Field(
        description="the passages in which every value of the row stands, each key#id",
        examples=[["dhs2014costs#total-2014"]],
    )


class ChartForm(Form):
    """The picture of a series; a column that is left out is the first of the kind needed."""

    kind: ChartKind = Field(
        description="bars: numbers side by side; dated: numbers on an axis of time; timeline: "
        "events; matrix: rows by a group, with the origins of each counted"
    )
    label: Filled | None = Field(None, description="the column that names each row")
    value: Filled | None = Field(None, description="the column of its number")
    date: Filled | None = Field(None, description="the column of its date")
    group: Filled | None = Field(None, description="the column of the group it is in")
    claim: Filled | None = Field(
        None, description="the column whose text says that a row is a claim, not a measurement"
    )


class SeriesForm(Form):
    """Numbers or events over time."""

    id: Id = Field(
        description="the name by which `::: table` and `::: chart` ask for it",
        examples=["agreements-287g"],
    )
    title: Filled = Field(
        description="what the table shows", examples=["287(g) agreements over time"]
    )
    caption: str | None = Field(None, description="what to know of the rows, below the title")
    chart: ChartForm | None = Field(None, description="how it is drawn, where columns do not say")
    columns: Annotated[list[ColumnForm], Field(min_length=1)] = Field(
        description="the columns from left to right"
    )
    rows: list[RowForm] = Field(description="the rows, with a field for each column")


class NamesForm(Form):
    """Names in which a number is no number that a source must hold."""

    names: list[Filled] = Field(
        description="proper names with their capital letters", examples=[["Special Order 40"]]
    )


class OverlapForm(Form):
    """How much of one capture stands in another."""

    part: Key = Field(description="the key of the source whose words are counted")
    whole: Key = Field(description="the key of the source in which they are looked for")
    run: Whole = Field(description="length of the runs compared, in words")
    share: Share = Field(description="containment of the part in the whole, from 0 to 1")
    part_sha256: Hash = Field(description="the hash of the text of the part")
    whole_sha256: Hash = Field(description="the hash of the text of the whole")
    spread: Share | None = Field(
        None, description="share of the runs, less quotations and the longest stretch"
    )
    carried: Share | None = Field(
        None, description="share of the words in stretches that run alongside, likewise"
    )


class OverlapsForm(Form):
    """The overlaps measured where the captures are held."""

    overlaps: list[OverlapForm] = Field(description="every two captures, both ways")


class PassageCheckForm(Form):
    """What became of one passage."""

    id: Id = Field(description="the id of the passage in its record")
    result: CheckResult = Field(
        description="there: the very words stand there; moved: at another address; changed: "
        "something like them does; gone: nothing does"
    )
    now: str | None = Field(None, description="what stands there where it changed")


class CheckForm(Form):
    """One look at the address of a source, or at its archived copy."""

    key: Key = Field(description="the key of the source")
    where: Literal["address", "archive"] = Field(
        description="address: that of the source; archive: that of its archived copy"
    )
    address: WebAddress = Field(description="the address that was looked at")
    checked: Day = Field(description="the day, as an ISO 8601 date", examples=["2025-07-08"])
    moved_to: WebAddress | None = Field(None, description="the address that answered")
    fault: Filled | None = Field(None, description="why nothing could be read")
    passages: list[PassageCheckForm] | None = Field(
        None, description="what became of each passage of the record"
    )


class ChecksForm(Form):
    """The results of `dossier verify --live`; written by it, never by hand."""

    checks: list[CheckForm] = Field(description="the last look at each address")
