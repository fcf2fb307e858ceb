"""What is wrong with the HTML of a built site."""

from __future__ import annotations

import pytest

from dossier.policy import with_policy
from dossier.site_check import Expected, check_html, check_policies

CITED = '<span id="cite-1" class="citation" data-cites="a">(A)</span>'
PAGE = {"index.html": Expected("docs/index.md", 1)}


def codes(text: str, expected: dict[str, Expected] | None = None) -> list[str]:
    found = check_html({"index.html": text}, PAGE if expected is None else expected)
    assert all(problem.path == "index.html" and problem.hint for problem in found)
    return [problem.code for problem in found]


def test_a_page_that_shows_what_was_scanned_is_right() -> None:
    """As many citations as expected, and nothing raw."""
    assert codes(f"<p>One {CITED}, a@b.org and {{@}}.</p>") == []


RAW = [
    "[@doe]",
    "[see @doe, p. 3]",
    "[-@doe]",
    "[see -@{odd key}]",
    "[*see* @doe]",
    "[@doe; @roe]",
    "[a <em>b</em> @doe]",
]


@pytest.mark.parametrize("raw", RAW)
def test_a_raw_citation_is_an_error(raw: str) -> None:
    """A citation that stands on the page as it was written."""
    assert codes(f"<p>{CITED} {raw}</p>") == ["raw-citation"]


NOT_RAW = [
    "<code>[@doe]</code>",
    "<pre><span>x</span>[@doe]</pre>",
    "<script>a = [@doe]</script>",
    "<p>[write to me@example.org]</p>",
    "<p>[me@example.org]</p>",
    "<p>[x] @doe</p>",
    "<p title='[@doe]'>x</p><!-- [@doe] -->",
    '<div class="references"><div><p>A book [@doe]<br> on <i>[@x]</i></p></div><p>[@y]</p></div>',
    '<table class="findings"><tr><td>Words [@doe]<table><tr><td>[@x]</table> [@y]</table>',
    "<p>:::</p><p>a ::: b</p>",
]


@pytest.mark.parametrize("text", NOT_RAW)
def test_what_is_no_prose_of_an_author_is_not_held_to_be_raw(text: str) -> None:
    """Code, attributes, comments, addresses, and the words of others in lists and tables."""
    assert codes(f"{text}<p>{CITED}</p>") == []


def test_prose_behind_the_evidence_is_read_again() -> None:
    """The end of a list of references ends the silence."""
    assert codes(f'<div class="references"><div>x</div></div>{CITED}<p>[@doe]</p>') == [
        "raw-citation"
    ]


@pytest.mark.parametrize("path", ["index.html", "other/index.html"])
def test_an_escaped_sign_is_meant(path: str) -> None:
    """What an author escaped may be shown on every page, for example in a title."""
    expected = {path: Expected("docs/a.md", 0, frozenset({"doe"}))}
    pages = {"index.html": "<title>[@doe]</title><p>[@doe] [@doe]</p>", "other/index.html": ""}
    assert check_html(pages, expected) == ()
    assert [p.code for p in check_html({"index.html": "[@roe]"}, {})] == ["raw-citation"]


def test_a_raw_directive_is_an_error() -> None:
    """Each line, with what stands in it."""
    found = check_html({"a.html": "<p>::: findings one\n::: table x</p><pre>::: y</pre>"}, {})
    assert [p.code for p in found] == ["raw-directive", "raw-directive"]
    assert "`::: findings one`" in found[0].message


def test_a_mark_of_the_engine_is_an_error_wherever_it_stands() -> None:
    """In attributes and code as well."""
    assert codes(f'{CITED}<code title="\ue0d0\ue0d3\ue0d1"></code>') == ["raw-token"]


def test_citations_that_are_lost_are_an_error() -> None:
    """Fewer than were scanned; a citation in a table or a list has no place and does not count."""
    table = '<span class="citation" data-cites="a"><a href="#ref-a">A</a></span>'
    assert codes(f"<p>{table}</p>") == ["citations-lost"]
    assert codes(f"<p id='cite-1'>{table}</p>") == ["citations-lost"]
    assert codes(f"<p>{CITED}</p>", {"index.html": Expected("docs/index.md", 0)}) == []


def test_a_page_that_is_missing_with_its_citations_is_an_error() -> None:
    """A page that another plugin moved is a warning, as is one that cites nothing."""
    expected = {"a.html": Expected("docs/a.md", 1), "b.html": Expected("docs/b.md", 0)}
    found = check_html({"index.html": ""}, expected)
    assert [(p.code, p.path, p.severity) for p in found] == [
        ("page-missing", "a.html", "error"),
        ("page-missing", "b.html", "warning"),
    ]
    found = check_html({"2020/a.html": CITED, "b.html": ""}, expected)
    assert [(p.code, p.path, p.severity) for p in found] == [("page-missing", "a.html", "warning")]


SOUND = with_policy("<head><meta charset=utf-8><title>T</title></head><script>a()</script>")


def policy_codes(page: str) -> list[str]:
    found = check_policies({"index.html": page})
    assert all((p.path, p.severity) == ("index.html", "error") and p.hint for p in found)
    return [problem.code for problem in found]


def test_a_page_whose_policy_fits_is_right() -> None:
    """Nothing is told of it."""
    assert policy_codes(SOUND) == []


def test_a_page_without_a_policy_is_an_error() -> None:
    """Also where it stands behind a script, which it then does not bind."""
    assert policy_codes("<p>x") == ["policy-missing"]
    assert policy_codes(SOUND.replace("<head>", "<head><script>b</script>")) == ["policy-missing"]


def test_a_script_that_was_changed_behind_the_plugin_is_an_error() -> None:
    """It is named: a browser would not run it."""
    (problem,) = check_policies({"a.html": SOUND.replace("a()", "b();\n" + "b" * 80)})
    assert problem.code == "policy-outdated"
    assert f"`b(); {'b' * 54}…`" in problem.message
    assert policy_codes(f"{SOUND}<script>b</script>") == ["policy-outdated"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("default-src 'self'", "default-src *"),
        ("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
        ("a()</script>", "</script>"),
    ],
)
def test_a_policy_that_allows_more_than_the_page_needs_is_an_error(old: str, new: str) -> None:
    """A directive that was widened, a hash whose script is gone."""
    assert policy_codes(SOUND.replace(old, new)) == ["policy-outdated"]


@pytest.mark.parametrize(
    ("markup", "code"),
    [
        ("<p style='color: red'>", "blocked-style"),
        ("<p onclick='a()'>", "blocked-script"),
        ("<img src='https://b.example/a.png'>", "blocked-address"),
    ],
)
def test_what_the_policy_of_a_page_blocks_is_an_error(markup: str, code: str) -> None:
    """By its markup, once."""
    (problem,) = check_policies({"a.html": f"{SOUND}{markup}{markup}"})
    assert (problem.code, problem.severity) == (code, "error")
    assert f"`{markup}`".replace("'", '"') in problem.message
