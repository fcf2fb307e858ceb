"""What the tests in a real browser share: the built report, its server, windows of Chromium.

The browser is the one that DOSSIER_CHROMIUM names, else `chromium` on the path. Without one
the tests fail: a report that nobody has looked at is not tested. `conftest` gives the fixtures
to every file of tests.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Page, sync_playwright

from reports import ENVIRONMENT

ROOT = Path(__file__).parents[1]
SIZES = {1440: 900, 320: 640}
# Each window of Chromium opens two pages of its own for its address bar, which nobody looks at and
# which cost a third of the work. The switch takes the place of Playwright's: its list comes along.
WITHOUT = (
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "AimEnabled", "LensOverlay"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "MediaRouter"),
    *("HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "ThirdPartyStoragePartitioning"),
    *("PaintHolding", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints"),
    *("NetworkTimeServiceQuerying", "PreconnectToSearch"),
)
ARGUMENTS = (
    f"--disable-features={','.join(WITHOUT)}",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


SCHEME = "document.body.dataset.mdColorScheme"
"""The colors of a page as Material names them: `default` or `slate`."""


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name it overrides
        """Print nothing."""


class WithFewWords(QuietHandler):
    """Serves a site whose search works and, where `places` is a number, has few places to find.

    Material indexes all words of a site anew on each page on which somebody searches.
    """

    def __init__(self, *arguments: Any, places: int | None, **named: Any) -> None:
        self.places = places
        super().__init__(*arguments, **named)

    def send_head(self) -> Any:
        """Answer with the index as it is, but for what is in it."""
        if self.places is None or not self.path.endswith("/search/search_index.json"):
            return super().send_head()
        index = json.loads(Path(self.translate_path(self.path)).read_text("utf-8"))
        body = json.dumps({**index, "docs": index["docs"][: self.places]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return io.BytesIO(body)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that is made once in a run, by the first worker that asks for it."""
    base = factory.getbasetemp()
    place = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, claim, made = place / name, place / f"{name}.claimed", place / f"{name}.made"
    try:
        claim.mkdir()
    except FileExistsError:
        while not made.exists():
            time.sleep(0.1)
    else:
        told = "not made: see the test that asked for it first"
        try:
            make(folder)
            told = ""
        finally:
            part = place / f"{name}.part"
            part.write_text(told, "utf-8")
            part.replace(made)
    assert made.read_text("utf-8") == ""
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the report, built strictly, once."""
    return once(tmp_path_factory, "report", _build)


def _build(folder: Path) -> None:
    other = {"SITE_URL", "ERROR_REPORT_URL"}
    environment = {name: value for name, value in ENVIRONMENT.items() if name not in other}
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", str(folder)]
    built = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr


@contextmanager
def served(
    folder: Path, *, places: int | None = None, handler: type[WithFewWords] = WithFewWords
) -> Iterator[str]:
    """Yield the address under which a folder is served, ending with a slash.

    With `places` its search knows that many places of the site, and not all.
    """
    answer = partial(handler, directory=str(folder), places=places)
    with ThreadingHTTPServer(("127.0.0.1", 0), answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="session")
def home(site: Path) -> Iterator[str]:
    """Yield the address under which the report is served, ending with a slash."""
    with served(site) as address:
        yield address


@pytest.fixture(scope="session")
def quick(site: Path) -> Iterator[str]:
    """Yield the address of the report for tests in which nobody searches."""
    with served(site, places=0) as address:
        yield address


@pytest.fixture(scope="session")
def paths(site: Path) -> tuple[str, ...]:
    """Return the path of every page, relative to the address of the report."""
    chapters = [p.parent.relative_to(site).as_posix() for p in site.rglob("index.html")]
    return (*sorted("" if c == "." else f"{c}/" for c in chapters), "404.html")


def launched(kind: BrowserType, *switches: str) -> Browser:
    """Return a browser that is started with these switches beside those of all tests."""
    program = os.environ.get("DOSSIER_CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.fail(
            "no browser: install Chromium (on Debian and Ubuntu: apt-get install chromium), "
            "or name one in DOSSIER_CHROMIUM"
        )
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = [*ARGUMENTS, *switches, *(["--no-sandbox"] if root else [])]
    return kind.launch(executable_path=program, args=arguments)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield a browser."""
    with sync_playwright() as playwright:
        started = launched(playwright.chromium)
        yield started
        started.close()


@contextmanager
def opened(
    browser: Browser, width: int = 1440, scheme: str = "light", **options: Any
) -> Iterator[Page]:
    """Yield an empty page of a window of that width, in a profile of its own."""
    size = {"width": width, "height": SIZES[width]}
    context: BrowserContext = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(20_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def switch(page: Page) -> None:
    """Switch to the other colors, which the pages that are opened next have too."""
    before = page.evaluate(SCHEME)
    page.locator("label[for^=__palette]:visible").click()
    page.wait_for_function(f"before => {SCHEME} !== before", arg=before)
    page.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")


def parsed(page: Page, address: str, script: str) -> Any:
    """Return what a function of a document tells of a page that is not shown.

    The page is read as the browser reads it, and neither laid out nor are its scripts run, which
    takes most of the time: for what stands in the markup of every page.
    """
    return page.evaluate(
        f"""async address => {{
          const answer = await fetch(address)
          const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
          return ({script})(page)
        }}""",
        address,
    )
