"""The pages for everyone, in a real browser: WCAG 2.2 at level AA, and what axe-core cannot tell.

What no program can test is listed in DESIGN.md with how it was tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import SCHEME, SIZES, opened, switch

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

# The rules of WCAG 2.0 to 2.2, levels A and AA, and axe's own good practice.
RULES = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# Those of them that hang on colors.
COLORS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
AXE = """async ([within, rules]) => {
  const found = await axe.run(within, {
    runOnly: rules,
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


# How a text stands out hangs on its own color and size, on what is painted behind it, and, for a
# link, on the text around. Of texts of a page that are alike in all of it, ten are measured in one
# window and two in the others, since that takes longer than all else: there are hundreds. Every
# other rule sees everything.
ALIKE = """most => {
  const around = new Map([[null, '']])
  const behind = element => {
    if (!around.has(element)) {
      const style = getComputedStyle(element)
      const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
        style.mixBlendMode, style.position, style.zIndex]
      const before = behind(element.parentElement)
      const plain = own.join() === 'rgba(0, 0, 0, 0),none,1,none,normal,static,auto'
      around.set(element, plain ? before : `${before} / ${own}`)
    }
    return around.get(element)
  }
  const seen = {}
  for (const element of document.querySelectorAll('[data-alike]')) delete element.dataset.alike
  for (const element of document.body.querySelectorAll('*')) {
    if (![...element.childNodes].some(node => node.nodeType === 3 && node.data.trim())) continue
    if (!element.checkVisibility({visibilityProperty: true})) continue
    const style = getComputedStyle(element)
    const text = getComputedStyle(element.parentElement)
    const own = [text.color, text.display, style.color, style.fill, style.webkitTextFillColor,
      style.fontSize, style.fontWeight, style.fontStyle, style.textShadow, style.textDecorationLine,
      style.clipPath, style.borderBottom]
    const kind = `${behind(element)} | ${own}`
    seen[kind] = (seen[kind] ?? 0) + 1
    element.toggleAttribute('data-alike', seen[kind] > most)
  }
}"""
CONTRAST = """() => {
  axe.configure({ rules: [
    { id: 'color-contrast', selector: ':not([data-alike])' },
    { id: 'link-in-text-block', selector: 'a[href]:not([data-alike])' },
  ] })
}"""
# While a card is measured the text of its page is put aside: axe reads all that stands there.
ASIDE = """() => {
  globalThis.putBack = [...document.querySelectorAll('article > *')].map(element => {
    const mark = new Comment()
    element.replaceWith(mark)
    return () => mark.replaceWith(element)
  })
}"""
BACK = "() => { for (const back of putBack) back() }"


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


def prepare(page: Page) -> None:
    """Bring axe into a page that has it not yet, and lay out all of the page."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(axe_core())
        page.evaluate(CONTRAST)
        page.evaluate(LAID_OUT)


def violations(
    page: Page, within: str = "html", least: int = 20, rules: Mapping[str, object] = RULES
) -> list[str]:
    """Return what axe finds in a part of a page as it stands, and hold that it looked."""
    prepare(page)
    found: dict[str, Any] = page.evaluate(AXE, [within, rules])
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


# All that a page is but its colors, the switch of these, which has a sign for each, and what its
# card last showed; and the first of it that is otherwise than when it was asked for before.
SHAPE = """() => {
  const left = '[data-md-component=palette], #evidence-card'
  const shape = [...document.body.querySelectorAll('*')].filter(e => !e.closest(left)).map(e => {
    const own = [...e.attributes].filter(a => a.name !== 'data-alike' && a.value)
    const content = ['::before', '::after'].map(which => getComputedStyle(e, which).content)
    // What stands beside the text goes with the window, and the search says when it is ready.
    const article = e.closest('article')
    const words = [...e.childNodes].filter(n => article && n.nodeType === 3).map(n => n.data.trim())
    const shown = e.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    const { x, y, width, height } = e.getBoundingClientRect()
    const top = article ? y + scrollY : ''
    const box = shown ? [x + scrollX, top, width, height] : []
    const marks = own.map(a => `${a.name}=${a.value}`)
    return [e.localName, ...marks, shown, ...box, ...content, ...words].join(' ')
  })
  const before = globalThis.shape ?? shape
  globalThis.shape = shape
  const length = Math.max(shape.length, before.length)
  const at = [...Array(length).keys()].find(at => shape[at] !== before[at])
  return [shape.length, at === undefined ? '' : `${shape[at]} was ${before[at]}`]
}"""


def only_colors_changed(page: Page) -> None:
    """Hold that a page is what it was when this was asked before, but for its colors."""
    prepare(page)
    number, other = page.evaluate(SHAPE)
    assert number > 50
    assert other == ""


def most_alike(page: Page, width: int) -> int:
    """Return how many texts that are alike are measured in a page as it stands."""
    return 10 if (width, page.evaluate(SCHEME)) == (1440, "default") else 2


@pytest.mark.parametrize("width", SIZES)
def test_axe_finds_nothing(
    browser: Browser, quick: str, paths: tuple[str, ...], width: int
) -> None:
    """On every page with its folds open, and in a card of each kind, in both schemes.

    Where a page differs in nothing but its colors, what hangs on these is measured in the second.
    """
    seen = []
    opened_cards = 0
    with opened(browser, width) as page:
        for path in paths:
            page.goto(quick + path)
            page.locator("#evidence-card").wait_for(state="attached")
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
            for rules, in_card, in_page in ((RULES, 5, 20), (COLORS, 1, 1)):
                if rules is COLORS:
                    switch(page)
                scheme = page.evaluate(SCHEME)
                only_colors_changed(page)
                for target in CARDS:
                    if open_card(page, target):
                        page.evaluate(ASIDE)
                        at = (path, scheme, target)
                        assert (at, violations(page, CARD, in_card, rules)) == (at, [])
                        page.evaluate(BACK)
                        opened_cards += 1
                page.keyboard.press("Escape")
                expect(page.locator(CARD)).to_have_count(0)
                page.evaluate("scrollTo(0, 0)")  # the head covers what is scrolled under it
                page.evaluate(ALIKE, most_alike(page, width))
                found = violations(page, "html", in_page, rules)
                assert (path, scheme, found) == (path, scheme, [])
                seen.append((path, scheme))
        assert set(seen) == {(path, scheme) for path in paths for scheme in ("default", "slate")}
        assert opened_cards >= 40
        # An open card puts nothing else of its page in the wrong; and folds are shut here. Every
        # rule is held in both schemes, over the switch of the colors too.
        for _ in range(2):
            page.goto(f"{quick}lineage/")
            assert open_card(page, CARDS[1])
            assert violations(page) == []
            page.keyboard.press("Escape")
            switch(page)


def test_axe_finds_what_is_wrong(browser: Browser, quick: str) -> None:
    """The measure of the test above sees a faint text, and an image without words.

    Of texts that are alike it sees each that is made otherwise.
    """
    with opened(browser) as page:
        page.goto(f"{quick}method/")
        page.evaluate(
            """() => {
              const texts = [...document.querySelectorAll('article p')]
              const text = texts.findLast(text => text.checkVisibility())
              text.style.color = '#ddd'
              text.append(new Image())
            }"""
        )
        for script in ("0", ALIKE):
            page.evaluate(script, 2)
            rules = {told.partition(":")[0] for told in violations(page)}
            assert {"color-contrast", "image-alt"} <= rules
        assert page.locator("[data-alike]").count() > 20
        only_colors_changed(page)
        for other in ("e => e.remove()", "e => { e.hidden = true }", "e => e.append('more')"):
            page.locator("article p >> visible=true").last.evaluate(other)
            with pytest.raises(AssertionError, match=" was "):
                only_colors_changed(page)
        only_colors_changed(page)
