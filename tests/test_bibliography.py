"""What .bib files give: golden files, the faulty inputs, properties, and real bibliographies."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pypandoc
import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.model import DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.bibliography import read_bibliography
from dossier.model import Reference, Span
from dossier.problems import Problem, has_errors
from dossier.style import find_style, render
from dossier.style.markup import text_of

HERE = Path(__file__).parent
GOLDEN = sorted((HERE / "bibliography").glob("*.bib"))
BAD_INPUTS = HERE / "bad-inputs"


def read(text: str | bytes) -> tuple[tuple[Reference, ...], tuple[Problem, ...]]:
    """Read one file."""
    data = text.encode() if isinstance(text, str) else text
    return read_bibliography([("refs.bib", data)])


def shown(data: bytes) -> str:
    """Return what a golden file says of a .bib file: the problems, then the references."""
    references, problems = read(data)
    lines: list[str] = []
    for p in problems:
        lines += [f"{p.line}:{p.column} {p.severity} {p.code}: {p.message}", f"    mend: {p.hint}"]
    for r in references:
        lines.append(f"reference {r.key} at {r.span.line}:{r.span.column}")
        lines += [
            f"    {name}: {value}"
            for name, value in (
                ("title", _short(r.title)),
                ("authors", " | ".join(r.authors)),
                ("date", r.date),
                ("doi", r.doi),
                ("url", r.url),
            )
            if value
        ]
        lines += [f"    > {_short(line)}" for line in r.bibtex.splitlines()]
    return "\n".join(lines) + "\n"


def _short(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:60]}... ({len(text)} characters)"


def codes(problems: Sequence[Problem]) -> set[tuple[str, str, int]]:
    """Return severity, code and line of each problem."""
    return {(p.severity, p.code, p.line) for p in problems}


# --- golden files -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", GOLDEN, ids=lambda p: p.stem)
def test_a_golden_file_gives_its_problems_and_references(path: Path) -> None:
    """Each .bib file under tests/bibliography gives what the .txt file beside it says."""
    assert shown(path.read_bytes()) == path.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", GOLDEN, ids=lambda p: p.stem)
@pytest.mark.parametrize("ending", ["\r\n", "\r"], ids=["crlf", "cr"])
def test_line_ends_and_a_byte_order_mark_change_nothing(path: Path, ending: str) -> None:
    """A byte order mark and the line ends of other systems leave every place where it was."""
    data = path.read_bytes()
    other = b"\xef\xbb\xbf" + data.decode().replace("\n", ending).encode()
    assert shown(other) == shown(data)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda p: p.stem)
def test_a_rewritten_entry_reads_as_itself(path: Path) -> None:
    """What is written for the style processor reads back without fault, key by key."""
    references, _ = read(path.read_bytes())
    again, problems = read("".join(r.bibtex for r in references))
    assert [r.key for r in again] == [r.key for r in references]
    allowed = {"bib-empty", "empty-entry", "duplicate-key", "bad-name"}
    assert {p.code for p in problems} <= allowed


def test_problems_show_the_line_they_stand_on() -> None:
    """The excerpt of a problem is its whole line."""
    _, problems = read("@misc{a,\n  title = jomch,\n}\n")
    assert [(p.line, p.column, p.excerpt) for p in problems] == [(2, 11, "  title = jomch,")]


def test_fields_keep_their_source() -> None:
    """Fields hold BibTeX source in the order of the file, macros expanded, delimiters off."""
    references, _ = read(
        '@misc{a, TITLE = {A {B}} # " \\\'e", month = jan,\n note = {two\n  lines}}'
    )
    assert references[0].fields == (
        ("title", "A {B} \\'e"),
        ("month", "January"),
        ("note", "two lines"),
    )


def test_a_span_holds_the_entry() -> None:
    """The span of a reference runs from its at sign to its closing bracket."""
    text = "x\n  @misc{a, title = {T}} y"
    span = read(text)[0][0].span
    assert (span.line, span.column) == (2, 3)
    assert text[span.start : span.end] == "@misc{a, title = {T}}"


def test_a_file_that_is_not_utf8_loses_only_the_entries_concerned() -> None:
    """A byte that is not UTF-8 is named with its place; the other entries are read."""
    text = "% M\xfcller\n@misc{a, title = {M\xfcller}}\n@misc{b, title = {Read}}\n"
    references, problems = read(text.encode("latin-1"))
    assert [r.key for r in references] == ["b"]
    assert [(p.severity, p.code, p.line, p.column) for p in problems] == [
        ("warning", "bib-not-utf8", 1, 4),
        ("error", "bib-not-utf8", 2, 20),
    ]
    assert "0xFC" in problems[1].message
    assert "iconv -f ISO-8859-1 -t UTF-8" in problems[1].hint


def test_windows_bytes_are_told_from_latin1() -> None:
    """Bytes that only Windows-1252 gives a meaning are offered for conversion as such."""
    _, problems = read(b"@misc{a, title = {a \x96 b}}")
    assert "WINDOWS-1252" in problems[0].hint


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_named(encoding: str) -> None:
    """UTF-16, with a byte order mark or without one, and UTF-32 are named and not guessed at."""
    references, problems = read("@misc{a, title = {Read}}\n".encode(encoding))
    assert not references
    assert codes(problems) == {("error", "bib-not-utf8", 1)}


def test_files_are_read_as_one() -> None:
    """Macros, parents and keys hold over all files, and problems name the file they are in."""
    references, problems = read_bibliography(
        [
            ("a.bib", b"@misc{a, title = tt, crossref = {c}}\n"),
            ("strings.bib", b'@string{tt = "From another file"}\n'),
            ("c.bib", b"\n@misc{c, title = {C}, year = 2019}\n@misc{a, title = {Other}}\n"),
        ]
    )
    assert [(r.key, r.title, r.date) for r in references] == [
        ("a", "From another file", "2019"),
        ("c", "C", "2019"),
    ]
    assert [(p.path, p.line, p.code) for p in problems] == [("c.bib", 3, "duplicate-key")]
    assert "a.bib:1" in problems[0].message
    assert "c.bib:3" in problems[0].message


def test_an_entry_that_the_library_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that bibtexparser cannot read, for whatever reason, is named and left out."""
    monkeypatch.setattr("dossier.bibliography.reading.read_fields", lambda e: [None] * len(e))
    references, problems = read("\n@misc{a, title = {T}}\n")
    assert not references
    assert codes(problems) == {("error", "bib-malformed", 2)}


def test_no_file_is_no_problem() -> None:
    """Without files there is neither a reference nor a problem."""
    assert read_bibliography([]) == ((), ())


def test_near_names_are_proposed_in_large_files() -> None:
    """A large bibliography still proposes near keys and near macros."""
    text = "".join(f"@misc{{key{n}, title = {{T}}}}\n" for n in range(2100))
    text += "".join(f"@string{{str{n} = {{S}}}}\n" for n in range(2100))
    text += "@misc{x, title = strr7, crossref = {keyy7}}\n"
    _, problems = read(text)
    assert [p.code for p in problems] == ["unknown-string", "missing-parent"]
    assert "str7" in problems[0].hint
    assert "key7" in problems[1].hint


@pytest.mark.no_cover
def test_long_chains_need_no_depth() -> None:
    """Chains of thousands are read without recursion; parents, which pandoc dies of, are cut."""
    text = "".join(f"@string{{s{n} = s{n + 1}}}\n" for n in range(3000)) + "@string{s3000 = {S}}\n"
    text += "".join(f"@misc{{k{n}, title = s0, crossref = {{k{n + 1}}}}}\n" for n in range(3000))
    references, problems = read(text + "@misc{k3000, title = {T}, year = 2019}\n")
    assert len(references) == 3001
    assert references[0].title == "S"
    assert {p.code for p in problems} == {"inheritance-too-long"}
    parents = {r.key: re.findall(r"crossref = \{(k\d+)\}", r.bibtex) for r in references}
    for key in parents:
        chain = [key]
        while parents[chain[-1]]:
            chain += parents[chain[-1]]
        assert len(chain) <= 5


@pytest.mark.parametrize("text", ["{" * 100_000, "{" * 100_000 + "}" * 100_000])
def test_deep_nesting_is_no_recursion(text: str) -> None:
    """Any depth of braces is a problem of the entry that has it, and of no other."""
    references, problems = read(f"@misc{{a, title = {text}}}\n@misc{{b, title = {{Read}}}}\n")
    assert "b" in {r.key for r in references}
    assert has_errors(problems)


# --- faulty inputs ----------------------------------------------------------------------------

# Row of MANIFEST.tsv -> the problems (severity, code, file:line) and the keys that are read.
ROWS: dict[str, tuple[set[tuple[str, str, str]], list[str]]] = {
    "01-unclosed-brace": ({("error", "bib-unclosed-entry", "refs.bib:1")}, ["ok2020"]),
    "02-extra-close-brace": ({("error", "bib-stray-text", "refs.bib:2")}, ["bad2", "ok2020"]),
    "03-missing-comma": ({("error", "bib-missing-comma", "refs.bib:2")}, ["bad3", "ok2020"]),
    "05-dup-key": ({("error", "duplicate-key", "refs.bib:7")}, ["ok2020"]),
    "06-dup-key-identical": ({("warning", "duplicate-key", "refs.bib:7")}, ["ok2020"]),
    "07-dup-key-two-files": ({("error", "duplicate-key", "b.bib:1")}, ["ok2020"]),
    "08-case-only-dup": ({("warning", "duplicate-key", "refs.bib:7")}, ["ok2020", "OK2020"]),
    "09-unknown-string": ({("error", "unknown-string", "refs.bib:2")}, ["u1", "ok2020"]),
    "10-string-cycle": ({("error", "string-cycle", "refs.bib:1")}, ["c1", "ok2020"]),
    "12-crossref-missing": ({("error", "missing-parent", "refs.bib:3")}, ["i1", "ok2020"]),
    "14-dup-field": ({("error", "duplicate-field", "refs.bib:4")}, ["d1", "ok2020"]),
    "15-unknown-type": ({("warning", "unknown-entry-type", "refs.bib:1")}, ["t1", "ok2020"]),
    "17-paren-entry": (set(), ["p1"]),
    "19-latin1": ({("error", "bib-not-utf8", "refs.bib:2")}, []),
    "20-bom-crlf": (set(), ["ok2020"]),
    "21-bare-cr": (set(), ["ok2020"]),
    "23-empty-bib": ({("error", "bib-empty", "refs.bib:1")}, []),
    "26-deep-nesting": ({("error", "bib-too-deep", "refs.bib:2")}, ["n1", "ok2020"]),
    "29-key-html": ({("error", "bad-key", "refs.bib:1")}, []),
    "30-script-in-title": (set(), ["ok2020"]),
    "32-attr-breakout": (set(), ["ok2020"]),
    # MANIFEST says line 41; the doi field of d6 stands on line 47.
    "33-doi-forms": (
        {("error", "bad-doi", "refs.bib:47")},
        ["d0", "d1", "d2", "d3", "d4", "d5", "d6"],
    ),
    "35-bad-dates": (
        {("error", "bad-date", f"refs.bib:{line}") for line in (5, 11, 71)},
        [f"y{n}" for n in range(12)],
    ),
    "37-latex": ({("warning", "unknown-latex-command", "refs.bib:3")}, ["ok2020"]),
    "38-preamble-exec": (set(), ["ok2020"]),
}


def read_row(name: str) -> tuple[tuple[Reference, ...], tuple[Problem, ...]]:
    """Read the .bib files of a row."""
    files = sorted((BAD_INPUTS / name).glob("*.bib"))
    return read_bibliography([(path.name, path.read_bytes()) for path in files])


@pytest.mark.parametrize("name", ROWS)
def test_a_faulty_input_is_named_and_hides_no_entry(name: str) -> None:
    """Each row about the bibliography gives its problem, on its line, and the other entries."""
    expected, keys = ROWS[name]
    references, problems = read_row(name)
    assert {(p.severity, p.code, f"{p.path}:{p.line}") for p in problems} == expected
    assert [r.key for r in references] == keys


def test_every_row_about_a_bibliography_is_tried() -> None:
    """No row of the manifest up to 38 is left out, but for the file that does not exist."""
    rows = [line.split("\t") for line in (BAD_INPUTS / "MANIFEST.tsv").read_text().splitlines()]
    names = {f"{int(n):02}-{case}" for n, case, *_ in rows[1:] if int(n) <= 38}
    assert names - set(ROWS) == {"24-missing-bib"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("01-unclosed-brace", "bad1 2:11"),
        ("02-extra-close-brace", "bad2 2:14"),
        ("03-missing-comma", "comma author"),
        ("05-dup-key", "ok2020 refs.bib:1 refs.bib:7"),
        ("07-dup-key-two-files", "ok2020 a.bib:1 b.bib:1"),
        ("08-case-only-dup", "ok2020 OK2020 case"),
        ("09-unknown-string", "jomch"),
        ("10-string-cycle", "`a` -> `b` -> `a`"),
        ("12-crossref-missing", "i1 nope"),
        ("15-unknown-type", "artcle `article`?"),
        ("19-latin1", "0xFC UTF-8 iconv"),
        ("26-deep-nesting", "title 100"),
        ("33-doi-forms", "d6 not-a-doi"),
        ("37-latex", "\\unknowncmd"),
    ],
)
def test_a_message_has_the_names_involved(name: str, words: str) -> None:
    """Message and mend together say which entry, field and place they are about."""
    _, problems = read_row(name)
    said = " ".join(f"{p.message} {p.hint}" for p in problems)
    assert all(word in said for word in words.split(" ")), said


def test_latex_becomes_text() -> None:
    """Accents become single letters, mathematics stays, an unknown command leaves its argument."""
    references, _ = read_row("37-latex")
    assert references[0].title == (
        "Über été, naïve in vitro 2 α_1 < β & 50% – Møller x LaTeX “q” Tm"
    )
    assert r"$\alpha_1 < \beta$" in references[0].bibtex
    assert "unknowncmd" not in references[0].bibtex


# --- properties -------------------------------------------------------------------------------

GOOD = "@misc{{good{0}, title = {{Good {0}}}}}"
TOKENS = [
    "@article{", "@misc{a,", "@string{", "@comment{", "@preamble{", "@", "{", "}", "(", ")", '"',
    ",", "=", "#", "%", "\\", "\\\\", "$", "title", "year", "date", "url", "doi", "crossref",
    "xdata", "2020", "2020-13-45", "jan", "{A}", '"B"', "key", "and", "others", "~", "--",
    "\\emph{", "\\unknown", "\\begin{x}", "\\href{javascript:x}{", "\\url{", "10.1000/x_y", "é",
    "\x00", "title={", "author={Doe,J.", "},", "<b>", "&", "month", "\\c", "\\'", '{\\"o}', "\\(",
    "\\{", "\\}", "family=Doe", "\n", " ", "\r\n", "},\n", "\n@book{z,\n title={", "\ufeff",
    "\u0301",
]  # fmt: skip
JUNK = st.lists(st.sampled_from(TOKENS), max_size=40).map("".join)
BROKEN = st.sampled_from(
    [
        "@article{bad, title = {Never closed,",
        '@article{bad, title = "Never closed,',
        "@article{bad, title = {A}}, year = {2019} }",
        "@article{bad title = {A}",
        "@article{bad, title = {A} year = 2019}",
        "@article{, title = {A}}",
        "@article{b<d, title = nothing # {",
        "@string{x = ",
        "@string{x = {y}",
        "@comment{ never closed",
        '@preamble{ "never closed',
        "@comment x",
        "}}} x = {",
        "mail@example.org (x",
        "@article(bad, title = {A}",
        "@article{bad, title = " + "{" * 300,
        "% @misc{bad, title = {",
    ]
)


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(str.encode)))
def test_any_bytes_are_read(data: bytes) -> None:
    """No input raises, and what is neither empty nor read is explained."""
    references, problems = read(data)
    assert references or problems


@settings(deadline=None)
@given(JUNK)
def test_any_bibtex_is_read(text: str) -> None:
    """Whatever the order of the parts of BibTeX, references are whole and places exist."""
    references, problems = read(text)
    lines = re.split("\r\n|\r|\n", text.removeprefix("\ufeff"))
    for problem in problems:
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        # Of a file in another encoding there is no line to show.
        unread = problem.code == "bib-not-utf8" and "\x00" in text
        assert problem.excerpt == lines[problem.line - 1] or unread
        assert problem.message
        assert problem.hint
    again, _ = read("".join(r.bibtex for r in references))
    assert [r.key for r in again] == [r.key for r in references]


@settings(deadline=None)
@given(st.lists(BROKEN, max_size=6))
def test_a_broken_entry_never_hides_another(broken: list[str]) -> None:
    """An entry on a line of its own is read, whatever stands before it, and so named if not.

    Only a comment that closes after all, at a bracket that was one too many, holds entries.
    """
    blocks = [f"{text}\n{GOOD.format(n)}" for n, text in enumerate(broken)]
    references, problems = read("\n".join(blocks) + "\n")
    good = {r.key for r in references if r.key.startswith("good")}
    commented = " ".join(p.message for p in problems if p.code == "commented-entry") + " "
    hidden = {f"good{n}" for n in range(len(broken))} - good
    assert all(f" `{key}` " in commented for key in hidden)
    assert not hidden or "@comment{ never closed" in broken
    named = " ".join(p.message for p in problems)
    for text in broken:
        if text.startswith("@article{bad,"):
            assert "bad" in {r.key for r in references} or "bad" in named


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab {}\\$%\"'~-&#_^éλ\n"), max_size=60))
def test_a_value_keeps_its_letters(text: str) -> None:
    """A title loses no letter to LaTeX that does not add up; braces alone are taken away."""
    depth = 0
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth < 0:
            return
    if depth or text.endswith("\\") or re.search(r"\\[^&#_^$%{}]", text):
        return
    references, _ = read(f"@misc{{k, title = {{{text}}}}}")
    kept = re.sub(r"[^abéλ]", "", text)
    assert re.sub(r"[^abéλ]", "", references[0].title) == kept
    assert re.sub(r"[^abéλ]", "", dict(references[0].fields).get("title", "")) == kept


# --- real bibliographies ----------------------------------------------------------------------


_ASK = """
local asked = pandoc.json.decode(io.read('a'), false)
local answers = {}
for n, one in ipairs(asked) do
  local read, document = pcall(pandoc.read, one.text, one.reader)
  answers[n] = read and pandoc.write(document, 'csljson') or ''
end
io.write(pandoc.json.encode(answers))
"""
"""Reads each text by itself, in one process: what one is refused for the next does not know."""


def pandoc(texts: Sequence[str], reader: str) -> list[list[dict[str, object]] | None]:
    """Return the entries that pandoc reads of each text, None where it refuses one."""
    if not texts:
        return []
    done = subprocess.run(
        [pypandoc.get_pandoc_path(), "lua", "-e", _ASK],
        input=json.dumps([{"text": text, "reader": reader} for text in texts]).encode(),
        capture_output=True,
        check=True,
    )
    answers = json.loads(done.stdout)
    assert len(answers) == len(texts)
    return [json.loads(answer) if answer else None for answer in answers]


def decoded(data: bytes) -> str:
    """Return a file as text, by its byte order mark, else as UTF-8, else as Latin-1."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def keys_by_pandoc(texts: Sequence[str], reader: str) -> list[set[str]]:
    """Return the keys that pandoc finds in each text.

    One that it refuses for one fault it is given block by block.
    """
    found: list[set[str]] = []
    for text, whole in zip(texts, pandoc(texts, reader), strict=True):
        entries = [whole]
        if whole is None:
            blocks = re.split(r"(?m)^(?=[ \t]*@)", text)
            macros = "".join(b for b in blocks if re.match(r"\s*@string\b", b, re.IGNORECASE))
            entries = pandoc([macros + block for block in blocks], reader)
        found.append({str(entry["id"]) for some in entries for entry in some or ()})
    return found


LARGE = 200_000
"""Letters of a file from which on it is given to one reader of pandoc, which takes seconds."""


def seen_by_pandoc(files: Sequence[bytes]) -> list[set[str]]:
    """Return the keys that pandoc finds in each file, as BibTeX and as BibLaTeX.

    Both readers split a file into entries by one grammar, and tell apart later what the fields
    mean: they find the same keys in each file that is given to both, and one is asked for those
    of large files.
    """
    texts = [decoded(data).replace("\r\n", "\n").replace("\r", "\n") for data in files]
    keys = keys_by_pandoc(texts, "biblatex")
    both = [n for n, text in enumerate(texts) if len(text) < LARGE]
    assert keys_by_pandoc([texts[n] for n in both], "bibtex") == [keys[n] for n in both]
    return keys


def seen_by_bibtexparser(data: bytes) -> list[tuple[str, int]]:
    """Return key and line of each entry that bibtexparser itself finds."""
    text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    library: Library = parse_string(text.replace("\r\n", "\n").replace("\r", "\n"), parse_stack=[])
    found: list[tuple[str, int]] = []
    for block in library.blocks:
        inner = block
        if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
            inner = block.ignore_error_block
        if isinstance(inner, Entry):
            found.append((inner.key, (block.start_line or 0) + 1))
    return found


@cache
def read_file(path: Path) -> tuple[tuple[Reference, ...], tuple[Problem, ...]]:
    """Return what is read of a file, once for all tests over the corpus."""
    return read_bibliography([(path.name, path.read_bytes())])


@pytest.mark.no_cover
def test_every_entry_of_the_corpus_is_read_or_named(corpus: Path) -> None:
    """Nothing is dropped in silence, and nothing made up, in any of the files.

    What pandoc or bibtexparser finds is a reference or named in a problem, as often as it is
    there; what neither finds is named in a problem.
    """
    files = sorted((corpus / "bib").glob("*.bib"))
    assert len(files) == 67
    total = 0
    sources = [path.read_bytes() for path in files]
    for path, data, found in zip(files, sources, seen_by_pandoc(sources), strict=True):
        references, problems = read_file(path)
        read = Counter(r.key for r in references)
        named = " ".join(p.message for p in problems)
        lines = {p.line for p in problems}
        # Of a file that is not in UTF-8 nothing is read: its first line says so.
        if any(p.code == "bib-not-utf8" and p.line == 1 for p in problems):
            assert not references
            continue
        theirs = seen_by_bibtexparser(data)
        for key, times in Counter(key for key, _ in theirs).items():
            assert times <= read[key] or (key and key in named), f"{path.name}: {key}"
        assert all(key or line in lines for key, line in theirs), path.name
        for key in found:
            # A byte that is not UTF-8 is named by the sign that stands for such.
            said = re.sub(r"[^\x00-\x7f]", "\ufffd", key)
            assert key in read or key in named or said in named, f"{path.name}: {key}"
        known = found | {key for key, _ in theirs}
        text = decoded(data)
        for reference in references:
            span = reference.span
            own = range(span.line, span.line + text.count("\n", span.start, span.end) + 1)
            there = reference.key in known or lines.intersection(own)
            assert there or reference.key in named, f"{path.name}: {reference.key}"
            total += 1
    assert total > 10_000


LARGEST = 120
"""Entries of one file that are set, and of files that are set by one call, which takes as long for
itself as for some 40: a style takes minutes for thousands."""


def batches(corpus: Path) -> list[list[tuple[Path, Reference]]]:
    """Return what is set of all files, evenly over each, where no key is there twice.

    What inherits is read with its parents already.
    """
    found: list[list[tuple[Path, Reference]]] = []
    for path in sorted((corpus / "bib").glob("*.bib")):
        references, _ = read_file(path)
        chosen = references[:: len(references) // LARGEST + 1]
        keys = {r.key for r in chosen}
        for batch in found:
            if len(batch) + len(chosen) <= LARGEST and keys.isdisjoint(r.key for _, r in batch):
                break
        else:
            found.append(batch := [])
        batch += ((path, reference) for reference in chosen)
    return found


@pytest.mark.no_cover
def test_every_entry_of_the_corpus_is_printed(corpus: Path) -> None:
    """Each reference has a label and an entry with its title, whose links lead somewhere."""
    place = Span("mkdocs.yml", 1, 1)
    style, _ = find_style("chicago-author-date", None, place=place)
    total = 0
    for batch in batches(corpus):
        chosen = [reference for _, reference in batch]
        styled, problems = render(chosen, (), style=style, locale="en-US", place=place)
        unset = {(p.path, p.line) for p in problems if p.code == "formula-unset"}
        for path, one in batch:
            at = f"{path.name}: {one.key}"
            assert styled.labels[one.key], at
            entry = styled.entries[one.key]
            assert re.search(r"[^\W_]", text_of(entry)), at
            mathematics = re.search(r"\$|\\ensuremath", dict(one.fields).get("title", ""))
            plain = not mathematics and (one.span.path, one.span.line) not in unset
            assert not plain or _letters(one.title)[:30] in _letters(text_of(entry)), at
            assert not re.search(r'href="(?!https?://|mailto:)', entry), at
            total += 1
    assert total > 1300


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


@pytest.mark.no_cover
def test_pandoc_reads_every_entry_of_the_corpus(corpus: Path) -> None:
    """Pandoc takes every rewritten entry, and loses no title, author, date or DOI of any."""
    files = sorted((corpus / "bib").glob("*.bib"))
    rewritten = ["".join(r.bibtex for r in read_file(path)[0]) for path in files]
    for path, entries in zip(files, pandoc(rewritten, "biblatex"), strict=True):
        references, _ = read_file(path)
        shown_entries = [r for r in references if r.type != "xdata"]
        assert entries is not None, path.name
        by_id = {str(entry["id"]): entry for entry in entries}
        assert sorted(by_id) == sorted(r.key for r in shown_entries), path.name
        for reference in shown_entries:
            entry = by_id[reference.key]
            place = f"{path.name}: {reference.key}"
            assert not reference.title or entry.get("title"), place
            assert not reference.authors or "author" in entry, place
            assert not reference.date or {"issued", "status"} & entry.keys(), place
            assert not reference.doi or entry.get("DOI") == reference.doi, place
            assert not reference.url or entry.get("URL") == reference.url, place
