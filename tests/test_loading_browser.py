"""What a page does while it loads, in a real browser: nothing twice, nothing that nobody needs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route

from browsing import SIZES, launched, opened, switch

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

INDEX = "/search/search_index.json"


# -- the style of an element is worked out about once ----------------------------------------


def set_anew(browser: Browser, page: Page, address: str) -> tuple[int, int]:
    """Return how many elements a page has, and how many styles are worked out while it loads."""
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.goto(address, wait_until="networkidle")
    events: list[dict[str, Any]] = json.loads(browser.stop_tracing())["traceEvents"]
    elements = page.evaluate("document.querySelectorAll('*').length")
    styles = sum(
        event["args"].get("elementCount", 0)
        for event in events
        if event["name"] == "UpdateLayoutTree"
    )
    return elements, styles


@pytest.mark.parametrize("path", ["", "mechanisms/", "spending/"])
def test_the_style_of_an_element_is_worked_out_about_once_while_a_page_loads(
    browser: Browser, quick: str, path: str
) -> None:
    """Material changes what all elements hang on while a page loads, four times: it is kept off.

    Lists and charts that no reader is near to are not set at all.
    """
    with opened(browser, 320) as page:
        elements, styles = set_anew(browser, page, quick + path)
    assert elements // 10 < styles <= elements


def test_without_what_keeps_it_off_a_page_is_set_anew(browser: Browser, quick: str) -> None:
    """The measure sees what it is for."""

    def answer(route: Route) -> None:
        html = route.fetch().text()
        bare = html.replace('className = "js-focus-visible js"', "title")
        assert bare != html
        route.fulfill(body=bare, content_type="text/html; charset=utf-8")

    with opened(browser, 320) as page:
        page.route("**/mechanisms/", answer)
        page.route("**/assets/report.js", lambda route: route.abort())
        elements, styles = set_anew(browser, page, f"{quick}mechanisms/")
    assert styles > elements


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_the_browser_draws_has_the_colors_of_the_page(
    browser: Browser, quick: str, scheme: str
) -> None:
    """The bars to scroll with are those of the colors that are shown, also when they change."""
    drawn = "getComputedStyle(document.documentElement).colorScheme === 'dark'"
    with opened(browser, scheme=scheme) as page:
        page.goto(quick, wait_until="networkidle")
        assert page.evaluate(drawn) == (scheme == "dark")
        switch(page)
        assert page.evaluate(drawn) == (scheme == "light")


# -- a chart is set when a reader comes near it ----------------------------------------------

SET = "element => element.checkVisibility({ contentVisibilityAuto: true })"


@pytest.mark.parametrize("width", SIZES)
def test_a_chart_is_set_when_a_reader_comes_near_it(
    browser: Browser, quick: str, width: int
) -> None:
    """Far below the window it is not; in sight, and on paper, it is."""
    with opened(browser, width) as page:
        page.goto(f"{quick}mechanisms/")
        part = page.locator(".chart svg:visible").first
        assert not part.evaluate(SET)
        page.emulate_media(media="print")
        assert part.evaluate(SET)
        page.emulate_media(media="screen")
        assert not part.evaluate(SET)
        part.scroll_into_view_if_needed()
        page.wait_for_function(f"part => ({SET})(part)", arg=part.element_handle())


def test_who_has_a_page_read_out_is_given_all_of_it(browser: Browser, quick: str) -> None:
    """What nobody is near to is not set, but it is in the tree that a screen reader is given."""
    reading = launched(browser.browser_type, "--force-renderer-accessibility")
    with opened(reading) as page:
        page.goto(f"{quick}mechanisms/", wait_until="networkidle")
        title = page.locator(".chart-title").first.text_content()
        works = page.locator(".references .csl-entry").count()
        told = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        assert not page.locator(".chart svg, .csl-entry").first.evaluate(SET)
    reading.close()
    roles = Counter(node["role"]["value"] for node in told if not node["ignored"])
    named = {(node["role"]["value"], node.get("name", {}).get("value")) for node in told}
    assert ("image", title) in named
    assert roles["doc-backlink"] >= works > 20


@pytest.mark.parametrize("width", SIZES)
def test_an_address_below_a_chart_leads_to_its_place(
    browser: Browser, quick: str, width: int
) -> None:
    """What is above it may be set later: the heading stays where the reader was led."""
    top = "document.querySelector(':target').getBoundingClientRect().top"
    with opened(browser, width) as page:
        page.goto(f"{quick}mechanisms/#what-is-not-known", wait_until="networkidle")
        assert 0 <= page.evaluate(top) < 200
        page.mouse.wheel(0, -400)
        page.wait_for_function(f"() => {top} > 300")
        page.mouse.wheel(0, 400)
        page.wait_for_function(f"() => {top} < 200")


# -- one watch opens all folds ---------------------------------------------------------------

SHUT = "document.querySelectorAll('details:not([open])').length"


def test_an_address_in_a_fold_opens_it(browser: Browser, quick: str) -> None:
    """When the page is opened with it, and when a link on the page leads to it."""
    with opened(browser) as page:
        page.goto(f"{quick}references/")
        first, *_, last = page.locator("details [id^=passage-]").evaluate_all(
            "all => all.map(each => each.id)"
        )
        page.goto("about:blank")
        page.goto(f"{quick}references/#{first}")
        for id_ in (first, last):
            page.evaluate("id => { location.hash = id }", id_)
            target = page.locator(f"[id='{id_}']")
            target.locator("xpath=ancestor::details[1][@open]").wait_for()
            page.wait_for_function(
                "id => { const box = document.getElementById(id).getBoundingClientRect();"
                " return box.top >= 0 && box.top < innerHeight }",
                arg=id_,
            )
        assert page.evaluate(SHUT) > 10


def test_folds_are_open_on_paper_and_as_they_were_afterwards(browser: Browser, quick: str) -> None:
    """Also in browsers whose style sheets cannot open them."""
    with opened(browser) as page:
        page.goto(f"{quick}spending/", wait_until="networkidle")
        page.locator("article details summary").first.click()
        before = page.evaluate(SHUT)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate(SHUT) == 0
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.evaluate(SHUT) == before > 10
        assert page.locator("article details").first.evaluate("fold => fold.open")


# -- the index of the search is fetched when a reader turns to the search --------------------


@contextmanager
def noting(browser: Browser, width: int) -> Iterator[tuple[Page, list[str]]]:
    """Yield an empty page, and the addresses of the index that are asked for."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith(INDEX):
            asked.append(request.url)

    with opened(browser, width, has_touch=True) as page:
        page.context.on("request", note)
        yield page, asked


def turn(page: Page, way: str) -> None:
    """Turn to the search: by a click, by a key, or on a narrow window by touch."""
    if way == "key":
        page.keyboard.press("/")
    elif way == "mouse":
        page.locator(".md-search__input").click()
    else:
        page.locator(".md-header__button[for=__search]").tap()
    page.locator("#__search:checked").wait_for(state="attached")


@pytest.mark.parametrize(("way", "width"), [("mouse", 1440), ("key", 1440), ("touch", 320)])
def test_the_index_is_fetched_when_a_reader_turns_to_the_search(
    browser: Browser, home: str, way: str, width: int
) -> None:
    """Once, and not with the page; and it finds what is in the report."""
    with noting(browser, width) as (page, asked):
        page.goto(f"{home}law/", wait_until="networkidle")
        assert asked == []
        turn(page, way)
        page.keyboard.type("Boston", delay=20)
        page.locator(".md-search-result__item a").first.wait_for()
        page.keyboard.press("Escape")
        page.locator("#__search:not(:checked)").wait_for(state="attached")
        turn(page, way)
        page.wait_for_load_state("networkidle")
        assert asked == [home.rstrip("/") + INDEX]


def test_a_reader_may_turn_to_the_search_before_its_script_is_there(
    browser: Browser, home: str
) -> None:
    """The words are typed into a page whose script is still on its way, and found."""
    with noting(browser, 1440) as (page, asked):
        late: list[Route] = []
        page.route("**/bundle.*.js", lambda route: late.append(route))  # noqa: PLW0108
        with page.expect_request("**/bundle.*.js"):
            page.goto(f"{home}law/", wait_until="commit")
        page.locator(".md-search__input").focus()
        page.keyboard.type("Boston")
        late[0].continue_()
        page.locator(".md-search-result__item a").first.wait_for()
        assert len(asked) == 1


def test_an_address_that_asks_for_words_finds_them(browser: Browser, home: str) -> None:
    """As Material has them: the search opens with the words."""
    with noting(browser, 1440) as (page, asked):
        page.goto(f"{home}law/?q=Boston")
        page.locator(".md-search-result__item a").first.wait_for()
        assert len(asked) == 1
