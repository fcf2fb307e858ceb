"""The built report in a real browser: Chromium, headless, over loopback.

The browser is the one that DOSSIER_CHROMIUM names, else `chromium` on the path. Without one
the tests fail: a report that nobody has looked at is not tested.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from dossier.wording import ASSESSMENT_SIGNS, ASSESSMENT_WORDS

ROOT = Path(__file__).parents[1]
SIZES = {1440: 900, 320: 640}
ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it overrides
        """Print nothing."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the report, built strictly, once."""
    folder = tmp_path_factory.mktemp("report") / "site"
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"}
    for name in ("SITE_URL", "ERROR_REPORT_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(folder)]
    built = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


@pytest.fixture(scope="session")
def home(site: Path) -> Iterator[str]:
    """Yield the address under which the report is served, ending with a slash."""
    handler = partial(QuietHandler, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def paths(site: Path) -> tuple[str, ...]:
    """Return the path of every page, relative to the address of the report."""
    chapters = [p.parent.relative_to(site).as_posix() for p in site.rglob("index.html")]
    return (*sorted("" if c == "." else f"{c}/" for c in chapters), "404.html")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield a browser."""
    program = os.environ.get("DOSSIER_CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.fail(
            "no browser: install Chromium (on Debian and Ubuntu: apt-get install chromium), "
            "or name one in DOSSIER_CHROMIUM"
        )
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if root else [])]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=arguments)
        yield started
        started.close()


@contextmanager
def opened(
    browser: Browser, width: int = 1440, scheme: str = "light", **options: Any
) -> Iterator[Page]:
    """Yield an empty page of a window of that width, in a profile of its own."""
    size = {"width": width, "height": SIZES[width]}
    context: BrowserContext = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(20_000)
    try:
        yield context.new_page()
    finally:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", SIZES)
def test_a_page_asks_its_own_host_only_and_fits_its_window(
    browser: Browser, home: str, paths: tuple[str, ...], width: int, scheme: str
) -> None:
    """No page asks another host, reports an error or scrolls sideways, with every fold open."""
    asked: list[str] = []
    faults: list[str] = []
    with opened(browser, width, scheme) as first:
        context = first.context
        context.on("request", lambda request: asked.append(request.url))
        context.on("requestfailed", lambda request: faults.append(f"failed: {request.url}"))
        context.on("weberror", lambda fault: faults.append(f"error: {fault.error}"))
        context.on("console", lambda message: faults.append(f"{message.type}: {message.text}"))
        # All in tabs of their own, so that the wait for late requests is one wait.
        tabs = {path: context.new_page() for path in paths}
        for path, page in tabs.items():
            page.goto(home + path)
        for path, page in tabs.items():
            page.wait_for_load_state("networkidle")
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{path}: {wide} pixels wide in a window of {width}")
            shown = page.evaluate("document.body.dataset.mdColorScheme")
            if shown != {"light": "default", "dark": "slate"}[scheme]:
                faults.append(f"{path}: shown in {shown}")
    assert len(asked) > len(paths)
    assert [url for url in asked if not url.startswith((home, "data:"))] == []
    assert faults == []


@pytest.mark.parametrize("path", ["", "spending/"])
@pytest.mark.parametrize("width", SIZES)
def test_a_finding_has_an_address_and_its_assessment_in_words(
    browser: Browser, home: str, width: int, path: str
) -> None:
    """Every row has its id, and shows its sign and word, in wide and in narrow windows."""
    with opened(browser, width) as page:
        page.goto(home + path)
        found = page.locator("table.findings tr[data-assessment]").evaluate_all(
            """rows => rows.map(row => [
              row.id,
              row.dataset.assessment,
              row.querySelector('.assessment').innerText,
              row.querySelector('.origins').checkVisibility(),
            ])"""
        )
    assert len(found) >= 5
    assert len({id_ for id_, *_ in found}) == len(found)
    for id_, assessment, words, origins in found:
        assert id_.startswith("finding-")
        assert words.split(maxsplit=1) == [
            ASSESSMENT_SIGNS[assessment],  # type: ignore[index]
            ASSESSMENT_WORDS[assessment],  # type: ignore[index]
        ]
        assert origins


# Every citation and the entry that it leads to; every way back and whether it cites that work.
LINKS = """() => {
  const cited = element => (element.dataset.cites || '').split(' ')
    .concat(...[...element.querySelectorAll('[data-cites]')].map(e => e.dataset.cites.split(' ')))
  const links = [...document.querySelectorAll('.citation a[role=doc-biblioref]')]
  const back = [...document.querySelectorAll('.csl-entry a[role=doc-backlink]')]
  const target = link => document.getElementById(decodeURIComponent(link.hash.slice(1)))
  return {
    links: links.length,
    back: back.length,
    broken: links.filter(a => !target(a)?.matches('.references .csl-entry')).map(a => a.outerHTML),
    astray: back.filter(a => {
      const key = a.closest('.csl-entry').id.slice('ref-'.length)
      return !(target(a) && cited(target(a)).includes(key))
    }).map(a => a.outerHTML),
  }
}"""


def test_citations_lead_to_their_entry_and_entries_back(
    browser: Browser, home: str, paths: tuple[str, ...]
) -> None:
    """On every page each citation has its entry, and each way back leads to what cites it."""
    counts = []
    with opened(browser) as page:
        for path in paths:
            page.goto(home + path)
            found = page.evaluate(LINKS)
            counts.append((found["links"], found["back"]))
            assert (path, found["broken"], found["astray"]) == (path, [], [])
    assert sum(links for links, _ in counts) >= 100
    assert sum(back for _, back in counts) >= 100


def test_the_whole_list_leads_to_the_places_that_cite(
    browser: Browser, home: str, paths: tuple[str, ...]
) -> None:
    """Every link of the list of references to a place of a chapter finds that place."""
    anchors: set[str] = set()
    with opened(browser) as page:
        for path in paths:
            page.goto(home + path)
            ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
            anchors |= {f"{home}{path}#{id_}" for id_ in ids}
        page.goto(f"{home}references/")
        links = page.evaluate("[...document.querySelectorAll('.backlinks a')].map(a => a.href)")
    assert len(links) >= 100
    assert sorted(set(links) - anchors) == []


def test_a_reader_follows_a_citation_and_comes_back(browser: Browser, home: str) -> None:
    """A click goes to the entry, in sight below the header, and another one back."""
    with opened(browser) as page:
        page.goto(f"{home}spending/")
        citation = page.locator("#cite-1 a").first
        href = citation.get_attribute("href") or ""
        citation.click()
        entry = page.locator(".csl-entry:target")
        assert f"#{entry.get_attribute('id')}" == href
        page.wait_for_function(
            "() => { const box = document.querySelector(':target').getBoundingClientRect();"
            " return box.top >= 48 && box.top < innerHeight }"
        )
        entry.locator("a[role=doc-backlink]").first.click()
        back = page.locator(".citation:target")
        assert href.removeprefix("#ref-") in (back.get_attribute("data-cites") or "").split()


def test_search_finds_a_word(browser: Browser, home: str) -> None:
    """The index and its worker come from the site itself; a result leads to the word."""
    with opened(browser) as page:
        page.goto(f"{home}method/", wait_until="networkidle")
        page.locator(".md-search__input").click()
        page.locator("#__search:checked").wait_for(state="attached")
        page.keyboard.type("Boston", delay=20)
        result = page.locator(".md-search-result__item a").first
        result.wait_for()
        assert "Boston" in page.locator(".md-search-result__list").inner_text()
        result.click()
        page.wait_for_url(lambda url: "/method/" not in url)
        assert "Boston" in page.locator("article").inner_text()


def test_the_color_switch_is_kept(browser: Browser, home: str) -> None:
    """A reader who picks the dark colors has them on the next page, too."""
    ground = "getComputedStyle(document.body).backgroundColor"
    with opened(browser) as page:
        page.goto(home, wait_until="networkidle")
        light = page.evaluate(ground)
        page.locator("label[title='Switch to dark colors']").click()
        page.locator("body[data-md-color-scheme=slate]").wait_for()
        page.goto(f"{home}law/", wait_until="networkidle")
        assert page.evaluate("document.body.dataset.mdColorScheme") == "slate"
        assert page.evaluate(ground) != light


@pytest.mark.parametrize("width", SIZES)
def test_a_page_is_whole_without_scripts(browser: Browser, home: str, width: int) -> None:
    """Text, evidence and passages can be reached with JavaScript off."""
    with opened(browser, width, java_script_enabled=False) as page:
        page.goto(f"{home}spending/")
        assert len(page.locator("article").inner_text().split()) > 1000
        fold = page.locator("details.evidence").first
        citation = fold.locator("a").first
        assert not citation.is_visible()
        fold.locator("summary").click()
        citation.click()
        entry = page.locator(".csl-entry:target")
        passage = entry.locator(".passages blockquote").first
        assert not passage.is_visible()
        entry.locator(".passages summary").click()
        assert passage.is_visible()
        entry.locator("a[role=doc-backlink]").first.click()
        page.locator("footer a[rel=next]").click()
        assert page.url == f"{home}mechanisms/"


def test_folds_are_open_on_paper(browser: Browser, home: str) -> None:
    """What is printed shows the evidence and the passages, and not the navigation."""
    with opened(browser) as page:
        page.goto(f"{home}spending/")
        page.emulate_media(media="print")
        heights = page.evaluate(
            "[...document.querySelectorAll('details :is(li, blockquote)')]"
            ".map(e => e.getBoundingClientRect().height)"
        )
        assert len(heights) >= 10
        assert min(heights) > 0
        assert not page.locator(".md-header").is_visible()
        assert not page.locator(".md-sidebar--primary").is_visible()
