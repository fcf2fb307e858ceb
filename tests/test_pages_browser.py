"""The built report in a real browser: Chromium, headless, over loopback."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from browsing import SCHEME, SIZES, opened, parsed
from dossier.wording import ASSESSMENT_SIGNS, ASSESSMENT_WORDS

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover


@pytest.mark.parametrize("path", ["", "spending/"])
@pytest.mark.parametrize("width", SIZES)
def test_a_finding_has_an_address_and_its_assessment_in_words(
    browser: Browser, quick: str, width: int, path: str
) -> None:
    """Every row has its id, or leads to the one that has it, and shows its sign and word.

    So it is in wide and in narrow windows.
    """
    with opened(browser, width) as page:
        page.goto(quick + path)
        found = page.locator("table.findings tr[data-assessment]").evaluate_all(
            """rows => rows.map(row => [
              row.id || row.querySelector('a.assessment').hash.slice(1),
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
LINKS = """page => {
  const cited = element => (element.dataset.cites || '').split(' ')
    .concat(...[...element.querySelectorAll('[data-cites]')].map(e => e.dataset.cites.split(' ')))
  const links = [...page.querySelectorAll('.citation a[role=doc-biblioref]')]
  const back = [...page.querySelectorAll('.csl-entry a[role=doc-backlink]')]
  const target = link => page.getElementById(decodeURIComponent(link.hash.slice(1)))
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
    browser: Browser, quick: str, paths: tuple[str, ...]
) -> None:
    """On every page each citation has its entry, and each way back leads to what cites it."""
    counts = []
    with opened(browser) as page:
        page.goto(f"{quick}404.html")
        for path in paths:
            found = parsed(page, quick + path, LINKS)
            counts.append((found["links"], found["back"]))
            assert (path, found["broken"], found["astray"]) == (path, [], [])
    assert sum(links for links, _ in counts) >= 100
    assert sum(back for _, back in counts) >= 100


def test_the_whole_list_leads_to_the_places_that_cite(
    browser: Browser, quick: str, paths: tuple[str, ...]
) -> None:
    """Every link of the list of references to a place of a chapter finds that place."""
    anchors: set[str] = set()
    with opened(browser) as page:
        page.goto(f"{quick}references/")
        links = page.evaluate("[...document.querySelectorAll('.backlinks a')].map(a => a.href)")
        for path in paths:
            ids = parsed(
                page, quick + path, "page => [...page.querySelectorAll('[id]')].map(e => e.id)"
            )
            anchors |= {f"{quick}{path}#{id_}" for id_ in ids}
    assert len(links) >= 100
    assert sorted(set(links) - anchors) == []


def test_a_reader_follows_a_citation_and_comes_back(browser: Browser, quick: str) -> None:
    """Its card leads to the entry, in sight below the header, and another click back."""
    with opened(browser) as page:
        page.goto(f"{quick}spending/")
        citation = page.locator("#cite-1 a").first
        href = citation.get_attribute("href") or ""
        citation.click()
        page.locator("#evidence-card").get_by_role("link", name="In the references").click()
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


def test_the_color_switch_is_kept(browser: Browser, quick: str) -> None:
    """A reader who picks the dark colors has them on the next page, too."""
    ground = "getComputedStyle(document.body).backgroundColor"
    with opened(browser) as page:
        page.goto(quick, wait_until="networkidle")
        light = page.evaluate(ground)
        page.locator("label[title='Switch to dark colors']").click()
        page.locator("body[data-md-color-scheme=slate]").wait_for()
        page.goto(f"{quick}law/", wait_until="networkidle")
        assert page.evaluate(SCHEME) == "slate"
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


def test_folds_are_open_on_paper(browser: Browser, quick: str) -> None:
    """What is printed shows the evidence and the passages, and not the navigation."""
    with opened(browser) as page:
        page.goto(f"{quick}spending/")
        page.emulate_media(media="print")
        heights = page.evaluate(
            "[...document.querySelectorAll('details :is(li, blockquote)')]"
            ".map(e => e.getBoundingClientRect().height)"
        )
        assert len(heights) >= 10
        assert min(heights) > 0
        assert not page.locator(".md-header").is_visible()
        assert not page.locator(".md-sidebar--primary").is_visible()
