"""A few of the inputs of `fuzz`, and those on which something once failed or never ended."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fuzz
from dossier.bibliography import read_bibliography
from dossier.gates import hold
from dossier.model import Passage, Record, Span
from dossier.quotations import Found, Index, NotFound
from dossier.syntax import scan_page
from dossier.syntax.nearby import Nearby
from dossier.syntax.units import read_units
from dossier.yaml_source import read_yaml
from work import count_calls

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover


@pytest.mark.parametrize("name", fuzz.TARGETS)
def test_what_a_grammar_is_nasty_about_is_read(name: str) -> None:
    """Nothing raises, places hold, and the same is read twice."""
    check, strategy = fuzz.TARGETS[name]

    @settings(max_examples=100, deadline=None)
    @given(strategy)
    def hold_each(one: object) -> None:
        check(one)

    hold_each()


def test_a_fault_is_noted_once_with_the_way_to_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command names target and seed, shows the smallest input, goes on, and returns 1."""

    def fail(text: str) -> None:
        assert "x" not in text

    targets = {"a": (fail, st.text("xy")), "b": (lambda _: None, st.text("xy"))}
    monkeypatch.setattr(fuzz, "TARGETS", targets)
    monkeypatch.setattr(fuzz, "TASKS", {})
    assert fuzz.main(["--seed", "3", "--examples", "50"]) == 1
    said = capsys.readouterr().out
    assert said.count("FAULT AssertionError") == 1
    assert "--only a --seed 3" in said
    assert "one='x'" in said
    assert '"b": 50' in said or '"b": ' in said
    assert fuzz.main(["--seed", "3", "--examples", "50", "--only", "b"]) == 0


def test_growth_is_told_where_there_is_any(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times the input in sixteen times the time is growth, in four times the time none."""
    spent = 0.0

    def clock() -> float:
        return spent

    monkeypatch.setattr(time, "process_time", clock)

    def linear(text: str) -> None:
        nonlocal spent
        spent += len(text) / 1000

    def square(text: str) -> None:
        nonlocal spent
        spent += (len(text) / 1000) ** 2

    assert fuzz.grows(linear, "a b ") == ""
    assert fuzz.grows(square, "a b ").startswith("4.000 s, 64.000 s")


# -- what once took too long ------------------------------------------------------------------


def index_of(exact: str) -> Index:
    record = Record("a", "news", Span("r.yml"), passages=(Passage("p", exact, Span("r.yml")),))
    return Index([record])


def test_many_insertions_are_not_tried_in_all_combinations() -> None:
    """Each bracket stands for nothing or for a word; of fifty there are more than can be tried."""
    words = "a " * 50
    exact = f"it said {words}and no more"
    quotation = f"it said {'[a] ' * 50}and"
    assert isinstance(index_of(exact).find(f"{quotation} less", ["a"]), NotFound)
    assert isinstance(index_of(exact).find(quotation, ["a"]), Found)


def test_many_parts_are_looked_for_once_each() -> None:
    """A quotation of one word and thousands of omissions costs what its words cost."""
    few, many = ("no " * count for count in (500, 1000))

    def work(text: str) -> int:
        index = index_of(text)
        return count_calls(lambda: index.find("... ".join(text.split(" ")), ["a"]))

    assert work(many) < 2.4 * work(few) + 400


def test_a_word_without_end_is_not_looked_for_at_each_letter() -> None:
    """A quotation begins where a word does; a quadratic search would not end here."""
    word = "ß" * 400_000
    assert not isinstance(index_of(word).find(word[1:-1], ["a"]), Found)
    assert not isinstance(index_of(word).find(word[: len(word) // 2], ["a"]), Found)


@pytest.mark.parametrize("piece", ["{a=", "@string{a=", "x {b= @k ", "title={"])
def test_attributes_that_never_close_are_put_through(piece: str) -> None:
    """Each is looked at up to the next; a quadratic search would not end here."""
    scan_page("page.md", piece * 40_000)


@pytest.mark.parametrize(
    "piece", ['a [@a] "b" 1 ', 'x "The total was" 5 [@a#p] ', "{= 1=1 =} [@a]\n\n"]
)
def test_the_work_of_the_gates_is_linear(piece: str) -> None:
    """A sentence that cites one source many times, or a page of many calculations."""
    few, many = (scan_page("page.md", piece * count) for count in (200, 400))

    def work(page: object) -> int:
        return count_calls(lambda: hold(fuzz.EVIDENCE, [page]))  # type: ignore[list-item]

    assert work(many) < 2.4 * work(few) + 400


def test_a_line_of_many_problems_is_held_once() -> None:
    """A copy for each would take gigabytes for a page of one line."""
    marks = f"x\n{'“' * 600}\nx"
    entries = f"x\n{'@misc{a, b} ' * 60}\nx"
    keys = f"x:\n  {{{'a: b, ' * 200}}}\ny: z\n"
    for problems in (
        read_units(scan_page("page.md", marks))[1],
        read_bibliography([("b.bib", entries.encode())])[1],
        read_yaml(keys.encode(), "r.yml")[1],
    ):
        long = [problem.excerpt for problem in problems if len(problem.excerpt) > 500]
        assert len(long) > 10
        assert len({id(excerpt) for excerpt in long}) == 1


PLACED = st.lists(st.tuples(st.integers(0, 20), st.sampled_from("abcde"))).map(
    lambda pairs: sorted(pairs, key=lambda pair: pair[0])
)


@given(PLACED, st.integers(0, 21))
def test_what_is_next_behind_a_place_comes_first(placed: list[tuple[int, str]], at: int) -> None:
    """Then what follows it, then what stands before, the nearest first; each thing once."""
    behind = [thing for place, thing in placed if place >= at]
    before = [p for p in placed if p[0] < at]
    before.sort(key=lambda p: -p[0])
    wanted = tuple(dict.fromkeys([*behind, *(thing for _, thing in before)]))
    assert Nearby(placed).around(at) == wanted
