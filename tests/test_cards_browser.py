"""Evidence cards in a real browser: by mouse, keyboard and touch, and the way without a script."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browsing import SIZES, opened, parsed, served
from reports import make_report

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

CARD = "#evidence-card"
TARGETS = {
    "citation": "#cite-2 a",
    "quotation": "article q[data-passage] >> nth=1",
    "number": "article .number[data-passage] >> nth=1",
    "calculation": ".calculation[data-passages] >> nth=0",
    "finding": "tr[data-assessment] a.assessment >> nth=1",
}
# Hosts that print a dash or a curly mark otherwise than the passage does.
PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"'})


def card_of(page: Page) -> Locator:
    return page.locator(f"{CARD}:popover-open")


def at_page(page: Page, quick: str, path: str = "spending/") -> None:
    page.goto(quick + path)
    page.locator("#evidence-card").wait_for(state="attached")


def reach_by_tab(page: Page, target: Locator) -> None:
    """Press Tab from the top of the page until the focus is on the target, as a reader does."""
    page.keyboard.press("Escape")
    for _ in range(400):
        page.keyboard.press("Tab")
        if target.evaluate("e => e === document.activeElement"):
            return
    pytest.fail("the keyboard does not reach it")


def check_content(page: Page, kind: str, target: Locator) -> None:
    """Hold the open card against what it explains."""
    card = card_of(page)
    expect(card).to_be_visible()
    expect(card).to_have_attribute("role", "dialog")
    label = card.get_attribute("aria-label") or ""
    assert label.startswith("Evidence for: ")
    assert " ".join((target.text_content() or "").split())[:40] in label
    assert target.get_attribute("aria-expanded") == "true"
    text = card.inner_text()
    if kind == "finding":
        row = target.locator("xpath=ancestor::tr")
        assert (row.locator(".finding-statement").text_content() or "") in text
        assert "Supports" in text
        assert card.locator("blockquote").count() >= 1
        return
    assert card.locator(".csl-entry-text").count() >= 1
    assert card.locator(".standing").count() >= 1
    assert re.search(r"Transcribed|Sealed|Checked", text)
    assert card.get_by_role("link", name="Find it at the source").count() >= 1
    assert card.get_by_role("link", name="In the references").count() >= 1
    marked = [m.text_content() or "" for m in card.locator("mark").all()]
    if kind == "citation":
        assert marked == []
    elif kind == "quotation":
        words = (target.text_content() or "").translate(PLAIN).strip('"').rstrip(",.")
        assert " ".join(marked).translate(PLAIN).rstrip(",.") == words
    elif kind == "number":
        assert marked == [target.text_content()]
    else:
        assert len(marked) >= 2


def check_place(page: Page, target: Locator) -> None:
    """The card covers nothing of what it explains, and stands in the window."""
    found = page.evaluate(APART, target.element_handle())
    assert found == []


# What is wrong with the place of the open card.
APART = """target => {
  const card = document.getElementById('evidence-card').getBoundingClientRect()
  const wrong = []
  for (const box of target.getClientRects()) {
    const over = Math.min(box.bottom, card.bottom) - Math.max(box.top, card.top)
    if (over > 0.5) wrong.push(`covers ${over} pixels of a line`)
  }
  if (card.left < 0 || card.right > document.documentElement.clientWidth + 0.5)
    wrong.push(`stands from ${card.left} to ${card.right}`)
  if (card.height < 100) wrong.push(`is ${card.height} pixels high`)
  return wrong
}"""


@pytest.mark.parametrize("kind", TARGETS)
def test_a_card_opens_under_the_mouse_and_goes_with_it(
    browser: Browser, quick: str, kind: str
) -> None:
    """Hover opens; the pointer may move into the card; away from both, it closes."""
    with opened(browser) as page:
        at_page(page, quick)
        target = page.locator(TARGETS[kind])
        target.hover()
        check_content(page, kind, target)
        check_place(page, target)
        card_of(page).hover()
        page.wait_for_timeout(400)
        expect(card_of(page)).to_be_visible()
        page.mouse.move(5, 5)
        expect(card_of(page)).to_have_count(0)
        assert target.get_attribute("aria-expanded") is None
        target.hover()
        expect(card_of(page)).to_be_visible()
        page.keyboard.press("Escape")
        expect(card_of(page)).to_have_count(0)
        assert page.evaluate("document.activeElement === document.body")
        page.mouse.move(5, 5)
        target.click()
        page.mouse.move(5, 5)
        page.wait_for_timeout(400)
        page.locator("article p a:visible").last.hover()
        page.wait_for_timeout(400)
        check_content(page, kind, target)
        page.get_by_role("button", name="Close").click()
        expect(card_of(page)).to_have_count(0)
        target.click()
        page.mouse.click(5, 300)
        expect(card_of(page)).to_have_count(0)


@pytest.mark.parametrize("kind", TARGETS)
def test_a_card_opens_by_the_keyboard_and_gives_the_focus_back(
    browser: Browser, quick: str, kind: str
) -> None:
    """Tab shows it, Enter goes into it, Escape closes it and returns, as does Tab at its end."""
    with opened(browser) as page:
        at_page(page, quick)
        target = page.locator(TARGETS[kind])
        address = page.url
        reach_by_tab(page, target)
        check_content(page, kind, target)
        check_place(page, target)
        assert page.locator("[aria-expanded=true]").count() == 1
        assert target.evaluate("e => e === document.activeElement")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "evidence-card"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "×"
        page.keyboard.press("Escape")
        expect(card_of(page)).to_have_count(0)
        assert target.evaluate("e => e === document.activeElement")
        # As soon as it is closed it can be opened again.
        target.evaluate("""e => {
          e.click()
          e.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))
          e.click()
        }""")
        expect(card_of(page)).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Enter")
        expect(card_of(page)).to_be_visible()
        stops = card_of(page).locator("a[href], button, summary").count()
        for _ in range(stops + 1):
            page.keyboard.press("Tab")
        assert not page.evaluate(
            "document.getElementById('evidence-card').contains(document.activeElement)"
        )
        assert page.url == address


@pytest.mark.parametrize("kind", TARGETS)
def test_a_card_opens_by_touch_and_closes_beside(browser: Browser, quick: str, kind: str) -> None:
    """A tap opens it and follows no link; a tap elsewhere closes it: nothing hangs on a hover."""
    with opened(browser, 320, has_touch=True, is_mobile=True) as page:
        at_page(page, quick)
        target = page.locator(TARGETS[kind])
        address = page.url
        target.tap()
        check_content(page, kind, target)
        check_place(page, target)
        assert page.url == address
        page.get_by_role("button", name="Close").tap()
        expect(card_of(page)).to_have_count(0)
        target.tap()
        expect(card_of(page)).to_be_visible()
        top = page.evaluate("document.querySelector('.md-header').getBoundingClientRect().bottom")
        page.touchscreen.tap(160, top - 4)
        expect(card_of(page)).to_have_count(0)


# Opens every card of a page and tells which show nothing or stand wrong.
EVERY = """async apart => {
  const wrong = []
  const targets = document.querySelectorAll('[aria-haspopup=dialog]')
  for (const target of targets) {
    if (!target.checkVisibility()) continue
    // What stands in the window, below the head, is opened where it stands.
    const { top, bottom } = target.getBoundingClientRect()
    if (top < 60 || bottom > innerHeight)
      target.scrollIntoView({block: 'center', behavior: 'instant'})
    target.click()
    const card = document.getElementById('evidence-card')
    const name = target.outerHTML.slice(0, 160)
    if (!card.matches(':popover-open') || target.ariaExpanded !== 'true') {
      wrong.push(`shut: ${name}`)
      continue
    }
    for (const fault of eval(apart)(target)) wrong.push(`${fault}: ${name}`)
    if (card.scrollWidth > card.clientWidth + 1) wrong.push(`too wide: ${name}`)
    const passage = target.dataset.passage
    const isTitle = passage && !target.dataset.at
    if (target.dataset.at && !card.querySelector('mark')) wrong.push(`nothing marked: ${name}`)
    const words = card.querySelector('blockquote')
    if (!isTitle && !words && target.dataset.passages) wrong.push(`no words: ${name}`)
    card.hidePopover()
    await scheduler.yield() // no frame is waited for, which would be drawn
  }
  return [targets.length, wrong]
}"""


@pytest.mark.parametrize("width", SIZES)
def test_every_card_of_the_report_shows_its_evidence_and_covers_nothing(
    browser: Browser, quick: str, paths: tuple[str, ...], width: int
) -> None:
    """On all pages, in wide and narrow windows, whatever opens a card."""
    counts = []
    with opened(browser, width, bypass_csp=True) as page:
        for path in paths:
            at_page(page, quick, path)
            count, wrong = page.evaluate(EVERY, APART)
            counts.append(count)
            assert (path, wrong) == (path, [])
    assert sum(counts) >= 1000


# What a card would have to show and the page does not carry.
MISSING = """page => [...page.querySelectorAll('[data-passage], [data-passages]')].flatMap(e => {
  const key = decodeURIComponent(e.hash || '').slice('#ref-'.length)
  const named = (e.dataset.passage || e.dataset.passages).split(' ')
  return named.map(n => key ? `${key}#${n}` : n).filter(n =>
    !page.getElementById(`ref-${n}`) && !page.getElementById(`passage-${n.replace('#', '--')}`))
})"""


def test_the_content_of_cards_stands_once_a_page(
    browser: Browser, quick: str, paths: tuple[str, ...]
) -> None:
    """No id twice, also while a card is open; what is carried is there to be shown."""
    with opened(browser) as page:
        at_page(page, quick)
        for path in paths:
            assert (path, parsed(page, quick + path, MISSING)) == (path, [])
        page.locator(TARGETS["citation"]).click()
        twice = page.evaluate(
            "[...document.querySelectorAll('[id]')].map(e => e.id)"
            ".filter((id, at, all) => all.indexOf(id) !== at)"
        )
        assert twice == []


def test_search_does_not_show_what_stands_in_cards(browser: Browser, home: str) -> None:
    """A passage that no page quotes is found in the whole bibliography and nowhere else."""
    with opened(browser) as page:
        page.goto(f"{home}spending/", wait_until="networkidle")
        words = page.locator("#passage-gao15155--procedures-score blockquote").text_content() or ""
        index = page.evaluate("fetch('../search/search_index.json').then(r => r.json())")
    locations = {doc["location"] for doc in index["docs"] if words[:60] in doc["text"]}
    assert {location.partition("#")[0] for location in locations} == {"references/"}


# ---- To the very words of the source ----

SOURCE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Source</title>
<style>
p { margin: 0 0 40rem }
::target-text { background-color: rgb(255, 0, 255); color: #000 }
</style>
</head><body><p>The network is large. The network cost much in other years.</p>
<p>Much later it says that <b>the network</b> cost $400 million in 2014, and no one was told.</p>
<p>The end.</p></body></html>"""
CONFIG = """\
site_name: Report
theme: {name: material, font: false}
plugins: [search, dossier: {csp: true}]
"""
TEXT = """\
# T

It cost "$400 million" [@doe2020#words], of {= 400 / 800 = 50% =} [@doe2020#words; @roe2021#whole].

They say:

> The network cost $400 million in 2014 [@doe2020#words]

::: findings
"""
RECORDS = {
    "sources/records/doe2020.yml": (
        "key: doe2020\nstanding: news\npassages:\n  - id: words\n"
        "    exact: the network cost $400 million in 2014, and no one was told\n"
        "    prefix: it says that\n"
    ),
    "sources/records/roe2021.yml": (
        "key: roe2021\nstanding: news\npassages:\n  - {id: whole, exact: It was 800 in all.}\n"
    ),
    "sources/findings/f.yml": (
        "chapter: c\nfindings:\n  - id: f\n    statement: It cost $400 million in 2014.\n"
        "    evidence:\n      - {passage: 'doe2020#words', bears: supports}\n"
    ),
}


@pytest.fixture(scope="module")
def with_source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a small report whose source stands beside it, with quotes of it."""
    root = tmp_path_factory.mktemp("cards")
    with served(root / "site") as address:
        bib = (
            f"@online{{doe2020, author={{Doe, Jane}}, title={{First}}, year=2020, "
            f"url={{{address}source.html}}}}\n"
            "@book{roe2021, author={Roe, Richard}, title={Second Book}, year=2021}\n"
        )
        text = TEXT.replace("> The network", "> the network")
        files: dict[str, str | bytes] = {
            "mkdocs.yml": CONFIG,
            "references.bib": bib,
            "docs/index.md": text,
            **RECORDS,
        }
        report = make_report(root, files).build(strict=True)
        (report.site / "source.html").write_text(SOURCE, "utf-8")
        yield address


def marked_share(browser: Browser, page: Page) -> float:
    """Return how much of the second paragraph is painted as the target of a text fragment."""
    picture = base64.b64encode(page.locator("p").nth(1).screenshot()).decode("ascii")
    with opened(browser) as canvas:
        return float(
            canvas.evaluate(
                """async data => {
                  const image = new Image()
                  image.src = `data:image/png;base64,${data}`
                  await image.decode()
                  const canvas = new OffscreenCanvas(image.width, image.height)
                  const context = canvas.getContext('2d')
                  context.drawImage(image, 0, 0)
                  const { data: pixels } = context.getImageData(0, 0, image.width, image.height)
                  let marked = 0
                  for (let at = 0; at < pixels.length; at += 4)
                    marked += pixels[at] > 240 && pixels[at + 1] < 20 && pixels[at + 2] > 240
                  return marked / (pixels.length / 4)
                }""",
                picture,
            )
        )


def check_source(browser: Browser, page: Page) -> None:
    """The source is open at the words of the passage, and they are marked."""
    page.wait_for_url(re.compile(r"/source\.html"))
    page.wait_for_function("scrollY > 200")
    second = page.locator("p").nth(1)
    box = second.bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= SIZES[1440] - box["height"]
    assert marked_share(browser, page) > 0.1


IN_SMALL = {
    "citation": "#cite-1 a",
    "quotation": "q[data-passage]",
    "number": "blockquote .number, .finding-statement .number",
    "calculation": ".calculation[data-passages]",
    "block quotation": "blockquote[data-passage] .card-opener",
    "finding": "a.assessment",
}


@pytest.mark.parametrize("kind", IN_SMALL)
def test_a_card_leads_to_the_very_words_of_the_source(
    browser: Browser, with_source: str, kind: str
) -> None:
    """From every kind of target: the source opens at the passage, which is marked there."""
    with opened(browser) as page:
        page.goto(with_source)
        target = page.locator(IN_SMALL[kind]).first
        target.click()
        expect(card_of(page)).to_be_visible()
        if kind == "finding":
            card_of(page).locator(".citation a").first.click()
            page.locator(".csl-entry:target summary").click()
            page.locator(".csl-entry:target").get_by_role("link", name="Find it").click()
        else:
            card_of(page).get_by_role("link", name="Find it at the source").first.click()
        check_source(browser, page)


def test_without_the_fragment_nothing_is_marked(browser: Browser, with_source: str) -> None:
    """The measure of the test above tells a marked source from another."""
    with opened(browser) as page:
        page.goto(f"{with_source}source.html")
        assert marked_share(browser, page) == 0


@pytest.mark.parametrize("kind", [kind for kind in IN_SMALL if kind != "block quotation"])
def test_without_a_script_the_references_of_the_page_have_the_same(
    browser: Browser, with_source: str, kind: str
) -> None:
    """The link of a citation, or beside a quotation or number, leads to all that a card shows."""
    with opened(browser, java_script_enabled=False) as page:
        page.goto(with_source)
        target = page.locator(IN_SMALL[kind]).first
        if kind == "finding":
            target.click()
            row = page.locator("tr:target")
            row.locator("summary").first.click()
            link = row.locator("a[role=doc-biblioref]").first
        elif kind == "citation":
            link = target
        else:
            link = target.locator("xpath=following::a[@role='doc-biblioref'][1]")
            if kind == "number" and not target.locator("xpath=ancestor::blockquote").count():
                target.locator("xpath=ancestor::tr").locator("summary").first.click()
        link.click()
        entry = page.locator(".csl-entry:target")
        entry.locator("summary").click()
        text = entry.inner_text()
        for words in ("the network cost $400 million", "Doe", "News", "Transcribed"):
            assert words in text
        entry.get_by_role("link", name="Find it at the source").click()
        check_source(browser, page)


def test_a_note_has_a_card_of_its_works(browser: Browser, tmp_path: Path) -> None:
    """In a style of notes the number of the note opens it, with every passage cited there."""
    config = CONFIG.replace("csp: true", "csp: true, csl: chicago-notes-bibliography-17th-edition")
    files: dict[str, str | bytes] = {
        "mkdocs.yml": config,
        "references.bib": (
            "@book{doe2020, author={Doe, Jane}, title={First}, year=2020}\n"
            "@book{roe2021, author={Roe, Richard}, title={Second Book}, year=2021}\n"
        ),
        "docs/index.md": "# T\n\nIt cost much [@doe2020#words; @roe2021#whole].\n",
        **{n: t for n, t in RECORDS.items() if "records" in n},
    }
    report = make_report(tmp_path / "p", files).build(strict=True)
    with served(report.site) as address, opened(browser) as page:
        page.goto(address)
        page.locator("a[role=doc-noteref]").click()
        card = card_of(page)
        expect(card).to_be_visible()
        assert card.locator(".card-work").count() == 2
        assert card.locator("blockquote").count() == 2
