"""The design of the pages, looked at in a real browser: what is seen first, and by whom."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser

from browsing import ROOT, opened

PAGES = ("", "spending/", "lineage/", "verification/", "404.html")


def test_the_style_of_the_report_is_light() -> None:
    """All style sheets of the report together weigh less than 10 kB when packed."""
    sheets = sorted((ROOT / "docs" / "assets").rglob("*.css"))
    assert sheets
    assert len(gzip.compress(b"".join(sheet.read_bytes() for sheet in sheets), 9)) < 10_000


@pytest.mark.parametrize(
    ("width", "seen"), [(1440, ("h1", "h1 + p", ".claims + p + ul > li")), (320, ("h1",))]
)
def test_the_landing_page_opens_with_the_question_and_its_answer(
    browser: Browser, quick: str, width: int, seen: tuple[str, ...]
) -> None:
    """A window shows them before anyone scrolls, a wide one the first claim with its assessment."""
    with opened(browser, width) as page:
        page.goto(quick)
        height = page.evaluate("innerHeight")
        for what in seen:
            box = page.locator(f"article {what}").first.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= height, what
        assert (page.locator("article h1").inner_text()).rstrip("¶ ").endswith("?")


# What an assessment means the first badge of its kind says.
BADGE: Final = """() => globalThis.badge = e => {
  const copy = e.querySelector('.assessment').cloneNode(true)
  delete copy.dataset.meaning
  return copy.outerHTML
}"""
CLAIMS: Final = """() => [...document.querySelectorAll('.claims + p + ul > li')].map(li => ({
  statement: li.querySelector('strong').innerText,
  badge: badge(li),
  citations: li.querySelectorAll('.citation a').length,
  chapter: [...li.querySelectorAll('.more')].map(a => a.href),
}))"""
ROWS: Final = """() => Object.fromEntries(
  [...document.querySelectorAll('tr[data-assessment]')].map(row => [
    row.querySelector('.finding-statement').innerText,
    badge(row),
  ]))"""


def test_a_claim_stands_on_the_landing_page_as_in_the_table(browser: Browser, quick: str) -> None:
    """In the words of its finding, with the same badge, sources, and the way to its chapter."""
    with opened(browser) as page:
        page.goto(quick)
        page.evaluate(BADGE)
        claims, rows = page.evaluate(CLAIMS), page.evaluate(ROWS)
        assert 4 <= len(claims) <= 6
        for claim in claims:
            assert claim["badge"] == rows[claim["statement"]]
            assert claim["citations"] >= 1
            assert len(claim["chapter"]) == 1
        for claim in claims:
            page.goto(claim["chapter"][0])
            assert claim["statement"] in page.locator("article").inner_text() or (
                "lineage" in page.url  # the story of that claim; its row stands elsewhere
            )


def test_the_scale_counts_every_finding(browser: Browser, quick: str) -> None:
    """The numbers beside the assessments are those of the rows, and their sum is the last."""
    with opened(browser) as page:
        page.goto(quick)
        *counts, total = map(int, page.locator(".assessments .count").all_inner_texts())
        names = page.locator("tr[data-assessment]").evaluate_all(
            "rows => rows.map(row => row.dataset.assessment)"
        )
        heads = page.locator(".assessments tbody th").evaluate_all(
            "heads => heads.map(head => head.id.replace('assessment-', ''))"
        )
    assert dict(zip(heads, counts, strict=True)) == {name: names.count(name) for name in heads}
    assert total == sum(counts) == len(names)


# The least contrast of text with the ground that is painted under it, and where it stands
# (WCAG 2.2, 1.4.3 and the definition of relative luminance).
CONTRAST: Final = """() => {
  const channels = color => color.match(/[\\d.]+/g).map(Number)
  const luminance = color => {
    const [r, g, b] = channels(color).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = element => {
    for (let one = element; one; one = one.parentElement) {
      const color = getComputedStyle(one).backgroundColor
      const [, , , alpha = 1] = channels(color)
      if (alpha === 1) return color
    }
    return 'rgb(255, 255, 255)'
  }
  let least = { ratio: 21, text: '' }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, text = walker.currentNode.data.trim()
    if (!text || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })
        || element.closest('script, style, svg, noscript')) continue
    const [a, b] = [luminance(getComputedStyle(element).color), luminance(ground(element))]
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
    if (ratio < least.ratio) least = { ratio, text: text.slice(0, 60), class: element.className }
  }
  return least
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Browser, quick: str, scheme: str) -> None:
    """At least 4.5 to 1 for every text on the page, badges and marks among it (WCAG 1.4.3)."""
    with opened(browser, scheme=scheme) as page:
        for path in PAGES:
            page.goto(quick + path)
            page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
            least = page.evaluate(CONTRAST)
            assert least["ratio"] >= 4.5, (path, least)


BADGES: Final = """() => [...document.querySelectorAll('.assessments .assessment')].map(badge => {
  const style = getComputedStyle(badge)
  return [style.borderTopStyle, style.borderTopWidth, style.backgroundColor, style.color]
})"""


@pytest.mark.parametrize("kind", ["print", "forced"])
def test_assessments_can_be_read_without_fills(
    browser: Browser, quick: str, kind: Literal["print", "forced"]
) -> None:
    """On paper and in forced colors all have a frame, and none is light on what is not painted."""
    with opened(browser) as page:
        page.goto(quick)
        if kind == "print":
            page.emulate_media(media="print")
        else:
            page.emulate_media(forced_colors="active")
        found = page.evaluate(BADGES)
    assert len(found) == 6
    assert {style for style, *_ in found} == {"solid", "dashed", "dotted"}
    assert all(float(width.removesuffix("px")) >= 1 for _, width, *_ in found)
    assert len({color for *_, color in found}) == 1
    # Nothing is painted but the ground of the page.
    assert {ground for *_, ground, _ in found} <= {"rgb(255, 255, 255)", *CLEAR}


CLEAR: Final = ("rgba(0, 0, 0, 0)", "rgba(255, 255, 255, 0)")
TARGETS: Final = """() => [...document.querySelectorAll(
  'article summary, .backlinks a, .md-nav__link, .md-header__button, .turn, .md-search__input'
)].filter(e => e.checkVisibility()).map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, box]) => box.height && (box.height < 23.9 || box.width < 23.9))
  .map(([name, box]) => `${name} ${box.width} x ${box.height}`)"""


@pytest.mark.parametrize("width", [1440, 320])
def test_what_is_pressed_is_large_enough(browser: Browser, quick: str, width: int) -> None:
    """24 by 24 pixels for what does not stand in a sentence (WCAG 2.5.8)."""
    with opened(browser, width) as page:
        for path in PAGES:
            page.goto(quick + path)
            assert (path, page.evaluate(TARGETS)) == (path, [])


def test_the_focus_is_seen_without_a_script(browser: Browser, quick: str) -> None:
    """What the key Tab reaches has a line around it, in the header too."""
    with opened(browser, java_script_enabled=False) as page:
        page.goto(quick)
        for _ in range(12):
            page.keyboard.press("Tab")
            outline = page.locator(":focus").evaluate(
                "e => { const s = getComputedStyle(e.matches('.md-option') ? e.nextElementSibling"
                " : e); return [s.outlineStyle, parseFloat(s.outlineWidth)] }"
            )
            assert outline[0] == "solid"
            assert outline[1] >= 2


def test_a_page_that_is_not_there_leads_on(browser: Browser, quick: str, site: Path) -> None:
    """It lists every chapter, from the root of the site, since it is shown at any address."""
    # The page on privacy is no chapter: the foot of every page leads there.
    chapters = [path for path in site.rglob("index.html") if path.parent.name != "privacy"]
    with opened(browser) as page:
        page.goto(f"{quick}404.html")
        links = page.locator("article li a").evaluate_all(
            "links => links.map(a => [a.getAttribute('href'), a.innerText])"
        )
        assert len(links) == len(chapters)
        assert all(href.startswith("/") and words for href, words in links)
        for href, _ in links:
            assert page.request.get(quick.rstrip("/") + href).ok


AS_LINK: Final = """() => [...document.querySelectorAll('.assessments .assessment')].map(badge => {
  const look = element => {
    const s = getComputedStyle(element)
    return [s.color, s.backgroundColor, s.borderTopColor, s.textDecorationLine].join(' | ')
  }
  const before = look(badge), link = document.createElement('a')
  link.className = badge.className
  link.href = '#'
  link.innerHTML = badge.innerHTML
  badge.replaceWith(link)
  return [before, look(link)]
})"""


def test_a_badge_that_is_a_link_looks_the_same(browser: Browser, quick: str) -> None:
    """Its colors and its frame are those of the assessment, not those of a link."""
    with opened(browser) as page:
        page.goto(quick)
        looks = page.evaluate(AS_LINK)
    assert len(looks) == 6
    for plain, linked in looks:
        assert plain == linked
