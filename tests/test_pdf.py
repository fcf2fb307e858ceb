"""The PDF of the report: all that the site says, in the form that PDF/UA-1 asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser

from browsing import ROOT, once
from dossier import printing
from dossier.loading import read_settings
from dossier.pdf import PDF_NAME, Failure, Imprint, compose, typeset
from dossier.printing import write_pdf
from reports import BIB, CONFIG, ENVIRONMENT

EPOCH = "1790000000"


def bare(text: str) -> str:
    """A text without white space, which a PDF does not keep."""
    return re.sub(r"\s+", "", text)


def texts_of(pdf: bytes) -> list[str]:
    """The text of each sheet. A hyphen at the end of a line has a sign of its own there."""
    with pypdfium2.PdfDocument(pdf) as document:
        sheets = [page.get_textpage().get_text_range() for page in document]
    return [sheet.replace("\ufffe", "-") for sheet in sheets]


def outline(items: list[Any], depth: int = 0) -> Iterator[tuple[int, str]]:
    for item in items:
        if isinstance(item, list):
            yield from outline(item, depth + 1)
        else:
            yield depth, item.title


@pytest.fixture(scope="module")
def made(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The PDF of the report, made from its site."""

    def make(folder: Path) -> None:
        folder.mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
            patch.setattr(printing, "FOLDER", folder / "cache")  # nothing of it is kept there
            assert write_pdf(read_settings(ROOT)[0], site, folder / PDF_NAME) == ()

    return once(tmp_path_factory, "pdf", make) / PDF_NAME


@pytest.fixture(scope="module")
def reader(made: Path) -> PdfReader:
    return PdfReader(made)


@pytest.fixture(scope="module")
def text(made: Path, reader: PdfReader, tmp_path_factory: pytest.TempPathFactory) -> str:
    """All text, without the running heads and the numbers of the pages, which cut sentences."""

    def read(folder: Path) -> None:
        titles = [bare(title.lstrip("0123456789 ")) for _, title in outline(reader.outline)]
        heads = [bare("Fusion centers and sanctuary laws") + title for title in titles]
        shown = []
        for number, sheet in enumerate(texts_of(made.read_bytes()), 1):
            words = bare(sheet).removesuffix(str(number))
            head = max((h for h in heads if words.startswith(h)), key=len, default="")
            shown.append(words.removeprefix(head))
        folder.mkdir()
        (folder / "text").write_bytes("".join(shown).encode())

    return (once(tmp_path_factory, "pdf-text", read) / "text").read_bytes().decode()


@pytest.fixture(scope="module")
def trees(site: Path) -> tuple[LexborHTMLParser, ...]:
    pages = [path for path in sorted(site.rglob("*.html")) if path.name != "404.html"]
    return tuple(LexborHTMLParser(path.read_bytes()) for path in pages)


def words(trees: tuple[LexborHTMLParser, ...], selector: str) -> set[str]:
    found = {bare(node.text()) for tree in trees for node in tree.css(f"article {selector}")}
    return found - {""}


@pytest.mark.parametrize(
    ("selector", "least"),
    [
        ("span.citation", 200),
        (".finding-statement", 50),
        (".finding-note", 40),
        ("span.number", 100),
        ("q", 150),
        (".csl-entry-text", 80),
        ("details.passages blockquote", 300),
        ("table caption", 10),
        ("h2:not(.page-references h2)", 50),
    ],
)
@pytest.mark.no_cover
def test_its_text_holds_what_the_site_says(
    text: str, trees: tuple[LexborHTMLParser, ...], selector: str, least: int
) -> None:
    """Each citation, finding, number, quotation, work and passage is there, word for word."""
    expected = {word.rstrip("¶") for word in words(trees, selector)}
    assert len(expected) >= least
    assert {word for word in expected if word not in text} == set()


def test_a_link_to_an_entry_says_which_passages_it_means(
    trees: tuple[LexborHTMLParser, ...], text: str
) -> None:
    """The words of each passage that a chapter cites stand in the notes behind that chapter."""
    chapters = re.split(r"Chapter(?=\d+)", text)
    for tree in trees:
        title = tree.css_first("article h1")
        cited = tree.css("section.page-references blockquote")
        if title is None or not cited:
            continue
        name = bare(title.text()).rstrip("¶")
        own = next(c for c in chapters if re.match(r"\d+" + re.escape(name), c))
        assert [bare(c.text()) for c in cited if bare(c.text()) not in own] == []


def test_its_bookmarks_are_the_chapters(
    reader: PdfReader, trees: tuple[LexborHTMLParser, ...]
) -> None:
    """In the order of the site; below each its sections."""
    entries = list(outline(reader.outline))
    titles = [title for depth, title in entries if depth == 0]
    headings = {tree.css_first("article h1").text().rstrip("¶") for tree in trees}
    # The page on privacy is about the site.
    assert {re.sub(r"^\d+ ", "", title) for title in titles} == headings - {"Privacy"}
    assert [int(title.split()[0]) for title in titles] == list(range(1, len(titles) + 1))
    assert sum(depth == 1 for depth, _ in entries) > 50


def test_it_is_tagged_and_says_so(reader: PdfReader) -> None:
    """Marked, with a tree of structure, a language and a title to show (ISO 14289-1, 5 and 7)."""
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/StructTreeRoot"]["/Type"] == "/StructTreeRoot"
    assert root["/Lang"] == "en-US"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Fusion centers and sanctuary laws"
    packet = root["/Metadata"].get_data().decode("utf-8")
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>|pdfuaid:part=\"1\"", packet)


def structure(element: Any) -> Iterator[Any]:
    element = element.get_object()
    if isinstance(element, list):
        for item in element:
            yield from structure(item)
    elif isinstance(element, dict):
        if "/S" in element:
            yield element
        if "/K" in element:
            yield from structure(element["/K"])


@pytest.mark.no_cover
def test_its_structure_tells_tables_lists_and_figures(
    reader: PdfReader, trees: tuple[LexborHTMLParser, ...]
) -> None:
    """A table is one element on however many sheets, its heads say of what; a drawing has words."""
    root: Any = reader.root_object
    elements = list(structure(root["/StructTreeRoot"]["/K"]))
    kinds = [str(element["/S"]) for element in elements]
    tables = sum(len(tree.css("article table")) for tree in trees)
    assert kinds.count("/Table") == tables
    assert kinds.count("/H1") >= 10
    assert {"/L", "/LI", "/BlockQuote", "/Link", "/THead", "/TBody", "/Caption"} <= set(kinds)
    rows = [len(list(e["/K"])) for e in elements if e["/S"] == "/TR"]
    cells = [len(row.css("td, th")) for tree in trees for row in tree.css("article tr")]
    assert sorted(rows) == sorted(cells)
    heads = [element for element in elements if element["/S"] == "/TH"]
    assert heads
    assert all("/Scope" in str(element.get("/A", "")) for element in heads)
    figures = [element for element in elements if element["/S"] == "/Figure"]
    assert figures
    assert all(len(str(figure["/Alt"])) > 20 for figure in figures)


def test_the_evidence_is_attached(reader: PdfReader, site: Path) -> None:
    """Byte for byte as it stands beside the pages, and said to be what it is."""
    (content,) = reader.attachments["evidence.json"]
    assert content == (site / "evidence.json").read_bytes()
    root: Any = reader.root_object
    _, file = root["/Names"]["/EmbeddedFiles"]["/Names"]
    assert file.get_object()["/Desc"].startswith("All findings")
    assert file.get_object()["/EF"]["/F"]["/Subtype"] == "/application/json"


@pytest.mark.no_cover
def test_it_is_the_same_each_time(made: Path, site: Path, tmp_path: Path) -> None:
    """The site and the day decide each byte."""
    again = tmp_path / "again.pdf"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        patch.setattr(printing, "FOLDER", tmp_path / "cache")
        assert write_pdf(read_settings(ROOT)[0], site, again) == ()
    assert again.read_bytes() == made.read_bytes()


def page(body: str, links: str = "") -> str:
    return f"<!doctype html><title>x</title>{links}<article>{body}</article>"


def test_what_is_set_is_kept_for_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until a word, the day, or the evidence changes; what is damaged is set anew."""
    (tmp_path / "mkdocs.yml").write_text(CONFIG, "utf-8")
    site, target = tmp_path / "site", tmp_path / PDF_NAME
    site.mkdir()
    (site / "index.html").write_text(page("<h1>T</h1><p>Words.</p>"), "utf-8")
    settings, set_anew = read_settings(tmp_path)[0], []

    def count(*arguments: Any) -> bytes | Failure:
        set_anew.append(arguments)
        return typeset(*arguments)

    def made(day: str = EPOCH) -> bytes:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", day)
        assert write_pdf(settings, site, target) == ()
        return target.read_bytes()

    monkeypatch.setattr(printing, "typeset", count)
    first = made()
    assert made() == first
    assert len(set_anew) == 1
    assert made("1790100000") != first
    (site / "evidence.json").write_text("{}", "utf-8")
    with_evidence = made()
    assert with_evidence != first
    (site / "index.html").write_text(page("<h1>T</h1><p>Other words.</p>"), "utf-8")
    assert made() != with_evidence
    assert len(set_anew) == 4
    (kept,) = (tmp_path / ".dossier" / "cache").glob("pdf-*.json")
    other = made()
    for damaged in (kept.read_bytes()[:-9], b"", b"{}"):
        kept.write_bytes(damaged)
        assert made() == other
    assert len(set_anew) == 7
    # All that is made on one day without an epoch is alike.
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    noon = 1_790_000_000 // 86_400 * 86_400 + 43_200
    for second in (noon, noon + 1):
        monkeypatch.setattr("time.time", lambda second=second: second)
        assert write_pdf(settings, site, target) == ()
    assert len(set_anew) == 8


def text_of(pages: dict[str, str]) -> str:
    made = typeset(compose(pages, Imprint("Report")), "{}", 0)
    assert isinstance(made, bytes), made
    return " ".join(texts_of(made))


@pytest.mark.parametrize(
    "words",
    [
        '"); #panic("no") //',
        "#import a: * $x$ *b* _c_ <d> @e = f",
        "back\\slash \\u{41} `code`",
        "[brackets] {braces} // comment",
    ],
)
def test_no_word_of_a_page_is_code(words: str) -> None:
    """What would be markup to Typst is printed as it stands on the page."""
    import html

    body = f"<h1>T</h1><p>{html.escape(words)}</p><pre><code>{html.escape(words)}</code></pre>"
    assert bare(text_of({"index.html": page(body)})).count(bare(words)) == 2


def test_chapters_follow_the_links_of_their_pages() -> None:
    """From the page that none leads to; pages outside of the row stay out."""
    pages = {
        "a/index.html": page("<h1>Second</h1>", '<link rel="next" href="../b/">'),
        "b/index.html": page("<h1>Third</h1>"),
        "index.html": page("<h1>First</h1>", '<link rel="next" href="a/">'),
        "c/index.html": page("<h1>Elsewhere</h1>"),
    }
    found = text_of(pages)
    assert "Elsewhere" not in found
    order = [found.rindex(name) for name in ("First", "Second", "Third")]
    assert order == sorted(order)


def test_works_without_a_page_of_their_own_come_last() -> None:
    """A report that lists works below each page has them once in its PDF, with their passages."""
    body = """<h1>One</h1><p>Said <span class="citation">(<a role="doc-biblioref"
    href="#ref-doe" data-passages="p">Doe 2020</a>)</span>.</p>
    <section class="page-references"><h2>References</h2><div class="references">
    <div class="csl-entry" id="ref-doe"><div class="csl-entry-text">Doe, Jane. <em>Book</em>.</div>
    <details class="passages"><ul><li id="passage-doe--p"><blockquote>the very words</blockquote>
    </li><li id="passage-doe--q"><blockquote>more words</blockquote></li></ul></details>
    </div></div></section>"""
    found = text_of({"index.html": page(body)})
    assert found.count("the very words") == 1  # in the note
    assert found.count("more words") == 1  # below the work
    assert found.index("the very words") < found.rindex("References") < found.index("Doe, Jane.")


def test_a_sign_that_no_font_has_is_told() -> None:
    """Typst names the text; the PDF would show a box there."""
    made = typeset(
        compose({"index.html": page("<h1>T</h1><p>\U000f0000</p>")}, Imprint("R")), "", 0
    )
    assert isinstance(made, Failure)
    assert "could not be displayed" in made.words


def build(folder: Path, body: str) -> Any:
    import subprocess
    import sys

    (folder / "docs").mkdir(exist_ok=True)
    (folder / "docs" / "index.md").write_text(body, "utf-8")
    (folder / "references.bib").write_text(BIB, "utf-8")
    (folder / "mkdocs.yml").write_text(
        CONFIG.replace("[search, dossier]", "[{dossier: {pdf: true}}]"), "utf-8"
    )
    command = [sys.executable, "-m", "dossier.cli", "build"]
    return subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True)


def test_a_build_without_its_pdf_leaves_the_last_site(tmp_path: Path) -> None:
    """The failure is an error of the build, with the words that could not be set."""
    first = build(tmp_path, "# Title\n\nWords.\n")
    assert first.returncode == 0, first.stdout + first.stderr
    before = (tmp_path / "site" / PDF_NAME).read_bytes()
    failed = build(tmp_path, "# Title\n\nWords \U000f0000.\n")
    assert failed.returncode == 1
    assert "pdf-failed" in failed.stdout
    assert "the last good site is left as it was" in failed.stderr
    assert (tmp_path / "site" / PDF_NAME).read_bytes() == before
    assert "\U000f0000" not in (tmp_path / "site" / "index.html").read_text("utf-8")


def test_a_folder_without_a_site_is_told(tmp_path: Path) -> None:
    """There is nothing to set."""
    (found,) = write_pdf(read_settings(ROOT)[0], tmp_path, tmp_path / PDF_NAME)
    assert found.code == "no-site"
    assert not (tmp_path / PDF_NAME).exists()
