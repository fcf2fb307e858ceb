"""The pages for everyone, in a real browser: WCAG 2.2 at level AA, and what axe-core cannot tell.

What no program can test is listed in DESIGN.md with how it was tried.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import SIZES, opened

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

# The rules of WCAG 2.0 to 2.2, levels A and AA, and axe's own good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """async ([within, tags]) => {
  const found = await axe.run(within, {
    runOnly: { type: 'tag', values: tags },
    resultTypes: ['violations'], // of what passes, the rules are enough
  })
  // What lies under an open card is covered until the card is closed, and is measured then.
  const card = document.querySelector('#evidence-card:popover-open')
  const covers = card?.getBoundingClientRect()
  const covered = node => {
    const element = document.querySelector(node.target[0])
    if (!card || card.contains(element)) return false
    const box = element.getBoundingClientRect()
    return box.left < covers.right && box.right > covers.left &&
      box.top < covers.bottom && box.bottom > covers.top
  }
  const told = result => result.nodes
    .filter(node => result.id !== 'target-size' || !covered(node))
    .map(node => `${result.id}: ${node.target.join(' ')}: ${node.failureSummary}`)
  return { violations: found.violations.flatMap(told), passes: found.passes.length }
}"""
CARD = "#evidence-card:popover-open"
CARDS = ("#cite-1 a", "article q[data-passage]", "article .number", "article a.assessment")


# Pages are looked at whole in one window. In the others, of works in lists and rows of tables that
# are made of the same elements and classes, all but two are taken away, since each costs time.
SHORTENED = """() => {
  const seen = {}
  for (const row of document.querySelectorAll('.references > .csl-entry, article tbody tr')) {
    const parts = [row, ...row.querySelectorAll('*')].map(e => `${e.localName}.${e.classList}`)
    const kind = [...new Set(parts)].sort().join()
    seen[kind] = (seen[kind] ?? 0) + 1
    if (seen[kind] > 2) row.remove()
  }
}"""


@cache
def axe_core() -> str:
    """Return the source of axe-core."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


# What is far away is laid out when a reader comes near; it is measured as they then find it.
LAID_OUT = """() => {
  const near = new CSSStyleSheet()
  near.replaceSync('* { content-visibility: visible !important }')
  document.adoptedStyleSheets = [near]
}"""


def violations(page: Page, within: str = "html", least: int = 20) -> list[str]:
    """Return what axe finds in a part of a page as it stands, and hold that it looked."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe_core())
        page.evaluate(LAID_OUT)
    found: dict[str, Any] = page.evaluate(AXE, [within, RULES])
    assert found["passes"] >= least
    return [" ".join(str(told).split()) for told in found["violations"]]


def open_card(page: Page, target: str) -> bool:
    """Open the card of the first target of a kind, if the page has one."""
    first = page.locator(target).first
    if first.count() == 0:
        return False
    first.evaluate("e => { e.scrollIntoView({block: 'center'}); e.click() }")
    expect(page.locator(CARD)).to_be_visible()
    return True


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", SIZES)
def test_axe_finds_nothing(
    browser: Browser, quick: str, paths: tuple[str, ...], width: int, scheme: str
) -> None:
    """On every page with its folds open, and in a card of each kind."""
    opened_cards = 0
    with opened(browser, width, scheme) as page:
        for path in paths:
            page.goto(quick + path)
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
            for target in CARDS:
                if open_card(page, target):
                    assert (path, target, violations(page, CARD, 5)) == (path, target, [])
                    opened_cards += 1
            page.keyboard.press("Escape")
            expect(page.locator(CARD)).to_have_count(0)
            page.evaluate("scrollTo(0, 0)")  # the head of the page covers what is scrolled under it
            if (width, scheme) != (1440, "light"):
                page.evaluate(SHORTENED)
            assert (path, violations(page)) == (path, [])
        assert opened_cards >= 20
        # An open card puts nothing else of its page in the wrong; and folds are shut here.
        page.goto(f"{quick}lineage/")
        assert open_card(page, CARDS[1])
        assert violations(page) == []


def test_axe_finds_what_is_wrong(browser: Browser, quick: str) -> None:
    """The measure of the test above sees a faint text, and an image without words."""
    with opened(browser) as page:
        page.goto(f"{quick}method/")
        page.evaluate(
            """() => {
              const text = document.querySelector('article p')
              text.style.color = '#ddd'
              text.append(new Image())
            }"""
        )
        rules = {told.partition(":")[0] for told in violations(page)}
        assert {"color-contrast", "image-alt"} <= rules
