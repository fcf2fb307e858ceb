"""YAML to text with places: golden files, one behaviour each, under both of PyYAML's parsers."""

from __future__ import annotations

import re
import tracemalloc
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dossier import yaml_tree
from dossier.problems import as_text
from dossier.yaml_nodes import (
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    locate,
    plain_of,
    without,
)
from dossier.yaml_source import read_yaml, read_yaml_text

CASES = sorted((Path(__file__).parent / "records" / "yaml").glob("*.yml"))
# What only one of the two parsers refuses: where a tab may separate, and how an escape fails.
LIBYAML_ONLY = {"tab-in-brackets-is-allowed", "bad-escape", "escape-too-high", "directive"}


def render(path: Path) -> str:
    """Return the values of a file, then its problems."""
    document, problems = read_yaml(path.read_bytes(), path.name)
    value = "no tree" if document.root is None else repr(plain_of(document.root))
    return "\n".join([value, *map(as_text, problems)]) + "\n"


@pytest.mark.parametrize(
    ("path", "parser"),
    [
        pytest.param(path, parser, id=f"{path.stem}-{parser}")
        for parser in ("CSafeLoader", "SafeLoader")
        for path in CASES
        if parser == "CSafeLoader" or path.stem not in LIBYAML_ONLY
    ],
)
def test_a_file_gives_its_text_and_all_its_problems(
    path: Path, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The values and the problems of a file are those of the golden file beside it."""
    monkeypatch.setattr(yaml_tree, "LOADER", getattr(yaml, parser))
    assert render(path) == path.with_suffix(".txt").read_text("utf-8")


def test_the_golden_files_show_more_failures_than_successes() -> None:
    """At least half of the cases are of files with faults."""
    faulty = [p for p in CASES if "mend:" in p.with_suffix(".txt").read_text("utf-8")]
    assert len(CASES) <= 2 * len(faulty)


def test_the_pure_parser_refuses_an_escape_above_unicode(monkeypatch: pytest.MonkeyPatch) -> None:
    """An escape that names no character is a problem under the pure Python parser too."""
    monkeypatch.setattr(yaml_tree, "LOADER", yaml.SafeLoader)
    _, problems = read_yaml(b'ok: a\nb: "\\UFFFFFFFF"\n', "f.yml")
    assert [(p.code, p.line, p.column) for p in problems] == [("yaml-syntax", 2, 5)]


def test_both_parsers_give_a_lone_surrogate_as_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """A surrogate, which no file can hold, never reaches a value."""
    for parser in (yaml.SafeLoader, yaml.CSafeLoader):
        monkeypatch.setattr(yaml_tree, "LOADER", parser)
        document, problems = read_yaml(b'a: "\\ud800"\n', "f.yml")
        assert len(problems) == 1
        assert document.root is None or plain_of(document.root) == {"a": "\ufffd"}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"a: \xfc\nb: c\n", [(1, 4)]),
        (b"a: \xc3\xbc\xfc\xfd\n", [(1, 5), (1, 6)]),
        (b"\xef\xbb\xbfa: \xff\n", [(1, 4)]),
        (b"a: b\r\xff: c\r\n\xff: d", [(2, 1), (3, 1)]),
    ],
)
def test_each_byte_that_is_not_utf8_is_named_with_its_place(
    data: bytes, found: list[tuple[int, int]]
) -> None:
    """Columns count code points, and all three ends of a line count."""
    _, problems = read_yaml(data, "f.yml")
    assert [(p.line, p.column) for p in problems if p.code == "yaml-not-utf8"] == found
    assert "byte 0xF" in problems[0].message


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("key: a\nkind: b\n".encode("utf-16"), "UTF-16"),
        ("key: a\nkind: b\n".encode("utf-16-le"), "UTF-16"),
        ("key: a\nkind: b\n".encode("utf-16-be"), "UTF-16"),
        ("key: a\nkind: b\n".encode("utf-32"), "UTF-32"),
        ("key: a\nkind: b\n".encode("utf-32-le"), "UTF-32"),
        (b"\x00" * 40, "no text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "no text"),
    ],
)
def test_a_file_of_another_kind_is_one_problem(data: bytes, said: str) -> None:
    """Its encoding is named, or that it is no text, and its bytes are not listed."""
    document, (problem,) = read_yaml(data, "f.yml")
    assert document.root is None
    assert (problem.code, problem.line, problem.column) == ("yaml-not-utf8", 1, 1)
    assert said in problem.message
    assert "UTF-8" in problem.hint


def test_a_file_full_of_wrong_bytes_is_not_listed_to_the_end() -> None:
    """Twenty places are enough to see that the encoding is another one."""
    _, problems = read_yaml(b"a: " + b"\xff" * 500, "f.yml")
    assert len([p for p in problems if p.code == "yaml-not-utf8"]) == 20


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x85", "\u2028", "\ufeff"])
def test_a_character_that_no_editor_shows_is_refused(character: str) -> None:
    """It is named by its code point, and the value holds a mark in its place."""
    document, problems = read_yaml(f"a: b{character}c\n".encode(), "f.yml")
    assert [(p.code, p.line, p.column) for p in problems] == [("yaml-control-character", 1, 5)]
    assert f"U+{ord(character):04X}" in problems[0].message
    assert document.root is not None
    assert plain_of(document.root) == {"a": "b\ufffdc"}


def test_many_control_characters_are_not_listed_to_the_end() -> None:
    """Twenty places are enough to see that this is no text."""
    _, problems = read_yaml(b"a: " + b"\x07" * 500, "f.yml")
    assert len(problems) == 20


def test_many_faults_of_syntax_are_not_listed_to_the_end() -> None:
    """Looking for the next fault ends after twenty, so the work stays bounded."""
    _, problems = read_yaml(b'a: "b\n' * 500, "f.yml")
    assert len([p for p in problems if p.code == "yaml-syntax"]) == 20


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_end_of_line_counts_and_a_byte_order_mark_does_not(end: str) -> None:
    """Lines and offsets are the same to the author whatever wrote the file."""
    text = end.join(["a: é", "b:", "  - 😀 x", "  - 'y'", ""])
    document, problems = read_yaml(b"\xef\xbb\xbf" + text.encode(), "f.yml")
    assert problems == ()
    assert isinstance(document.root, MappingNode)
    node, _, whole = locate(document.root, ("b", 1))
    assert whole
    assert (node.span.line, node.span.column) == (4, 5)
    assert text[node.span.start : node.span.end] == "'y'"


def test_front_matter_names_the_line_of_the_page() -> None:
    """A block that begins further down in its file has places of the file."""
    page = '---\ntitle: "T\nauthor: [a, b\n---\n'
    document, problems = read_yaml_text(page[4:-4], "index.md", first_line=2, start=4)
    assert document.root is None
    assert [(p.line, p.column, p.excerpt) for p in problems] == [
        (2, 8, 'title: "T'),
        (3, 9, "author: [a, b"),
    ]
    document, _ = read_yaml_text("title: T\n", "index.md", first_line=2, start=4)
    assert document.root is not None
    span = locate(document.root, ("title",))[0].span
    assert (span.line, span.start, span.end) == (2, 11, 12)


def test_quotation_marks_are_told_from_plain_text() -> None:
    """`lang: no` and `lang: "no"` are the same text, and can still be told apart."""
    document, _ = read_yaml(b'a: no\nb: "no"\n', "f.yml")
    assert isinstance(document.root, MappingNode)
    values = [e.value for e in document.root.entries]
    assert [(v.value, v.plain) for v in values if isinstance(v, ScalarNode)] == [
        ("no", True),
        ("no", False),
    ]


@pytest.mark.no_cover
def test_a_bomb_costs_its_own_length() -> None:
    """Nine levels of nine aliases, a thousand times over, stay under 100 MB: none is expanded."""
    level = "{0}: &{0} [" + ",".join(["*{1}"] * 9) + "]\n"
    text = "a: &a [x]\n" + "".join(level.format(f"k{i}", f"k{i - 1}") for i in range(1000))
    tracemalloc.start()
    document, problems = read_yaml(text.encode(), "f.yml")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000_000
    assert len(problems) == 2001
    assert document.root is not None


def test_depth_is_refused_before_there_is_a_tree() -> None:
    """A hundred thousand brackets end at the limit, without recursion."""
    for data in (b"[" * 100_000, b"- " * 100_000 + b"a", b"{a: " * 1000):
        document, problems = read_yaml(data, "f.yml")
        assert document.root is None
        assert "yaml-too-deep" in {p.code for p in problems}


def test_a_path_that_leads_nowhere_ends_at_the_deepest_node() -> None:
    """The node found last stands for what is missing."""
    document, _ = read_yaml(b"a:\n  - b: c\n", "f.yml")
    assert document.root is not None
    node, entry, whole = locate(document.root, ("a", 0, "x"))
    assert isinstance(node, MappingNode)
    assert (entry, whole) == (None, False)
    assert locate(document.root, ("a", 5))[2] is False
    assert locate(document.root, (0,))[0] is document.root


def test_a_tree_less_a_part_keeps_the_places_of_the_rest() -> None:
    """What is taken out leaves the other nodes as they were."""
    document, _ = read_yaml(b"a: [b, c]\nd: {e: f, g: h}\n", "f.yml")
    assert document.root is not None
    less = without(without(document.root, ("a", 0)), ("d", "e"))
    assert plain_of(less) == {"a": ["c"], "d": {"g": "h"}}
    assert locate(less, ("d", "g"))[0].span == locate(document.root, ("d", "g"))[0].span
    assert plain_of(without(less, ("a", 0, "x"))) == plain_of(less)
    assert plain_of(without(less, ("d",))) == {"a": ["c"]}


def scalars(node: Node) -> list[ScalarNode]:
    """Return every scalar below a node."""
    match node:
        case ScalarNode():
            return [node]
        case SequenceNode():
            return [s for item in node.items for s in scalars(item)]
        case MappingNode():
            return [s for entry in node.entries for s in scalars(entry.value)]


plain_values = st.recursive(
    st.none() | st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x2FF)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(plain_values)
@pytest.mark.no_cover
def test_what_is_written_is_what_is_read(value: object) -> None:
    """Values written by PyYAML come back the same, less the control characters refused here."""
    text = yaml.safe_dump(value, allow_unicode=True, default_style='"', width=10_000)
    text = re.sub(r'!!null "null"', "~", text)
    document, problems = read_yaml(text.encode(), "f.yml")
    assert document.root is not None
    if not problems:
        assert plain_of(document.root) == value


@given(plain_values)
@pytest.mark.no_cover
def test_both_parsers_give_the_same_places(value: object) -> None:
    """The tree does not depend on whether PyYAML was built with libyaml."""
    text = yaml.safe_dump(value, allow_unicode=True, width=30)
    kept = yaml_tree.LOADER
    trees = []
    try:
        for parser in (yaml.CSafeLoader, yaml.SafeLoader):
            yaml_tree.LOADER = parser
            trees.append(read_yaml(text.encode(), "f.yml"))
    finally:
        yaml_tree.LOADER = kept
    assert trees[0][1] == trees[1][1]
    assert trees[0][0].root == trees[1][0].root


yaml_like = st.lists(
    st.sampled_from(
        [
            *(
                "a",
                "b: ",
                ": ",
                "- ",
                "\n",
                "\n  ",
                "\n    ",
                "\t",
                "[",
                "]",
                "{",
                "}",
                ", ",
                '"',
                "'",
            ),
            *(
                "*a",
                "&a ",
                "!!x ",
                "|",
                ">-",
                "# ",
                "---\n",
                "...\n",
                "? ",
                "%YAML 1.1\n",
                "\\",
                "\\U",
            ),
            *(
                "\x00",
                "\x85",
                "\ufeff",
                "é",
                "😀",
                "\r",
                "\r\n",
                "~",
                "<<: ",
                "@",
                "`",
                "%",
                "\u2028",
            ),
        ]
    ),
    max_size=40,
).map(lambda parts: "".join(parts).encode())


@given(st.one_of(st.binary(max_size=300), yaml_like), st.sampled_from(["C", ""]))
def test_no_bytes_make_it_raise(data: bytes, parser: str) -> None:
    """Any bytes give a tree or problems, each problem with a place inside the file."""
    kept = yaml_tree.LOADER
    try:
        yaml_tree.LOADER = getattr(yaml, f"{parser}SafeLoader")
        document, problems = read_yaml(data, "f.yml")
    finally:
        yaml_tree.LOADER = kept
    assert document.root is not None or problems
    assert all(1 <= p.line <= len(document.source.starts) and p.column >= 1 for p in problems)
    for scalar in scalars(document.root) if document.root else ():
        value = scalar.value or ""
        assert value.encode("utf-8").decode("utf-8") == value
        assert "\x00" not in value
        assert scalar.span.start <= scalar.span.end <= len(document.source.text)
