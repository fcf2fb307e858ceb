"""The content security policy of a page, computed from its HTML."""

from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier.blocking import Blocked, blocked
from dossier.policy import DIRECTIVES, policy_in, policy_of, unlisted_scripts, with_policy

HEAD = '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'


def listed(text: str) -> str:
    """The hash of a script, worked out here anew."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def scripts_of(policy: str) -> list[str]:
    (found,) = [part for part in policy.split("; ") if part.startswith("script-src ")]
    return found.split()[1:]


def meta(*scripts: str) -> str:
    """The element that a page with these scripts is given."""
    listing = "".join(f" {listed(script)}" for script in scripts)
    content = "; ".join(
        f"{name} {value}{listing if name == 'script-src' else ''}" for name, value in DIRECTIVES
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{content}">'


def test_a_page_without_scripts_may_load_files_of_its_host_alone() -> None:
    """Nothing from elsewhere, nothing inline, no plug-in, no base, no form."""
    assert policy_of(f"{HEAD}<title>T</title><p>x") == (
        "default-src 'self'; script-src 'self'; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'none'"
    )


RUN = [
    ("<script>a()</script>", ["a()"]),
    ("<script>\r\na()\rb()\n</script>", ["\na()\nb()\n"]),
    ("<script>a\x00</script>", ["a\ufffd"]),
    ("<script>a()</script><p><script>b()</script><script>a()</script>", ["a()", "b()"]),
    ("<script>ä = '\U0001f642 &amp; <b>'</script>", ["ä = '\U0001f642 &amp; <b>'"]),
    ("<SCRIPT\nTYPE='Module' >a</SCRIPT >", ["a"]),
    ("<script type=' text/javascript '>a</script>", ["a"]),
    ("<script type>a</script><script type=''>b</script>", ["a", "b"]),
    ("<script language=JavaScript1.2>a</script>", ["a"]),
    ('<script type=importmap>{"imports":{}}</script>', ['{"imports":{}}']),
    ("<script type=speculationrules>{}</script>", ["{}"]),
    ("<script nomodule defer>a</script>", ["a"]),
    ("<script> </script>", [" "]),
    ("<script><!-- <script>a</script> b --></script>c", ["<!-- <script>a</script> b -->"]),
    ("<script>a</scripty></script>", ["a</scripty>"]),
    ("<p title='</p><script>x'>y<script>a</script>", ["a"]),
    ("<noscript><p title='</noscript><script>a</script>'>", ["a"]),
    ("<svg><script>a &lt; b<![CDATA[ < c]]></script></svg>", ["a < b < c"]),
    ("<div><template shadowrootmode=open><script>a</script></template></div>", ["a"]),
    ("<iframe srcdoc='<script>a()&lt;/script>'></iframe><script>b</script>", ["a()", "b"]),
]


@pytest.mark.parametrize(("body", "scripts"), RUN)
def test_each_script_that_runs_from_the_page_is_listed(body: str, scripts: list[str]) -> None:
    """By the hash of its text as browsers have it, once, in the order of the page."""
    expected = ["'self'", *map(listed, scripts)]
    assert scripts_of(policy_of(f"{HEAD}{body}")) == expected
    assert unlisted_scripts(f"{HEAD}{body}", policy_of(HEAD)) == tuple(scripts)


NOT_RUN = [
    "<script></script>",
    "<script src=a.js>x</script>",
    "<script type=application/json>{}</script>",
    "<script type=application/ld+json>{}</script>",
    "<script type='text/javascript; charset=utf-8'>a</script>",
    "<script type=text/x-template>a</script>",
    "<script language=vbscript>a</script>",
    "<!-- <script>a</script> -->",
    "<!-- a -- > <script>a</script> -->",
    "<textarea><script>a</script></textarea>",
    "<title><script>a</script></title>",
    "<style><script>a</script></style>",
    "<iframe><script>a</script></iframe>",
    "<noembed><script>a</script></noembed>",
    "<xmp><script>a</script></xmp>",
    "<noscript><script>a</script></noscript>",
    "<template><script>a</script></template>",
    "<p title='<script>a</script>'>x",
    "&lt;script>a&lt;/script>",
    "<plaintext><script>a</script>",
]


@pytest.mark.parametrize("body", NOT_RUN)
def test_what_is_not_run_is_not_listed(body: str) -> None:
    """Data, files, comments, raw text, and what only stands in without scripts."""
    assert scripts_of(policy_of(f"{HEAD}{body}")) == ["'self'"]


PLACES = [
    ("<!doctype html><html><head><meta charset=utf-8>", "<script>a</script>"),
    ("<head>\n  <meta\n  charset='utf-8'\n  >", "\n<title>T</title><script>a</script>"),
    ("<head><meta name=viewport content=x><title>A & B &amp; C</title><meta charset=u>", "<p>x"),
    ("<head><!-- <meta charset=x> --><meta charset=utf-8>", "<p>x"),
    ("<head><meta http-equiv='Content-Type' content='text/html; charset=utf-8'>", "<p>x"),
    ("<!doctype html>\n<html>\n<head class='a'>", "<script>a</script><meta charset=utf-8>"),
    ("<!doctype html>\n<html>", "\n<link rel=stylesheet href=x.css><meta charset=utf-8>"),
    ("<!doctype html>", "<p>x <meta charset=utf-8>"),
    ("<!DOCTYPE html\n PUBLIC '-//W3C//DTD HTML 4.01//EN'>", "text<head><meta charset=x>"),
    ("<!-- x -->\n<head>", "<noscript></noscript><meta charset=utf-8>"),
    ("\ufeff<html>", "<body><meta charset=utf-8>"),
    ("\ufeff", "a"),
    ("", "<h1>x</h1>"),
    ("", ""),
]


@pytest.mark.parametrize(("before", "behind"), PLACES)
def test_a_policy_stands_behind_the_encoding_or_before_all_else(before: str, behind: str) -> None:
    """And changes nothing but that place."""
    scripts = ["a"] if "<script>a" in behind else []
    written = with_policy(before + behind)
    assert written == f"{before}{meta(*scripts)}{behind}"
    assert policy_in(written) == policy_of(before + behind)


def test_a_policy_is_put_in_the_place_of_the_one_before() -> None:
    """A page that was changed gets another; the policy of its author stays beside it."""
    theirs = '<meta http-equiv="Content-Security-Policy" content="style-src *">'
    page = with_policy(f"{HEAD}\n{theirs}<script>a</script>")
    assert page == f"{HEAD}{meta('a')}\n{theirs}<script>a</script>"
    assert (
        with_policy(page.replace(">a<", ">b<")) == f"{HEAD}{meta('b')}\n{theirs}<script>b</script>"
    )
    assert unlisted_scripts(page.replace(">a<", ">b<"), policy_in(page) or "") == ("b",)


NO_POLICY = [
    f"{HEAD}<script>a</script>{meta()}",
    f"{HEAD}<link rel=stylesheet href=a.css>{meta()}",
    f"{HEAD}<style>a</style>{meta()}",
    f"{HEAD}<base href=/>{meta()}",
    f"{HEAD}</head><body>{meta()}",
    f"{HEAD}<!-- {meta()} -->",
    f"{HEAD}<template>{meta()}</template>",
    f"{HEAD}<noscript>{meta()}</noscript>",
    f"{HEAD}<meta name='Content-Security-Policy' content=x>",
    HEAD,
    "",
]


@pytest.mark.parametrize("page", NO_POLICY)
def test_a_policy_that_does_not_hold_for_the_page_is_none(page: str) -> None:
    """Behind what it should bind, outside of the head, in a comment, or by another name."""
    assert policy_in(page) is None


def test_a_policy_is_read_as_browsers_read_it() -> None:
    """However its element is written."""
    page = f"{HEAD}<META content='a &amp; b' HTTP-EQUIV=content-security-policy>"
    assert policy_in(page) == "a & b"


PIECES = st.sampled_from(
    [
        *("<script>", "</script>", "<script type=module>", "<script type=a/b>", "<script src=x>"),
        *("<!--", "-->", "--!>", "<template>", "</template>", "<noscript>", "</noscript>"),
        *("<svg>", "</svg>", "<math>", "<![CDATA[", "]]>", "<textarea>", "</textarea>", "<title>"),
        *(
            "</title>",
            "<style>",
            "</style>",
            "<head>",
            "</head>",
            "<body>",
            "<p title='",
            "'>",
            "<",
        ),
        *("<meta charset=utf-8>", "<meta charset='", "<!doctype html>", "<html>", "\r\n", "\r"),
        *("\n", "\x00", "\ufeff", "\ud83d", "&lt;", "</", "<", "a", " ", '"', "é", "\U0001f642"),
        *("<iframe srcdoc='", "<table>", "<tr>", "<select>", "<plaintext>", "<?", "<!x>"),
        meta("a"),
    ]
)
PAGES = st.lists(PIECES, max_size=14).map("".join)


@given(PAGES)
def test_a_policy_is_put_in_once_and_changes_no_script(page: str) -> None:
    """Whatever the page: a second time changes nothing, and the scripts are those of before."""
    once = with_policy(page)
    assert with_policy(once) == once
    assert len(once) - len(page) <= len(meta()) + len(f" {listed('')}") * page.count("<script")
    assert policy_of(once) == policy_of(page)
    assert unlisted_scripts(once, policy_of(page)) == ()


@given(PAGES)
def test_a_sound_page_always_has_its_policy(body: str) -> None:
    """Behind a head that is written out nothing can hide it."""
    page = f"{HEAD}</head><body>{body}"
    assert policy_in(with_policy(page)) == policy_of(page)


STYLES = [
    ('<p style="color: red">', '<p style="color: red">'),
    ("<svg><path STYLE=''/></svg>", '<path style="">'),
    ("<style>p {}</style>", "<style>"),
    ("<svg><style>p {}</style></svg>", "<style>"),
    ("<noscript><style>p {}</style></noscript>", "<style>"),
    ("<div><template shadowrootmode=open><p style=a></template></div>", '<p style="a">'),
    ("<iframe srcdoc='<p style=a>'></iframe>", '<p style="a">'),
]
SCRIPTS = [
    ("<p onclick='a()'>", '<p onclick="a()">'),
    ("<body ONLOAD=a>", '<body onload="a">'),
    ("<svg onload=a></svg>", '<svg onload="a">'),
    ("<a href='javascript:a()'>", '<a href="javascript:a()">'),
    ("<a href=' \x01Java\nScript:a()'>", '<a href="\x01Java Script:a()">'),
    ("<svg><a xlink:href=javascript:a></a></svg>", '<a xlink:href="javascript:a">'),
    ("<form action=javascript:a>", '<form action="javascript:a">'),
    ("<button formaction=javascript:a>", '<button formaction="javascript:a">'),
    ("<iframe src=javascript:a>", '<iframe src="javascript:a">'),
]
OTHER = "https://b.example/x"
ADDRESSES = [
    (f"<script src={OTHER}></script>", f'<script src="{OTHER}">'),
    ("<script src=//b.example/x></script>", '<script src="//b.example/x">'),
    (r"<img src='\\b.example/x'>", r'<img src="\\b.example/x">'),
    ("<img src='/\t/b.example/x'>", '<img src="/ /b.example/x">'),
    (f"<svg><script href={OTHER} /></svg>", f'<script href="{OTHER}">'),
    (f"<link rel='Preload stylesheet' href={OTHER}>", f'<link href="{OTHER}">'),
    (f"<link rel=preconnect href={OTHER}>", f'<link href="{OTHER}">'),
    (f"<link rel='shortcut icon' href={OTHER}>", f'<link href="{OTHER}">'),
    ("<link rel=stylesheet href=data:text/css,p>", '<link href="data:text/css,p">'),
    (f"<img srcset='a.png, {OTHER} 2x'>", f'<img srcset="a.png, {OTHER} 2x">'),
    (f"<picture><source srcset='{OTHER}, a 2x'></picture>", f'<source srcset="{OTHER}, a 2x">'),
    (f"<video poster={OTHER}></video>", f'<video poster="{OTHER}">'),
    (f"<audio><source src={OTHER}></audio>", f'<source src="{OTHER}">'),
    ("<video src=data:video/mp4,x></video>", '<video src="data:video/mp4,x">'),
    (f"<iframe src={OTHER}></iframe>", f'<iframe src="{OTHER}">'),
    ("<iframe src=data:text/html,x></iframe>", '<iframe src="data:text/html,x">'),
    ("<script src=blob:x></script>", '<script src="blob:x">'),
    (f"<svg><image xlink:href={OTHER} /></svg>", f'<image xlink:href="{OTHER}">'),
    (f"<svg><use href={OTHER} /></svg>", f'<use href="{OTHER}">'),
    (f"<svg><feImage href={OTHER} /></svg>", f'<feimage href="{OTHER}">'),
    (f"<table background={OTHER}>", f'<table background="{OTHER}">'),
    (f"<a ping='/a {OTHER}' href=a>", f'<a ping="/a {OTHER}">'),
    (f"<meta http-equiv=Refresh content='0; URL={OTHER}'>", f'<meta content="0; URL={OTHER}">'),
    ("<object data=a.svg></object>", '<object data="a.svg">'),
    ("<embed src=a.svg>", '<embed src="a.svg">'),
    ("<base href=/>", '<base href="/">'),
    ("<form action=/search>", '<form action="/search">'),
    ("<noscript><img src=//b.example/x></noscript>", '<img src="//b.example/x">'),
]
EVERY = [
    *(("style", *case) for case in STYLES),
    *(("script", *case) for case in SCRIPTS),
    *(("address", *case) for case in ADDRESSES),
]


@pytest.mark.parametrize(("kind", "body", "markup"), EVERY)
def test_what_a_policy_blocks_is_named(kind: str, body: str, markup: str) -> None:
    """Styles and scripts in elements and attributes, and what another host would be asked for."""
    assert blocked(f"{HEAD}{body}") == (Blocked(kind, markup),)  # type: ignore[arg-type]


NOT_BLOCKED = [
    "<p class=a data-style=b hidden>x",
    "<a href=https://b.example/ rel=next>x</a><a href=//b.example>x</a><a href=mailto:a@b.example>",
    "<link rel=canonical href=https://b.example/><link rel='next license' href=//b.example>",
    "<meta property=og:image content=https://b.example/a.png>",
    "<meta http-equiv=refresh content='0; url=../a/'><meta http-equiv=refresh content=5>",
    "<script src=/a.js></script><script src=./a:b.js></script>",
    "<script>a</script><script type=application/json>{}</script>",
    "<link rel=stylesheet href=../a.css><link rel=icon href=data:image/png;base64,x>",
    "<img src=data:image/png;base64,x srcset='data:image/png;base64,x 1x, b.png 2x'>",
    "<iframe src=about:blank></iframe><iframe src=a.html></iframe>",
    "<svg fill=red><path d='M0 0' stroke-width=2 /><use href=#a /></svg>",
    "<form name=search><input type=text></form><button type=submit>x</button>",
    "<video src=a.mp4 poster=a.png><track src=a.vtt></video>",
    "<template><p style=a onclick=b><img src=//b.example></template>",
    "<!-- <p style=a> --><textarea><p style=a></textarea><p title='<p style=a>'>",
    "<blockquote cite=https://b.example/>x</blockquote><q cite=//b.example>x</q>",
]


@pytest.mark.parametrize("body", NOT_BLOCKED)
def test_what_a_policy_lets_through_is_not_named(body: str) -> None:
    """Files of the host, links, data, images in `data:` addresses, and what nobody sees."""
    assert blocked(f"{HEAD}{body}") == ()


def test_what_is_blocked_is_named_once_and_in_short() -> None:
    """Scripts on or off; a long value is cut."""
    body = f"<p style=a><td style=a><p style=a><i style='{'b ' * 50}'>"
    assert blocked(body) == (
        Blocked("style", '<p style="a">'),
        Blocked("style", f'<i style="{"b " * 29}b…">'),
    )
