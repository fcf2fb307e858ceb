"""The evidence for machines: the document, its schema, linked data, and what was verified."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from dossier.dataset import Examined, annotation_target, evidence_document
from dossier.dataset_schema import schema
from dossier.linked_data import as_json_text, linked_data_script, linked_page
from dossier.loading import read_project, read_settings
from dossier.model import (
    Bears,
    Capture,
    Check,
    Column,
    Evidence,
    Finding,
    Independence,
    Overlap,
    Passage,
    PassageCheck,
    Record,
    Reference,
    Row,
    Seal,
    Series,
    Span,
)
from dossier.origins import assess_all
from dossier.reference_list import Use
from dossier.verification_page import Counts, Exempted, verification_html
from dossier.wording import date_in_words

ROOT = Path(__file__).resolve().parent.parent
HERE = Span("r.yml")
SHA = "0" * 64
SPOKEN = Passage("said", "It is so.", HERE, "p. 3", "He: ", " Then", voice="A. Speaker")
EVIDENCE = Evidence(
    {
        "study": Reference(
            "study", "report", (), "", HERE, "A </script> study", ("X Y",), "2024", "10.1/x"
        ),
        "copy": Reference("copy", "online", (), "", HERE, "Copy", url="https://example.org/c"),
        "bare": Reference("bare", "book", (), "", HERE),
        "alone": Reference("alone", "book", (), "", HERE, "Without a record"),
    },
    {
        "study": Record(
            "study",
            "research",
            HERE,
            captures=(Capture(SHA, 9, "full", "2025-07-08"),),
            passages=(
                Passage("p", "It is 5.", HERE, read="twice", seal=Seal(1, SHA, 4, 7, SHA)),
                SPOKEN,
            ),
            independent_of=(Independence("copy", "It was first."),),
        ),
        "copy": Record(
            "copy",
            "copy",
            HERE,
            copy_of="study",
            passages=(Passage("p", "It was 5.", HERE, relies_on="study#p", variant_of="study#p"),),
        ),
        "bare": Record(
            "bare", "news", HERE, relies_on="study", passages=(Passage("p", "x", HERE),)
        ),
    },
    (
        Finding("f", "c", "It is five.", (Bears("study#p", "supports", HERE),), HERE, "5"),
        Finding(
            "g",
            "c",
            "It was said.",
            (Bears("study#said", "supports", HERE), Bears("copy#p", "contradicts", HERE, "so")),
            HERE,
        ),
    ),
    {
        "s": Series(
            "s",
            "Counts",
            (Column("n", "Number", "number"), Column("w", "What")),
            (Row(MappingProxyType({"n": "5"}), ("study#p",), HERE),),
            HERE,
        )
    },
    (Overlap("copy", "study", 5, 0.5, SHA, SHA),),
    checks=(
        Check(
            "copy",
            "address",
            "https://example.org/c",
            "2026-01-02",
            (PassageCheck("p", "there"),),
        ),
    ),
)
ASSESSED = assess_all(EVIDENCE.findings, EVIDENCE.records)
USES = (Use("docs/a.md", "study", "p", "cite-1"), Use("docs/a.md", "copy", "", "cite-2"))
EXAMINED = (
    Examined("quotation", "docs/a.md", "It is 5.", "study#p", 3, "word for word"),
    Examined("number", "docs/a.md", "2024", how="the date of the entry", reason="asked for"),
)


def document(**more: str) -> dict[str, object]:
    return evidence_document(EVIDENCE, ASSESSED, USES, examined=EXAMINED, **more)


def test_the_schema_is_sound_and_the_document_is_of_its_form() -> None:
    """The published schema is one of draft 2020-12, and what is written agrees with it."""
    Draft202012Validator.check_schema(schema())
    validator = Draft202012Validator(schema("https://example.org/report"))
    validator.validate(document())
    validator.validate(document(commit="abc", version="1", site_url="https://example.org/report/"))
    validator.validate(evidence_document(Evidence(), ()))


def test_the_report_s_own_document_is_of_its_form() -> None:
    """Every finding, passage and series of the report is in the document, once."""
    evidence = read_project(read_settings(ROOT)[0]).evidence
    made = evidence_document(evidence, assess_all(evidence.findings, evidence.records))
    Draft202012Validator(schema()).validate(made)
    json.dumps(made).encode()
    assert [f["id"] for f in made["findings"]] == [f.id for f in evidence.findings]
    passages = [p["id"] for p in made["passages"]]
    assert len(passages) == len(set(passages))
    assert set(passages) == {
        f"{r.key}#{p.id}" for r in evidence.records.values() for p in r.passages
    }
    named = {p for origin in made["origins"] for p in origin["passages"]}
    assert named == set(passages)


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        (("findings", 0, "assessment"), "proved"),
        (("passages", 0, "target", "selector", "exact"), ""),
        (("passages", 0, "id"), "study"),
        (("overlaps", 0, "share"), 1.1),
        (("overlaps", 0, "part_sha256"), "0"),
        (("commit",), None),
        (("uses", 0, "more"), "more"),
    ],
)
def test_a_document_of_another_form_is_refused(path: tuple[str | int, ...], wrong: object) -> None:
    """The schema tells: words of a list, hashes, shares, addresses, and nothing unheard of."""
    made = json.loads(json.dumps(document()))
    at = made
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = wrong
    with pytest.raises(ValidationError):
        Draft202012Validator(schema()).validate(made)


def test_every_property_of_the_schema_is_told_of_and_required() -> None:
    """Who reads the schema needs no other page; and nothing may be left out unnoticed."""

    def walk(form: object) -> None:
        if isinstance(form, dict):
            if form.get("additionalProperties") is False:
                assert all("description" in p or "const" in p for p in form["properties"].values())
                assert set(form["properties"]) - set(form["required"]) <= {"prefix", "suffix"}
            for value in form.values():
                walk(value)
        elif isinstance(form, list):
            for value in form:
                walk(value)

    walk(schema())


def test_a_passage_is_a_selector_of_the_annotation_model() -> None:
    """Exact words, what stands around them, and the address: the DOI, the URL, or the entry."""
    assert annotation_target("study", SPOKEN, EVIDENCE) == {
        "type": "SpecificResource",
        "source": "https://doi.org/10.1/x",
        "selector": {
            "type": "TextQuoteSelector",
            "exact": "It is so.",
            "prefix": "He: ",
            "suffix": " Then",
        },
    }
    sources = [p["target"]["source"] for p in document()["passages"]]  # type: ignore[attr-defined]
    assert sources[2:] == ["https://example.org/c", "#ref-bare"]


def test_a_seal_and_its_captures_are_told() -> None:
    """Whoever holds the text can check the words at their place."""
    made = document()
    assert made["passages"][0]["seal"] == {  # type: ignore[index]
        "version": 1,
        "capture_sha256": SHA,
        "start": 4,
        "end": 7,
        "sha256": SHA,
    }
    alone = next(s for s in made["sources"] if s["id"] == "alone")  # type: ignore[attr-defined]
    assert alone["record"] is None


def test_the_commit_is_named_or_said_to_be_missing() -> None:
    """Without version control the document says so."""
    assert document()["commit"] == document()["site"] == "not available"
    assert document(commit="abc")["commit"] == "abc"


def test_relations_and_origins_are_those_of_the_records() -> None:
    """Each relation as it is declared; each passage under where it starts."""
    made = document()
    assert made["relations"] == [
        {"kind": "voice", "from": "study#said", "to": "voice:a-speaker"},
        {"kind": "copy_of", "from": "copy", "to": "study"},
        {"kind": "relies_on", "from": "copy#p", "to": "study#p"},
        {"kind": "variant_of", "from": "copy#p", "to": "study#p"},
        {"kind": "relies_on", "from": "bare", "to": "study"},
    ]
    assert made["origins"] == [
        {
            "id": "study",
            "kind": "source",
            "name": None,
            "passages": ["study#p", "copy#p", "bare#p"],
        },
        {
            "id": "voice:a-speaker",
            "kind": "voice",
            "name": "A. Speaker",
            "passages": ["study#said"],
        },
    ]


def test_linked_data_says_what_a_page_quotes_and_claims() -> None:
    """A report with its citations, quotations based on works, claims with their appearances."""
    page = linked_page(
        EVIDENCE,
        "Chapter",
        url="https://example.org/c/",
        site_name="Report",
        language="en",
        quotations=[("It is so", "study#said"), ("x", "nobody#p")],
        findings=ASSESSED,
        keys=["study", "study"],
    )
    report, spoken, unknown, first, second, *works = page["@graph"]
    study = {
        "@type": "CreativeWork",
        "@id": "#ref-study",
        "name": "A </script> study",
        "author": [{"@type": "Thing", "name": "X Y"}],
        "datePublished": "2024",
        "url": "https://doi.org/10.1/x",
    }
    assert report == {
        "@type": "Report",
        "@id": "https://example.org/c/",
        "name": "Chapter",
        "url": "https://example.org/c/",
        "inLanguage": "en",
        "isPartOf": {"@type": "WebSite", "name": "Report"},
        "citation": [{"@id": "#ref-study"}],
    }
    assert works[0] == study
    assert [w["@id"] for w in works] == ["#ref-study", "#ref-nobody", "#ref-copy"]
    assert works[1] == {"@type": "CreativeWork", "@id": "#ref-nobody"}
    assert spoken["isBasedOn"] == {"@id": "#ref-study"}
    assert spoken["creator"]["name"] == "A. Speaker"
    assert unknown["isBasedOn"] == {"@id": "#ref-nobody"}
    assert first["@id"] == "https://example.org/c/#finding-f"
    assert first["appearance"] == [{"@id": "#ref-study"}]
    assert first["firstAppearance"] == {"@id": "#ref-study"}
    assert "firstAppearance" not in second, "a voice is no work"
    assert [w["@id"] for w in second["appearance"]] == ["#ref-study"]
    assert [w["@id"] for w in second["citation"]] == ["#ref-copy"], "what else bears on it"
    assert second["additionalProperty"]["value"] == ASSESSED[1].assessment


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.data: list[str] = []

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.data.append(data)


_HOSTILE = st.lists(
    st.sampled_from(
        ["</script>", "<!--", "<script>", "&amp;", "\u2028", "\u2029", "\ud800", '"', "\\", "é"]
    )
).map("".join)


@given(_HOSTILE)
def test_no_text_ends_a_script(text: str) -> None:
    """Whatever a title holds, the page has one script, and its data is what was written."""
    page = linked_data_script({"name": text})
    assert not re.search("[<>&\u2028\u2029\ud800]", as_json_text({"name": text}))
    reader = _Scripts()
    reader.feed(page)
    reader.close()
    assert reader.tags == ["script"]
    assert json.loads("".join(reader.data)) == {"name": text}


def test_the_page_counts_what_was_checked_and_how() -> None:
    """Quotations, numbers and findings always; what a report has none of is left out."""
    html = verification_html(EVIDENCE, ASSESSED, Counts(1234, 56, on="2026-11-22"))
    cells = [re.sub("<[^>]+>", "", row) for row in re.findall("<tr>(.*?)</tr>", html)]
    assert cells[1].startswith("Quotations1,234Each stands word for word")
    assert cells[2].startswith("Numbers and dates56")
    assert cells[3].startswith("Findings2")
    assert cells[4].startswith("Rows of series1")
    assert cells[5].startswith("Overlaps of texts1")
    assert f"Edition of {date_in_words('2026-11-22')}" in html
    assert "No exception was made" in html
    assert "Calculations" not in html


def test_the_page_tells_what_is_only_transcribed() -> None:
    """Passages by how they are held, with the day."""
    html = verification_html(EVIDENCE, ASSESSED, Counts(0, 0))
    rows = [re.sub("<[^>]+>", "|", row) for row in re.findall("<tr>(.*?)</tr>", html)]
    live = re.escape(f"|checked live on {date_in_words('2026-01-02')}|")
    assert any(re.match(rf"{live}\|*1\|", row) for row in rows)
    assert any(re.match(r"\|transcribed\|+3\|", row) for row in rows)
    assert any(re.match(r"\|of all these, read twice\|+1\|", row) for row in rows)


def test_exceptions_are_listed_with_their_reasons() -> None:
    """Each with its place and words, and nothing that a person wrote becomes an element."""
    one = Exempted("docs/a.md:3", "<b>not</b>", "An ellipsis & a sentence end.")
    html = verification_html(replace(EVIDENCE, checks=()), ASSESSED, Counts(1, 1), [one])
    assert "<b>" not in html
    assert "&lt;b&gt;not&lt;/b&gt;" in html
    assert "An ellipsis &amp; a sentence end." in html
    assert "No exception" not in html
