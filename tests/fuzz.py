"""Inputs made of what a grammar is nasty about, and what must hold of each: for hours, or a test.

`python tests/fuzz.py --minutes 60` runs all targets in turns with seeds that it prints;
`--seed N --only TARGET` gives one turn again. `test_fuzz` runs a few examples of each.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from markdown import Markdown

from dossier.bibliography import read_bibliography
from dossier.calculations import work_out
from dossier.check import check_pages
from dossier.front_matter import read_front_matter
from dossier.gates import hold
from dossier.model import Evidence, Passage, Record, Span
from dossier.names import read_names
from dossier.numbers import covers, numbers_in, same
from dossier.problems import Problem, as_text
from dossier.quotations import Ambiguous, Found, Index, normalise
from dossier.records import (
    read_checks,
    read_findings,
    read_overlaps,
    read_records,
    read_series,
)
from dossier.syntax import Page, scan_page
from dossier.weave import TOKEN, Mark, landings, mark, resolve

# -- what inputs are made of ----------------------------------------------------------------

_ODD = (
    *("\u2028", "\u2029", "\u200b", "\u200e", "\u202e", "\xad", "\xa0", "\ufeff", "\x00", "\x0b"),
    *("\x0c", "\x85", "e\u0301", "\U0001f642", "\u0130", "ß", "ﬁ", "½", "²", "٣", "\ue0d0", "\r"),
    *("\ue0d0\ue0d2\ue0d1", "\ufffc"),
)
PAGE_PIECES = (
    *(
        "[",
        "]",
        "[[",
        "](",
        "(",
        ")",
        "{",
        "}",
        "@",
        "@a",
        "@a#p",
        "@{a}",
        "@{a",
        "-@a",
        "[@a",
        "]",
    ),
    *(
        "[@a]",
        "[@a, p. 3; see @b]",
        "[see ",
        "; ",
        ", p. ",
        "@a [p. 3]",
        "`",
        "``",
        "`x`",
        "*",
        "_",
    ),
    *("**", "<", ">", "<a>", "</a>", "<!--", "-->", "<div>", "</div>", "<b t='", "'", "&amp;", "&"),
    *(
        "\\",
        "\\@",
        "\\[",
        "{=",
        "=}",
        "{= 1 + 1 = 2 =}",
        "{= count(findings) =}",
        ":::",
        "::: x a=b",
    ),
    *(
        "\n::: findings c\n",
        "\n",
        "\n\n",
        "    ",
        "\t",
        " ",
        "  \n",
        "\n> ",
        "\n- ",
        "\n1. ",
        "\n# ",
    ),
    *(
        "\n| a | b |\n|---|---|\n| c | d |\n",
        "|",
        "\n```\n",
        "\n~~~\n",
        "\n---\n",
        "\n===\n",
        "$",
        "$$",
    ),
    *(
        "\n[x]: y\n",
        "[^1]",
        "\n[^1]: a",
        "\n*[A]: b\n",
        "![",
        "!!! note\n",
        "http://a.b/@c",
        "a@b.c",
    ),
    *(
        '"',
        "“",
        "”",
        "‘",
        "’",
        "«",
        "»",
        '"The total was"',
        "“328.3 million”",
        "[...]",
        "…",
        "[sic]",
    ),
    *(
        "[T]he",
        "total",
        "was",
        "not",
        "328.3",
        "$328.3 million",
        "2014",
        "May 3, 2014",
        "three",
        "%",
    ),
    *(
        "No. ",
        "v. ",
        "U.S. ",
        ". ",
        "? ",
        "—",
        "--",
        "- ",
        "SB 54",
        "x",
        "word ",
        "Word ",
        "é",
        "$5k",
    ),
)
BIB_PIECES = (
    *(
        "@article{",
        "@misc{a,",
        "@misc{b,\n",
        "@string{",
        "@comment{",
        "@preamble{",
        "@misc(",
        "@",
        "{",
    ),
    *(
        "}",
        "(",
        ")",
        '"',
        ",",
        "=",
        "#",
        "%",
        "\\",
        "\\\\",
        "$",
        "title",
        " = ",
        "{A}",
        '"B"',
        "jan",
    ),
    *(
        "year = 2020,",
        "date = {2020-13-45/..},",
        "url = {http://a/%7B_},",
        "doi = {10.1/x_y},",
        "\n",
    ),
    *(
        "crossref = {a},",
        "xdata = {b},",
        "author = {Doe, J. and {and} others},",
        "and",
        "~",
        "--",
        " ",
    ),
    *(
        "\\emph{",
        "\\href{javascript:x}{",
        "\\begin{x}",
        "\\c",
        "\\'",
        '{\\"o}',
        "\\(",
        "\\{",
        "\\}",
    ),
    *(
        "title={",
        "},",
        "},\n",
        "}}",
        "family=Doe",
        "<b>",
        "&",
        "{{",
        "month = ",
        "editor={",
        "\t",
        "a",
    ),
    *(
        "% @misc{c,",
        "note = {",
        "\\verb|",
        "$x_1$",
        "\\textsuperscript{2}",
        "\\url{",
        "''",
        "``",
        "^",
    ),
)
YAML_PIECES = (
    *(
        "key: a\n",
        "standing: primary\n",
        "kind: x\n",
        "passages:\n",
        "  - id: p\n",
        "    exact: ",
        "x\n",
    ),
    *(
        "    locator: p. 3\n",
        "    read: once\n",
        "    voice: ",
        "relies_on: none\n",
        "copy_of: a\n",
    ),
    *("chapter: c\n", "findings:\n", "  - id: f\n", "    statement: s\n", "    evidence:\n", "- "),
    *(
        "      - {passage: a#p, bears: supports}\n",
        "id: s\n",
        "title: t\n",
        "columns:\n",
        "rows:\n",
    ),
    *(
        "  - {id: w, title: W, kind: date}\n",
        "  - {w: 2014-13-40, passages: [a#p]}\n",
        "overlaps:\n",
    ),
    *(
        "checks:\n",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        ": ",
        "? ",
        "&a",
        "*a",
        "!x ",
        "!!binary ",
        "|\n",
        ">-\n",
    ),
    *(
        "'",
        '"',
        "\\",
        "#",
        "# ",
        "\n",
        "  ",
        "\t",
        "---\n",
        "...\n",
        "%YAML 1.2\n",
        "<<: ",
        "~",
        "null",
    ),
    *(
        "yes",
        "0x1f",
        "1e9",
        "1_000",
        "2014-05-03",
        "12:30:45",
        ".inf",
        "=",
        "a",
        "\n  ",
        "\n    - ",
        "@",
        "`",
    ),
)
QUOTED = "The total was $328.3 million in 2014, and “not one” of them said so on May 3, 2015."
NUMBER_PIECES = (
    *(
        "1",
        "2",
        "0",
        "9",
        "12",
        "1,000",
        "1.5",
        ".5",
        ",",
        ".",
        "$",
        "€",
        "£",
        "%",
        " percent",
        "-",
        "–",
    ),
    *(
        "—",
        " to ",
        " and ",
        " between ",
        "million",
        " billion",
        "k",
        "m",
        "bn",
        " ",
        "one",
        "two",
        "three",
    ),
    *(
        "hundred",
        "thousand",
        "twenty",
        "twenty-one",
        "half",
        "a third",
        "dozen",
        "½",
        "1/2",
        "²",
        "2014",
    ),
    *(
        "2014-05-03",
        "May 3, 2014",
        "3 May",
        "May",
        "FY 2014",
        "2013-14",
        "2010s",
        "'14",
        "1st",
        "§ 1373",
    ),
    *(
        "8 U.S.C. 1373",
        "287(g)",
        "SB 54",
        "No. 5",
        "v1.2",
        "COVID-19",
        "10:30",
        "a.m.",
        "(",
        ")",
        "\n",
    ),
    *(
        "٣",
        "１",
        "Ⅷ",
        "\xa0",
        "\u202f",
        "minus ",
        "−",
        "+",
        "/",
        "x",
        "per ",
        "/day",
        "years",
        "of them",
    ),
)
CALCULATION_PIECES = (
    *(
        "1",
        "2.5",
        "1,000",
        "$",
        "%",
        "+",
        "-",
        "*",
        "/",
        "(",
        ")",
        "=",
        " = ",
        " ",
        "**",
        "//",
        "e9",
    ),
    *(
        "count(findings)",
        "origins(",
        "overlap(a, b)",
        "assessment(x)",
        "-",
        "−",
        " million",
        "0",
        "٣",
    ),
)


def of_pieces(pieces: Sequence[str], most: int = 40) -> st.SearchStrategy[str]:
    """Return texts of such pieces, some of them many times in a row, and of odd signs."""
    one = st.sampled_from(pieces)
    odd = st.sampled_from(_ODD)
    many = st.tuples(one, st.integers(2, 40)).map(lambda pair: pair[0] * pair[1])
    part = st.one_of(one, one, one, one, odd, many, st.text(max_size=4))
    return st.lists(part, max_size=most).map("".join)


# -- what must hold -------------------------------------------------------------------------


def _evidence() -> Evidence:
    bib = b"@misc{a, title={The title of a work}, date={2014-05-03}}\n@misc{b, title={B}}"
    references, _ = read_bibliography([("b.bib", bib)])
    record = Record("a", "primary", Span("a.yml"), passages=(Passage("p", QUOTED, Span("a.yml")),))
    return Evidence({r.key: r for r in references}, {"a": record})


EVIDENCE = _evidence()


def _hold_places(problems: Sequence[Problem], text: str) -> None:
    """A problem stands at a place of its file, and can be printed."""
    lines = text.split("\n")
    for problem in problems:
        assert 1 <= problem.line <= len(lines), problem
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, problem
        assert problem.message
        assert as_text(problem)


def _hold_page(page: Page) -> None:
    """Everything scanned stands in the text, in order and apart."""
    length = len(page.text)
    for found in (page.clusters, page.calculations, page.directives):
        at = 0
        for one in found:
            assert at <= one.start < one.end <= length
            at = one.end
    for cluster in page.clusters:
        for item in cluster.all_items:
            assert cluster.start <= item.start < item.end <= cluster.end
            assert "@" in page.text[item.start : item.start + 2]
    assert all(page.text[at : at + 2] == "\\@" for at in page.escapes)
    assert all(0 <= a <= b <= length for block in page.blocks for a, b in block.segments)
    _hold_places(page.problems, page.text)


def hold_scan(text: str) -> None:
    """A page is read alike twice, with places that hold, and its marks are put back whole."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    page = scan_page("p.md", text)
    assert page == scan_page("p.md", text)
    _hold_page(page)
    marked = mark(page)
    forged = bool(re.search("[\ue0d0-\ue0db]", text))
    if not page.directives and not forged:
        sources = [one.source for one in marked.marks]
        numbers = iter(range(len(sources)))
        assert TOKEN.sub(lambda _: sources[next(numbers)], marked.text) == text


_MARKDOWN = Markdown(extensions=["attr_list", "footnotes", "md_in_html", "tables", "admonition"])


def hold_weave(text: str) -> None:
    """No token is left in the HTML of a page, whatever Python-Markdown makes of it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    marked = mark(scan_page("p.md", text))
    try:
        html = _MARKDOWN.reset().convert(marked.text)
    except Exception as error:  # noqa: BLE001 - whatever it raises
        # What Python-Markdown cannot read it could not read without us either.
        _same_without_us(text, error)
        return
    rendered: list[Mark] = []

    def render(_: int, one: Mark) -> str:
        rendered.append(one)
        return "<i></i>"

    done = resolve(html, marked.marks, render)
    assert not TOKEN.search(done)
    landed = [one for one in landings(html) if one.prose and one.number < len(marked.marks)]
    assert len(rendered) >= sum(
        marked.marks[one.number].kind in ("cluster", "directive") for one in landed
    )


def _same_without_us(text: str, error: Exception) -> None:
    try:
        _MARKDOWN.reset().convert(text)
    except type(error):
        return
    raise error


def hold_gates(text: str) -> None:
    """Quotations and numbers that are held stand in the page, those found in the passage."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    page = scan_page("p.md", text)
    gates = hold(EVIDENCE, [page])
    assert gates == hold(EVIDENCE, [page])
    for place in gates.places:
        assert 0 <= place.start < place.end <= len(text)
        assert all(0 <= a < b <= len(QUOTED) for a, b in place.at)
    for held in gates.numbers:
        assert 0 <= held.span.start < held.span.end <= len(text)
        assert held.at is None or 0 <= held.at[0] < held.at[1] <= len(QUOTED)
    _hold_places(gates.problems, text)
    _hold_places(check_pages(EVIDENCE, [page], gated=True), text)


def hold_bibliography(text: str) -> None:
    """What is not empty is read or explained, alike twice, and reads again as it was written."""
    data = text.encode("utf-8", "surrogatepass")
    references, problems = read_bibliography([("b.bib", data)])
    assert references or problems
    assert (references, problems) == read_bibliography([("b.bib", data)])
    if all(problem.code != "bib-not-utf8" for problem in problems):
        plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        _hold_places(problems, plain)
    again, _ = read_bibliography([("c.bib", "".join(r.bibtex for r in references).encode())])
    assert [r.key for r in again] == [r.key for r in references]


def hold_records(text: str) -> None:
    """A file of any kind of evidence is read or explained, alike twice."""
    data = text.encode("utf-8", "surrogatepass")
    for read in (read_records, read_findings, read_series, read_overlaps, read_checks):
        values, problems = read([("r.yml", data)])
        assert (values, problems) == read([("r.yml", data)])
        _hold_yaml(problems, text)
    _, problems = read_names([("n.yml", data)])
    _hold_yaml(problems, text)


def _hold_yaml(problems: Sequence[Problem], text: str) -> None:
    lines = re.split("\r\n|\r|\n", text)
    for problem in problems:
        assert 1 <= problem.line <= len(lines), problem
        assert problem.column >= 1
        assert as_text(problem)


def hold_front_matter(text: str) -> None:
    """Its Markdown begins within the page."""
    for page in (text, f"---\n{text}\n---\n", f"---\ntitle: {text}\n---\nx"):
        front, problems = read_front_matter("p.md", page)
        assert 0 <= front.body <= len(page)
        _hold_yaml(problems, page)


def hold_quotation(pair: tuple[str, str]) -> None:
    """Words that are found stand in the passage; a passage without odd signs has itself."""
    exact, quotation = pair
    passage = Passage("p", exact, Span("a.yml"))
    index = Index([Record("a", "news", Span("a.yml"), passages=(passage,))], {"a": quotation})
    for words in (quotation, exact, exact[3:-3]):
        for keys in (["a"], ["b"], []):
            outcome = index.find(words, keys)
            assert outcome == index.find(words, keys)
            if isinstance(outcome, Found | Ambiguous):
                assert 0 <= outcome.match.start < outcome.match.end <= len(exact)
    for text in pair:
        normal = normalise(text)
        assert normalise(normal.text).text == normal.text
        if normal.text:
            start, end = normal.original(0, len(normal.text))
            assert 0 <= start < end <= len(text)


def hold_numbers(text: str) -> None:
    """Numbers stand in their text, in order and apart; each says what it says itself."""
    found = numbers_in(text, ("Special Order 40", text[:8]))
    assert found == numbers_in(text, ("Special Order 40", text[:8]))
    at = 0
    for number in numbers_in(text):
        assert at <= number.start < number.end <= len(text)
        assert number.text == text[number.start : number.end]
        assert same(number, number)
        assert covers([number], number)
        at = number.start


def hold_calculation(text: str) -> None:
    """Whatever is written is worked out or explained."""
    assert work_out(text, EVIDENCE, {}, ()) == work_out(text, EVIDENCE, {}, ())


_PAGE = of_pieces(PAGE_PIECES)
_WORDS = of_pieces((*PAGE_PIECES, *QUOTED.split(" "), *" " * 20, QUOTED))
TARGETS: dict[str, tuple[Callable[[Any], None], st.SearchStrategy[Any]]] = {
    "scan": (hold_scan, _PAGE),
    "weave": (hold_weave, _PAGE),
    "gates": (hold_gates, of_pieces((*PAGE_PIECES, *NUMBER_PIECES[:20], '"', "[@a]", "[@a#p]."))),
    "bibliography": (hold_bibliography, of_pieces(BIB_PIECES)),
    "records": (hold_records, of_pieces(YAML_PIECES)),
    "front matter": (hold_front_matter, of_pieces(YAML_PIECES, 15)),
    "quotations": (hold_quotation, st.tuples(_WORDS, _WORDS)),
    "numbers": (hold_numbers, of_pieces(NUMBER_PIECES)),
    "calculations": (hold_calculation, of_pieces(CALCULATION_PIECES, 20)),
}


# -- how long it takes ----------------------------------------------------------------------

_ALLOWED, _LEAST, _STEP, _SIZE = 2.8, 0.05, 4, 2000


def _seconds(task: Callable[[str], object], text: str) -> float:
    before = time.process_time()
    task(text)
    return time.process_time() - before


def grows(task: Callable[[str], object], piece: str) -> str:
    """Return how long a task takes at growing sizes where it grows faster than its input.

    Four times the text may take nearly three times four times as long; what is over in a
    moment is not judged.
    """
    text = piece * max(1, _SIZE // len(piece))
    taken = [_seconds(task, text)]
    for _ in range(3):
        text *= _STEP
        taken.append(_seconds(task, text))
        if taken[-1] > _LEAST and taken[-1] > _ALLOWED * _STEP * max(taken[-2], _LEAST / _STEP):
            return ", ".join(f"{seconds:.3f} s" for seconds in taken)
    return ""


def _read_page(text: str) -> None:
    hold(EVIDENCE, [scan_page("p.md", text)])


def _find(text: str) -> None:
    index = Index([Record("a", "news", Span(""), passages=(Passage("p", text, Span("")),))], {})
    index.find(text[: len(text) // 2], ["a"])


def _put_back(text: str) -> None:
    marked = mark(scan_page("p.md", text))
    resolve(marked.text, marked.marks, lambda *_: "")


TASKS: dict[str, tuple[Callable[[str], object], Sequence[str]]] = {
    "gates": (_read_page, PAGE_PIECES),
    "weave": (_put_back, PAGE_PIECES),
    "bibliography": (lambda t: read_bibliography([("b.bib", t.encode())]), BIB_PIECES),
    "value": (
        lambda t: read_bibliography([("b.bib", f"@misc{{a, title = {{{t}}}}}".encode())]),
        BIB_PIECES,
    ),
    "records": (lambda t: read_records([("r.yml", t.encode())]), YAML_PIECES),
    "quotations": (_find, PAGE_PIECES),
    "numbers": (numbers_in, NUMBER_PIECES),
}


# -- the command ----------------------------------------------------------------------------


def _tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


class TooLongError(Exception):
    """An input that took longer than any should."""


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise where what is done takes longer; on systems that know alarms."""

    def stop(*_: object) -> None:
        raise TooLongError(f"longer than {seconds} seconds")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@dataclass
class Tally:
    """What was run, and what failed: the inputs by what was said of them."""

    runs: Counter[str]
    faults: dict[str, str]


def run(name: str, number: int, examples: int, tally: Tally) -> None:
    """Try a target with a seed, and note what fails, with the smallest input that does."""
    check, strategy = TARGETS[name]

    def tried(one: object) -> None:
        tally.runs[name] += 1
        with within(20):
            check(one)

    options = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    try:
        seed(number)(options(given(strategy)(tried)))()
    except Exception as error:  # noqa: BLE001 - each is told
        _note(tally, f"{name} --seed {number}", error)


def _note(tally: Tally, where: str, error: Exception) -> None:
    place = traceback.extract_tb(error.__traceback__)[-1]
    kind = f"{type(error).__name__} at {place.filename}:{place.lineno}"
    if kind not in tally.faults:
        notes = "\n".join(getattr(error, "__notes__", ()))
        tally.faults[kind] = f"--only {where}"
        text = "".join(traceback.format_exception(error, limit=-4))
        _tell(f"FAULT {kind}: --only {where}\n{text}{notes}")


def run_growth(name: str, number: int, tally: Tally) -> None:
    """Time a task over pieces chosen by a seed: alone, in pairs and threes, many times."""
    task, pieces = TASKS[name]
    size = 1 + number % 3
    chance = random.Random(number)  # noqa: S311 - a choice of inputs
    piece = "".join(chance.choice((*pieces, *_ODD)) for _ in range(size))
    tally.runs[f"growth of {name}"] += 1
    try:
        with within(60):
            # A machine with other work to do stumbles once, not twice.
            slow = grows(task, piece) and grows(task, piece)
    except TooLongError:
        slow = "longer than 60 s"
    except Exception as error:  # noqa: BLE001 - each is told
        _note(tally, f"growth --seed {number}", error)
        return
    if slow and f"{name} {piece}" not in tally.faults:
        tally.faults[f"{name} {piece}"] = slow
        _tell(f"GROWS {name} {piece!r}: {slow}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the targets in turns, print faults and what was run; return 1 where one failed."""
    parser = argparse.ArgumentParser(prog="fuzz", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, help="run this one turn again")
    parser.add_argument("--only", action="append", choices=[*TARGETS, "growth"])
    parser.add_argument("--examples", type=int, default=300)
    given_ = parser.parse_args(arguments)
    tally = Tally(Counter(), {})
    end = time.monotonic() + 60 * given_.minutes
    number = first = int(time.time()) if given_.seed is None else given_.seed
    chosen = given_.only or [*TARGETS, "growth"]
    with suppress(KeyboardInterrupt):
        while number == first or (given_.seed is None and time.monotonic() < end):
            _tell(f"seed {number}: {sum(tally.runs.values())} runs")
            for name in chosen:
                if name == "growth":
                    for task in TASKS:
                        run_growth(task, number, tally)
                else:
                    run(name, number, given_.examples, tally)
            number += 1
    _tell(json.dumps(tally.runs, indent=1))
    _tell(f"{sum(tally.runs.values())} runs, seeds {first} to {number - 1}")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
