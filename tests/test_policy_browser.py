"""What the pages load, run and keep in a real browser: nothing but their own, and no more."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Page

from browsing import SCHEME, opened, served, switch
from dossier.html_tree import elements
from dossier.policy import policy_in, policy_of, with_policy
from loopback import loopback
from reports import Report

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

# Told to Python as it happens, so that what a page was told outlives the page.
LISTENER = """
addEventListener("securitypolicyviolation", event => {
  tellViolation([event.effectiveDirective, event.blockedURI, event.sample, location.pathname])
}, true)
"""


@contextmanager
def watched(browser: Browser, **options: Any) -> Iterator[tuple[Page, list[list[str]], list[str]]]:
    """Yield an empty page, the violations of policies, and what went wrong beside them."""
    violations: list[list[str]] = []
    faults: list[str] = []
    with opened(browser, **options) as page:
        context: BrowserContext = page.context

        def tell(violation: list[str]) -> None:
            violations.append(violation)

        context.expose_function("tellViolation", tell)
        context.add_init_script(LISTENER)
        context.on("weberror", lambda fault: faults.append(str(fault.error)))
        context.on("console", lambda message: faults.append(f"{message.type}: {message.text}"))
        context.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
        yield page, violations, faults


# Material adds it when it has taken over colors and search, both in one go.
READY = "head > meta[name=theme-color]"


def search(page: Page, words: str) -> None:
    """Search for words, until there is a result."""
    page.locator(READY).wait_for(state="attached")
    # In a narrow window a sign in the header leads to it.
    page.locator(".md-header label[for=__search], .md-search__input").locator(
        "visible=true"
    ).first.click()
    page.locator("#__search:checked").wait_for(state="attached")
    page.keyboard.type(words, delay=5)
    page.locator(".md-search-result__item a").first.wait_for()


# What opens a card where a page has any.
EXPLAINED = (".citation a", "q[data-passage]", ".number[data-passage]", "a.assessment")
CARD = "#evidence-card:popover-open"


def use(page: Page) -> None:
    """Do on a page what a reader may do there: unfold, open cards, search, switch colors."""
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    has_cards = page.locator("script[src*=cards]").count() == 1
    if has_cards:
        page.locator("#evidence-card").wait_for(state="attached")
    for kind in EXPLAINED:
        target = page.locator(f"article {kind}").locator("visible=true").first
        if target.count():
            target.hover()
            if has_cards:
                page.locator(CARD).wait_for()
                page.keyboard.press("Escape")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    search(page, "police")
    page.keyboard.press("Escape")
    page.locator("#__search:not(:checked)").wait_for(state="attached")
    switch(page)


# -- nothing is blocked that belongs to a page, and everything else is -----------------------


def test_every_page_has_the_policy_that_it_needs(site: Path, paths: tuple[str, ...]) -> None:
    """All that are there, none weaker than another: nothing but the list of scripts differs."""
    pages = sorted(site.rglob("*.html"))
    assert len(pages) == len(paths)
    for page in pages:
        html = page.read_text("utf-8")
        assert (page, policy_in(html)) == (page, policy_of(html))


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (320, "dark")])
def test_no_page_does_what_its_policy_forbids(
    browser: Browser, site: Path, paths: tuple[str, ...], width: int, scheme: str
) -> None:
    """With all folds open, a search, the colors switched, citations pointed at: no violation.

    No page asks another host, reports an error or scrolls sideways. Each leaves the other colors
    to the next, and so is used in these and in those, in one of the two windows each.
    """
    asked: list[str] = []
    with (
        served(site, places=10) as home,
        watched(browser, width=width, scheme=scheme) as (page, violations, faults),
    ):
        page.context.on("request", lambda request: asked.append(request.url))
        colors = ["default", "slate"] if scheme == "light" else ["slate", "default"]
        for number, path in enumerate(paths):
            page.goto(home + path)
            assert (path, page.evaluate(SCHEME)) == (path, colors[number % 2])
            use(page)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert (path, wide) == (path, width)
        page.wait_for_load_state("networkidle")
    assert len(asked) > len(paths)
    assert [url for url in asked if not url.startswith((home, "data:"))] == []
    assert violations == []
    assert faults == []


# OTHER is the address of another host that answers.
FORBIDDEN = [
    ("<script>ran = 1</script>", "script-src-elem", "inline"),
    ("<style>body { border-top: 7px solid }</style>", "style-src-elem", "inline"),
    ("<p style='color: red'>x</p>", "style-src-attr", "inline"),
    ("<svg onload='ran = 1'></svg>", "script-src-attr", "inline"),
    ("<script src=OTHER/a.js></script>", "script-src-elem", "OTHER/a.js"),
    ("<link rel=stylesheet href=OTHER/a.css>", "style-src-elem", "OTHER/a.css"),
    ("<img src=OTHER/a.png>", "img-src", "OTHER/a.png"),
    ("<iframe src=OTHER/></iframe>", "frame-src", "OTHER"),
    ("<object data=/assets/favicon.svg></object>", "object-src", "HOME/assets/favicon.svg"),
    ("<base href=/x/>", "base-uri", "HOME/x/"),
]


@pytest.fixture(scope="module")
def changeable(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Yield a copy of the report whose pages may be changed, and its address."""
    folder = shutil.copytree(site, tmp_path_factory.mktemp("changeable") / "site")
    with served(folder, places=0) as address:
        yield folder, address


Told = tuple[Page, list[list[str]], list[str]]


@pytest.fixture(scope="module")
def window(browser: Browser) -> Iterator[Told]:
    """Yield a window for many tests, each of which begins with `emptied`."""
    with watched(browser) as told:
        yield told


def emptied(window: Told) -> Told:
    """Return a window in which nothing is open, and nothing told yet."""
    page, violations, faults = window
    page.goto("about:blank")
    violations.clear()
    faults.clear()
    return window


@pytest.mark.parametrize(("markup", "directive", "uri"), FORBIDDEN)
def test_what_does_not_belong_to_a_page_is_blocked_and_told(
    window: Told, changeable: tuple[Path, str], markup: str, directive: str, uri: str
) -> None:
    """The test above would see it; it has no effect, and the other host is not asked."""
    folder, home = changeable
    html = (folder / "404.html").read_text("utf-8")
    page, violations, faults = emptied(window)
    with loopback() as other:
        # Of a name of its own: a window may keep a page that it has had.
        name = f"x{FORBIDDEN.index((markup, directive, uri))}.html"
        markup = markup.replace("OTHER", other.url(""))
        (folder / name).write_text(html.replace("</head>", f"</head>{markup}", 1), "utf-8")
        page.goto(f"{home}{name}", wait_until="networkidle")
        ran = page.evaluate("[typeof ran, getComputedStyle(document.body).borderTopWidth]")
        expected = uri.replace("OTHER", other.url("")).replace("HOME/", home)
    assert (directive, expected) in {(violation[0], violation[1]) for violation in violations}
    assert faults != []
    assert ran == ["undefined", "0px"]
    assert other.requests == []


def test_without_a_policy_all_that_has_its_effect(
    browser: Browser, changeable: tuple[Path, str]
) -> None:
    """It is the policy, and nothing else, that keeps a page from it."""
    folder, home = changeable
    html = (folder / "404.html").read_text("utf-8")
    html = html.replace('http-equiv="Content-Security-Policy"', "")
    with loopback() as other, watched(browser) as (page, violations, _):
        markup = "".join(m for m, *_ in FORBIDDEN if "<base" not in m)
        markup = markup.replace("OTHER", other.url(""))
        (folder / "x.html").write_text(html.replace("</head>", f"</head>{markup}", 1), "utf-8")
        page.goto(f"{home}x.html", wait_until="networkidle")
        ran = page.evaluate("[typeof ran, getComputedStyle(document.body).borderTopWidth]")
        asked = {request.split(" ")[1] for request in other.requests if request}
    assert violations == []
    assert ran == ["number", "7px"]
    assert asked == {"/a.js", "/a.css", "/a.png", "/"}


SENDING = [
    ("fetch('OTHER/a').catch(() => 0)", "connect-src"),
    ("navigator.sendBeacon('OTHER/a', 'x')", "connect-src"),
    ("new Image().src = 'OTHER/a.png'", "img-src"),
    ("import('OTHER/a.js').catch(() => 0)", "script-src-elem"),
    ("{ const s = document.createElement('script'); s.text = 'ran = 1'; document.body.append(s) }",
     "script-src-elem"),
    ("{ const f = document.createElement('form'); document.body.append(f); f.submit() }",
     "form-action"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "directive"), SENDING)
def test_no_script_of_a_page_can_send_anything_elsewhere(
    window: Told, quick: str, script: str, directive: str
) -> None:
    """Whatever ran in a page, by fault or by intrusion, reaches no other host from within it."""
    page, violations, _ = emptied(window)
    with loopback() as other:
        page.goto(f"{quick}law/", wait_until="networkidle")
        with page.expect_event("console"):  # the browser tells of it there, too
            page.evaluate(f"() => {{ {script.replace('OTHER', other.url(''))} }}")
        page.wait_for_load_state("networkidle")
        page.evaluate("0")  # what the page has told before is here when it answers
    assert [violation[0] for violation in violations] == [directive]
    assert other.requests == []


# -- the scripts that are listed are those that browsers run ---------------------------------

ODD = """\
<!doctype html>\r
<html>\r
<head>\r
<meta charset="utf-8">\r
<link rel="icon" href="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<script>\r
ran = []\r
</script>\r
</head><body>
<script>
<!-- <script>x</script> -->
ran.push("comment")
</script>
<script>ran.push("text"); "é \U0001f642 &amp; <b></b> <\\/p>"</script>
<script type=" Text/JavaScript ">ran.push("type")\r\n//\r// \x00</script>
<script language="JavaScript">ran.push("language")</script>
<svg><script>if (1 &lt; 2) <![CDATA[ ran.push("svg") ]]></script></svg>
<template><script>ran.push("no: template")</script></template>
<noscript><script>ran.push("no: noscript")</script></noscript>
<textarea><script>ran.push("no: textarea")</script></textarea>
<script type="application/json">ran.push("no: data")</script>
<!-- <script>ran.push("no: comment")</script> -->
<iframe srcdoc="<script>parent.ran.push('frame')&lt;/script>"></iframe>
<div><template shadowrootmode="open"><script>ran.push("shadow")</script></template></div>
<script type="module">ran.push("module")</script>
</body></html>
"""


def test_a_script_runs_however_it_is_written(browser: Browser, tmp_path: Path) -> None:
    """Line ends, NUL, comments, SVG, frames: each hash is the one that the browser computes."""
    (tmp_path / "index.html").write_text(with_policy(ODD), "utf-8", newline="")
    with served(tmp_path) as address, watched(browser) as (page, violations, faults):
        page.goto(address)
        page.wait_for_function("ran.includes('frame') && ran.includes('module')")
        ran = page.evaluate("ran")
    names = {"comment", "text", "type", "language", "svg", "frame", "shadow", "module"}
    assert (set(ran), len(ran)) == (names, len(names))
    assert violations == []
    assert faults == []


SCRIPTS = """async html => {
  const page = new DOMParser().parseFromString(html, "text/html")
  const texts = [...page.querySelectorAll("script")]
    .filter(s => !s.hasAttribute("src") && [null, "module"].includes(s.getAttribute("type")))
    // The text of a script is that of its own text nodes: in SVG it may hold another script.
    .map(s => [...s.childNodes].filter(n => n instanceof Text).map(n => n.data).join(""))
    .filter(Boolean)
  const hashes = []
  for (const text of new Set(texts)) {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))
    hashes.push(btoa(String.fromCharCode(...new Uint8Array(bytes))))
  }
  return hashes
}"""
PIECES = st.sampled_from(
    [
        *("<script>", "</script>", "<script type=module>", "<script type=a/b>", "<script src=x>"),
        *("<!--", "-->", "--!>", "<!-->", "<template>", "</template>", "<iframe>", "</iframe>"),
        *("<svg>", "</svg>", "<![CDATA[", "]]>", "<textarea>", "</textarea>", "<title>"),
        *("</title>", "<style>", "</style>", "<head>", "</head>", "<body>", "<p title='", "'>"),
        *("\r\n", "\r", "\n", "\x00", "&lt;", "</", "<", "a", " ", '"', "é", "\U0001f642"),
        *("<table>", "<tr>", "<select>", "<plaintext>", "<?", "<!x>", "</script ", ">", "</p>"),
        *("<meta charset=utf-8>", "<!doctype html>", "<html>", "<frameset>", "<foreignObject>"),
    ]
)


def test_the_scripts_of_any_page_are_those_that_the_browser_finds(
    browser: Browser, quick: str
) -> None:
    """Of thousands of broken pages each script has the same text and hash in both readings."""
    with opened(browser) as page:
        page.goto(f"{quick}404.html")

        @settings(max_examples=400, deadline=None)
        @given(st.lists(PIECES, max_size=16).map("".join))
        def agree(html: str) -> None:
            # One that counts takes the body away, and with it scripts that have run by then.
            assume(all(e.tag != "frameset" for e in elements(html, scripting=True)))
            (listing,) = [p for p in policy_of(html).split("; ") if p.startswith("script-src")]
            ours = [f.strip("'").removeprefix("sha256-") for f in listing.split()[2:]]
            assert ours == page.evaluate(SCRIPTS, html)

        agree()


# -- nothing is kept but the colors, and nothing is sent -------------------------------------

KEPT = """async () => ({
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  cookies: document.cookie,
  caches: await caches.keys(),
  databases: (await indexedDB.databases()).map(d => d.name),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
# Material sets the attribute when it takes over the colors, and keeps them in the same go.
SET = "body[data-md-color-media]"
NOTHING = {"local": [], "session": [], "cookies": "", "caches": [], "databases": [], "workers": 0}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_reader_who_picks_no_colors_leaves_nothing_in_the_browser(
    browser: Browser, home: str, scheme: str
) -> None:
    """Reading, unfolding, searching, following results, citations and chapters keeps nothing."""
    asked: list[str] = []
    with opened(browser, scheme=scheme) as page:
        page.context.on(
            "request", lambda request: asked.append(f"{request.url} {request.post_data}")
        )
        page.goto(f"{home}spending/")
        page.locator(SET).wait_for()
        search(page, "Boston")
        page.locator(".md-search-result__item a").first.click()
        page.wait_for_url(lambda url: "/spending/" not in url)
        assert "Boston" in page.locator("article").inner_text()
        page.goto(f"{home}mechanisms/")
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        page.locator("#cite-1 a").first.click()
        page.locator(f"{CARD}, .csl-entry:target").first.wait_for()
        page.keyboard.press("Escape")
        page.locator("footer a[rel=next]").click()
        page.wait_for_url(lambda url: "/mechanisms/" not in url)
        page.locator(SET).wait_for()
        page.wait_for_load_state("networkidle")
        kept = page.evaluate(KEPT)
        assert page.context.cookies() == []
    assert kept == NOTHING
    assert len(asked) > 10
    assert [request for request in asked if "boston" in request.lower()] == []


@pytest.mark.parametrize("key", ["", "Enter", "ArrowRight"])
def test_the_colors_that_a_reader_picks_are_all_that_is_kept(
    browser: Browser, home: str, key: str
) -> None:
    """One item, by mouse or by key; it holds on the next page."""
    with opened(browser) as page:
        page.goto(home)
        page.locator(SET).wait_for()
        assert page.evaluate(KEPT) == NOTHING
        if key:
            page.locator("input[name=__palette]").first.focus()
            page.keyboard.press(key)
        else:
            switch(page)
        page.locator("body[data-md-color-scheme=slate]").wait_for()
        kept = page.evaluate(KEPT)
        assert len(kept["local"]) == 1
        assert kept == {**NOTHING, "local": kept["local"]}
        assert kept["local"][0].endswith(".__palette")
        page.goto(f"{home}law/", wait_until="networkidle")
        assert page.evaluate(SCHEME) == "slate"
        use(page)
        assert page.evaluate(KEPT) == kept
        assert page.context.cookies() == []


def test_a_reader_of_dark_colors_sees_no_light_page_first(browser: Browser, quick: str) -> None:
    """The colors are set where the page begins, and do not wait for Material's script."""
    with opened(browser, scheme="dark") as page:
        page.route("**/bundle.*.js", lambda route: route.abort())
        page.goto(quick)
        assert page.evaluate(SCHEME) == "slate"


def test_a_source_is_not_told_who_leads_to_it(browser: Browser, quick: str) -> None:
    """A link to another site carries no address of the report."""
    sent: list[dict[str, str]] = []
    with opened(browser) as page:
        page.goto(f"{quick}law/", wait_until="networkidle")

        def answer(route: Any) -> None:
            sent.append(route.request.all_headers())
            route.fulfill(body="x")

        page.context.route(lambda url: not url.startswith(quick), answer)
        page.locator(".references a[href^=http]").first.click()
        page.wait_for_url(lambda url: not url.startswith(quick))
        assert page.evaluate("document.referrer") == ""
    (headers,) = sent
    assert "referer" not in headers


def test_every_page_leads_to_what_is_said_of_privacy(site: Path) -> None:
    """In its footer; the page itself is no chapter."""
    report = Report(site, site)
    pages = report.pages()
    for name, page in pages.items():
        (link,) = [a for a in page.all("a") if a.text == "Privacy" and a.inside("footer")]
        href = link.attributes["href"].removeprefix("/" if name == "404.html" else "")
        assert (name, report.target(name, href)) == (name, ("privacy/index.html", ""))
    assert pages["privacy/index.html"].one("h1").text.startswith("Privacy")
    assert pages["privacy/index.html"].all(class_="kicker") == []
