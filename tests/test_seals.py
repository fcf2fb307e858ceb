"""Seals: what they prove in a clone without captures, and what with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dossier.model import Capture, Check, Overlap, Passage, PassageCheck, Record, Seal, Span
from dossier.quotations import normalise
from dossier.record_edits import new_record, with_captures
from dossier.records import read_overlaps, read_records
from dossier.seals import broken, check_seals, digest, normal, seal, searchable
from dossier.standing import standing_of
from dossier.verification import current, key_of, name_of, verify_folder, verify_overlaps

SOURCES = Path(__file__).parents[1] / "sources"
SEALED = (
    "itmagazine2024",
    "ninjasighting2024",
    "stop2024release",
    "systmade2024",
    "technologymag2024",
)
TEXT = "Menu\n\n“Fusion centers” spent $400 million in 2021, it’s said.\nIn 2012For example, no."


def passage(exact: str, **more: object) -> Passage:
    return replace(Passage("p", exact, Span("sources/records/a.yml", 9, 5)), **more)  # type: ignore[arg-type]


def record(*passages: Passage, text: str = TEXT, key: str = "a", day: str = "2025-07-08") -> Record:
    capture = Capture(digest(text), len(text.split()), "full", day)
    span = Span(f"sources/records/{key}.yml", 1, 1)
    return Record(key, "news", span, captures=(capture,), passages=passages)


def sealed(exact: str, text: str = TEXT, **more: object) -> Passage:
    return passage(exact, seal=seal(exact, text), **more)


def codes(problems: object) -> list[str]:
    return [p.code for p in problems]  # type: ignore[attr-defined]


# ---- the normal form ----


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (" a\n\tb\u00a0c ", "a b c"),
        ("“it’s” «so» ‘x’ '", "\"it's\" \"so\" 'x' '"),
        ("2012–14 a‑b −1 — a—b", "2012-14 a-b -1 — a—b"),
        ("de\u00adport zero\u200bwidth \ufeff x", "deport zerowidth x"),
        ("exam\u00ad\n ple", "example"),
        ("ﬁnd eﬃcient", "find efficient"),
        ("cafe\u0301", "café"),
        ("10² ½ $1.2 Not not…", "10² ½ $1.2 Not not…"),
        ("\u00ad", ""),
    ],
)
def test_normal_form(text: str, form: str) -> None:
    """Glyphs and white space are levelled; letters, case, digits and punctuation count."""
    assert normal(text) == form


def test_version_1_is_frozen() -> None:
    """A seal is the same to the byte wherever and whenever it is made.

    The hash is that of `sha256sum` over the words with straight quotation marks.
    """
    text = "“Fusion centers” spent $400 million—in 2021…"
    assert digest(normal(text)) == (
        "c81b0dac00d265c0b43ddc8d5808c55c81f3747b84fb941b95f79f06d1de315a"
    )


@given(st.text(st.sampled_from("aAb1 \u00a0-‐–—'\"“”’«.,…\u00ad\u200bﬁ2²$é"), max_size=30))
def test_what_a_seal_forgives_a_quotation_forgives(text: str) -> None:
    """Two texts with one seal are one quotation, so no edit passes a seal and fails a reader."""
    assert normalise(normal(text)).text == normalise(text).text


@given(st.text(max_size=40))
def test_the_normal_form_stands(text: str) -> None:
    """The normal form of a normal form is itself."""
    assert normal(normal(text)) == normal(text)


# ---- where a passage stands ----


@pytest.mark.parametrize(
    ("exact", "words"),
    [
        ("Menu", (0, 1)),
        ('"Fusion centers" spent', (1, 4)),
        ("Fusion centers", (1, 3)),
        ("$400 million in 2021", (4, 8)),
        ("400 million", (4, 6)),
        ("it's said", (8, 10)),
        ("For example", (11, 13)),
        ("In 2012", (10, 12)),
        ("no.", (13, 14)),
    ],
)
def test_offsets(exact: str, words: tuple[int, int]) -> None:
    """Offsets count runs of non-space characters from 0; the first and last may hold more."""
    made = seal(exact, TEXT)
    assert made == Seal(1, digest(TEXT), *words, digest(normal(exact)))


@pytest.mark.parametrize(
    "exact", ["menu", "Men", "enters", "40", "$400  billion", "said in", "", " ", "2021 it"]
)
def test_what_does_not_stand_in_a_text(exact: str) -> None:
    """A passage stands in a text letter by letter, on whole words, or not at all."""
    assert seal(exact, TEXT) is None


def test_words_hyphenated_at_line_ends() -> None:
    """A hyphen at the end of a line may belong to the word or not; both are the same words."""
    text = "the infor-\nmation of data-\n  sharing, co-\u00ad op"
    for exact, words in (("information of", (1, 4)), ("data-sharing", (4, 6)), ("sharing", (5, 6))):
        made = seal(exact, text)
        assert made is not None, exact
        assert (made.start, made.end) == words
    assert seal("datasharing of", text) is None
    assert seal("infor mation", text) is None


def test_the_context_tells_places_apart() -> None:
    """Of several places that one counts where prefix and suffix stand, else the first."""
    text = "a cat sat. the cat ran. a cat ran"
    for prefix, suffix, start in (("the", "", 4), ("a", "ran", 7), ("", "", 1), ("no", "no", 1)):
        made = seal("cat", text, prefix, suffix)
        assert made is not None
        assert made.start == start


@given(st.data())
@pytest.mark.no_cover
def test_a_slice_of_words_is_found_where_it_was_taken(data: st.DataObject) -> None:
    """Words taken from a text are found in it, and the words at the offsets are the same."""
    words = st.text(st.sampled_from("abAB1é’-.–\u00ad,"), min_size=1, max_size=5)
    parts = data.draw(st.lists(words, min_size=1, max_size=12))
    gaps = data.draw(
        st.lists(st.sampled_from([" ", "\n", "\r\n", "\u00a0\t"]), min_size=12, max_size=12)
    )
    text = "".join(p + g for p, g in zip(parts, gaps, strict=False))
    start = data.draw(st.integers(0, len(parts) - 1))
    end = data.draw(st.integers(start + 1, len(parts)))
    exact = " ".join(parts[start:end])
    assume(normal(exact) and not any(p.endswith(("-", "–", "\u00ad")) for p in parts))
    made = seal(exact, text)
    assert made is not None
    assert made.start <= start
    there = normal(" ".join(text.split()[made.start : made.end]))
    assert normal(exact) in there


# ---- a clone without captures ----


EDITS = [
    "Fusion centers spent $401 million",
    "Fusion centers spent $400 billion",
    "Fusion centers have spent $400 million",
    "Fusion centers $400 million",
    "Fusion centres spent $400 million",
    "fusion centers spent $400 million",
    "Fusion spent centers $400 million",
    "Fusion centers spent €400 million",
    "Fusion centers spent $40.0 million",
    "Fusion centers spent $400 million.",
]


@pytest.mark.parametrize("edited", EDITS)
def test_an_edit_breaks_the_seal(edited: str) -> None:
    """A sealed passage edited by one word, one letter or one sign fails without any capture."""
    exact = "Fusion centers spent $400 million"
    whole = passage(exact, seal=seal(exact, f"Then {exact} or so"))
    assert whole.seal is not None
    assert not broken(whole, whole.seal)
    text = f"Then {exact} or so"
    assert check_seals([record(whole, text=text)]) == ()
    (problem,) = check_seals([record(replace(whole, exact=edited), text=text)])
    assert (problem.code, problem.path, problem.line) == ("seal-broken", "sources/records/a.yml", 9)
    assert problem.severity == "error"


@pytest.mark.parametrize("same", ["it’s said", "it's  said", "it\u200b's said"])
def test_typography_breaks_no_seal(same: str) -> None:
    """Glyphs and white space are no edit."""
    assert check_seals([record(replace(sealed("it's said"), exact=same))]) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"version": 2}, "seal-unknown-version"),
        ({"capture_sha256": "0" * 64}, "seal-without-capture"),
        ({"start": 9, "end": 9}, "seal-out-of-range"),
        ({"end": 99}, "seal-out-of-range"),
        ({"sha256": "0" * 64}, "seal-broken"),
    ],
)
def test_a_seal_that_cannot_be(change: dict[str, int | str], code: str) -> None:
    """A seal that names what is not there is an error, capture or not."""
    whole = sealed("Menu")
    assert whole.seal is not None
    wrong = replace(whole, seal=replace(whole.seal, **change))  # type: ignore[arg-type]
    assert codes(check_seals([record(wrong), record(passage("Menu"))])) == [code]


# ---- with captures ----


def test_the_texts_themselves() -> None:
    """With the text a seal is held against the words at its offsets."""
    whole = sealed("$400 million in 2021")
    assert verify_folder({"a": record(whole)}, {"a": TEXT}) == ()
    assert whole.seal is not None
    shifted = replace(whole, seal=replace(whole.seal, start=3, end=7))
    (problem,) = verify_folder({"a": record(shifted)}, {"a": TEXT})
    assert problem.code == "seal-not-in-capture"
    assert "spent $400 million in" in problem.message
    assert "words 4 to 8" in problem.hint
    for forged, hint in (
        (replace(whole, exact="not there"), "put the words"),
        (
            passage("not there", seal=replace(whole.seal, sha256=digest("not there"))),
            "not made from this text",
        ),
    ):
        (problem,) = verify_folder({"a": record(forged)}, {"a": TEXT})
        assert problem.code == "seal-not-in-capture"
        assert hint in problem.hint


def test_both_places_of_a_passage_are_its_own() -> None:
    """A seal at the second place of repeated words holds as well."""
    text = "cat and cat"
    made = seal("cat", text, "and")
    assert made is not None
    assert (made.start, made.end) == (2, 3)
    held = record(passage("cat", seal=made), text=text)
    assert verify_folder({"a": held}, {"a": text}) == ()


def test_texts_that_are_not_the_captures() -> None:
    """A text is known by its hash, and a capture that is not held is no error."""
    records = {"a": record(sealed("Menu")), "b": record(key="b", text="other")}
    found = verify_folder(records, {"a": TEXT + "\n", "c": "x", "b": "other"})
    assert [(p.code, p.severity) for p in found] == [
        ("capture-without-record", "warning"),
        ("capture-hash-differs", "error"),
        ("capture-missing", "note"),
    ]
    miscounted = replace(records["b"], captures=(replace(records["b"].captures[0], words=7),))
    assert codes(verify_folder({"b": miscounted}, {"b": "other"})) == ["capture-words-differ"]


def test_older_texts_of_a_source() -> None:
    """A text that is no longer the last is found by its hash, whatever its name."""
    older = record(sealed("Menu"))
    newer = replace(older, captures=(*older.captures, Capture(digest("new"), 1, "full")))
    name = name_of("a", digest(TEXT))
    assert key_of(name) == "a"
    texts = {"a": "new", name: TEXT}
    assert verify_folder({"a": newer}, texts) == ()
    assert current(texts) == {"a": "new"}


@given(st.text(min_size=1).filter(lambda k: not any(c.isspace() for c in k)))
def test_names_of_texts(key: str) -> None:
    """A key is found again from the name of its file, and the name is one that a file can have."""
    name = name_of(key, "a" * 64)
    assert key_of(name) == key_of(name_of(key)) == key
    assert not set(name) & set('/\\:*?"<>|\0')


def test_overlaps_against_texts() -> None:
    """Overlaps are held against the texts wherever these are held."""
    texts = {"a": "one two three four five six", "b": "one two three four five", "c": "unlisted"}
    records = {k: record(text=texts[k], key=k) for k in "ab"}
    right = Overlap("b", "a", 5, 1.0, digest(texts["b"]), digest(texts["a"]), Span("o", 2, 3), 0, 0)
    left = Overlap("a", "b", 5, 0.5, digest(texts["a"]), digest(texts["b"]), Span("o", 9, 3))
    assert verify_overlaps([right, left], records, texts) == ()
    wrong = replace(left, share=0.4)
    assert codes(verify_overlaps([right, wrong], records, texts)) == ["overlap-differs"]
    assert codes(verify_overlaps([replace(right, spread=0.1), left], records, texts)) == [
        "overlap-differs"
    ]
    assert codes(verify_overlaps([right], records, texts)) == ["overlap-missing"]
    elsewhere = replace(left, share=0.1, part_sha256="0" * 64)
    assert verify_overlaps([right, elsewhere], records, texts) == ()


# ---- the records of this repository ----


@pytest.mark.parametrize("key", SEALED)
def test_the_repository_is_sealed(key: str) -> None:
    """Every passage of the five captures is sealed, and each seal holds without them."""
    path = SOURCES / "records" / f"{key}.yml"
    (held,), problems = read_records([(path.name, path.read_bytes())])
    assert problems == ()
    assert held.passages
    assert [p.id for p in held.passages if p.seal is None] == []
    assert check_seals([held]) == ()


def test_the_captures_themselves(corpus: Path) -> None:
    """Each sealed passage is found at its offsets in the text, and the overlaps are those."""
    files = [(p.name, p.read_bytes()) for p in sorted((SOURCES / "records").glob("*.yml"))]
    records = {r.key: r for r in read_records(files)[0]}
    folder = corpus / "evidence" / "captures"
    texts = {p.stem: p.read_bytes().decode() for p in folder.glob("*.txt")}
    assert set(texts) == set(SEALED)
    overlaps, _ = read_overlaps([("overlaps.yml", (SOURCES / "overlaps.yml").read_bytes())])
    assert verify_folder({key: records[key] for key in SEALED}, texts) == ()
    assert verify_overlaps(overlaps, records, texts) == ()
    assert len(overlaps) == 20
    for key in SEALED:
        ready = searchable(texts[key])
        for held in records[key].passages:
            made = seal(held.exact, texts[key], held.prefix, held.suffix, ready=ready)
            assert made == held.seal


# ---- writing them down ----


SEAL = Seal(1, "a" * 64, 3, 9, "b" * 64)
LAYOUT = f"""\
# top
key: k # the key
captures: [{{sha256: {"a" * 64}, words: 30, extent: full}}] # why
standing: news

passages:
- id: a   # first
  exact: |
    some words

# about b
- {{id: b, exact: 'x', read: once}}  # flow

- id: c
  exact: >+
    kept

  # a comment inside
- id: d
  exact: "q"
  care:
# end
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_record_keeps_its_text(line_end: str, mark: bytes) -> None:
    """Captures and seals are put in; comments, order, layout and line ends stay."""
    data = mark + LAYOUT.replace("\n", line_end).encode()
    (before,), _ = read_records([("x", data)])
    captures = (*before.captures, Capture("c" * 64, 9, "partial", "2026-01-02", "d" * 64))
    written, problems = with_captures(data, "x", captures, {p.id: SEAL for p in before.passages})
    assert problems == ()
    assert written is not None
    (after,), problems = read_records([("x", written)])
    assert problems == ()
    assert after.captures == captures
    assert [p.seal for p in after.passages] == [SEAL] * 4
    assert [p.exact for p in after.passages] == [p.exact for p in before.passages]
    text = written.decode("utf-8-sig")
    assert text.count(line_end) == text.count("\n")
    for comment in ("# top", "# the key", "# why", "# first", "# about b", "# flow", "# end"):
        assert comment in text
    again, _ = with_captures(written, "x", captures, {p.id: SEAL for p in before.passages})
    assert again == written
    moved = replace(SEAL, start=4)
    changed, _ = with_captures(written, "x", captures, {p.id: moved for p in before.passages})
    assert changed == written.replace(b"start: 3", b"start: 4")
    bare, _ = with_captures(written, "x", captures, {p.id: None for p in before.passages})
    assert bare is not None
    assert b"seal" not in bare
    first = data.index(b"passages:")
    assert bare.endswith(data[first:])


def test_the_records_of_the_repository_can_be_written() -> None:
    """Any record gets a capture and seals by lines put in, and none is changed."""
    for path in sorted((SOURCES / "records").glob("*.yml")):
        data = path.read_bytes()
        (held,), _ = read_records([(path.name, data)])
        captures = (*held.captures, Capture("c" * 64, 9, "full"))
        seals = {p.id: SEAL for p in held.passages if p.seal is None}
        written, problems = with_captures(data, path.name, captures, seals)
        assert problems == (), path.name
        assert written is not None
        left = iter(written.splitlines())
        assert all(line in left for line in data.splitlines()), path.name


def test_a_new_record() -> None:
    """A new record says what it is, and what a person has not confirmed."""
    assert new_record("a", "news", confirmed=False) == (
        "# yaml-language-server: $schema=../schemas/record.schema.json\n"
        "key: a\nstanding: news  # to be confirmed by a person\n"
    )
    data = new_record("no", "primary").encode()
    written, _ = with_captures(data, "x", (Capture("c" * 64, 9, "full"),), {})
    assert written == (
        b"# yaml-language-server: $schema=../schemas/record.schema.json\n"
        b'key: "no"\nstanding: primary\ncaptures:\n  - sha256: '
        + b"c" * 64
        + b"\n    words: 9\n    extent: full\n"
    )


def test_another_list_of_captures_is_written_anew() -> None:
    """Where a capture is not only added, the list is written anew, and the rest stays."""
    data = LAYOUT.encode()
    one = Capture("e" * 64, 1, "full")
    written, _ = with_captures(data, "x", (one,), {})
    assert written is not None
    again, _ = with_captures(written, "x", (replace(one, words=2),), {})
    assert again == written.replace(b"words: 1\n", b"words: 2\n")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"key: a\nstanding: news\nstanding: news\n", "yaml-repeated-key"),
        (b"- a\n", "record-bad-value"),
        (b"{key: a, standing: news}\n", "record-not-editable"),
        (b"", "record-not-editable"),
    ],
)
def test_a_record_that_cannot_be_written(data: bytes, code: str) -> None:
    """A record that is faulty, or laid out in an odd way, is left as it is."""
    written, problems = with_captures(data, "x", (Capture("c" * 64, 9, "full"),), {})
    assert written is None
    assert code in codes(problems) or data == b""


# ---- standing ----


def look(day: str, result: str, where: str = "address") -> Check:
    seen = (PassageCheck("p", result),)  # type: ignore[arg-type]
    return Check("a", where, "https://x.example/", day, seen)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "checks", "kind", "words"),
    [
        (None, [], "transcribed", "transcribed"),
        ("", [], "sealed", "sealed (day not recorded)"),
        ("2025-07-08", [], "sealed", "sealed on July 8, 2025"),
        (
            "2025-07-08",
            [look("2026-02-03", "there"), look("2026-01-03", "there")],
            "checked",
            "sealed on July 8, 2025, checked live on February 3, 2026",
        ),
        (None, [look("2026-02-03", "moved")], "checked", "checked live on February 3, 2026"),
        (
            None,
            [look("2026-02-03", "there", "archive"), look("2026-02-03", "gone")],
            "checked",
            (
                "checked live on February 3, 2026 in its archived copy, "
                "gone at its address on February 3, 2026"
            ),
        ),
        (
            None,
            [look("2026-01-03", "changed")],
            "transcribed",
            "transcribed, changed at its address on January 3, 2026",
        ),
        (
            None,
            [look("2026-01-03", "changed"), look("2026-02-03", "there")],
            "checked",
            "checked live on February 3, 2026",
        ),
    ],
)
def test_standing(day: str | None, checks: list[Check], kind: str, words: str) -> None:
    """Every passage says how it is known: transcribed, sealed, checked live; and when."""
    one = passage("Menu") if day is None else sealed("Menu")
    standing = standing_of(one, record(one, day=day or ""), checks)
    assert (standing.kind, standing.words) == (kind, words)


def test_a_broken_seal_is_none() -> None:
    """A passage that was edited is only transcribed; a check of another passage is not its own."""
    edited = replace(sealed("Menu"), exact="Menus")
    other = replace(look("2026-01-03", "there"), key="b")
    assert standing_of(edited, record(edited), [other]).words == "transcribed"
