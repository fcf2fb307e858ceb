"""What others cite: BibTeX, RIS and CSL-JSON that pandoc reads back, and plain text in a style."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pypandoc
import pytest

from dossier.citing import (
    Author,
    Work,
    as_bibtex,
    as_csl_json,
    as_reference,
    as_ris,
    head_meta,
    key_of,
)
from dossier.model import Span
from dossier.style import find_style, render_alone

BODY = (Author("The Dossier contributors"),)
PEOPLE = (Author("Doe", "Jane", body=False), Author("de la Roe", "Richard", body=False))
REPORT = Work(
    "report",
    "report",
    "What the record shows",
    "",
    BODY,
    "2026-11-06",
    "3c77b3e",
    "https://a.example/",
)
FINDING = Work(
    "finding-x",
    "finding",
    "Finding 12: “$5 & 6%” of #1_a {b} ~ ^ c\\d is DHS’s.",
    "What the record shows",
    PEOPLE,
    "2026-11-16",
    "3c77b3e",
    "https://a.example/findings/#finding-x_y%20z",
    "en",
)
BARE = Work("bare", "page", "A page", "A report")
WRITERS = {"bibtex": as_bibtex, "ris": as_ris, "csljson": lambda work: as_csl_json([work])}


def read_back(text: str, form: str) -> dict[str, Any]:
    """Return what pandoc reads of one work, which must be without a warning."""
    command = [pypandoc.get_pandoc_path(), "--sandbox", "--fail-if-warnings"]
    command += ["-f", form, "-t", "csljson"]
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    (item,) = json.loads(done.stdout)
    assert isinstance(item, dict)
    return item


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("work", [REPORT, FINDING, BARE], ids=lambda work: work.key)
def test_pandoc_reads_each_form_back(work: Work, form: str) -> None:
    """Without a warning: title, whole, authors, year, version and address as they are."""
    item = read_back(WRITERS[form](work), form)
    assert item["id"] == work.key
    assert item["title"] == work.title
    assert item.get("container-title", "") == work.report
    assert item.get("URL", "") == work.url
    parts = ("given", "non-dropping-particle", "dropping-particle", "family", "literal")
    names = [" ".join(a[p] for p in parts if p in a) for a in item.get("author", [])]
    assert names == [author.name for author in work.authors]
    date = item.get("issued", {}).get("date-parts", [[]])[0]
    assert date[:1] == ([int(work.date[:4])] if work.date else [])
    assert work.version in f"{item.get('note')} {item.get('edition')} {item.get('version')}"


def test_a_body_is_no_person() -> None:
    """Its name is not taken apart into given and family names by who reads it."""
    for form, write in WRITERS.items():
        (author,) = read_back(write(REPORT), form)["author"]
        assert list(author.values()) == ["The Dossier contributors"]


def test_the_day_is_given_where_a_form_can_say_it() -> None:
    """In BibTeX and CSL-JSON; pandoc takes the year alone from RIS, which has the day too."""
    for form in ("bibtex", "csljson"):
        issued = read_back(WRITERS[form](REPORT), form)["issued"]
        assert [int(p) for p in issued["date-parts"][0]] == [2026, 11, 6]
    assert "DA  - 2026/11/06\r\n" in as_ris(REPORT)


def test_what_is_not_known_is_left_out() -> None:
    """No author, date, version or address is made up, nor named and left empty."""
    fields = "  title = {{A page}},\n  booktitle = {{A report}},\n"
    assert as_bibtex(BARE) == f"@incollection{{bare,\n{fields}}}\n"
    lines = ["TY  - CHAP", "TI  - A page", "T2  - A report", "ID  - bare", "ER  - ", ""]
    assert as_ris(BARE).split("\r\n") == lines
    assert sorted(json.loads(as_csl_json([BARE]))[0]) == ["container-title", "id", "title", "type"]
    assert "author" not in head_meta(BARE, "")
    assert "og:url" not in head_meta(BARE, "")


@pytest.mark.parametrize("name", ["", "ieee", "chicago-fullnote-bibliography"])
def test_plain_text_is_set_by_the_style_of_the_report(name: str) -> None:
    """Each work as if it were cited alone: no letter behind the year, no number before it."""
    style, _ = find_style(name, place=Span("mkdocs.yml"))
    works = [REPORT, Work("other", "page", "Spending", "What the record shows", BODY, "2026-11-06")]
    texts = render_alone([as_reference(work) for work in works], style=style)
    assert set(texts) == {"report", "other"}
    for text in texts.values():
        assert text.startswith("The Dossier contributors")
        assert "2026" in text
        assert "2026a" not in text
        assert "2026b" not in text
        assert "<" not in text
    assert "Spending" in texts["other"]
    assert "https://a.example/" in texts["report"]


def test_plain_text_is_kept_between_builds() -> None:
    """What was set once is taken from the cache, whole or not at all."""
    store: dict[str, object] = {}

    class Kept:
        def read(self, name: str) -> object:
            return store.get(name)

        def write(self, name: str, value: object) -> None:
            store[name] = value

    first = render_alone([as_reference(REPORT)], cache=Kept())
    (name,) = store
    store[name] = {"report": "from the cache"}
    assert render_alone([as_reference(REPORT)], cache=Kept()) == {"report": "from the cache"}
    store[name] = {"other": "x"}
    assert render_alone([as_reference(REPORT)], cache=Kept()) == first


def test_the_head_tells_of_the_work() -> None:
    """Highwire's names, each author by itself, and Open Graph; the text is escaped."""
    head = head_meta(FINDING, "A <report>", "Says", "https://a.example/p.png", "Words")
    assert head.count('<meta name="citation_author"') == 2
    assert '<meta name="citation_author" content="Doe, Jane">' in head
    assert '<meta name="citation_publication_date" content="2026/11/16">' in head
    assert '<meta property="og:site_name" content="A &lt;report&gt;">' in head
    assert '<meta property="og:image" content="https://a.example/p.png">' in head


def test_keys_are_plain() -> None:
    """Letters, digits and hyphens, which every program takes."""
    assert (
        key_of("Fusion centers & laws", "finding", "Ünïx_1") == "fusion-centers-laws-finding-n-x-1"
    )
