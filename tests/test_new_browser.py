"""A new report in a real browser: it can be read at any width, and opens its evidence."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from browsing import SIZES, opened, served
from dossier.cli import main
from reports import Report

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

PAGES = ("", "shade/", "method/")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address under which the site of a new report is served."""
    root = tmp_path_factory.mktemp("new") / "street-trees"
    assert main(["new", "--yes", str(root)]) == 0
    report = Report(root, root / "site").build(strict=True)
    with served(report.site) as found:
        yield found


@pytest.mark.parametrize("width", SIZES)
def test_it_fits_and_one_drawing_is_shown(address: str, browser: Browser, width: int) -> None:
    """No page is wider than its window, and of two drawings of a chart one that fits is seen."""
    with opened(browser, width) as page:
        for name in PAGES:
            page.goto(address + name)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.goto(address)
        drawings = page.locator("figure.chart > svg").all()
        assert [one.is_visible() for one in drawings].count(True) == 1
        assert page.locator(".chart-wide").is_visible() is (width > 700)


def test_a_citation_opens_its_card(address: str, browser: Browser) -> None:
    """With the very words of the source."""
    with opened(browser) as page:
        page.goto(address)
        page.locator("q").first.hover()
        page.locator(".card").wait_for()
        assert "2,150 of them dead or dying" in page.locator(".card").inner_text()


def test_no_other_host_is_asked(address: str, browser: Browser) -> None:
    """Whatever a reader looks at."""
    with opened(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for name in PAGES:
            page.goto(address + name)
            page.wait_for_load_state("networkidle")
        assert len(asked) > len(PAGES)
        assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
