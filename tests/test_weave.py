"""Tokens in, fragments out: what Python-Markdown makes of a page stays as it is."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from tests.oracles import OURS, RECOMMENDED, convert
from tests.test_blocks import Author

from dossier.syntax import scan_page
from dossier.weave import Landing, Mark, as_plain, landings, mark, resolve, restore, token

CLUSTER = Mark("cluster", 0, "[@a]")


def woven(text: str, names: tuple[str, ...] = OURS) -> str:
    """Return a page with its marks in guillemets: kind, then source."""
    marked = mark(scan_page("page.md", text))
    return resolve(
        convert(marked.text, names),
        marked.marks,
        lambda _, m: f"«{m.kind} {html.escape(m.source)}»",
    )


def unwoven(text: str, names: tuple[str, ...] = OURS) -> str:
    """Return a page whose marks are put back as written."""
    marked = mark(scan_page("page.md", text))
    return resolve(
        convert(marked.text, names), marked.marks, lambda _, m: html.escape(m.source, quote=False)
    )


@pytest.mark.parametrize("names", [OURS, tuple(RECOMMENDED)], ids=["ours", "recommended"])
@pytest.mark.no_cover
def test_a_page_marked_and_put_back_is_the_page(names: tuple[str, ...]) -> None:
    """Over generated documents: tokens change nothing that Python-Markdown makes of the rest."""
    for seed in range(60):
        # Slugs are made of what a heading says, a token says nothing: ids are taken out.
        text = "\n".join(Author(seed).document()) + "\n"
        plain, back = (
            re.sub(r' id="[^"]*"| href="#[^"]*"', "", page)
            for page in (convert(text, names), unwoven(text, names))
        )
        assert back == plain


def test_front_matter_is_left_out() -> None:
    """What is marked begins behind it."""
    text = "---\ntitle: @x\n---\nsee @a\n"
    marked = mark(scan_page("page.md", text, text.index("see")))
    assert marked.text == f"see {token(0)}\n"
    assert marked.marks == (Mark("cluster", 0, "@a"),)


def test_marks_tell_kind_place_and_source() -> None:
    """Numbered in the order of the page; the index is that in the list of its kind."""
    marked = mark(scan_page("page.md", "@a \\@ [@b] {= 1 + 1 = 2 =}\n\n::: bibliography\n"))
    assert marked.marks == (
        Mark("cluster", 0, "@a"),
        Mark("escape", 0, "\\@"),
        Mark("cluster", 1, "[@b]"),
        Mark("calculation", 0, "{= 1 + 1 = 2 =}"),
        Mark("directive", 0, "::: bibliography"),
    )


def test_tokens_are_told_apart_by_number() -> None:
    """Any number has its own, read back as it was."""
    found = landings("".join(map(token, (0, 9, 10, 12345))))
    assert found == (Landing(0), Landing(9), Landing(10), Landing(12345))
    assert all(landing.prose for landing in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see @a, and", "<p>see «cluster @a», and</p>"),
        ("*@a*", "<p><em>«cluster @a»</em></p>"),
        ("\\@a", "<p>«escape \\@»a</p>"),
        ("[x \\@ {= 1 + 1 = 2 =} @a](b.md)",
         '<p><a href="b.md">x «escape \\@» «calculation {= 1 + 1 = 2 =}» @a</a></p>'),
        ('<b title="@a">@b</b>', '<p><b title="@a">«cluster @b»</b></p>'),
        ("x <!-- @a --> @b", "<p>x <!-- @a --> «cluster @b»</p>"),
        ("`@a` @b", "<p><code>@a</code> «cluster @b»</p>"),
        ("![@a](b.png)", '<p><img alt="@a" src="b.png" /></p>'),
        ("<kbd>@a</kbd> <kbd>x<kbd>y</kbd>@b</kbd> @c",
         "<p><kbd>@a</kbd> <kbd>x<kbd>y</kbd>@b</kbd> «cluster @c»</p>"),
        ("a<br/>@a", "<p>a<br/>«cluster @a»</p>"),
        ("<a/>@a", "<p><a/>«cluster @a»</p>"),
        ("</a>@a", "<p></a>«cluster @a»</p>"),
        ("::: x", "«directive ::: x»"),
        ("a\n::: x\nb", "<p>a</p>\n«directive ::: x»\n<p>b</p>"),
        ("> a\n> ::: x\n> b",
         "<blockquote>\n<p>a</p>\n«directive ::: x»\n<p>b</p>\n</blockquote>"),
        ("- a\n\n    ::: x\n    b",
         "<ul>\n<li>\n<p>a</p>\n«directive ::: x»\n<p>b</p>\n</li>\n</ul>"),
        ('!!! note "T"\n    ::: x\n\n    b',
         ('<div class="admonition note">\n<p class="admonition-title">T</p>\n«directive ::: x»\n'
          "<p>b</p>\n</div>")),
        ("> - a\n>\n>     ::: x",
         "<blockquote>\n<ul>\n<li>\n<p>a</p>\n«directive ::: x»\n</li>\n</ul>\n</blockquote>"),
        ("| a |\n|---|\n| [@a, 1 \\| 2] |",
         ("<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
          "<td>«cluster [@a, 1 \\| 2]»</td>\n</tr>\n</tbody>\n</table>")),
        ("<x, y @a>", "<p><x, y @a></p>"),
    ],
)  # fmt: skip
def test_a_fragment_stands_where_its_source_was_prose(text: str, expected: str) -> None:
    """Anywhere else the author's own characters come back; a directive replaces its paragraph."""
    assert woven(text) == expected


def test_mathematics_is_no_prose() -> None:
    """What arithmatex leaves for the browser is put back as written."""
    text = f'<span class="arithmatex">{token(0)}</span> <div class="x">{token(0)}</div>'
    assert landings(text) == (Landing(0, "span"), Landing(0))


def test_what_is_put_back_is_escaped() -> None:
    """In text and attributes as HTML wants it; in a comment no hyphens may end it."""
    marks = (Mark("cluster", 0, '[@a, "<b>" -- &]'),)
    escaped = "[@a, &quot;&lt;b&gt;&quot; -- &amp;]"
    assert restore(f"<code>{token(0)}</code>", marks) == f"<code>{escaped}</code>"
    assert resolve(f'<i title="{token(0)}">', marks, lambda *_: "!") == f'<i title="{escaped}">'
    assert resolve(f"<!-- {token(0)} -->", marks, lambda *_: "!") == '<!-- [@a, "<b>" - - &] -->'
    assert resolve(f"<pre>{token(0)}</pre>", marks, lambda *_: "!") == f"<pre>{escaped}</pre>"


def test_a_forged_token_is_taken_out() -> None:
    """A page that holds our private characters names no mark, and prints nothing for them."""
    assert resolve(f"a{token(7)}b", (CLUSTER,), lambda *_: "!") == "ab"
    assert as_plain(f"a {token(7)}", lambda _: "") == "a"


def test_a_comment_that_never_ends_hides_nothing() -> None:
    """Browsers and Python-Markdown differ there; the token is prose as the scan said."""
    assert resolve(f"<!-- <!-- {token(0)}", (CLUSTER,), lambda *_: "!") == "<!-- <!-- !"


def test_a_directive_within_words_leaves_their_paragraph() -> None:
    """Only a paragraph that holds nothing else goes with it."""
    marks = (Mark("directive", 0, "::: x"),)
    text = f"<p>{token(0)} a</p><p> {token(0)} </p>"
    assert resolve(text, marks, lambda *_: "<hr>") == "<p><hr> a</p><hr>"


def test_headings_slugs_and_contents_do_without_tokens() -> None:
    """The slug is that of the words; the entry of the contents has plain words for tokens."""
    marked = mark(scan_page("page.md", "# Costs [@a] in @b\n\n## [@c]\n\n## Costs in\n"))
    md = Markdown(extensions=["toc"])
    page = md.convert(marked.text)
    ids = re.findall(r'id="([^"]*)"', page)
    assert ids[0] == "costs-in"
    assert len(set(ids)) == 3
    name = md.toc_tokens[0]["name"]  # type: ignore[attr-defined]
    assert as_plain(name, lambda n: "" if n == 0 else "Doe (2020)") == "Costs  in Doe (2020)"


@given(st.text(alphabet="<>ap/!- \"'=\ue0d0\ue0d1\ue0d2", max_size=40))
def test_no_html_is_lost(text: str) -> None:
    """With each token for itself any text comes back, but for paragraphs that hold only one."""
    known = (CLUSTER,)
    out = resolve(text, known, lambda *_: token(0))
    assert out.replace(token(0), "").replace("[@a]", "") == re.sub(
        "\ue0d0[\ue0d2-\ue0db]+\ue0d1", "", text
    )


@pytest.mark.parametrize("piece", ["<a ", "<!--", '<a "', "<a", "<p>", "<p> ", "<a>", "\ue0d0"])
def test_marks_without_end_are_put_through(piece: str) -> None:
    """Nothing is looked for beyond the next mark; a quadratic search would not end here."""
    assert resolve(piece * 100_000, (), lambda *_: "") == piece * 100_000
