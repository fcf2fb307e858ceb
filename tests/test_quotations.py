"""Quotations: their normalisation, editorial convention, and how they are looked up."""

from __future__ import annotations

import random
import re
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.model import Passage, Record, Span
from dossier.quotations import (
    RULES,
    STEPS,
    Ambiguous,
    Found,
    FoundInTitle,
    Index,
    InOtherSource,
    NoRecord,
    NotFound,
    TooShort,
    Uncited,
    negation_in,
    normalise,
)
from dossier.quotations import corpus as corpus_module
from dossier.quotations import index as index_module
from dossier.records import read_records

RECORDS = Path(__file__).parents[1] / "sources" / "records"
SEED = 20241119
TRICKY = "ab1 .…-–—'\"“’,\n\r\t\xa0\xad\u200bﬁé\u0301e²½[]"


def record(key: str, **passages: str) -> Record:
    """A record of one key, its passages by their ids."""
    held = tuple(
        Passage(name.replace("_", "-"), exact, Span("r.yml")) for name, exact in passages.items()
    )
    return Record(key, "news", Span("r.yml"), passages=held)


def found(exact: str, quotation: str, *, in_marks: bool = True) -> str | None:
    """The words of a passage that a quotation matches, None where it stands nowhere."""
    outcome = Index([record("a", p=exact)]).find(quotation, ["a"], in_marks=in_marks)
    match outcome:
        case Found(match):
            return exact[match.start : match.end]
        case NotFound():
            return None
        case _:
            pytest.fail(f"{outcome}")


# -- normalisation ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "text", "expected"),
    [
        (
            "Soft hyphens",
            "co\xadoperate de\xad \n  port zero\u200bwidth",
            "cooperate deport zerowidth",
        ),
        ("Ligatures", "eﬃcient ﬂat ﬆ oﬀ", "efficient flat st off"),
        ("Unicode form", "cafe\u0301 \u212b", "café Å"),
        ("Unicode form", "m² ½ ™ ① ３", "m² ½ ™ ① ３"),
        ("Hyphens at line ends", "post-\nponed post-  \r\n  poned", "postponed postponed"),
        (
            "Hyphens at line ends",
            "U.S.-\nMexico x-\nRay 2012-\n2014",
            "U.S.- Mexico x-Ray 2012-2014",
        ),
        ("Hyphens at line ends", "pre- and -\n x post-\n\nponed", "pre- and—x post- poned"),
        ("White space", "\n a\xa0\u2009b \t\u3000c\u2028d ", "a b c d"),
        (
            "Quotation marks and apostrophes",
            "“a” ‘b’ \"c\" 'd' „e‟ «f» it’s",
            "'a' 'b' 'c' 'd' 'e' 'f' it's",
        ),
        ("Quotation marks and apostrophes", "5′ 6″", "5′ 6″"),
        ("Hyphens", "a‐b a‑b 2012–2014 −5", "a-b a-b 2012-2014 -5"),
        ("Dashes", "a—b a -- b a--b a – b a - b a ― b a --- b", "a—b a—b a—b a—b a—b a—b a—b"),
        ("Dashes", "– a", "—a"),
        (
            "Dashes",
            "non-compliant pre- and post-war, a -5",
            "non-compliant pre- and post-war, a -5",
        ),
        ("Ellipses", "a... b… c . . . d ... e", "a…b…c…d…e"),
        ("Ellipses", "a.... b.. c", "a.…b.. c"),
    ],
)
def test_step(step: str, text: str, expected: str) -> None:
    """Each step does what it says, and no more."""
    assert step in [s.name for s in STEPS]
    assert normalise(text).text == expected


def test_steps_and_rules_are_described() -> None:
    """The method page prints steps and rules from the code: each has a name and a sentence."""
    for one in (*STEPS, *RULES):
        assert one.name.strip()
        assert one.description.endswith(".")
    assert len({one.name for one in (*STEPS, *RULES)}) == len(STEPS) + len(RULES)


@given(st.text(alphabet=TRICKY, max_size=40))
def test_normal_text_stays(text: str) -> None:
    """What is normalised once is normalised."""
    once = normalise(text).text
    assert normalise(once).text == once


@given(st.text(alphabet=TRICKY, max_size=40))
def test_every_character_knows_its_origin(text: str) -> None:
    """Offsets lead back into the original, in order; letters and digits to themselves."""
    normal = normalise(text)
    before = 0
    for at, char in enumerate(normal.text):
        start, end = normal.original(at, at + 1)
        assert before <= start < end <= len(text)
        before = start
        if char in "b12":
            assert text[start:end] == char


@pytest.mark.parametrize(
    ("text", "words", "original"),
    [
        ("  the “post-\nponed” eﬃcient  cost", "'postponed'", "“post-\nponed”"),
        ("  the “post-\nponed” eﬃcient  cost", "efficient", "eﬃcient"),
        ("  the “post-\nponed” eﬃcient  cost", "cost", "cost"),
        ("a -- b... c", "—", " -- "),
        ("plain", "lai", "lai"),
        ("cafe\u0301s", "és", "e\u0301s"),
    ],
)
def test_way_back(text: str, words: str, original: str) -> None:
    """A stretch of normalised text is one of the original."""
    normal = normalise(text)
    at = normal.text.index(words)
    start, end = normal.original(at, at + len(words))
    assert text[start:end] == original


# -- whole words, case, punctuation -------------------------------------------------------

PASSAGE = (
    "The committee “found no evidence” that the non-compliant U.S. programme’s cost—about"
    " $1.2 million (43%) in 2012–2014, or 1,500 a day—was efﬁcient. It can’t be R&D, it said."
)


@pytest.mark.parametrize(
    "quotation",
    [
        PASSAGE,
        "found no evidence",
        "The committee 'found no evidence' that",
        'The committee "found no evidence" that the non-compliant',
        "programme's cost -- about $1.2 million",
        "1.2 million (43%) in 2012-2014, or 1,500 a day – was efficient",
        "efficient. It can't be",
        "it said",
        "U.S. programme’s",
    ],
)
def test_true_slices(quotation: str) -> None:
    """A slice on whole words stands, whatever its typography."""
    assert found(PASSAGE, quotation)


@pytest.mark.parametrize(
    "quotation",
    [
        "found some evidence",
        "Found no evidence",  # case
        "found no evidenc",
        "ound no evidence",
        "the compliant U.S. programme’s cost",
        "compliant U.S. programme’s",  # cut from non-compliant
        "It can",  # cut from can't
        "the U",  # cut from U.S.
        "2 million",  # cut from 1.2
        "500 a day",  # cut from 1,500
        "be R",  # cut from R&D
        "cost about",
        "found no  evidence that the noncompliant",
        "43 in 2012",
        "in 2012 2014",
        "evidence that found",
    ],
)
def test_what_is_no_slice(quotation: str) -> None:
    """Nothing else stands: words changed, cut, moved, or of another case."""
    assert found(PASSAGE, quotation) is None


@pytest.mark.parametrize(
    ("quotation", "in_marks", "words"),
    [
        ("R&D, it said.", True, "R&D, it said."),
        ("R&D, it", True, "R&D, it"),
        ("R&D,", True, "R&D,"),
        ("found no evidence,", True, "found no evidence"),
        ("found no evidence.", True, "found no evidence"),
        ("found no evidence.", False, None),
        ("found no evidence;", True, None),
        ("found no evidence!", True, None),
    ],
)
def test_final_punctuation(quotation: str, in_marks: bool, words: str | None) -> None:
    """A final comma or stop is the source's own where it has it, else American punctuation."""
    assert found(PASSAGE, quotation, in_marks=in_marks) == words


def test_marks_of_scripts_belong_to_words() -> None:
    """A vowel sign is part of its word."""
    assert found("यह हिन्दी है", "हिन्दी है")
    assert found("यह हिन्दी है", "हिन्द है") is None
    assert found("यह हिन्दी है", "न्दी है") is None


# -- editorial convention -----------------------------------------------------------------

SPEECH = (
    "The agency said it does not give records to anyone. There were times when it was,"
    " at the least, a bad idea. Others in the State say it was never [as here] legal… or so."
)


@pytest.mark.parametrize(
    ("quotation", "words"),
    [
        ("There were […] a bad idea", "There were times when it was, at the least, a bad idea"),
        ("There were ... a bad idea", "There were times when it was, at the least, a bad idea"),
        ("There … times . . . was", "There were times when it was"),
        ("…There were times…", "There were times"),
        ("[...] a bad idea [...]", "a bad idea"),
        ("[t]here were times", "There were times"),
        ("[there] were times", "There were times"),
        ("[T]he agency", "The agency"),
        ("say [that] it was", "say it was"),
        ("[They] say it was", "say it was"),
        ("a bad [sic] idea", "a bad idea"),
        ("a bad idea [sic]. Others", "a bad idea. Others"),
        ("record[s] to anyone", None),
        ("time[s] when", None),
        ("State[s] say it", "State say it"),
        ("[state] say it", "State say it"),
        ("never [as here] legal... or", "never [as here] legal… or"),
        ("never legal", None),
        ("it was … agency said", None),  # order
        ("There were … There were", None),  # each part once
        ("were … ere", None),
        ("does [not] give", "does not give"),  # the source has it
        ("does [not] not give", None),
        ("[does not] give", "does not give"),
        ("the agency [it] give", None),
        ("[un]there were", None),
        ("s[ai]d it", None),
        ("x[a]id", None),
        ("[Y]here were", None),
        ("say [] it was", "say it was"),
        ("[Boston] … bad idea", "bad idea"),
    ],
)
def test_editing(quotation: str, words: str | None) -> None:
    """Brackets and ellipses stand for what the published rules say, and nothing else."""
    assert found(SPEECH, quotation) == words


def test_an_added_negation_in_brackets_is_refused() -> None:
    """Brackets cannot turn what a source says into its contrary."""
    assert found("They give records.", "They [do not] give records") is None
    assert found("They are open.", "They are[n't] open") is None


@pytest.mark.parametrize(
    ("quotation", "gaps"),
    [
        ("does … give", ["not"]),
        ("anyone. […] Others", ["There were times when it was, at the least, a bad idea."]),
        ("legal … or", []),
        ("The … agency", []),
        ("times … it … was", ["when"]),
    ],
)
def test_gaps(quotation: str, gaps: list[str]) -> None:
    """What an ellipsis leaves out is known, if it leaves out words, and as little as can be."""
    outcome = Index([record("a", p=SPEECH)]).find(quotation, ["a"])
    assert isinstance(outcome, Found)
    assert [SPEECH[a:b].strip() for a, b in outcome.match.gaps] == gaps


def test_the_shortest_stretch_is_taken() -> None:
    """Parts are taken as near to each other as they stand."""
    exact = "the center is good. the center is not bad."
    outcome = Index([record("a", p=exact)]).find("the center … bad", ["a"])
    assert isinstance(outcome, Found)
    assert exact[outcome.match.start :] == "the center is not bad."


@pytest.mark.parametrize(
    ("text", "negation"),
    [
        ("they can't go", "n't"),
        ("did Not", "Not"),
        ("nor I", "nor"),
        ("without it", "without"),
        ("a notable knot", ""),
        ("cannot", "cannot"),
    ],
)
def test_negations(text: str, negation: str) -> None:
    """A negation is a word of its own or `n't`."""
    assert negation_in(text) == negation


# -- outcomes -----------------------------------------------------------------------------

INDEX = Index(
    [
        record("a", one="alpha beta gamma delta", two="the beta gamma routinely"),
        record("b", one="epsilon zeta eta theta iota", two="alpha beta gamma delta"),
        record("empty"),
    ],
    {"a": "Deportation, Inc.: How “Centers” Work", "new": "A New Work"},
)


def test_found() -> None:
    """One passage of a cited source holds it."""
    outcome = INDEX.find("epsilon zeta", ["b"])
    assert isinstance(outcome, Found)
    assert (outcome.match.address, outcome.match.start, outcome.match.end) == ("b#one", 0, 12)
    assert INDEX.passage("b#one").exact.startswith("epsilon")


def test_ambiguous() -> None:
    """Several hold it: the first in the order of the citations is taken."""
    assert isinstance(INDEX.find("beta gamma", ["a"]), Ambiguous)
    outcome = INDEX.find("alpha beta", ["b", "a"])
    assert isinstance(outcome, Ambiguous)
    assert (outcome.match.address, outcome.others) == ("b#two", ("a#one",))


def test_a_passage_cited_by_itself_comes_first() -> None:
    """Where a cited passage holds it, no other one is looked at."""
    outcome = INDEX.find("beta gamma", ["a"], ["a#two", "a#gone"])
    assert isinstance(outcome, Found)
    assert outcome.match.address == "a#two"
    assert isinstance(INDEX.find("alpha beta", ["a"], ["a#two"]), Found)


@pytest.mark.parametrize(
    "title",
    [
        "Deportation, Inc.: How ‘Centers’ Work",
        "Deportation, Inc.",
        "Deportation, Inc.,",
        'How "Centers" Work',
    ],
)
def test_title(title: str) -> None:
    """The title of a cited work may be quoted, whole or a side of its colon."""
    assert INDEX.find(title, ["b", "a"]) == FoundInTitle("a")
    assert not isinstance(INDEX.find(title, ["b"]), FoundInTitle)


def test_title_without_record() -> None:
    """A title needs no record; half a title is none."""
    assert INDEX.find("A New Work", ["new"]) == FoundInTitle("new")
    assert INDEX.find("New Work", ["new"]) == NoRecord(("new",))


def test_other_source() -> None:
    """It stands in a source that is not cited here."""
    assert INDEX.find("zeta eta", ["a"]) == InOtherSource("b#one")
    assert INDEX.find("zeta … theta,", ["a"]) == InOtherSource("b#one")
    assert INDEX.find("[E]psilon zeta", ["a"]) == InOtherSource("b#one")


def test_no_record() -> None:
    """A cited source without a record cannot bear it out; one that has it elsewhere does."""
    assert INDEX.find("zeta eta", ["a", "new", "newer", "new"]) == NoRecord(("new", "newer"))
    assert isinstance(INDEX.find("zeta eta", ["new", "b"]), Found)


def test_uncited() -> None:
    """Nothing is cited; a passage that has it is named."""
    assert INDEX.find("zeta eta", []) == Uncited("b#one")
    assert INDEX.find("omega [sic] eta", []) == Uncited("")


@pytest.mark.parametrize("quotation", ["", "…", "the", "The.", "2021", "$ 5", "[agency]", "[…] --"])
def test_too_short(quotation: str) -> None:
    """No letters, or one function word, shows nothing."""
    assert INDEX.find(quotation, ["a"]) == TooShort()


def test_one_content_word() -> None:
    """A single content word is checked like any other."""
    assert isinstance(INDEX.find("routinely", ["a"]), Found)
    assert isinstance(INDEX.find("rarely", ["a"]), NotFound)


def test_front_bracket_alone() -> None:
    """A word whose first letter stands in brackets is looked for, though no whole word is left."""
    assert isinstance(INDEX.find("[A]lpha", ["a"]), Found)
    assert INDEX.find("[O]mega … beta", ["a"]) == NotFound(None)
    assert INDEX.find("[O]mega", []) == Uncited("")


# -- the nearest passage ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quotation", "marked"),
    [
        ("found some evidence", "found [-some-]{+no+} evidence"),
        ("found evidence” that", "found {+no+} evidence” that"),
        ("found no clear evidence", "found no [-clear-] evidence"),
        ("about $1.3 million (43%)", "about $ [-1.3-]{+1.2+} million (43%)"),
        ("an enormous apparatus of surveillance", None),
    ],
)
def test_nearest(quotation: str, marked: str | None) -> None:
    """The words that differ are marked, in the form of wdiff; what is not alike is not near."""
    outcome = Index([record("a", p=PASSAGE, q="Nothing of that kind.")]).find(quotation, ["a"])
    assert isinstance(outcome, NotFound)
    if marked is None:
        assert outcome.nearest is None
    else:
        assert outcome.nearest is not None
        assert outcome.nearest.address == "a#p"
        assert outcome.nearest.marked == marked
        assert 0.5 <= outcome.nearest.ratio < 1


def test_nearest_elsewhere() -> None:
    """Where no cited passage is near, one of another source may be."""
    outcome = INDEX.find("epsilon zeta eta kappa iota", ["a"])
    assert isinstance(outcome, NotFound)
    assert outcome.nearest is not None
    assert outcome.nearest.address == "b#one"
    assert outcome.nearest.marked == "epsilon zeta eta [-kappa-]{+theta+} iota"


def test_nearest_is_bounded() -> None:
    """A long quotation and a long passage are compared over a bounded stretch."""
    words = [f"w{n}" for n in range(5000)]
    index = Index([record("a", p=" ".join(words))])
    outcome = index.find(" ".join([*words[1000:1500], "x"]), ["a"])
    assert isinstance(outcome, NotFound)
    assert outcome.nearest is not None
    assert len(outcome.nearest.marked) < 2000


# -- real passages ------------------------------------------------------------------------


def real_records() -> tuple[Record, ...]:
    """The records of the report."""
    files = [(path.name, path.read_bytes()) for path in sorted(RECORDS.glob("*.yml"))]
    records, problems = read_records(files)
    assert problems == ()
    assert len(records) > 50
    return records


def slice_of(rng: random.Random, exact: str, least: int = 1) -> str:
    """A slice of a passage on the words between its spaces."""
    words = exact.split()
    length = rng.randint(min(least, len(words)), len(words))
    at = rng.randint(0, len(words) - length)
    return " ".join(words[at : at + length])


UNITS = ["million", "billion", "percent", "%", "$", "€", "years", "months", "days", "miles", "more"]


def change_letter(rng: random.Random, text: str, _: list[str]) -> str:
    """Put another letter, or none, in the place of one."""
    at = rng.choice([n for n, char in enumerate(text) if char.isalpha()] or [0])
    letter = rng.choice("abcdefghijklmnopqrstuvwxyz")
    return (
        text[:at] + rng.choice([letter, letter.upper(), text[at].swapcase(), ""]) + text[at + 1 :]
    )


def change_word(rng: random.Random, text: str, vocabulary: list[str]) -> str:
    """Put another word, or none, in the place of one."""
    words = text.split()
    words[rng.randrange(len(words))] = rng.choice(["", rng.choice(vocabulary)])
    return " ".join(words)


def change_digit(rng: random.Random, text: str, _: list[str]) -> str:
    """Put another digit in the place of one."""
    places = [n for n, char in enumerate(text) if char.isdigit()]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + rng.choice("0123456789") + text[at + 1 :]


def change_negation(rng: random.Random, text: str, _: list[str]) -> str:
    """Take a negation out, or put one in."""
    without = re.sub(r"\b(?:not|no|never) |n['’]t\b", "", text, count=1)
    if without != text:
        return without
    words = text.split()
    words.insert(rng.randint(0, len(words)), "not")
    return " ".join(words)


def swap_words(rng: random.Random, text: str, _: list[str]) -> str:
    """Exchange two words that stand side by side."""
    words = text.split()
    if len(words) > 1:
        at = rng.randrange(len(words) - 1)
        words[at : at + 2] = words[at + 1], words[at]
    return " ".join(words)


def change_unit(rng: random.Random, text: str, _: list[str]) -> str:
    """Put another unit in the place of one."""
    held = [unit for unit in UNITS if unit in text]
    return text.replace(rng.choice(held), rng.choice(UNITS), 1) if held else text


MUTATIONS: tuple[Callable[[random.Random, str, list[str]], str], ...] = (
    change_letter,
    change_word,
    change_digit,
    change_negation,
    swap_words,
    change_unit,
)


@pytest.mark.no_cover
def test_no_mutation_passes() -> None:
    """Of 10,000 mutated slices of real passages none stands; the seed is printed.

    A mutation that leaves a true slice of the record is not counted. Passages that have
    brackets or ellipses are left out: in a quotation these are the editor's.
    """
    sys.stdout.write(f"seed {SEED}\n")
    rng = random.Random(SEED)  # noqa: S311
    records = real_records()
    index = Index(records)
    held = [
        (record, p.exact)
        for record in records
        for p in record.passages
        if not re.search(r"[\[…]|\.\.", p.exact)
    ]
    texts = {r.key: [" ".join(p.exact.split()) for p in r.passages] for r in records}
    vocabulary = sorted({word for _, exact in held for word in exact.split()})
    counted = {mutate.__name__: 0 for mutate in MUTATIONS}
    while sum(counted.values()) < 10_000:
        source, exact = rng.choice(held)
        mutate = MUTATIONS[sum(counted.values()) % len(MUTATIONS)]
        mutated = mutate(rng, slice_of(rng, exact), vocabulary).strip()
        bare = mutated.rstrip(".,") if mutated[-1:] in (".", ",") else mutated
        if any(bare in text for text in texts[source.key]):
            continue
        outcome = index.find(mutated, [source.key])
        assert not isinstance(outcome, Found | Ambiguous | FoundInTitle), (SEED, mutated)
        counted[mutate.__name__] += 1
    assert min(counted.values()) > 1000


NOISE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"[\"“”]", ('"', "“", "”", "„", "'", "‘")),
    (r"['‘’]", ("'", "’", "‘", "`")),
    (r" ?— ?| -- ?| – ", ("—", " — ", "--", " -- ", " – ", " - ")),
    (r"(?<=\w)[-‑](?=\w)", ("-", "‐", "‑")),
    (r"(?<=\d)[-–](?=\d)", ("-", "–", "‒")),
    (r"(?<![-—–]) (?![-—–.…])", (" ", " ", " ", "\xa0", "\n", "  ", "\u2009", "\r\n", "\t ")),
    (r"ffi", ("ffi", "ﬃ")),
    (r"fi", ("fi", "ﬁ")),
    (r"fl", ("fl", "ﬂ")),
    (r"\.{3}|…", ("...", "…", ". . .")),
    (r"(?<=[a-z]{3})(?=[a-z]{3})", ("",) * 20 + ("\xad", "-\n", "\u200b", "\xad\n")),
)


def add_noise(rng: random.Random, text: str) -> str:
    """The same words in other typography."""
    for pattern, forms in NOISE:
        if rng.random() < 0.6:
            text = re.sub(pattern, lambda _, forms=forms: rng.choice(forms), text)
    return unicodedata.normalize("NFD", text) if rng.random() < 0.3 else text


@pytest.mark.no_cover
def test_every_true_slice_passes() -> None:
    """10,000 true slices of real passages with typographic noise all stand; the seed is printed."""
    sys.stdout.write(f"seed {SEED}\n")
    rng = random.Random(SEED)  # noqa: S311
    records = real_records()
    index = Index(records)
    held = [(r.key, p.exact) for r in records for p in r.passages]
    noisy = 0
    for _ in range(10_000):
        key, exact = rng.choice(held)
        quotation = slice_of(rng, exact, 2)
        changed = add_noise(rng, quotation)
        noisy += changed != quotation
        outcome = index.find(changed, [key])
        if not isinstance(outcome, TooShort):
            assert isinstance(outcome, Found | Ambiguous), (SEED, changed, exact)
    assert noisy > 5000


# -- what a lookup costs ------------------------------------------------------------------


def cost(monkeypatch: pytest.MonkeyPatch, sources: int, quotations: int) -> tuple[int, int]:
    """The comparisons of quotations with passages, those that stand and those that do not."""
    rng = random.Random(SEED)  # noqa: S311
    vocabulary = [f"word{n}" for n in range(400)]
    records = [record(f"k{n}", p=" ".join(rng.choices(vocabulary, k=100))) for n in range(sources)]
    index = Index(records)
    compared = 0
    real = index_module.places_of

    def counting(*arguments: object) -> object:
        nonlocal compared
        compared += 1
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(index_module, "places_of", counting)
    right = []
    for wrong in (False, True):
        compared = 0
        for n in range(quotations):
            source = records[n % sources]
            words = source.passages[0].exact.split()[20:28]
            key = records[(n + 1) % sources].key if wrong else source.key
            outcome = index.find(" ".join(words), [key])
            assert isinstance(outcome, InOtherSource if wrong else Found)
        right.append(compared)
    monkeypatch.undo()
    return right[0], right[1]


@pytest.mark.no_cover
def test_no_quotation_meets_every_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lookup compares with the cited passages, and with one or two others: counted, not timed."""
    small, large = cost(monkeypatch, 20, 100), cost(monkeypatch, 200, 100)
    assert small[0] == large[0] == 100
    assert large[1] <= 250
    assert cost(monkeypatch, 200, 1000)[1] <= 2500


def test_a_run_of_common_words_is_bounded() -> None:
    """Of a run that stands everywhere a bounded number of places is looked at."""
    records = [record(f"k{n}", p="of the") for n in range(500)]
    held = corpus_module.Corpus(records)
    assert len(held.hits(["of", "the"])) == 500
    assert len(list(held.find(["of", "the"], 64))) == 64
    assert list(held.find(["of", "a"], 64)) == []
    assert held.hits([]) == ()
