"""One scan of a page, with places in the page."""

from __future__ import annotations

import pytest

from dossier.syntax import Calculation, Directive, scan_page


def test_what_is_found_is_cut_out_of_the_page_by_its_offsets() -> None:
    """Through the marks of lists and quotations, and over line ends."""
    text = "> - see [@a,\n>   p. 3] \\@x {= 1 +\n>   1 = 2 =}\n\n::: table x\n"
    page = scan_page("x.md", text)
    (cluster,) = page.clusters
    assert text[cluster.start : cluster.end] == "[@a,\n>   p. 3]"
    assert (cluster.items[0].suffix, text[cluster.items[0].start :][:2]) == (", p. 3", "@a")
    assert [text[at : at + 2] for at in page.escapes] == ["\\@"]
    (calculation,) = page.calculations
    assert calculation == Calculation("1 +\n1 = 2", text.index("{="), text.index("=}") + 2)
    (directive,) = page.directives
    assert directive == Directive("table", "x", (), text.index(":::"), len(text) - 1)


def test_citations_within_affixes_have_their_places_too() -> None:
    """Each level is mapped back to the page."""
    text = "> [see\n> [@b, p.\n> 1] for @a]"
    (cluster,) = scan_page("x.md", text).clusters
    (inner,) = cluster.items[0].nested
    assert text[inner.start : inner.end] == "[@b, p.\n> 1]"
    assert [text[i.start : i.end] for i in cluster.all_items] == ["@a", "@b"]


@pytest.mark.parametrize(
    ("line", "name", "argument", "options"),
    [
        ("::: bibliography", "bibliography", "", ()),
        (":::findings", "findings", "", ()),
        ("::: findings spending form=short", "findings", "spending", (("form", "short"),)),
        ("::: table 'a b' x='y z' u=", "table", "a b", (("x", "y z"), ("u", ""))),
    ],
)
def test_a_directive_has_name_argument_and_options(
    line: str, name: str, argument: str, options: tuple[tuple[str, str], ...]
) -> None:
    """`::: name argument key=value`, with quotation marks around spaces."""
    (found,) = scan_page("x.md", line).directives
    assert (found.name, found.argument, found.options) == (name, argument, options)


def test_spans_and_excerpts_of_a_page() -> None:
    """Lines and columns count from 1, in code points; the last line needs no end."""
    page = scan_page("x.md", "a\n\u00e9\U0001f642b\nlast", 0, 11)
    span = page.span(4)
    assert (span.path, span.line, span.column, span.start, span.end) == ("x.md", 12, 3, 4, 4)
    assert page.span(0, 3).end == 3
    assert (page.excerpt(2), page.excerpt(6)) == ("\u00e9\U0001f642b", "last")


def test_a_page_without_text_holds_nothing() -> None:
    """An empty page is a page."""
    page = scan_page("x.md", "")
    assert (page.blocks, page.clusters, page.problems, page.directives) == ((), (), (), ())


def test_a_declaration_that_kills_a_reader_of_html_is_text_to_the_scan() -> None:
    """`<![` raises in Python's reader of HTML; a page with it is scanned all the same."""
    page = scan_page("x.md", "<![ @a\n\n<![CDATA[ @b\n")
    assert [c.items[0].key for c in page.clusters] == ["a", "b"]


def test_link_definitions_are_known_over_the_whole_page() -> None:
    """A label defined in a list or a quotation, in any case, makes a link of the brackets."""
    text = "[@a] [@b] [@c]\n\n> [@A]: x.md\n\n- y\n\n    [@b  ]: z.md\n"
    page = scan_page("x.md", text)
    assert [c.items[0].key for c in page.clusters] == ["c"]
    assert [p.code for p in page.problems] == ["citation-in-link", "citation-in-link"]
