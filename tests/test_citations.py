"""The citation grammar, held against pandoc's manual, its behaviour, and golden cases."""

from __future__ import annotations

import ast
import html
import importlib
import pkgutil
import random
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles import pandoc_clusters, scanned
from tests.work import count_calls

import dossier
from dossier.clusters import canonical
from dossier.model import Reference, Span
from dossier.style import Style, render
from dossier.syntax import Cluster, scan_page
from dossier.syntax.inline import scan_inline

FOLDER = Path(__file__).parent / "citation-syntax"
MODES = {"normal": "N", "author": "T", "suppress": "S"}
RETURN = "\u23ce"


def rows(name: str) -> list[list[str]]:
    """Return the rows of a table of cases, without its head."""
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines[1:]]


CASES = rows("cases.tsv")
CORNERS = rows("corners.tsv")


def folded(text: str) -> str:
    """Fold what pandoc's smart punctuation changes, and the space around."""
    text = text.strip().replace("\xa0", " ").replace("“", '"').replace("”", '"')
    return re.sub(r" +", " ", text.replace("’", "'").replace("–", "--"))


def written(cluster: Cluster) -> str:
    """Return a cluster as the table of cases writes it."""
    return " ; ".join(
        f"{MODES[item.mode]} {item.key} pre={folded(item.prefix)!r} suf={folded(item.suffix)!r}"
        for item in cluster.items
    )


def clusters(text: str) -> tuple[Cluster, ...]:
    """Return the citations of a page."""
    return scan_page("page.md", text.replace(RETURN, "\n")).clusters


# -- the 56 cases -----------------------------------------------------------------------------


@pytest.mark.parametrize("row", CASES, ids=lambda row: row[0])
def test_every_case_is_read_as_its_row_says(row: list[str]) -> None:
    """Mode, key, prefix and suffix of each work, and nothing where there is no citation."""
    expected = row[3]
    if expected == "NO CITATION":
        assert clusters(row[1]) == ()
        return
    wanted = re.sub(
        r"(pre|suf)=('.*?')(?= suf=| ; |$)",
        lambda m: f"{m[1]}={folded(ast.literal_eval(m[2]))!r}",
        expected,
    )
    assert " ; ".join(map(written, clusters(row[1]))) == wanted


# Prints `#key# ⟦label:locator⟧`: what the style processor takes as the locator.
PROBE = """<?xml version="1.0" encoding="utf-8"?>
<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>Probe</title><id>probe</id><updated>2026-01-01T00:00:00+00:00</updated></info>
<locale><terms>{terms}</terms></locale>
<citation><layout delimiter=" ; "><group delimiter=" "><names variable="author"/>
<text variable="title" prefix="#" suffix="#"/>
<group prefix="⟦" suffix="⟧" delimiter=":"><label variable="locator"/><text variable="locator"/>
</group></group></layout></citation>
<bibliography><layout><text variable="title"/></layout></bibliography></style>"""
TERMS = (
    "page section chapter paragraph figure line verse volume book column folio issue note opus part"
)


@pytest.fixture(scope="module")
def printed() -> dict[str, str]:
    """The text of every cluster of the cases, by its canonical form."""
    terms = "".join(
        f'<term name="{t}"><single>{t}</single><multiple>{t}</multiple></term>'
        for t in TERMS.split()
    )
    scans = [cluster for row in CASES for cluster in clusters(row[1])]
    keys = dict.fromkeys(item.key for cluster in scans for item in cluster.all_items)
    references = [
        Reference(
            key,
            "misc",
            (),
            f"@misc{{{key},\n author={{{{A}}}},\n title={{{{{key}}}}}\n}}",
            Span("r.bib", n + 1),
            title=key,
        )
        for n, key in enumerate(keys)
    ]
    sources = [canonical(cluster, keys) for cluster in scans]
    styled, problems = render(references, sources, style=Style("probe", PROBE.format(terms=terms)))
    assert problems == ()
    return {
        source: html.unescape(re.sub(r"<[^>]*>", "", styled.clusters[source])) for source in sources
    }


@pytest.mark.parametrize(
    "row", [row for row in CASES if row[3] != "NO CITATION"], ids=lambda row: row[0]
)
def test_the_canonical_form_keeps_the_locator(row: list[str], printed: dict[str, str]) -> None:
    """The style processor parses label and locator as it does in the author's own form."""
    found = clusters(row[1])
    assert found
    keys = {item.key for cluster in found for item in cluster.all_items}
    wanted = re.sub(r"A\d ", "", folded(row[4]))
    for cluster in found:
        assert re.sub(r"\bA ", "", folded(printed[canonical(cluster, keys)])) in wanted


# -- golden corners -------------------------------------------------------------------------


def nested(cluster: Cluster) -> str:
    """Return a cluster as the table of corners writes it."""
    return " ; ".join(
        f"{MODES[i.mode]} {i.key} pre={i.prefix!r} suf={i.suffix.strip()!r}"
        + (f" {{{' | '.join(map(nested, i.nested))}}}" if i.nested else "")
        for i in cluster.items
    )


@pytest.mark.parametrize("row", CORNERS, ids=lambda row: row[0])
def test_a_corner_of_the_grammar_is_read_so(row: list[str]) -> None:
    """What a citation is not counts as much as what it is."""
    found = scan_inline(row[0].replace(RETURN, "\n")).clusters
    assert (" | ".join(map(nested, found)) or "NO CITATION") == row[1]


def test_pandoc_reads_the_corners_so_but_for_those_that_say_why() -> None:
    """The golden file follows pandoc; each departure has its reason in it."""
    texts = [row[0].replace(RETURN, "\n") for row in CORNERS]
    for row, text, theirs in zip(CORNERS, texts, pandoc_clusters(texts), strict=True):
        assert (scanned(scan_inline(text).clusters) == theirs) is (row[2] == ""), row


def test_a_combining_mark_is_no_letter_of_a_key() -> None:
    """A key typed with combining marks ends before the first, to pandoc too: braces mend it."""
    text = unicodedata.normalize("NFD", "x @naïve and @{naïve}")
    assert len(text) == 23
    assert [c.items[0].key for c in scan_inline(text).clusters] == ["nai", "nai\u0308ve"]
    assert scanned(scan_inline(text).clusters) == pandoc_clusters([text])[0]


# -- generated texts --------------------------------------------------------------------------

# What may differ from pandoc, and why.
KNOWN = {
    r"@\*": "`@*` is no key here: `nocite` is the engine's own",
    r"@\{\}": "an empty key is no key",
    r"\^\[": "Python-Markdown has no inline notes: `^` is a character, the brackets a citation",
    r"\]-?@": "pandoc lets `]` end a prefix when a key follows directly and `]` comes again",
    r"[*_]+-?@": "right behind closed emphasis pandoc reads no key",
    r"[~^].*@.*[~^]": "marks of super- and subscript hide keys inside a prefix",
    r"\\[^\W\d_]": "pandoc takes a backslash with letters for TeX",
    r"~~~|```": "a fence is a block, which is the other judge's business",
    r"!\[[^\]]*\][\[{]": "an image that is none after all: pandoc reads its text anew",
    r"<!": "a declaration to pandoc, however it goes on",
    r"<[^<> !]+@[^@<> ]+>": "an address to Python-Markdown",
    r"<\/?[a-zA-Zé][^<>]*@[^<>]*[<>]": "a tag to one of the two",
}
TOKENS = (
    "@a", "@b1", "-@c", "@{d:e}", "@{x~y}", "@f_g", "[@a]", "[", "[", "]", "]", ";", "*", "**",
    "_", '"', "'", "`", "\\", "{", "}", "(", ")", "<b>", "</b>", "$", "--", "-", ".", "...", "~",
    "^", "!", "#", "%", "{.x}", "é", "@", ":", "/", "&", "<", ">", "~~", "[^1]", "{pp. 3}", "1",
    "|", "&amp;", "[-@a, p. 3; see @b]", "; ", " ", " ", " ", ", ", "p. 3", "see", "\n", "word ",
    " [p. 4]", " [see @b]",
)  # fmt: skip


def generated(seed: int, count: int) -> list[str]:
    """Return texts made of the marks of the grammar, without known differences."""
    choice = random.Random(seed)  # noqa: S311 - the same texts at every run
    texts: list[str] = []
    while len(texts) < count:
        text = f"x {''.join(choice.choices(TOKENS, k=choice.randint(2, 14)))} y"
        known = any(re.search(pattern, text) for pattern in KNOWN)
        if "@" in text and "\n\n" not in text and not known:
            texts.append(text)
    return texts


def test_pandoc_finds_the_same_citations_in_generated_texts() -> None:
    """Key, mode, and the words of prefix and suffix, in two thousand texts of citation marks."""
    texts = generated(20260101, 2000)
    theirs = pandoc_clusters(texts)
    assert sum(map(len, theirs)) > 2000
    ours = [scanned(scan_inline(text).clusters) for text in texts]
    differing = [row for row in zip(texts, ours, theirs, strict=True) if row[1] != row[2]]
    assert differing == []


@given(st.text(alphabet='@ab[]{};,-_*"`\\$<>()!^ \n=.é', max_size=60))
def test_what_is_found_stands_in_the_text_in_order(text: str) -> None:
    """Places are those of the text: clusters apart and in order, keys inside their cluster."""
    found = scan_inline(text)
    at = 0
    for cluster in found.clusters:
        assert at <= cluster.start < cluster.end <= len(text)
        at = cluster.end
        for item in cluster.items:
            assert cluster.start <= item.start < item.end <= cluster.end
            sign = text[item.start : item.end]
            assert item.key in sign
            assert sign.startswith("-@") == (item.mode == "suppress")
    for place in found.escapes:
        assert text.startswith("\\@", place)
    for start, end in (*found.calculations, *found.opaque):
        assert 0 <= start < end <= len(text)


# -- slips and links --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "start"),
    [
        ("[@a, @b]", "citation-comma", 3),
        ("[see @a, -@b]", "citation-comma", 7),
        ("[@a @b]", "citation-comma", 3),
        ("[@a, see @b]", "citation-comma", 9),
        ("[@a and @b]", "citation-comma", 8),
        ("[@a, p. 3, -@b]", "citation-comma", 11),
        ("[see [@b] @a]", "citation-comma", 5),
        ("@a [@b, @c]", "citation-comma", 6),
        ("[@a;]", "citation-semicolon", 3),
        ("[@a; @b; ]", "citation-semicolon", 7),
        ("[@ a]", "citation-space", 0),
        ("[-@ a, p. 3]", "citation-space", 0),
        ("[@a, p. 3*]", "citation-unread", 0),
        ("[@a; b]", "citation-unread", 0),
        ("[@a]{.x}", "citation-unread", 0),
    ],
)
def test_a_likely_slip_is_noted_with_its_place(text: str, code: str, start: int) -> None:
    """A comma for a semicolon, a semicolon at the end, a space behind @, a mark left open."""
    assert [(s.code, s.start) for s in scan_inline(f"{text} x").slips] == [(code, start)]


@pytest.mark.parametrize(
    "text", ["[@a; @b]", "@a [see @b]", "@a [p. 3, @b]", "[see]", "[@a, p. 3]", "@a, @b", "[a; b;]"]
)
def test_a_plain_citation_is_no_slip(text: str) -> None:
    """What may well be meant is not warned about."""
    assert scan_inline(text).slips == ()


@pytest.mark.parametrize(
    ("text", "defined", "keys"),
    [
        ("[@a](x.md)", "", ["a"]),
        ("[see @a, p. 3](x.md 'title')", "", ["a"]),
        ("[@a](<x y.md>)", "", ["a"]),
        ("[@a](x_(y).md)", "", ["a"]),
        ("![@a](x.png)", "", ["a"]),
        ("[@a][l]", "l", ["a"]),
        ("[@a][]", "@a", ["a"]),
        ("[@A]", "@a", ["A"]),
        ("[x](y.md)", "", []),
        ("[@a] (x.md)", "", []),
        ("[@a](x", "", []),
        ("[@a][l]", "m", []),
        ("[see \\@a](x.md)", "", []),
    ],
)
def test_a_link_that_swallows_a_citation_is_noted(text: str, defined: str, keys: list[str]) -> None:
    """Its text is the link's, and a warning says so."""
    found = scan_inline(text, frozenset([defined]) if defined else frozenset())
    assert [link.key for link in found.links] == keys
    if keys:
        assert found.clusters == ()


def test_escapes_and_calculations_in_the_text_of_a_link_are_found() -> None:
    """They are no citations, and print in a link as anywhere."""
    found = scan_inline("[\\@a {= 1 + 1 = 2 =}](x.md)")
    assert (found.escapes, found.calculations) == ((1,), ((5, 20),))


# -- work ---------------------------------------------------------------------------------


def work(text: str) -> int:
    """Return the work of a scan."""
    return count_calls(lambda: scan_inline(text))


HOSTILE = (
    "[ ]", "[@a ", "[@a;", "*", "`", '"a ', "@a ", "@a [", "$a ", "@{", "<a ", "\\@", "_a ",
    "http://", "{.a ", "<!--", "[x](", "(", "{= ", "$$ ", "[@{a ", "-@a", "[@a, @b ", "-", "$ a$",
    '<a b="', "{a=b ", "&a", "&amp;", "` `` ", "[^a", "[@a](", "[a][", "@a@", "a.@b", "![",
)  # fmt: skip
FRAMED = (
    ("[", "@a "), ("[@a ", "[@a "), ("[*a ", "@a"), ("[x ", "@a "), ("[@a](", "x"), ("{", "@a"),
    ("[@a; x\" ", "y"), ("[see ", "@a"), ("@a [", "@b "), ("@{", "a"),
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_of_a_scan_is_linear(piece: str) -> None:
    """Twice the text takes at most little more than twice the calls."""
    assert work(piece * 2000 + " @a") < 2.3 * work(piece * 1000 + " @a") + 400


@pytest.mark.parametrize(("opening", "middle"), FRAMED)
def test_the_work_of_a_scan_is_linear_however_deep_its_brackets(opening: str, middle: str) -> None:
    """Nested pairs are read a bounded number of times, and never overflow the stack."""
    closing = "}" if opening.endswith("{") else ")" if opening.endswith("(") else "]"

    def nest(depth: int) -> str:
        return opening * depth + middle * depth + closing * depth

    assert work(nest(1000)) < 2.3 * work(nest(500)) + 400


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every pattern that a page meets, with its name."""
    from dossier import weave
    from dossier.syntax import atoms, brackets, grammar, inline, keys, marks, pages, raw

    for module in (atoms, brackets, grammar, inline, keys, marks, pages, raw, weave):
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield f"{module.__name__}.{name}", value


SINGLE = {_constants.LITERAL, _constants.NOT_LITERAL, _constants.IN, _constants.ANY}
REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT}


def operations(tree: object) -> Iterator[tuple[object, Any]]:
    """Yield each operation of a parsed pattern with its argument, the inner ones too."""
    parts = tree if isinstance(tree, tuple | list | _parser.SubPattern) else ()
    if len(parts) == 2 and isinstance(parts[0], type(_constants.ANY)):
        yield parts[0], parts[1]
    for part in parts:
        yield from operations(part)


def endless(tree: object) -> list[Any]:
    """Return what a parsed pattern repeats without end and would take apart again."""
    return [
        repeat
        for operation, repeat in operations(tree)
        if operation in REPEATS and repeat[1] is _constants.MAXREPEAT
    ]


def loose(pattern: str) -> bool:
    """Tell whether a repeat without end stands in one that is no atomic group of its own."""
    tree = _parser.parse(pattern)
    closed = [
        id(held[0][1])
        for operation, held in operations(tree)
        if operation is _constants.ATOMIC_GROUP and len(held) == 1 and held[0][0] in REPEATS
    ]
    return any(endless(repeat[2]) for repeat in endless(tree) if id(repeat) not in closed)


def test_no_pattern_repeats_what_repeats() -> None:
    """A repeat of a repeat is atomic, so that a failed match is not tried again.

    Work inside one match is no call: this holds for patterns what the counts hold for code.
    """
    found = dict(patterns())
    assert len(found) > 20
    assert loose(r"x(?:a+b)*y")
    assert loose(r"x(?>(?:a+b)*y)")
    assert loose(r"x(?:c|(a+b))*y")
    assert not loose(r"x(?:a++b)*y")
    assert not loose(r"x(?>(?:a+b)*)y")
    assert [name for name, value in found.items() if loose(value.pattern)] == []


def possessive_groups(pattern: str) -> list[object]:
    """Return what a pattern repeats possessively and is more than one character."""
    return [
        repeated
        for operation, repeated in operations(_parser.parse(pattern))
        if operation is _constants.POSSESSIVE_REPEAT
        and (len(repeated[2]) != 1 or repeated[2][0][0] not in SINGLE)
    ]


def test_no_group_is_possessive() -> None:
    """Before Python 3.11.5 such a one may match too much (CPython's issue 106052)."""
    assert possessive_groups(r"(?:ab|c)*+")
    assert possessive_groups(r"x(?:(?:ab){2,}+|c)")
    assert not possessive_groups(r"(?>(?:ab|c)*)[ab]*+.++a?+")
    names = [name.name for name in pkgutil.walk_packages(dossier.__path__, "dossier.")]
    seen = 0
    for name in names:
        for held, value in vars(importlib.import_module(name)).items():
            for one in value if isinstance(value, tuple | list) else (value,):
                if isinstance(one, re.Pattern):
                    seen += 1
                    assert not possessive_groups(one.pattern), (name, held)
    assert seen > 100
