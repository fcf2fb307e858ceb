"""What fills the blanks of a new report: any title and any name, as each format writes it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pypandoc
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from dossier.blanks import (
    explanation,
    filled,
    read_authors,
    read_line,
    read_title,
    title_of,
    values,
)
from dossier.loading import read_settings
from dossier.loading.citation import read_citation
from dossier.problems import Problem, hidden_characters

NASTY = (
    'The "old" oaks: a \\ count',
    "It's 'so' -- or \"not\"",
    "- # * > 1. {= 1 + 1 = 2 =} [@key] `code`",
    "!ENV [HOME, x] !!python/name:os.system",
    "{{ config.site_name }} {% include 'x' %} ${HOME} $(HOME) %s %(x)s 100 %",
    "null",
    "true",
    "2025-07-08",
    "0x1f",
    "~",
    "? a: b, [c]",
    "Bäume in Städten",
    "街路の木々",
    "درخت‌های خیابان",
    "Деревья",
    "🌳 & ‘trees’ – “oaks” …",
    "@someone #12 :smile: https://example.org *a* _b_ ~~c~~ |d|",
    "R&D &amp; &lt;b&gt; a < b",
    "\\n \\u0041 \\",
)


def in_a_report(title: str, authors: str = "The authors") -> dict[str, str]:
    return values(title, authors, "", "")


def readable(text: str) -> bool:
    return not any(hidden_characters("x", text, widthless=True)) and isinstance(
        read_title(text, "x"), str
    )


words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=80).filter(readable)


@given(words)
@example(NASTY[0])
@example(NASTY[4])
@pytest.mark.no_cover
def test_a_title_stands_in_the_files_as_it_was_written(text: str) -> None:
    """In the settings as the site reads them, and in the citation as others are told."""
    title = read_title(text, "x")
    assert isinstance(title, str)
    folder = Path(__file__).parent.parent / "scripts" / "dossier" / "new_report"
    blanks = in_a_report(title, title)
    with tempfile.TemporaryDirectory() as place:
        for name in ("mkdocs.yml", "CITATION.cff"):
            written = filled((folder / name).read_text("utf-8"), blanks)
            (Path(place) / name).write_text(written, "utf-8", newline="")
        settings, problems = read_settings(Path(place), "mkdocs.yml")
        assert (settings.name, problems) == (title, ())
        citation, faults = read_citation(Path(place))
        assert citation is not None
        assert (citation.title, faults) == (title, ())


@pytest.mark.parametrize("title", NASTY)
def test_a_nasty_title_is_a_title(title: str) -> None:
    """It is taken as it is, and what it holds is no value, tag or blank of ours."""
    assert read_title(title, "x") == title
    blanks = in_a_report(title)
    assert yaml.safe_load(filled("a: <<title>>\nb: c\n", blanks)) == {"a": title, "b": "c"}


def test_a_heading_means_its_very_characters() -> None:
    """As CommonMark reads it, and as GitHub does: pandoc has a reader for either."""
    page = "".join(f"# {in_a_report(title)['heading']}\n\n" for title in NASTY)
    for form in ("commonmark", "gfm"):
        blocks = json.loads(pypandoc.convert_text(page, "json", form))["blocks"]
        assert [block["t"] for block in blocks] == ["Header"] * len(NASTY)
        read = []
        for block in blocks:
            parts = block["c"][2]
            assert {part["t"] for part in parts} <= {"Str", "Space"}, parts
            read.append("".join(part.get("c", " ") for part in parts))
        assert read == list(NASTY)


def test_names_are_persons_or_bodies() -> None:
    """A comma tells family from given names; a semicolon parts one from the next."""
    said = 'Doe, Jane; The "Board"; O\'Neil, Ann B.;'
    authors = yaml.safe_load(f"a:\n  {in_a_report('T', said)['authors']}\n")["a"]
    assert authors == [
        {"family-names": "Doe", "given-names": "Jane"},
        {"name": 'The "Board"'},
        {"family-names": "O'Neil", "given-names": "Ann B."},
    ]


@pytest.mark.parametrize("text", [";", " , ; ,", ""])
def test_names_without_a_name_are_refused(text: str) -> None:
    """A citation has an author."""
    found = read_authors(text, "--authors")
    assert isinstance(found, Problem)
    assert (found.code, found.path) == ("new-bad-answer", "--authors")


def test_line_breaks_become_spaces() -> None:
    """All that Unicode has of them, so that no file is broken by one."""
    assert read_line("\n a\r\nb\tc\x85d\u2028e\u2029f \x0bg\n", "x") == "a b c d e f g"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "it is empty"),
        (" \n\t", "it is empty"),
        ("x" * 301, "longer than 300"),
        ("a\x00b", "U+0000"),
        ("a\x1b[31mb", "U+001B"),
        ("a\u202eb", "U+202E"),
        ("a\u200bb", "U+200B"),
        ("\ufeffa", "U+FEFF"),
        ("a\udcffb", "not UTF-8"),
        ("a <script>x</script>", "HTML"),
        ("a </title>", "HTML"),
        ("a <!-- b", "HTML"),
    ],
)
def test_a_title_that_cannot_be_one_is_refused(text: str, why: str) -> None:
    """Empty, too long, with what nobody sees, or with what the theme would take for HTML."""
    found = read_title(text, "--title")
    assert isinstance(found, Problem)
    assert (found.code, found.path) == ("new-bad-answer", "--title")
    assert why in found.message
    assert found.hint


@pytest.mark.parametrize(
    ("folder", "title"),
    [
        ("my-report", "My report"),
        ("street_trees.2025", "Street trees 2025"),
        ("ÄPFEL", "ÄPFEL"),
        ("---", "A report"),
        ("", "A report"),
        ("a\udcffb", "A report"),
        ("<b>", "A report"),
    ],
)
def test_the_name_of_a_folder_makes_a_title(folder: str, title: str) -> None:
    """Or there is one that fits any report."""
    assert title_of(folder) == title


def test_what_is_filled_in_has_no_blanks() -> None:
    """A title that looks like a blank stays what it is."""
    blanks = {"title": "<<authors>>", "authors": "x"}
    assert filled("<<title>> <<authors>> << no >>", blanks) == "<<authors>> x << no >>"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# One line.\nkey: x\n", "One line."),
        ("% A bibliography.\n@book{}\n", "A bibliography."),
        ("/* A style. */\n\na {\n", "A style."),
        ("<!-- A page. -->\n\n# T\n", "A page."),
        ("---\n# A chapter.\ntitle: T\n---\n", "A chapter."),
        ("key: x\n# Later.\n", ""),
        ("", ""),
    ],
)
def test_the_first_line_of_a_file_explains_it(text: str, line: str) -> None:
    """In the comments of its format."""
    assert explanation(text) == line
