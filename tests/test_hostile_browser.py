"""What others wrote is text wherever it is printed: in pages, cards, search, files and the PDF.

See `hostile` for the report that is tried. In a browser `alert` tells that something ran.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from browsing import WithFewWords, once, opened, served
from dossier.html_tree import elements, type_of
from dossier.pdf import Imprint, compose, typeset
from dossier.policy import policy_of
from hostile import PAYLOADS, files, harmless
from reports import Report, make_report

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

SCHEMES = frozenset({"", "http", "https", "mailto", "doi"})
ADDRESSES = frozenset(
    """action background cite data data-originalurl data-versionurl formaction href ping poster src
    srcdoc srcset xlink:href""".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Sites:
    """The report as it is built, and with harmless words."""

    bare: Report
    harmless: Report


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """Return the sites. Built as for `serve`, which publishes a report with all its problems."""

    def make(root: Path) -> None:
        make_report(root / "bare", files()).build(command="serve")
        make_report(root / "harmless", files(harmless)).build(command="serve")

    root = once(tmp_path_factory, "hostile", make)
    return Sites(*(Report(root / name, root / name / "site") for name in ("bare", "harmless")))


def paths(site: Path) -> list[str]:
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))


# -- as files -------------------------------------------------------------------------------

# What runs, loads or changes a page: none of it comes of what others wrote.
ACTING = (
    *("script", "style", "iframe", "object", "embed", "base", "meta", "link", "form", "input"),
    *("img", "svg", "animate", "area", "math", "template", "textarea", "button"),
)


def parts(site: Path, path: str) -> tuple[Counter[str], list[str]]:
    """Return the acting elements and the handlers of a page, as an HTML5 parser has them."""
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for element in elements((site / path).read_text("utf-8"), scripting=True):
        name = element.tag or ""
        if name in ACTING:
            kind = type_of(element) if name == "script" else ""
            counts[f"{name} {kind}".strip()] += 1
        for attribute, value in element.attributes.items():
            if attribute.startswith("on"):
                wrong.append(f"{name} {attribute}={value}")
            if attribute in ADDRESSES and scheme_of(value or "") not in SCHEMES:
                wrong.append(f"{name} {attribute}={value}")
    return counts, wrong


def scheme_of(address: str) -> str:
    """Return the scheme of an address as a browser reads it (URL Standard, section 4.4)."""
    bare = "".join(c for c in address if c not in "\t\n\r").lstrip("".join(map(chr, range(33))))
    scheme, colon, _ = bare.partition(":")
    sound = scheme[:1].isalpha() and all(c.isalnum() or c in "+-." for c in scheme)
    return scheme.lower() if colon and sound and scheme.isascii() else ""


def test_no_page_has_an_element_handler_or_address_of_what_it_prints(sites: Sites) -> None:
    """Each page has the scripts, forms and pictures that it has with harmless words, and no other.

    Charts draw what stands in their table, and so differ in number, never in kind.
    """
    both = paths(sites.bare.site)
    assert both == paths(sites.harmless.site)
    assert len(both) > len(PAYLOADS)
    for path in both:
        counts, wrong = parts(sites.bare.site, path)
        expected, none = parts(sites.harmless.site, path)
        assert (path, wrong, none) == (path, [], [])
        assert (path, counts) == (path, expected)


def test_what_machines_read_of_a_page_is_what_was_written(sites: Sites) -> None:
    """JSON-LD and the search index are JSON, in which no payload ends the script or the string."""
    found = 0
    for path in paths(sites.bare.site):
        for element in elements((sites.bare.site / path).read_text("utf-8"), scripting=True):
            if element.tag == "script" and "json" in type_of(element):
                json.loads(element.text(deep=False))
                found += 1
    assert found > len(PAYLOADS)
    index = json.loads((sites.bare.site / "search/search_index.json").read_text("utf-8"))
    for doc in index["docs"]:
        for text in (doc["title"], doc["text"]):
            names = [e.tag for e in elements(f"<body>{text}", scripting=True)]
            assert not set(names) & set(ACTING), text[:300]


def test_files_of_drawings_hold_no_script(sites: Sites) -> None:
    """They are XML, without scripts, handlers and links."""
    drawings = sorted(sites.bare.site.glob("charts/*.svg"))
    assert len(drawings) >= 5
    for path in drawings:
        for element in ElementTree.parse(path).iter():  # noqa: S314 - a file of our own
            assert element.tag.rpartition("}")[2] not in {"script", "foreignObject", "a", "image"}
            assert not [name for name in element.attrib if name.lower().startswith("on")]
            assert not [name for name in element.attrib if name.rpartition("}")[2] == "href"]


def test_the_pdf_leads_nowhere_else(sites: Sites) -> None:
    """It is made of all the pages, runs nothing, and its links have the schemes of the pages."""
    pages = {p: (sites.bare.site / p).read_text("utf-8") for p in paths(sites.bare.site)}
    drawn = {
        path: "".join(c for c in html if c not in "\ue0d0\ue0d1\ue0d2\ue0d3")
        for path, html in pages.items()
    }
    made = typeset(compose(drawn, Imprint("Report", *[""] * 5, "en")), "{}", 0)
    assert isinstance(made, bytes), made
    reader = PdfReader(io.BytesIO(made))
    schemes = set()
    for page in reader.pages:
        for note in page.get("/Annots") or ():
            action = note.get_object().get("/A") or {}
            assert action.get("/S") in (None, "/URI", "/GoTo")
            schemes.add(scheme_of(str(action.get("/URI", ""))))
    assert "https" in schemes
    assert schemes <= SCHEMES
    assert not {"/OpenAction", "/AA", "/JavaScript"} & set(reader.trailer["/Root"])


# -- in a browser ---------------------------------------------------------------------------

LISTENER = """
window.alert = window.confirm = window.prompt = (...words) => { tellRun(`ran: ${words}`) }
addEventListener("securitypolicyviolation", event => {
  tellRun(`violates ${event.effectiveDirective}: ${event.blockedURI} ${event.sample}`)
}, true)
"""
# Each different card of a page, one after the other, as a reader opens them by a click.
ALL_CARDS = """async () => {
  const targets = document.querySelectorAll('[aria-haspopup=dialog]')
  const card = document.getElementById('evidence-card')
  const kinds = new Set(), seen = new Set()
  for (const target of targets) {
    const { passage, passages } = target.dataset
    const shown = [target.className, target.textContent, target.hash, passage, passages].join()
    if (seen.has(shown)) continue
    seen.add(shown)
    target.click()
    if (!card.matches(':popover-open')) continue
    kinds.add(target.className || target.localName)
    card.hidePopover()
  }
  await new Promise(done => setTimeout(done, 50))
  return [seen.size, [...kinds]]
}"""
# Where links lead as the browser reads them, and handlers, in the page as it is by now.
ODD = """() => [...document.querySelectorAll('*')].flatMap(e => [
  ...[...e.attributes].filter(a => a.name.startsWith('on')).map(a => `${e.localName} ${a.name}`),
  ...(e.protocol && !['http:', 'https:', 'mailto:', 'doi:'].includes(e.protocol) ? [e.href] : []),
])"""
EVERY_OPTION = """() => {
  for (const select of document.querySelectorAll('.explorer-controls select')) {
    for (const option of select.options) {
      select.value = option.value
      select.dispatchEvent(new Event('change', { bubbles: true }))
    }
    select.selectedIndex = 0
    select.dispatchEvent(new Event('change', { bubbles: true }))
  }
  return document.querySelectorAll('table.explorer tbody tr:not([hidden])').length
}"""
FRAGMENTS = (
    "#chapter=<img src=x onerror=alert(1)>",
    '#"><img src=x onerror=alert(1)>',
    "#sort=__proto__&kinds=constructor&down=<script>alert(1)</script>",
    "#javascript:alert(1)",
    "#ref-k1%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
)


def elsewhere(url: str) -> Iterator[str]:
    """Yield a request that a page has of another host, or of a script in an address."""
    if not url.startswith(("http://127.0.0.1:", "data:image/")):
        yield f"asks for {url}"


@contextmanager
def watched(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """Yield an empty page, and what ran, was forbidden or went wrong."""
    told: list[str] = []
    with opened(browser) as page:

        def tell(words: str) -> None:
            told.append(words)

        page.context.expose_function("tellRun", tell)
        page.context.add_init_script(LISTENER)
        page.context.on("weberror", lambda fault: told.append(str(fault.error)))
        page.context.on("console", lambda message: told.append(message.text))
        page.context.on("dialog", lambda dialog: told.append(f"dialog: {dialog.message}"))
        page.context.on("request", lambda request: told.extend(elsewhere(request.url)))
        yield page, told


class Reporting(WithFewWords):
    """Serves each page with its policy as one that is told of and not enforced (CSP 3, 3.2).

    So nothing keeps a script from running, and whatever a policy would forbid is told, too.
    """

    policies = 0

    def end_headers(self) -> None:
        """Add the policy of a page to its headers."""
        path = Path(self.translate_path(self.path))
        page = path / "index.html" if path.is_dir() else path
        if page.suffix == ".html":
            policy = policy_of(page.read_text("utf-8"))
            self.send_header("Content-Security-Policy-Report-Only", policy)
            Reporting.policies += 1
        super().end_headers()


def test_nothing_that_others_wrote_runs(browser: Browser, sites: Sites) -> None:
    """Pages opened, all folds and cards too, searched, filtered, printed: there are but words."""
    site = sites.bare.site
    opened_cards, kinds = 0, set()
    with (
        served(site, handler=Reporting) as home,
        served(site, places=0, handler=Reporting) as quick,
        watched(browser) as (page, told),
    ):
        for path in paths(site):
            page.goto(quick + path)
            page.locator("#evidence-card").wait_for(state="attached")
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
            number, seen = page.evaluate(ALL_CARDS)
            opened_cards += number
            kinds |= set(seen)
            assert (path, page.evaluate(ODD)) == (path, [])
        assert opened_cards > 8 * len(PAYLOADS)
        assert {"assessment", "number", "calculation"} <= {k.split(" ")[0] for k in kinds} | {
            "assessment" for k in kinds if "assessment" in k
        }
        _use_explorer(page, quick)
        _search(page, home)
        page.emulate_media(media="print")
        page.goto(f"{quick}chapter6/")
        page.wait_for_load_state("networkidle")
    assert told == []
    assert Reporting.policies > len(paths(site))


def _use_explorer(page: Page, home: str) -> None:
    page.goto(f"{home}findings/")
    assert page.evaluate(EVERY_OPTION) == page.locator("table.explorer tbody tr").count() > 30
    for fragment in FRAGMENTS:
        page.goto("about:blank")
        page.goto(f"{home}findings/{fragment}")
        assert page.evaluate(ODD) == []


def _search(page: Page, home: str) -> None:
    """Search for words of the payloads, and for a payload."""
    for words in ("alert", "onerror", "script", "javascript", PAYLOADS[1]):
        page.goto(f"{home}references/")
        page.locator("head > meta[name=theme-color]").wait_for(state="attached")
        page.locator(".md-search__input").click()
        page.locator("#__search:checked").wait_for(state="attached")
        page.keyboard.type(words, delay=2)
        page.locator(".md-search-result__item a").first.wait_for()
        assert page.evaluate(ODD) == []


@pytest.mark.parametrize("payload", PAYLOADS[:3])
def test_what_does_run_is_told(browser: Browser, tmp_path: Path, payload: str) -> None:
    """The watch of the test above: a payload that is no text calls what tells of it.

    And it tells what the policy says of it, which there keeps nothing from running.
    """
    (tmp_path / "index.html").write_text(f"<!doctype html><p title='{payload}'>{payload}", "utf-8")
    with served(tmp_path, handler=Reporting) as home, watched(browser) as (page, told):
        page.goto(home, wait_until="networkidle")
    assert "ran: 1" in told
    # A script of the text has its hash in the policy; a handler never has.
    assert payload.startswith("<script") or [t for t in told if t.startswith("violates script-src")]
