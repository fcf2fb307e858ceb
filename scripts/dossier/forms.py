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
    str, Shape(r"https?://[^\s<>\"]+", "an address that begins with https:// or http://")
]
Hash: TypeAlias = Annotated[
    str, Shape(r"[0-9a-f]{64}", "a SHA-256 hash: 64 digits and letters from a to f")
]


class Form(BaseModel):
    """What all forms share: no other keys than those named, and no value changed to fit."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class CaptureForm(Form):
    """A capture: the text of the source as retrieved on a day, by its hash."""

    sha256: Hash
    words: Whole = Field(description="runs of non-space characters")
    extent: Literal["full", "partial"]
    retrieved: Day | None = Field(None, description="ISO 8601 date")
    bytes_sha256: Hash | None = Field(None, description="the hash of what was retrieved")


class SealForm(Form):
    """Where a passage stands in a capture; written by `dossier capture`, never by hand."""

    version: Whole
    capture_sha256: Hash = Field(description="the hash of the text of the capture")
    start: Whole = Field(description="the words of the capture before the passage")
    end: Whole = Field(description="the words of the capture up to the end of the passage")
    sha256: Hash = Field(description="the hash of the normalised passage")


class ConfirmationForm(Form):
    """A quotation of a passage that leaves out a negation or the end of a sentence, and stands."""

    words: Filled = Field(description="the quotation as it is printed, with its ellipses")
    reason: Filled = Field(description="why the sense stands without what is left out")


class PassageForm(Form):
    """A short verbatim excerpt of the source."""

    id: Id = Field(description="unique in the record, mnemonic, never changed")
    exact: Filled = Field(description="the very words of the source")
    locator: str | None = Field(None, description="where it stands: p. 3, Executive Summary")
    prefix: str | None = Field(None, description="the words before, where needed to tell it apart")
    suffix: str | None = Field(None, description="the words after, where needed to tell it apart")
    relies_on: Key | None = Field(
        None, description="key or key#passage its facts come from; none: the source itself"
    )
    voice: Filled | None = Field(
        None, description="whose words or facts these are, where that origin has no record"
    )
    variant_of: Address | None = Field(None, description="key#passage this is an altered copy of")
    read: Literal["once", "twice"] | None = Field(
        None, description="twice: compared character by character by a second reader"
    )
    care: str | None = Field(None, description="what to mind when printing it")
    seal: SealForm | None = None
    confirmed: list[ConfirmationForm] | None = Field(
        None, description="quotations that leave out a negation or a sentence's end, confirmed"
    )


class IndependenceForm(Form):
    """A source whose text is like this one's without a relation between them."""

    key: Key
    reason: Filled = Field(description="why they are alike, a full sentence")


class RecordForm(Form):
    """A source record: what is held of one entry of the bibliography."""

    key: Key = Field(description="the key of the entry in the bibliography")
    standing: Standing
    kind: str | None = Field(None, description="what kind of document, in plain words")
    interest: str | None = Field(None, description="any interest worth knowing, a full sentence")
    note: str | None = Field(None, description="our remark about the source")
    copy_of: Key | None = Field(None, description="key this source takes its text from")
    relies_on: Key | None = Field(None, description="key or key#passage its facts come from")
    archived: WebAddress | None = Field(None, description="the address of an archived copy")
    independent_of: list[IndependenceForm] | None = None
    captures: list[CaptureForm] | None = None
    passages: list[PassageForm] | None = None


class BearsForm(Form):
    """One passage and how it bears on the finding."""

    passage: Address
    bears: Bearing
    note: str | None = Field(None, description="a few words")


class FindingForm(Form):
    """One checkable statement, and the passages that bear on it."""

    id: Id = Field(description="unique over all files")
    statement: Filled = Field(description="one sentence in our own words, plain text")
    figure: str | None = Field(None, description="its number, as a supporting passage has it")
    note: str | None = Field(None, description="its limits, or the answer of the other side")
    evidence: list[BearsForm]


class FindingsForm(Form):
    """The findings of a chapter."""

    chapter: Id
    findings: list[FindingForm]


class ColumnForm(Form):
    """A column of a series."""

    id: Annotated[
        str,
        Shape(
            r"(?!passages$)[a-z][a-z0-9_-]*",
            "a name in small letters, digits, - and _, and not `passages`",
        ),
    ]
    title: Filled
    kind: ColumnKind | None = None
    unit: str | None = None


class RowForm(Form):
    """A row of a series: a value for each column, and the passages these stand in."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"additionalProperties": {"type": ["string", "number", "null"]}},
    )
    __pydantic_extra__: dict[str, str | None] = Field(init=False)

    passages: Annotated[list[Address], Field(min_length=1)]


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

    id: Id
    title: Filled
    caption: str | None = None
    chart: ChartForm | None = None
    columns: Annotated[list[ColumnForm], Field(min_length=1)]
    rows: list[RowForm]


class OverlapForm(Form):
    """How much of one capture stands in another."""

    part: Key
    whole: Key
    run: Whole = Field(description="length of the runs compared, in words")
    share: Share = Field(description="containment of the part in the whole, from 0 to 1")
    part_sha256: Hash
    whole_sha256: Hash
    spread: Share | None = Field(
        None, description="share of the runs, less quotations and the longest stretch"
    )
    carried: Share | None = Field(
        None, description="share of the words in stretches that run alongside, likewise"
    )


class OverlapsForm(Form):
    """The overlaps measured where the captures are held."""

    overlaps: list[OverlapForm]


class PassageCheckForm(Form):
    """What became of one passage."""

    id: Id
    result: CheckResult
    now: str | None = Field(None, description="what stands there where it changed")


class CheckForm(Form):
    """One look at the address of a source, or at its archived copy."""

    key: Key
    where: Literal["address", "archive"]
    address: WebAddress
    checked: Day
    moved_to: WebAddress | None = Field(None, description="the address that answered")
    fault: Filled | None = Field(None, description="why nothing could be read")
    passages: list[PassageCheckForm] | None = None


class ChecksForm(Form):
    """The results of `dossier verify --live`; written by it, never by hand."""

    checks: list[CheckForm]


def schemas() -> dict[str, dict[str, object]]:
    """Return the JSON Schemas of record, findings, series, overlaps and checks, by name.

    A schema sees values as an editor's YAML reader types them, so it asks for quotation
    marks around a text that looks like a number; the engine reads such a text either way.
    """
    forms: dict[str, type[Form]] = {
        "record": RecordForm,
        "findings": FindingsForm,
        "series": SeriesForm,
        "overlaps": OverlapsForm,
        "checks": ChecksForm,
    }
    return {
        name: {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **form.model_json_schema(),
        }
        for name, form in forms.items()
    }
