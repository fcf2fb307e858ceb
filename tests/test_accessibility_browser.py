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

# The rules of WCAG 2.0 to 2.2, levels A and AA, and axe's own good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """async tags => {
  const found = await axe.run(document, { runOnly: { type: 'tag', values: tags } })
  // What lies under an open card is covered until the card is closed, and is measured then.
  const card = document.querySelector('#evidence-card:popover-open')?.getBoundingClientRect()
  const covered = node => {
    if (!card) return false
    const box = document.querySelector(node.target[0]).getBoundingClientRect()
    return box.left < card.right && box.right > card.left &&
      box.top < card.bottom && box.bottom > card.top &&
      !document.getElementById('evidence-card').contains(document.querySelector(node.target[0]))
  }
  const counts = (result, node) => result.id !== 'target-size' || !covered(node)
  const told = result => result.nodes.filter(node => counts(result, node)).map(node =>
    `${result.id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\\s+/g, ' ')}`)
  return { violations: found.violations.flatMap(told), passes: found.passes.length }
}"""
CARDS = ("#cite-1 a", "article q[data-passage]", "article .number", "article a.assessment")


@cache
def axe_core() -> str:
    """Return the source of axe-core."""
    return resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[str]:
    """Return what axe finds in a page as it stands, and hold that it looked."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe_core())
    found: dict[str, Any] = page.evaluate(AXE, RULES)
    assert found["passes"] >= 20
    return [str(told) for told in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", SIZES)
def test_axe_finds_nothing(
    browser: Browser, home: str, paths: tuple[str, ...], width: int, scheme: str
) -> None:
    """On every page, with folds closed and open, and with a card of each kind open."""
    with opened(browser, width, scheme) as page:
        for path in paths:
            page.goto(home + path)
            assert (path, violations(page)) == (path, [])
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
            assert (path, violations(page)) == (path, [])
            for target in CARDS:
                first = page.locator(target).first
                if first.count() == 0:
                    continue
                first.evaluate("e => { e.scrollIntoView({block: 'center'}); e.click() }")
                expect(page.locator("#evidence-card:popover-open")).to_be_visible()
                assert (path, target, violations(page)) == (path, target, [])
                page.keyboard.press("Escape")


def test_axe_finds_what_is_wrong(browser: Browser, home: str) -> None:
    """The measure of the test above sees a faint text, and an image without words."""
    with opened(browser) as page:
        page.goto(f"{home}method/")
        page.evaluate(
            """() => {
              const text = document.querySelector('article p')
              text.style.color = '#ddd'
              text.append(new Image())
            }"""
        )
        rules = {told.partition(":")[0] for told in violations(page)}
        assert {"color-contrast", "image-alt"} <= rules
