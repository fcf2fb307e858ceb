"""All findings in a browser: chosen and ordered by keyboard, on a telephone, without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browsing import SIZES, opened

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

ROWS = "table.explorer tbody tr"


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, browser: Browser, quick: str) -> Iterator[Page]:
    """Yield the page of all findings, in each width."""
    with opened(browser, request.param) as page:
        page.goto(f"{quick}findings/")
        yield page


def shown(page: Page) -> Locator:
    return page.locator(f"{ROWS}:not([hidden])")


def numbers(page: Page) -> list[int]:
    values = shown(page).evaluate_all("rows => rows.map(row => row.dataset.number)")
    return [int(value) for value in values]


def test_without_a_script_all_findings_stand_in_a_plain_table(browser: Browser, quick: str) -> None:
    """No control that would do nothing is to be seen; folds open, and addresses lead to rows."""
    with opened(browser, java_script_enabled=False) as page:
        page.goto(f"{quick}findings/#finding-eighty-centers")
        assert page.locator(ROWS).count() >= 50
        expect(page.locator(".explorer-controls")).to_be_hidden()
        assert page.locator("table.explorer thead button").count() == 0
        row = page.locator("#finding-eighty-centers")
        expect(row).to_be_in_viewport()
        row.locator("summary").first.click()
        expect(row.locator("q").first).to_be_visible()
        row.locator(".cite-this summary").click()
        expect(row.locator(".cite-text")).to_contain_text("Finding 2: The national network")


def test_findings_are_chosen(page: Page) -> None:
    """By chapter, assessment, origins and kind of source, together; how many is announced."""
    total = shown(page).count()
    form, status = page.locator(".explorer-controls"), page.get_by_role("status")
    form.get_by_label("Chapter").select_option("spending")
    spending = shown(page).count()
    assert 0 < spending < total
    expect(status).to_have_text(f"{spending} of {total} findings")
    form.get_by_label("Kind of source").select_option("primary")
    for row in shown(page).all():
        assert row.get_attribute("data-chapter") == "spending"
        assert "primary" in (row.get_attribute("data-kinds") or "").split()
    form.get_by_label("Chapter").select_option("")
    form.get_by_label("Kind of source").select_option("")
    form.get_by_label("Origins").select_option("2")
    form.get_by_label("Assessment").select_option("disputed")
    for row in shown(page).all():
        assert row.get_attribute("data-assessment") == "disputed"
        assert int(row.get_attribute("data-origins") or 0) >= 2
    form.get_by_role("button", name="Show all").click()
    expect(status).to_have_text(f"{total} findings")
    assert shown(page).count() == total


def test_a_view_has_an_address(page: Page, quick: str) -> None:
    """It stands in the fragment, which no host is sent; who follows it sees the same."""
    form = page.locator(".explorer-controls")
    form.get_by_label("Assessment").select_option("confirmed")
    form.get_by_label("Order").select_option("evidence")
    form.get_by_label("Reversed").check()
    address, order = page.url, numbers(page)
    assert address == f"{quick}findings/#assessment=confirmed&sort=evidence&down=1"
    page.goto(f"{quick}method/")
    page.goto(address)
    assert numbers(page) == order
    expect(form.get_by_label("Assessment")).to_have_value("confirmed")
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")[2] == ""


def test_an_address_of_nothing_known_shows_all(browser: Browser, quick: str) -> None:
    """An option that is none chooses nothing, and is no fault."""
    with opened(browser) as page:
        for fragment in ("#chapter=none", "#length=3", "#sort=x&kinds=", "#%E2%82", "#nothing"):
            page.goto("about:blank")
            page.goto(f"{quick}findings/{fragment}")
            total = page.locator(ROWS).count()
            assert total >= 50
            assert (fragment, shown(page).count()) == (fragment, total)


def test_the_address_of_a_finding_shows_it_with_its_evidence(page: Page) -> None:
    """Whatever was chosen before."""
    page.locator(".explorer-controls").get_by_label("Chapter").select_option("law")
    row = page.locator("#finding-eighty-centers")
    expect(row).to_be_hidden()
    page.evaluate("location.hash = '#finding-eighty-centers'")
    expect(row).to_be_in_viewport()
    expect(row.locator("q").first).to_be_visible()
    assert "eighty-centers" in page.url


def test_heads_order_the_table_by_keyboard(browser: Browser, quick: str) -> None:
    """Once one way, then the other; the head says which, and the keyboard stays on it."""
    with opened(browser) as page:
        page.goto(f"{quick}findings/")
        head = page.locator("th[data-sort=origins]")
        expect(page.locator("th[data-sort=number]")).to_have_attribute("aria-sort", "ascending")
        head.get_by_role("button", name="Origins").focus()
        for way, sign in (("ascending", 1), ("descending", -1)):
            page.keyboard.press("Enter")
            expect(head).to_have_attribute("aria-sort", way)
            expect(head.get_by_role("button")).to_be_focused()
            values = shown(page).evaluate_all("rows => rows.map(row => row.dataset.origins)")
            counts = [sign * int(value) for value in values]
            assert counts == sorted(counts)
            assert counts[0] != counts[-1]
        assert page.locator("[aria-sort]").count() == 1


def test_controls_are_reached_and_used_by_keyboard(browser: Browser, quick: str) -> None:
    """In the order in which they are seen."""
    with opened(browser) as page:
        page.goto(f"{quick}findings/")
        total = shown(page).count()
        page.locator("select[name=chapter]").focus()
        page.keyboard.press("S")  # the first chapter of that letter
        expect(page.locator("select[name=chapter]")).to_have_value("spending")
        names = []
        for _ in range(6):
            page.keyboard.press("Tab")
            names.append(page.evaluate("document.activeElement.name || 'button'"))
        assert names == ["assessment", "origins", "kinds", "sort", "down", "button"]
        assert shown(page).count() < total
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text(f"{total} findings")


def test_nothing_is_wider_than_a_telephone(browser: Browser, quick: str) -> None:
    """Also with all folds open."""
    with opened(browser, 320) as page:
        page.goto(f"{quick}findings/")
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        expect(page.locator(".number-word").first).to_be_visible()
