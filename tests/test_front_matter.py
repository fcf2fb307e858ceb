"""The front matter of pages: what it says, where the page begins, and what is wrong with it."""

from __future__ import annotations

import pytest
from mkdocs.utils.meta import get_data

from dossier.front_matter import FrontMatter, read_front_matter

SOUND = [
    ("# One\n", FrontMatter()),
    ("", FrontMatter()),
    ("---\n\nA rule, no front matter.\n", FrontMatter()),
    ("---\ntitle: A title\n---\n# One\n", FrontMatter(23, title="A title")),
    ("---\ntitle: 'A: B'\nlang: nb\n...\n\n\n# One\n", FrontMatter(33, "A: B", "nb")),
    ("--- \ntitle: 2020\n---\t\nx", FrontMatter(22, "2020")),
    ("---\nlang: zh-Hant-TW\n---\n", FrontMatter(25, lang="zh-Hant-TW")),
    ("---\nlang: 'no'\n---\n", FrontMatter(19, lang="no")),
    ("---\nbibliography: a.bib\n---\n", FrontMatter(28, bibliography=(("a.bib", 2),))),
    (
        "---\nbibliography:\n  - a.bib\n  - b.bib\n---\n",
        FrontMatter(42, bibliography=(("a.bib", 3), ("b.bib", 4))),
    ),
    ("---\ndate: 2026-11-22\n---\n", FrontMatter(25)),
    ("---\ndate: 2026-11-22 10:00:00\n---\n", FrontMatter(34)),
    ("---\ndate: spring 2026\n---\n", FrontMatter(26)),
    ("---\na: &x [b]\nc: *x\n---\n", FrontMatter(24)),
    ("---\ntitle: T\n---", FrontMatter(16, "T")),
]


@pytest.mark.parametrize(("text", "wanted"), SOUND)
def test_what_is_sound_is_read_without_a_word(text: str, wanted: FrontMatter) -> None:
    """Title, language and bibliographies, and the offset at which the page begins."""
    assert read_front_matter("docs/a.md", text) == (wanted, ())


@pytest.mark.parametrize("text", [text for text, _ in SOUND if not text.endswith("---")])
def test_the_page_begins_where_mkdocs_begins_it(text: str) -> None:
    """The text behind the front matter is that which MkDocs hands to its plugins."""
    front, _ = read_front_matter("docs/a.md", text)
    assert text[front.body :].lstrip("\n") == get_data(text)[0].lstrip("\n")


FAULTS = [
    ("---\ntitle: [a\n---\n# One\n", "yaml-syntax", (2, 8), "error"),
    ("---\n\ttitle: a\n---\n", "yaml-tab", (2, 1), "error"),
    ("---\ntitle: a\ntitle: b\n---\n", "yaml-repeated-key", (3, 1), "error"),
    ("---\ntitle: !!python/name:os.system a\n---\n", "yaml-tag", (2, 8), "error"),
    ("---\n- a\n- b\n---\n", "front-matter-type", (2, 1), "error"),
    ("---\njust words\n---\n", "front-matter-type", (2, 1), "error"),
    ("---\ntitle: T\n\n# One\n", "front-matter-unclosed", (1, 1), "warning"),
    ("---\n\n\ntitle: T\n", "front-matter-unclosed", (1, 1), "warning"),
    ("---\nlang: no\n---\n", "front-matter-type", (2, 7), "error"),
    ("---\nlang: english language\n---\n", "front-matter-type", (2, 7), "error"),
    ("---\nlang: [en]\n---\n", "front-matter-type", (2, 7), "error"),
    ("---\nlang:\n---\n", "front-matter-type", (2, 6), "error"),
    ("---\ndate: 2026-02-30\n---\n", "front-matter-type", (2, 7), "error"),
    ("---\ndate: 30.2.2026\n---\n", "front-matter-type", (2, 7), "error"),
    ("---\ndate:\n---\n", "front-matter-type", (2, 6), "error"),
    ("---\nbibliography: {a: b}\n---\n", "front-matter-type", (2, 15), "error"),
    ("---\nbibliography: [a.bib, [b]]\n---\n", "front-matter-type", (2, 15), "error"),
    ("---\nbibliography:\n---\n", "front-matter-type", (2, 14), "error"),
]


@pytest.mark.parametrize(("text", "code", "place", "severity"), FAULTS)
def test_a_fault_is_named_at_its_place_in_the_page(
    text: str, code: str, place: tuple[int, int], severity: str
) -> None:
    """Lines and columns are those of the file of the page."""
    _, problems = read_front_matter("docs/a.md", text)
    (problem,) = problems
    assert (problem.code, problem.path, problem.severity) == (code, "docs/a.md", severity)
    assert (problem.line, problem.column) == place
    assert problem.hint


def test_every_fault_is_named() -> None:
    """One does not hide the other, and what is sound beside them is read."""
    text = "---\ntitle: T\nlang: yes\ndate: 2026-13-01\nbibliography: []\n---\n"
    front, problems = read_front_matter("docs/a.md", text)
    assert [(p.line, p.code) for p in problems] == [
        (line, "front-matter-type") for line in (3, 4, 5)
    ]
    assert front.title == "T"
