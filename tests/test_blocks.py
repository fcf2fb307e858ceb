"""Which parts of a page are prose, held against Python-Markdown with Material's extensions."""

from __future__ import annotations

import collections
import random
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown
from tests.oracles import (
    OURS,
    RECOMMENDED,
    Cited,
    ask_pandoc,
    clusters_of,
    convert,
    prose_keys,
    scanned,
)
from tests.work import count_calls

from dossier.front_matter import read_front_matter
from dossier.syntax import Block, Page, scan_page
from dossier.syntax.layout import read_layout
from dossier.syntax.raw import BLOCK_ELEMENTS
from dossier.weave import landings, mark

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

SETS = {"ours": OURS, "recommended": tuple(RECOMMENDED)}
both = pytest.mark.parametrize("names", SETS.values(), ids=SETS)


def scan(text: str) -> Page:
    """Return the scan of a page."""
    return scan_page("page.md", text)


def keys(text: str) -> list[str]:
    """Return the keys that a page cites, in order."""
    return [item.key for cluster in scan(text).clusters for item in cluster.all_items]


def blocks(text: str) -> list[tuple[str, str]]:
    """Return the blocks of a page, each with its text."""
    return [
        (block.kind, "\n".join(text[a:b] for a, b in block.segments))
        for block in read_layout(text).blocks
    ]


def test_block_elements_are_those_of_python_markdown() -> None:
    """A line that begins with one of them is raw HTML, with any other a paragraph."""
    assert frozenset(Markdown().block_level_elements) == BLOCK_ELEMENTS


# -- golden pages: what stands in prose has the key `k`, all else has `n` --------------------

GOLDEN = {
    "paragraph": "@k1 and\n@k2\n\n[@k3]\n",
    "headings": "# @k1\n\n## [@k2] ##\n\n###### @k3 {#id title='@n'}\n\n@k4\n===\n\n@k5\n---\n",
    "emphasis": "*@k1* **@k2** ***[@k3]*** _[@k4]_ ~~@k5~~\n",
    "quotation marks": "\"@k1\" '@k2' “@k3” ‘[@k4]’ (@k5)\n",
    "lists": "- @k1\n- x\n  @k2\n\n    @k3\n\n    - @k4\n        - @k5\n\n1. @k6\n2. @k7\n",
    "loose list": "- @k1\n\n- @k2\n\n    more @k3\n\n@k4\n",
    "code in a list": "- @k1\n\n        @n1\n\n    @k2\n",
    "task list": "- [ ] @k1\n- [x] [@k2]\n",
    "indented code": "x\n\n    @n1\n\n@k1\n",
    "code after a heading": "# @k1\n\n    @n1\n",
    "tab-indented code": "x\n\n\t@n1\n\n@k1\n",
    "lazy line": "x\n    @k1\n",
    "fences": "```\n@n1\n```\n\n~~~ sql\nselect @n2\n~~~\n\n@k1\n",
    "fence in fence": "~~~~\n```\n@n1\n~~~~\n@k1\n",
    "fence between lines": "@k1\n```\n@n1\n```\n@k2\n",
    "code spans": "`@n1` ``[@n2] ` `` @k1 `[@n3]\n@n4` @k2\n",
    "block quotation": "> @k1\n> [see\n> @k2,\n> p. 3]\n>\n> - @k3\n\n> > @k4\n",
    "lazy quotation": "> @k1\n@k2\n\n@k3\n",
    "code in a quotation": "> x\n>\n>     @n1\n>\n> @k1\n",
    "table": "| @k1 | [@k2, p. 3] |\n|---|:-:|\n| `@n1` | @k3 |\n| a \\| @k4 | `|@n2|` @k5 |\n",
    "table without outer pipes": "@k1 | b\n--- | ---\nc | [@k2]\n",
    "no table": "@k1 | b\n\n--- | @k2\n",
    "admonition": '!!! note "See @k1"\n\n    @k2\n\n    - @k3\n\n        @k4\n\n@k5\n',
    "admonition, no title": "!!! warning\n    @k1\n\n    @k2\n",
    "admonition with code": "!!! note\n\n    ```\n    @n1\n    ```\n\n    @k1\n\n        @n2\n",
    "footnotes": "x[^1] @k1\n\n[^1]: see @k2\n\n    @k3\n",
    "definitions": "Term @k1\n:   said @k2\n\n    @k3\n\nOther\n: @k4\n",
    "link": "[@n1](x.md) [x @n2](y.md) @k1\n",
    "reference link": "[@n1][x] [x][@n2] [y] @k1\n\n[x]: z.md\n[y]: @n3\n[@n2]: w.md\n",
    "reference with a title": "[x]\n\n[x]: z.md\n    'by @n1'\n\n@k1\n",
    "reference on two lines": "[x] @k1\n\n[x]:\n    z@n1.md\n\n@k2\n",
    "image": "![@n1](x.png) ![x @n2](x.png '@n3') @k1\n",
    "addresses": "<https://x.org/@n1> <joe@n2.org> joe@n3.org @k1\n",
    "abbreviation": "HTML @k1\n\n*[HTML]: by @n1\n",
    "raw HTML": "<div>\n[@n1]\n</div>\n\n@k1\n\n<p class='@n2'>@n3</p>\n\n@k2\n",
    "nested HTML": "<div>\n<div>@n1</div>\n@n2\n</div>\n@k1\n",
    "fence in HTML": "<div>\n```\n</div>\n```\n@n1\n</div>\n\n@k1\n",
    "text behind HTML": "<div>@n1</div> @k1\n",
    "HTML with Markdown": "<div markdown>\n\n@k1\n\n</div>\n\n<div markdown='1'>\n@k2\n</div>\n",
    "inline HTML": "<span title='@n1'>@k1</span> <em>[@k2]</em>\n",
    "void element": "<hr>\n@k1\n\n<hr/>\n\n@k2\n",
    "HTML never closed": "@k1\n\n<div>\n\n@n1\n",
    "no HTML": "<div @k1\n",
    "comment": "<!-- @n1\n\n@n2 -->\n\n@k1 <!-- @n3 --> @k2\n",
    "comment with a tail": "<!-- @n1 --> @k1\n",
    "comment never closed": "x <!-- @k1\n",
    "rule": "@k1\n\n---\n\n@k2\n\n* * *\n\n@k3\n",
    "code after a rule": "* * *\n\n    @n1\n",
    "escapes": "\\@n1 \\[@k1\\] \\`@k2\\`\n",
    "wrapped in a list": "- x [see\n  @k1,\n  p. 3; @k2]\n\n    [see\n    @k3]\n",
    "numbers": "10. @k1\n\n    @k2\n\n11) @k3\n",
    "declaration": "x <![ @k1\n",
}
RECOMMENDED_ONLY = {
    "tabs": '=== "Tab @k1"\n\n    @k2\n\n=== "Other"\n\n    - @k3\n\n@k4\n',
    "collapsible": '??? tip "See @k1"\n\n    @k2\n\n???+ note\n    @k3\n',
    "block with title": "/// note | See @k1\n@k2\n\n- @k3\n///\n\n@k4\n",
    "caption": "x\n\n/// caption\n[@k1]\n///\n",
    "block of tabs": "/// tab | One @k1\n@k2\n///\n",
    "fence in a list": "- x\n\n    ```\n    @n1\n\n    @n2\n    ```\n\n    @k1\n",
    "fence in a quotation": "> ```\n> @n1\n> ```\n>\n> @k1\n",
    "fence with options": '``` { .sql title="@n1" }\n@n2\n```\n\n@k1\n',
    "mathematics": "$@n1$ $$[@n2]$$ \\$@k1\\$\n\n$$\n[@n3]\n$$\n\n@k2\n",
    "marks": "==@k1== ^^@k2^^ ~~@k3~~ {++@k4++}\n",
}


@pytest.mark.parametrize("name", GOLDEN)
@both
def test_prose_is_what_python_markdown_prints_as_prose(name: str, names: tuple[str, ...]) -> None:
    """Each block rule, in and beside the others; code, links and HTML hide what they hold."""
    wanted = re.findall(r"k\d+", GOLDEN[name])
    assert keys(GOLDEN[name]) == wanted
    if name != "declaration":  # Python-Markdown's reader of HTML dies on it
        assert prose_keys(GOLDEN[name].replace("\\@n", "@n"), names) >= set(wanted)
        assert prose_keys(GOLDEN[name], names) == set(wanted)


@pytest.mark.parametrize("name", RECOMMENDED_ONLY)
def test_prose_in_the_blocks_that_material_adds(name: str) -> None:
    """Tabs, collapsible blocks, fences within blocks, mathematics."""
    wanted = re.findall(r"k\d+", RECOMMENDED_ONLY[name])
    assert keys(RECOMMENDED_ONLY[name]) == wanted
    assert prose_keys(RECOMMENDED_ONLY[name]) == set(wanted)


@pytest.mark.parametrize("name", sorted({*GOLDEN, *RECOMMENDED_ONLY} - {"declaration"}))
def test_every_token_of_a_golden_page_lands_in_prose_once(name: str) -> None:
    """What was scanned is printed, neither lost nor doubled, when it is marked."""
    text = {**GOLDEN, **RECOMMENDED_ONLY}[name]
    marked = mark(scan(text))
    found = landings(convert(marked.text, RECOMMENDED if name in RECOMMENDED_ONLY else OURS))
    clusters = [n for n, m in enumerate(marked.marks) if m.kind == "cluster"]
    assert sorted(x.number for x in found if x.prose and x.number in clusters) == clusters


def test_kinds_rows_and_quotations_of_blocks() -> None:
    """What the gates need: headings, titles, items, cells by row, and what is quoted."""
    text = (
        '# H\n\np\nq\n\n- i\n\n!!! note "T"\n    p\n\n> c\n\nS\n-\n\n'
        "| a | |\n|--|--|\n| b | c |\n\n> | d |\n> |--|\n"
    )
    found = read_layout(text).blocks
    assert blocks(text) == [
        ("heading", " H"),
        ("paragraph", "p\nq"),
        ("item", "i"),
        ("title", "T"),
        ("paragraph", "p"),
        ("paragraph", "c"),
        ("heading", "S"),
        ("cell", "a"),
        ("cell", "b"),
        ("cell", "c"),
        ("cell", "d"),
    ]
    assert [b.row for b in found if b.kind == "cell"] == [0, 1, 1, 2]
    assert [b.row for b in found if b.kind != "cell"] == [-1] * 7
    quoted = [text[b.segments[0][0] : b.segments[0][1]] for b in found if b.quoted]
    assert quoted == ["c", "d"]


def test_a_pipe_ends_a_cell_inside_a_citation_too() -> None:
    """A row is cut before brackets are read; an escaped pipe stays in the suffix."""
    head = "| a | b |\n|---|---|\n"
    assert keys(f"{head}| [@k1, p. 3 | 4] | x |\n") == ["k1"]
    cut = scan(f"{head}| [@k1, p. 3 | 4] | x |\n").clusters[0]
    assert (cut.items[0].mode, cut.items[0].suffix) == ("author", "")
    whole = scan(f"{head}| [@k1, p. 3 \\| 4] | x |\n").clusters[0]
    assert (whole.items[0].mode, whole.items[0].suffix) == ("normal", ", p. 3 \\| 4")


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("::: bibliography", ["bibliography"]),
        ("a\n::: x y\nb", ["x y"]),
        ("- a\n\n    ::: x", ["x"]),
        ("> a\n> ::: x\n> b", ["x"]),
        ("!!! note\n    ::: x", ["x"]),
        (":::x", ["x"]),
        ("```\n::: x\n```", []),
        ("a\n\n    ::: x", []),
        ("a ::: x", []),
        ("<div>\n::: x\n</div>", []),
        ("<!--\n::: x\n-->", []),
    ],
)
def test_a_directive_stands_on_a_line_of_its_own(text: str, content: list[str]) -> None:
    """In a list, an admonition and a block quotation too; never in code, HTML or a sentence."""
    found = read_layout(text).directives
    assert [d.content for d in found] == content
    assert all(text[d.start : d.end].startswith(":::") for d in found)


# -- generated documents ----------------------------------------------------------------------


class Author:
    """Writes documents of nested blocks, with a new key at each place that prints."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - the same documents at every run
        self.count = 0
        self.depth = 0

    def _key(self) -> str:
        self.count += 1
        forms = ("@k{0}", "[@k{0}]", "[see @k{0}, p. 3]", "*@k{0}*", "x@k{0}", "`@k{0}`", "-@k{0}")
        return self.random.choice(forms).format(self.count)

    def _sentence(self) -> str:
        return f"Text {self._key()} more"

    def document(self) -> list[str]:
        """Return the lines of some blocks, with further ones inside them."""
        self.depth += 1
        lines: list[str] = []
        before = ""
        for _ in range(self.random.randint(1, 4)):
            kinds = [name for name in self._kinds() if (before, name) not in self.MERGING]
            before = self.random.choice(kinds)
            lines += [*getattr(self, f"_write_{before}")(), ""]
        self.depth -= 1
        return lines[:-1]

    # Blocks that Python-Markdown reads as one where they follow each other.
    MERGING = frozenset(
        (a, b)
        for a in ("bullets", "numbers", "definition", "note", "admonition", "indented")
        for b in ("bullets", "numbers", "definition", "note", "indented", "html")
    )

    def _kinds(self) -> list[str]:
        flat = ["paragraph", "heading", "under", "table", "rule"]
        if self.depth == 1:
            flat += ["fence", "indented", "html", "comment", "link", "note"]
        if self.depth < 4:
            flat += ["bullets", "numbers", "quotation", "admonition"]
            if self.depth == 1:
                flat += ["definition"]
        return flat

    def _write_paragraph(self) -> list[str]:
        return [self._sentence() for _ in range(self.random.randint(1, 3))]

    def _write_heading(self) -> list[str]:
        return [f"{'#' * self.random.randint(1, 6)} {self._sentence()}"]

    def _write_under(self) -> list[str]:
        return [self._sentence(), self.random.choice(("===", "---"))]

    def _write_table(self) -> list[str]:
        width = self.random.randint(1, 3)
        rows = [[self._sentence() for _ in range(width)] for _ in range(self.random.randint(1, 3))]
        cells = [f"| {' | '.join(row)} |" for row in rows]
        return [cells[0], f"|{'---|' * width}", *cells[1:]]

    def _write_rule(self) -> list[str]:
        return [self.random.choice(("* * *", "***", "___"))]

    def _write_fence(self) -> list[str]:
        fence = self.random.choice(("```", "~~~", "`````"))
        return [fence, self._sentence(), "", f"    {self._sentence()}", fence]

    def _write_indented(self) -> list[str]:
        return ["Text", "", f"    {self._sentence()}", "", f"        {self._sentence()}"]

    def _write_html(self) -> list[str]:
        tag = self.random.choice(("div", "p", "section", "table"))
        return [
            f'<{tag} title="{self._key()}">',
            self._sentence(),
            "",
            self._sentence(),
            f"</{tag}>",
        ]

    def _write_comment(self) -> list[str]:
        return [f"<!-- {self._sentence()}", "", f"{self._sentence()} -->"]

    def _write_link(self) -> list[str]:
        return [f"[l{self.count}]: x.md '{self._key()}'"]

    def _write_note(self) -> list[str]:
        self.count += 1
        name = f"f{self.count}"
        return [f"Text[^{name}]", "", f"[^{name}]: {self._sentence()}", *self._more()]

    def _write_definition(self) -> list[str]:
        return [self._sentence(), f":   {self._sentence()}", *self._more()]

    def _more(self) -> list[str]:
        return ["", f"    {self._sentence()}"] if self.random.random() < 0.5 else []

    def _write_bullets(self) -> list[str]:
        return self._items(lambda _: "- ")

    def _write_numbers(self) -> list[str]:
        return self._items(lambda n: f"{n}. ")

    def _items(self, sign: Callable[[int], str]) -> list[str]:
        lines: list[str] = []
        for number in range(1, self.random.randint(2, 4)):
            lines.append(f"{sign(number)}{self._sentence()}")
            if self.random.random() < 0.5:
                lines += ["", *_indented(self.document()), ""]
        return lines

    def _write_quotation(self) -> list[str]:
        return [f"> {line}".rstrip() for line in self.document()]

    def _write_admonition(self) -> list[str]:
        return [f'!!! note "{self._sentence()}"', "", *_indented(self.document())]


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


@both
def test_generated_documents_hold_the_citations_that_python_markdown_prints(
    names: tuple[str, ...],
) -> None:
    """Over documents of blocks in blocks, nothing is missed and nothing read in code or HTML."""
    found = 0
    for seed in range(150):
        text = "\n".join(Author(seed).document()) + "\n"
        wanted = prose_keys(text, names)
        wanted -= set(re.findall(r"x@(k\d+)", text))  # right behind a word it is no key
        found += len(wanted)
        assert set(keys(text)) == wanted, text
    assert found > 800


LINES = (
    "x @k", "- @k", "1. @k", "> @k", ">> @k", "# @k", "", " @k ", " b ", "", "---", "---",
    "!!! note", '=== "@k"', "/// note", "///", "```", "~~~", "<div>", "</div>", "<p>@k</p>",
    "<!--", "-->", "[x]: @k", "[^1]: @k", ": @k", "", "", "*[A]: @k", "---", "***", "::: x", "$$",
    "<![", '--8<-- "x"', "\\@k", "{= 1", "[see", "@k, p. 3]", "`@k",
)  # fmt: skip


INDENTS = st.sampled_from(("", "", "", "    ", "        ", "  ", "\t", "> ", ">     "))


@given(st.lists(st.tuples(INDENTS, st.sampled_from(LINES)), max_size=12))
def test_any_page_is_read_with_places_that_hold(lines: list[tuple[str, str]]) -> None:
    """Whatever the lines: blocks are pieces of the page in order, apart, and within lines."""
    text = "\n".join(indent + line for indent, line in lines)
    at = 0
    for block in read_layout(text).blocks:
        for start, end in block.segments:
            assert at <= start <= end <= len(text)
            assert "\n" not in text[start:end]
            at = end
    for cluster in scan(text).clusters:
        for item in cluster.all_items:
            assert text[item.start : item.start + 2] in ("@k", "-@")


# -- real reports -----------------------------------------------------------------------------


def reports(corpus: Path) -> Iterator[tuple[str, str]]:
    """Yield the pages of two real reports, each with its name."""
    found = [
        *(corpus / "reports/ohdsi-book").glob("*.Rmd"),
        *(corpus / "reports/inara-joss").rglob("*.md"),
    ]
    for path in sorted(found):
        yield path.name, path.read_text("utf-8").replace("\r\n", "\n")


def works(
    clusters: Iterable[tuple[Cited, ...]],
) -> collections.Counter[tuple[tuple[str, str], ...]]:
    """Return how often each citation is there, by keys and modes."""
    return collections.Counter(tuple(work[:2] for work in cluster) for cluster in clusters)


def test_real_reports_hold_the_citations_that_pandoc_finds(corpus: Path) -> None:
    """Every citation of two reports, and no other."""
    total = 0
    names: list[str] = []
    for name, text in reports(corpus):
        # Chunk headers of R Markdown are no fences to pandoc, and it reads the code as text.
        plain = re.sub(r"(?m)^(\s*[`~]{3,})\{(\w+)[^}\n]*\}", r"\1\2", text)
        front, _ = read_front_matter(name, text)
        ours = works(scanned(scan_page(name, text, front.body).clusters))
        assert ours == works(clusters_of(ask_pandoc(plain)["blocks"])), name
        total += sum(ours.values())
        names.append(name)
    assert len(names) >= 28
    assert total == 119


def test_code_of_real_reports_holds_no_citation(corpus: Path) -> None:
    """The trap is SQL: `@cdm.person` is a parameter."""
    found = [key for name, text in reports(corpus) for key in keys(text)]
    assert [key for key in found if key.startswith(("cdm", "cohort_db", "ace_i"))] == []


# -- work -------------------------------------------------------------------------------------


def work(text: str) -> int:
    """Return the work of a scan."""
    return count_calls(lambda: scan(text))


HOSTILE = (
    "> ", ">", "> \n", "> - ", "| |\n", "|", "| `", "| a |\n|---|\n", "```\n", "~~~~", "~\n",
    "<div>", "<div>\n", "<div\n", "<div a='>\n", "<div markdown>\n", "<p>x</p>\n", "<hr>\n",
    "<!--", "<!--\n", "<![", "[x]: y\n", "[x]:\n", "[^1]: ", "*[a]: b\n", "- ", "- a\n",
    "    - a\n", "1. ", ":::", "::: a b\n", "x", "x @a ", "# ", "#", "#\n", "/// \n", "!!! a ",
    "!!! a\n", '=== "', '=== "a"\n', "---\n", "- - ", "-|", "\n", "\t", "@a\n", "`|", '"\n',
    "x\n===\n", "{= 1", "\\@", "[@a\n", ": x\n", "    x\n\n", "--8<--\n", "<b @a>\n", "[@a](x) ",
    "{= 1 =} ",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_of_reading_a_page_is_linear(piece: str) -> None:
    """Twice the page takes at most little more than twice the calls."""
    assert work(piece * 2000) < 2.4 * work(piece * 1000) + 400


@pytest.mark.parametrize("mark_", [">", "> ", ">\t"])
def test_quotations_nested_without_end_do_not_overflow_the_stack(mark_: str) -> None:
    """Beyond a depth that nobody writes the marks are read as one."""
    text = f"{mark_ * 5000}@a\n{mark_ * 5000}@b\n"
    assert keys(text) == ["a", "b"]
    items = "".join(f"{'    ' * n}- @a{n}\n" for n in range(400))
    assert keys(items) == [f"a{n}" for n in range(400)]


def test_blocks_are_values() -> None:
    """Equal by content, so that they can be held and compared."""
    assert Block("paragraph", ((0, 1),)) == Block("paragraph", ((0, 1),), -1, False)
