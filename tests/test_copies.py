"""Copies told from shared quotations, and those that nobody declared."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.captures import containment, words
from dossier.copies import CARRIED, SHARE, SPREAD, Likeness, likeness, undeclared_copies
from dossier.model import Independence, Overlap, Passage, Record, Span
from dossier.overlaps import as_yaml, measure
from dossier.records import read_overlaps
from dossier.seals import digest

# What follows was written for these tests; town, board and people are made up.
ARTICLE = """\
The harbour board of Elmsey voted on Tuesday to put forty cameras along the quays, ending an
argument that had gone on for most of the year. Five members were for it and four against.
The cameras read the number plates of lorries that leave the docks and keep them for ninety
days, according to the contract, which the board published an hour before the vote. A firm from
the mainland will run them and is paid 1.2 million crowns in the first year.
Harbour master Ida Brandt told the meeting that thefts from containers had doubled since the
spring. Nobody had shown, she admitted, that cameras would have stopped any of them. The police
asked to see the recordings without a warrant; the board refused that request by one vote.
Residents of the fishermen's quarter filled the public seats until midnight. Several said that
their own cars pass the new poles every morning, and that a list of who drives where is nothing
a port needs. Their petition, with nine hundred names, was read out and then filed.
The firm promises to blur faces. Its last customer, a ferry company, ended the contract early
after recordings turned up in a divorce case, a point that no member raised before voting.
"""
OTHER = """\
Fishermen in Elmsey have been told that their vans will be recorded from the autumn on. What
the new poles on the waterfront are for is not easily learned: the port speaks of stolen cargo,
while officers speak of drivers without insurance.
We asked all nine members of the board how they had decided. Three answered. One, who wishes not
to be named, called the hearing a formality; another pointed to insurers, who had raised their
premiums twice. The third sent us the tender, in which the cheapest bidder won.
On the island opinions differ. At the bakery near the old customs house a driver shrugged and
said he had nothing to hide. A teacher who collected signatures disagreed: she counts four
gates, one school and a clinic within sight of the lenses, and she has begun to cycle.
Lawyers doubt that a port may do what a town may not. A court on the mainland will look at a
like case in March, and until then the recordings may be kept. Whether they will be of use to
anyone is a question that the tender does not ask.
"""
QUOTATION = (
    "we were asked to believe that a machine which remembers every van on this island will forget "
    "them again after ninety days because a contract tells it to do so"
)
FURNITURE = """\
Home News Weather Tides Subscribe
Read next: How to smoke a mackerel at home without a smoker
Ferry timetable changes again as winter storms approach the strait
Ten walks for a long weekend, with children and without
Share this on any of our channels Leave a comment Your address will not be shown
About us Advertise with us Terms Privacy Contact All rights reserved
"""


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - nothing secret


def changed(text: str, pick: random.Random | None = None) -> str:
    """Return a text with every third word changed: in turn, or one in three at random."""
    return " ".join(
        f"synonym{number}" if (number % 3 == 2 if pick is None else pick.random() < 1 / 3) else word
        for number, word in enumerate(text.split())
    )


def quoted(text: str, marks: str = "“”") -> str:
    """Return a text with the quotation put in after its third line."""
    lines = text.splitlines()
    said = f"{marks[:1]}{QUOTATION}{marks[1:]}"
    return "\n".join([*lines[:3], f"A skipper said at the hearing: {said}.", *lines[3:]])


def both(one: str, other: str) -> bool:
    """Tell whether either of two texts can only be a copy."""
    return likeness(one, other).copied or likeness(other, one).copied


REWRITE = """\
Elmsey will have cameras on its quays. The harbour board decided so on Tuesday by five votes to
four, and so ended a dispute of many months. Lorries are what they look at: the number plates of
lorries that leave the docks are read and stored for ninety days. An outside company runs the
system for 1.2 million crowns in the first year, says the contract, published shortly before.
Thefts had doubled, said harbour master Ida Brandt, but she had no proof that cameras would have
stopped any of them. The board turned down a wish of the police to look at recordings without a
warrant. Until midnight residents of the fishermen's quarter sat in the hall. A list of who
drives where is nothing that they want. Nine hundred of them had signed. Nobody mentioned that a
ferry company had ended the contract early after recordings turned up in court.
"""


@pytest.mark.parametrize(
    "copy",
    [
        ARTICLE,
        FURNITURE + ARTICLE + FURNITURE,
        ARTICLE.upper().replace(" ", "\n"),
        " ".join(ARTICLE.split()[:120]),
        changed(ARTICLE),
        changed(ARTICLE, seeded(1)),
        changed(ARTICLE, seeded(2)),
        FURNITURE + changed(ARTICLE) + FURNITURE,
        FURNITURE + changed(ARTICLE, seeded(3)) + FURNITURE,
        "\n".join(reversed(changed(ARTICLE).split("synonym50"))),
        REWRITE,
        OTHER + ARTICLE,
    ],
    ids=[
        "verbatim",
        "with furniture",
        "other lines",
        "the first half",
        "every third word",
        "one word in three",
        "one word in three again",
        "every third word, with furniture",
        "one word in three, with furniture",
        "parts swapped",
        "rewritten",
        "within another",
    ],
)
def test_copies(copy: str) -> None:
    """A copy is one with furniture around it, with every third word changed, and rewritten."""
    assert both(copy, ARTICLE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ARTICLE, OTHER),
        (quoted(ARTICLE), quoted(OTHER)),
        (quoted(ARTICLE), quoted(OTHER, '""')),
        (quoted(ARTICLE), quoted(OTHER, "")),
        (quoted(ARTICLE, ""), quoted(OTHER, "")),
        (ARTICLE, QUOTATION),
        (quoted(ARTICLE), QUOTATION),
        (
            ARTICLE + "Forty cameras for the quays of Elmsey\n" * 3,
            "Forty cameras for the quays of Elmsey\n" * 3 + OTHER,
        ),
        (" ".join(quoted(ARTICLE, "").split()[:150]), " ".join(quoted(OTHER, "").split()[:150])),
        (ARTICLE, ""),
        ("", ""),
    ],
    ids=[
        "independent",
        "one quotation",
        "in straight marks",
        "marked in one only",
        "marked in none",
        "nothing shared with a speech",
        "a speech that is quoted",
        "a headline shared three times",
        "short, with an unmarked quotation",
        "empty",
        "both empty",
    ],
)
def test_no_copies(one: str, other: str) -> None:
    """A shared quotation of 30 words makes no copy, marked or not, nor does a headline."""
    assert not both(one, other)


def test_several_marked_quotations_make_no_copy() -> None:
    """Independent reports of one hearing may share all that was said there."""
    said = [f"“{line.strip()}” he said.\n" for line in ARTICLE.splitlines()]
    assert not both(OTHER + "".join(said[:5]), FURNITURE + "".join(said[:5]) * 2)


def test_the_quotation_is_what_is_shared() -> None:
    """The share counts the quotation; the two other figures do not."""
    found = likeness(quoted(OTHER, ""), quoted(ARTICLE, ""))
    assert len(QUOTATION.split()) == 30
    assert found.share > 0.1
    assert (found.spread, found.carried) == (0.0, 0.0)


def test_every_third_word_leaves_no_run() -> None:
    """Where every third word is changed no five words in a row are left, and the rest is found."""
    found = likeness(changed(ARTICLE), ARTICLE)
    assert found.share == 0
    assert 0.6 < found.carried < 0.7


@given(
    st.lists(st.sampled_from("abcde"), max_size=40), st.lists(st.sampled_from("abcde"), max_size=40)
)
def test_shares(part: list[str], whole: list[str]) -> None:
    """Shares lie from 0 to 1, and the first is the containment that readers are shown."""
    one, other = " ".join(part), " ".join(whole)
    found = likeness(one, other, 3)
    assert found.share == round(containment(words(one), words(other), 3), 4)
    assert 0 <= found.spread <= found.share
    assert 0 <= found.carried <= 1
    assert likeness(one, other, 3) == found


def test_shown() -> None:
    """Figures are shown with the four decimals with which they are written."""
    assert Likeness(1, 0.5, 0.12348).shown == "1.0000 (spread 0.5000, carried 0.1235)"


# ---- undeclared ----


def record(key: str, *passages: Passage, **more: object) -> Record:
    span = Span(f"sources/records/{key}.yml", 1, 1)
    return replace(Record(key, "news", span, passages=passages), **more)  # type: ignore[arg-type]


def overlap(part: str = "a", whole: str = "b", **more: object) -> Overlap:
    place = Span("sources/overlaps.yml", 8, 5)
    made = Overlap(part, whole, 5, 0.31, "0" * 64, "1" * 64, place, 0.22, 0.62)
    return replace(made, **more)  # type: ignore[arg-type]


def passage(id_: str, **more: object) -> Passage:
    return replace(Passage(id_, "words", Span("x")), **more)  # type: ignore[arg-type]


def found(overlaps: list[Overlap], *records: Record) -> list[str]:
    held = {r.key: r for r in records}
    return [p.message for p in undeclared_copies(overlaps, held)]


def test_an_undeclared_copy() -> None:
    """Two records that share text and say nothing of it are an error, told once."""
    held = {"a": record("a"), "b": record("b")}
    pair = [overlap(), overlap("b", "a", share=0.16, spread=0.1, carried=0.25)]
    (problem,) = undeclared_copies(pair, held)
    assert (problem.code, problem.severity) == ("undeclared-copy", "error")
    assert (problem.path, problem.line, problem.column) == ("sources/overlaps.yml", 8, 5)
    assert "`a` shares text with `b`" in problem.message
    assert "31.0%" in problem.message
    assert "62.0%" in problem.message
    assert "copy_of" in problem.hint


@pytest.mark.parametrize(
    "related",
    [
        [record("a", copy_of="b"), record("b")],
        [record("a"), record("b", copy_of="a")],
        [record("a", relies_on="b"), record("b")],
        [record("a", copy_of="c"), record("b", copy_of="c"), record("c")],
        [record("a", copy_of="c"), record("c", copy_of="b"), record("b")],
        [record("a", relies_on="c#p"), record("b", relies_on="c"), record("c", passage("p"))],
        [
            record("a", passage("p", relies_on="b"), passage("q", variant_of="b#p")),
            record("b", passage("p")),
        ],
        [record("a", independent_of=(Independence("b", "One site prints both."),)), record("b")],
        [record("a"), record("b", independent_of=(Independence("a", "One site prints both."),))],
    ],
)
def test_declared_copies(related: list[Record]) -> None:
    """A relation in either record, a common origin, or a stated reason declares it."""
    assert found([overlap()], *related) == []


def test_one_passage_declares_no_copy() -> None:
    """Where one passage of many is declared, the text is not."""
    one = record("a", passage("p", relies_on="b"), passage("q"))
    assert len(found([overlap()], one, record("b"))) == 1


@pytest.mark.parametrize(
    ("figures", "count"),
    [
        ({"spread": SPREAD, "carried": 0.0}, 1),
        ({"spread": SPREAD - 0.0001, "carried": CARRIED - 0.0001}, 0),
        ({"spread": 0.0, "carried": CARRIED}, 1),
        ({"share": 1.0, "spread": 0.0, "carried": 0.0}, 0),
        ({"share": SHARE, "spread": None, "carried": None}, 1),
        ({"share": SHARE - 0.0001, "spread": None, "carried": None}, 0),
        ({"whole": "a"}, 0),
        ({"whole": "c"}, 0),
    ],
)
def test_thresholds(figures: dict[str, float | str | None], count: int) -> None:
    """A copy is what reaches one threshold; of an old measurement, that of the share."""
    assert len(found([overlap(**figures)], record("a"), record("b"))) == count


# ---- the file ----


def test_all_pairs() -> None:
    """Every two texts are measured both ways, sorted, and read back as they were."""
    texts = {"b": ARTICLE, "a": changed(ARTICLE), "no": OTHER}
    measured = measure(texts)
    assert [(o.part, o.whole) for o in measured] == [
        ("a", "b"),
        ("a", "no"),
        ("b", "a"),
        ("b", "no"),
        ("no", "a"),
        ("no", "b"),
    ]
    text = as_yaml(measured)
    assert 'part: "no"' in text
    read, problems = read_overlaps([("overlaps.yml", text.encode())])
    assert problems == ()
    assert [replace(o, span=Span("")) for o in read] == list(measured)
    assert as_yaml(read) == text
    assert measure(texts, read) == read


def test_what_is_known_stays() -> None:
    """A pair of texts that are not held stays as measured; one of another text is measured anew."""
    known = overlap("x", "y")
    stale = overlap("a", "b")
    old = overlap(
        "b",
        "a",
        share=1.0,
        spread=None,
        carried=None,
        part_sha256=digest(OTHER),
        whole_sha256=digest(ARTICLE),
    )
    measured = {
        (o.part, o.whole): o for o in measure({"a": ARTICLE, "b": OTHER}, [known, stale, old])
    }
    assert measured["x", "y"] == known
    assert measured["a", "b"].part_sha256 == digest(ARTICLE)
    assert measured["b", "a"].spread is not None


def test_no_overlaps() -> None:
    """A file without overlaps is one that can be read."""
    assert read_overlaps([("o", as_yaml(()).encode())]) == ((), ())


def test_an_old_measurement_is_written_as_it_was() -> None:
    """Figures that were not measured are not made up."""
    assert "spread" not in as_yaml([overlap(spread=None, carried=None)]).split("overlaps:")[1]


def test_the_five_captures(corpus: Path) -> None:
    """The figures that the thresholds are argued from."""
    folder = corpus / "evidence" / "captures"
    texts = {p.stem: p.read_bytes().decode() for p in folder.glob("*.txt")}
    copies = {frozenset((o.part, o.whole)) for o in measure(texts) if o.spread or o.carried}
    close, spun, rewritten = "technologymag2024", "systmade2024", "itmagazine2024"
    assert copies == {
        frozenset((close, spun)),
        frozenset((close, rewritten)),
        frozenset((spun, rewritten)),
    }
    assert likeness(texts[spun], texts[close]) == Likeness(0.311, 0.2153, 0.6246)
    assert likeness(texts[rewritten], texts[close]) == Likeness(0.0891, 0.0371, 0.0397)
    for key, text in texts.items():
        assert both(changed(text), text), key
        assert both(FURNITURE + text + FURNITURE, text), key
