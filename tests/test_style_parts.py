"""A large bibliography set in parts: the same as by one call, and kept part by part."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dossier.bibliography import read_bibliography
from dossier.cache import Cache
from dossier.model import Reference, Span
from dossier.style import Style, begin, division, find_style, pandoc, parts, render
from dossier.style.csl import prepare
from dossier.style.groups import Traits, group, level_of, names_of, traits_of
from dossier.style.job import Job, Sheet
from dossier.style.parts import Whole, typeset_in_parts
from dossier.style.typesetting import typeset

CONFIG = Span("mkdocs.yml")
# Of each way to tell works apart: by given names of a first person, of each, of none.
DIVIDED = (
    "",
    "chicago-author-date",
    "apa",
    "modern-language-association",
    "elsevier-harvard",
    "american-political-science-association",
)


def style(name: str) -> Style:
    """Return a style that must be there."""
    found, problems = find_style(name, place=CONFIG)
    assert problems == ()
    return found


def job(references: Sequence[Reference], clusters: Sequence[str], name: str) -> Job:
    """Return what is to be set, with the style as a processor takes it."""
    found = style(name)
    xml = found.xml
    if not xml:
        default = pandoc.default_style()
        assert isinstance(default, str)
        xml = prepare(default)
    return Job(tuple(references), tuple(dict.fromkeys(clusters)), xml, found.is_note, "en-US")


def same(one: Sheet, other: Sheet) -> bool:
    """Tell whether two sheets say the same, whatever the order of faults."""
    return (
        list(one.labels.items()) == list(other.labels.items())
        and list(one.entries.items()) == list(other.entries.items())
        and one.order == other.order
        and one.clusters == other.clusters
        and set(one.faults) == set(other.faults)
    )


def hold(whole: Job) -> Whole:
    """Hold a job set in parts to the same job set by one call; return its parts, none if whole."""
    done = typeset_in_parts(whole, {})
    if done is None:
        return Whole((), (), ())
    assert isinstance(done, tuple), done
    expected = typeset(whole)
    assert isinstance(expected, Sheet)
    assert same(done[1], expected)
    return done[0]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Divide bibliographies of any size, into parts of a few works."""
    monkeypatch.setattr(division, "LEAST", 2)
    monkeypatch.setattr(division, "_PART", 4)
    monkeypatch.setattr(division, "_MOST", 99)


@pytest.fixture
def middling(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Divide bibliographies of any size, into parts that hold works of several names."""
    monkeypatch.setattr(division, "_PART", 8)


FAMILIES = (
    "Doe",
    "Roe",
    "von Doe",
    "Doe-Poe",
    "O'Neil",
    "Müller",
    "Mueller",
    "de la Cruz",
    "Young",
)
GIVEN = ("Jane", "John", "Jean", "Ann")
BODIES = (
    "{Young Women of Poe}",
    "{Doe}",
    "{The Times}",
    "The Roe Times",
    r"M{\"u}ller, J. and Doe",
)
TITLES = ("Doe", "The Doe Papers", "Roe on Poe", "A Study of {CNN}", "Young")
people = st.tuples(st.sampled_from(FAMILIES), st.sampled_from(GIVEN)).map(", ".join)
authors = st.one_of(
    st.lists(people, min_size=1, max_size=4).map(" and ".join),
    st.sampled_from(BODIES),
    st.just(""),
)
works = st.tuples(
    authors,
    st.one_of(st.just(""), people),
    st.sampled_from(TITLES),
    st.sampled_from(("2019", "2020", "2020-05", "")),
    st.sampled_from(("article", "book", "incollection", "misc", "legislation", "letter")),
)


def bibliography(drawn: Sequence[tuple[str, str, str, str, str]]) -> tuple[Reference, ...]:
    """Return references as their reader gives them, all of them."""
    names = ("author", "editor", "title", "date")
    source = "\n".join(
        f"@{fields[4]}{{k{'+' * (n % 7 == 0)}{n},\n"
        + "".join(f"  {k} = {{{v}}},\n" for k, v in zip(names, fields[:4], strict=True) if v)
        + "}\n"
        for n, fields in enumerate(drawn)
    )
    references, _ = read_bibliography([("r.bib", source.encode())])
    assert len(references) == len(drawn)
    return references


SEVERAL = 7
"""Clusters that cite several works, at most."""


def clusters_of(references: Sequence[Reference], seed: int = 0) -> list[str]:
    """Return clusters of every kind over some references.

    Each of those that cite several may ask for works of a few parts once more, in a call.
    """
    random = Random(seed)  # noqa: S311 - no secret
    keys = [f"@{{{reference.key}}}" for reference in references]
    count = min(len(keys) // 5, SEVERAL)
    several = ["; ".join(random.sample(keys, min(3, len(keys)))) for _ in range(count)]
    return [
        *(f"[{key}]" for key in keys[::2]),
        *(f"[see {key}, p. 3]" for key in keys[::3]),
        *keys[::4],
        *(f"[-{key}]" for key in keys[::5]),
        *(f"[{all_}]" for all_ in several),
        "[@{nowhere}]",
    ]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", DIVIDED)
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(works, min_size=25, max_size=60))
@pytest.mark.no_cover
def test_parts_are_what_one_call_sets(
    name: str, drawn: list[tuple[str, str, str, str, str]]
) -> None:
    """Labels, letters, entries, their order, clusters and faults are those of the whole."""
    references = bibliography(drawn)
    whole = job(references, clusters_of(references), name)
    if typeset_in_parts(whole, {}) is not None:
        hold(whole)


@pytest.mark.usefixtures("middling")
@pytest.mark.parametrize("name", DIVIDED)
def test_a_bibliography_with_many_names_is_divided(name: str) -> None:
    """Works of one family name stay together, and there is more than one part."""
    random = Random(3)  # noqa: S311 - no secret
    references = bibliography(
        [
            (
                f"{random.choice('ABCDEFGH')}lba, {random.choice(GIVEN)} and Roe, Jane",
                "",
                random.choice(TITLES),
                random.choice(("2019", "2020")),
                "book",
            )
            for _ in range(40)
        ]
    )
    divided = hold(job(references, clusters_of(references), name))
    assert len(divided.parts) > 3
    assert divided.joint


@pytest.mark.usefixtures("middling")
@pytest.mark.parametrize(
    "name", ["biblatex-examples.bib", "biber-examples.bib", "bbt-cjk-names-2624.bib"]
)
@pytest.mark.no_cover
def test_real_bibliographies_are_what_one_call_sets(name: str, corpus: Path) -> None:
    """Whatever stands in .bib files of others comes out the same in parts.

    In the style that is used where none is named, and in one that is another's work.
    """
    source = (corpus / "bib" / name).read_bytes()
    references = read_bibliography([(name, source)])[0][:60]
    for each in ("", "elsevier-harvard"):
        divided = hold(job(references, clusters_of(references), each))
        assert len(divided.parts) > 3
        assert divided.joint


@pytest.mark.usefixtures("small")
def test_clusters_over_many_parts_may_be_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where their works would be set again and again one call is as good, unless it is slow."""
    clusters = ["; ".join(f"@{{{r.key}}}" for r in REFERENCES[n::3]) for n in range(3)]
    whole = job(REFERENCES, [f"[{cluster}]" for cluster in clusters], "apa")
    slow = traits_of(whole.csl)
    assert slow.slow
    monkeypatch.setattr(division, "_MOST", 1)
    monkeypatch.setattr(division, "_SLOW", 5)
    assert division.divide(whole, slow) is not None
    assert division.divide(whole, replace(slow, slow=False)) is None


@pytest.mark.parametrize(
    ("name", "traits"),
    [
        ("ieee", Traits(divisible=False)),
        ("nature", Traits(divisible=False)),
        ("chicago-notes-bibliography", Traits(divisible=False)),
        ("apa", Traits(divisible=True)),
        ("modern-language-association", Traits(divisible=True)),
    ],
)
def test_numbers_and_notes_are_set_by_one_call(name: str, traits: Traits) -> None:
    """A number depends on all works before it, and a note may say anything."""
    assert traits_of(style(name).xml).divisible == traits.divisible


def test_a_rule_for_all_names_is_seen() -> None:
    """Where given names are added to every shared name, every person of a work ties it."""
    xml = style("apa").xml
    assert not traits_of(xml).all_names
    rule = "primary-name-with-initials"
    assert traits_of(xml.replace(rule, "all-names")).all_names


def _work(key: str, fields: str) -> Reference:
    return Reference(key, "book", (), f"@book{{{key},\n {fields}\n}}", Span("r.bib"))


@pytest.mark.parametrize(
    ("one", "other", "tied"),
    [
        ("author = {Doe, Jane}", "author = {John Doe and Ann Roe}", True),
        ("author = {Doe, Jane}", "author = {von Doe, Ann}", True),
        ("author = {Doe, Jane}", 'author = "DOE, J."', True),
        ("author = {Doe, Jane}", "author = {Roe, R and Doe, Jane}", False),
        ("author = {Doe, Jane}", "author = {Roe, R}, editor = {Doe, Jane}", True),
        ("author = {Doe, Jane}", "author = {{The Doe Papers}}", True),
        ("author = {Doe, Jane}", "title = {Doe}", True),
        ("author = {Doe, Jane}, title = {Roe}", "author = {Roe, R}, title = {Doe}", False),
        ("author = {{CNN}}", "title = {CNN}", True),
        ("author = {{CNN}}", "author = {{The CNN}}", False),
        ("author = {Müller, J}", r"author = {M{\"u}ller, J}", True),
        (r"author = {{\O}rsted, J}", "author = {Ørsted, J}", True),
        ("author = {Ørsted, J}", "author = {Åland, J}", False),
        ("author = {family=Doe, given=Jane}", "author = {Doe, Ann}", True),
        ("author = {Doe and Sons, A}", "author = {Sons, A}", False),
        ("author = {A {and} B Doe}", "author = {Doe, J}", True),
        ("note = {x}", "pages = {3}", False),
        ("author = {Doe, Jane}, crossref = {other}", "author = {Roe, R}", True),
    ],
)
def test_works_that_may_be_cited_alike_are_tied(one: str, other: str, tied: bool) -> None:
    """By the family name of a first person, or by any word where it is not a person's."""
    names = [names_of(_work("one", one), Traits()), names_of(_work("other", other), Traits())]
    ties = group(names, ["one", "other"])
    assert (ties.root(0) == ties.root(1)) is tied


def test_by_what_a_work_is_cited_is_told_by_its_label() -> None:
    """By its names, by other words of the entry, or by none: works of the last kind are tied."""
    named = names_of(_work("k", "author = {Doe, Jane}, title = {On Roe}"), Traits())
    assert [level_of(label, named) for label in ("Doe 2020", "On Roe", "n.d.")] == [0, 1, 1]
    named = names_of(_work("k", "author = {Doe, Jane}, title = {On Roe}"), Traits(), 1)
    assert [level_of(label, named) for label in ("On Roe", "n.d.")] == [1, 2]
    assert level_of("Doe", names_of(_work("k", "author = {Doe, J}"), Traits(), 2)) == 2
    bare = [names_of(_work(f"k{n}", f"pages = {{{n}}}"), Traits(), 2) for n in range(2)]
    assert group(bare, ["k0", "k1"]).size(0) == 2


@pytest.mark.usefixtures("small")
def test_works_that_a_style_cites_by_other_words_are_tied_by_these() -> None:
    """A law has its title for a label, whoever is its author: it is grouped anew by that."""
    laws = [
        ("Doe, Jane", "", "Roe", "2020", "legislation"),
        ("Poe, Ann", "", "Roe", "2020", "legislation"),
    ]
    others = [(f"{letter}ba, Jane", "", "Title", "2020", "book") for letter in "ABCDEFGHIJKLMN"]
    references = bibliography([*laws, *others])
    assert len(hold(job(references, [], "apa")).parts) > 2


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", ["apa", "elsevier-harvard"])
@pytest.mark.parametrize("sort", ["", '<sort><key variable="title" sort="descending"/></sort>'])
def test_an_order_that_crosses_parts_is_found(name: str, sort: str) -> None:
    """A style that sorts by particles, or not by names at all, orders as in one call."""
    references = bibliography(
        [
            (f"{particle} {letter}lba, Jane", "", f"{letter}c", "2020", "book")
            for letter, particle in zip(
                "ABCDEFGHIJKLMNOP", ("zu", "", "von", "am") * 4, strict=True
            )
        ]
    )
    found = job(references, [], name)
    csl = re.sub(
        r"(?s)(<bibliography.*?)<sort>.*?</sort>", rf"\1{sort}" if sort else r"\g<0>", found.csl
    )
    assert len(hold(replace(found, csl=csl)).parts) > 2


@pytest.mark.usefixtures("small")
def test_what_cannot_be_read_is_named_in_any_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of an entry stands in for it, and the others are set."""
    # It is searched for in its part, in the whole, and by `render` in its part again.
    monkeypatch.setattr(pandoc, "convert", cache(pandoc.convert))
    drawn = [(f"{letter}ba, Jane", "", "Title", "2020", "book") for letter in "ABCDEFGHIJKLMN"]
    references = list(bibliography(drawn))
    references[5] = replace(references[5], bibtex=f"@misc{{{references[5].key},\n title={{{{x}}")
    whole = job(references, ["[@{k1}, p. 3]", r"[@{k2} $\rubbish$]"], "apa")
    assert len(hold(whole).parts) > 2
    _, problems = render(references, whole.clusters, style=style("apa"))
    assert [p.code for p in problems] == ["formula-unset", "entry-unreadable"]


@pytest.mark.usefixtures("small")
def test_a_part_that_fails_fails_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be set at all is a problem of the style, as in one call."""
    late = pandoc.Failure("too late", late=True)
    monkeypatch.setattr(parts, "typeset", lambda _: late)
    assert typeset_in_parts(job(REFERENCES, [], "apa"), {}) == late


# -- what is kept ------------------------------------------------------------------------

REFERENCES = bibliography(
    [
        (f"{letter}lba, Jane", "", f"Title {n}", "2020", "book")
        for letter in "ABCDEFGHIJ"
        for n in "ab"
    ]
)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Count the works that calls read, by their bibliographies."""
    seen: list[str] = []
    convert = pandoc.convert

    def count(document: str, bibliography: str, *rest: str):
        seen.append(bibliography)
        return convert(document, bibliography, *rest)

    monkeypatch.setattr(pandoc, "convert", count)
    return seen


def _works(calls: Sequence[str]) -> int:
    return sum(bibliography.count("@book{") for bibliography in calls)


@pytest.mark.usefixtures("small")
def test_a_warm_build_starts_nothing(
    calls: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was set in parts comes back equal from one item, without any process."""
    cache = Cache(tmp_path)
    clusters = clusters_of(REFERENCES)
    first = render(REFERENCES, clusters, cache=cache)
    assert len(calls) > 3
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a process was started"))
    assert render(REFERENCES, clusters, cache=cache) == first
    assert render(REFERENCES, clusters[:5], cache=cache)[0].labels == first[0].labels
    assert len(list(tmp_path.glob("*.json"))) == 1


@pytest.mark.usefixtures("small")
def test_a_changed_entry_sets_its_part_and_a_cluster_its_own(
    calls: list[str], tmp_path: Path
) -> None:
    """All other parts are taken from the cache; the result is that of a cold build."""
    cache = Cache(tmp_path)
    clusters = [f"[@{{{r.key}}}, p. 3]" for r in REFERENCES]
    render(REFERENCES, clusters, cache=cache)
    calls.clear()
    changed = list(REFERENCES)
    changed[4] = replace(changed[4], bibtex=changed[4].bibtex.replace("2020", "1999"))
    styled = render(changed, clusters, cache=cache)
    assert len(calls) == 2
    assert _works(calls[:1]) <= 9
    # The second call has the works at the ends of parts only, from which the order is read.
    assert _works(calls[1:]) < len(REFERENCES)
    assert styled == render(changed, clusters)
    calls.clear()
    more = [*clusters, f"[@{{{REFERENCES[9].key}}}, p. 7]"]
    styled = render(changed, more, cache=cache)
    assert len(calls) == 1
    assert _works(calls) <= 9
    assert styled == render(changed, more)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    "damage",
    [
        lambda _: None,
        lambda _: [],
        lambda _: {},
        lambda kept: {**kept, "wholes": {"x": 3}},
        lambda kept: {**kept, "parts": {}},
        lambda kept: {**kept, "parts": {name: {} for name in kept["parts"]}},
        lambda kept: {
            **kept,
            "wholes": {n: [a, b, c[1:]] for n, (a, b, c) in kept["wholes"].items()},
        },
    ],
)
def test_a_kept_library_of_another_form_is_not_used(damage, tmp_path: Path) -> None:
    """What is not what we write is set anew."""

    class InMemory(dict[str, object]):
        def read(self, name: str) -> object:
            return self.get(name)

        def write(self, name: str, value: object) -> None:
            self[name] = value

    store = InMemory()
    first = render(REFERENCES, ["[@{k1}]"], cache=store)
    for name in store:
        store[name] = damage(store[name])
    assert render(REFERENCES, ["[@{k1}]"], cache=store) == first


# -- ahead of time -----------------------------------------------------------------------


@pytest.mark.parametrize("foreseen", [[], ["[@{k1}]", "[@{k2}, p. 3]"], ["[@{k3}, p. 9]"]])
@pytest.mark.parametrize("least", [2, 400])
def test_what_is_begun_is_finished_as_if_rendered(
    foreseen: list[str], least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was foreseen, clusters and problems are those of one call with all of them."""
    monkeypatch.setattr(division, "LEAST", least)
    monkeypatch.setattr(division, "_PART", 4)
    written = ["[@{k1}]", "[@{k2}, p. 3]", r"[@{k4} $\rubbish$]"]
    places = {cluster: Span("a.md", n) for n, cluster in enumerate(written, 1)}
    setting = begin(REFERENCES, foreseen, style=style("apa"))
    expected = render(REFERENCES, written, style=style("apa"), places=places)
    assert setting.finish(written, places=places) == expected
    assert [p.line for p in expected[1]] == [3]
