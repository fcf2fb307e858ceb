"""Charts in a real browser: that they fit, can be read, are named, and lead to their files."""

from __future__ import annotations

from typing import Final

import pytest
from playwright.sync_api import Browser

from browsing import SIZES, opened

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

CHARTS: Final = {
    "": ["assessments"],
    "spending/": ["network-cost-2014"],
    "mechanisms/": ["mechanisms"],
    "stance/": ["police-positions", "agreements-287g"],
}
# What is seen of each drawing: its box, the least size of its letters, and letters outside of it.
SEEN: Final = """() => [...document.querySelectorAll('figure.chart > svg')]
  .filter(svg => svg.checkVisibility()).map(svg => {
    const box = svg.getBoundingClientRect()
    const scale = box.width / svg.viewBox.baseVal.width
    const texts = [...svg.querySelectorAll('text')]
    const outside = texts.filter(text => {
      const one = text.getBoundingClientRect()
      return one.left < box.left - 1 || one.right > box.right + 1 || one.bottom > box.bottom + 1
    })
    return {
      left: box.left, right: box.right,
      letters: Math.min(...texts.map(t => parseFloat(getComputedStyle(t).fontSize) * scale)),
      outside: outside.map(text => text.textContent),
    }
  })"""
# Texts of a drawing of which one stands over another, by more than the space around letters.
OVER: Final = """() => [...document.querySelectorAll('figure.chart > svg')]
  .filter(svg => svg.checkVisibility()).flatMap(svg => {
    const boxes = [...svg.querySelectorAll('text')].map(text => {
      const { left, right, top, bottom } = text.getBoundingClientRect()
      return { left, right, top: top + 4, bottom: bottom - 4, words: text.textContent }
    })
    return boxes.flatMap((a, n) => boxes.slice(n + 1).filter(b =>
      a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom && b.top < a.bottom
    ).map(b => `${a.words} / ${b.words}`))
  })"""
# The least contrast of what is drawn in a chart with the page (WCAG 2.2, 1.4.3 and 1.4.11).
CONTRAST: Final = """() => {
  const luminance = color => {
    const [r, g, b] = color.match(/[\\d.]+/g).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const paper = luminance(getComputedStyle(document.body).backgroundColor)
  const ratio = color => {
    const one = luminance(color)
    return (Math.max(one, paper) + 0.05) / (Math.min(one, paper) + 0.05)
  }
  const least = (marks, property) =>
    Math.min(...marks.map(m => ratio(getComputedStyle(m)[property])))
  const all = selector => [...document.querySelectorAll(`figure.chart ${selector}`)]
  return {
    text: least(all('text'), 'fill'),
    marks: least(all('.mark'), 'fill'),
    claims: all('.claim').length ? least(all('.claim'), 'stroke') : 21,
  }
}"""


@pytest.mark.parametrize("width", SIZES)
def test_charts_fit_and_can_be_read(browser: Browser, quick: str, width: int) -> None:
    """One drawing of each is shown, in the window, in letters of 11 pixels, none over another."""
    with opened(browser, width) as page:
        for path, names in CHARTS.items():
            page.goto(quick + path)
            seen = page.evaluate(SEEN)
            assert len(seen) == len(names)
            for one in seen:
                assert one["left"] >= 0
                assert one["right"] <= width
                assert one["letters"] >= 11
                assert one["outside"] == []
            assert page.evaluate(OVER) == []


@pytest.mark.parametrize("width", SIZES)
def test_a_chart_has_a_name_and_a_text_alternative(
    browser: Browser, quick: str, width: int
) -> None:
    """A screen reader is given the title and what is to be seen, once; the table is at hand.

    That of a timeline is open, since it tells the events.
    """
    with opened(browser, width) as page:
        for path, names in CHARTS.items():
            page.goto(quick + path)
            for name in names:
                figure = page.locator(f"#chart-{name}")
                title = figure.locator(".chart-title").text_content() or ""
                image = figure.get_by_role("img")
                assert image.count() == 1
                assert image.get_attribute("aria-labelledby") == f"chart-{name}-title"
                assert len(title) > 10
                assert page.get_by_role("img", name=title, exact=True).count() == 1
                assert len(figure.locator("desc").first.text_content() or "") > 40
                if name != "police-positions":
                    assert not figure.locator("table").is_visible()
                    figure.locator("summary").click()
                assert figure.locator("table").is_visible()


def test_a_chart_leads_to_its_sources_and_files(browser: Browser, quick: str) -> None:
    """Its works are cited, and the files behind its links are there."""
    with opened(browser) as page:
        for path in (*CHARTS, "lineage/"):
            page.goto(quick + path)
            links = page.locator(".chart-sources a[download]")
            found = [page.evaluate("a => a.href", link.element_handle()) for link in links.all()]
            assert len(found) == 2 * len(CHARTS.get(path, ["lineage"]))
            for address in found:
                answer = page.request.get(address)
                assert answer.ok, address
                start = answer.text()[:200]
                assert start.startswith("<svg") if address.endswith(".svg") else "," in start
            if path not in ("", "lineage/"):
                assert page.locator(".chart-sources .citation a").count() >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_stand_out_from_the_page(browser: Browser, quick: str, scheme: str) -> None:
    """Text by 4.5 to 1, bars, dots and open outlines by 3 to 1, in both schemes."""
    with opened(browser, scheme=scheme) as page:
        for path in CHARTS:
            page.goto(quick + path)
            least = page.evaluate(CONTRAST)
            assert least["text"] >= 4.5, (path, least)
            assert least["marks" if path else "text"] >= 3, (path, least)
            assert least["claims"] >= 3, (path, least)


def test_nothing_hangs_on_color(browser: Browser, quick: str) -> None:
    """In forced colors, where all marks have one color, a claim is still an open, broken bar."""
    with opened(browser, forced_colors="active") as page:
        page.goto(f"{quick}spending/")
        marks = page.locator("figure.chart > .chart-wide rect").evaluate_all(
            """bars => bars.map(bar => {
              const { fill, strokeDasharray } = getComputedStyle(bar)
              return [bar.getAttribute('class'), fill === 'none', strokeDasharray !== 'none']
            })"""
        )
    assert marks == [["mark", False, False]] * 3 + [["claim", True, True]] * 2
