"""Each page of a problem has an example that brings it, what is printed then, and a mend."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from dossier import cli
from guides.examples import PROBLEMS, apply, output, project, read, run, told
from test_problem_codes import documented

PAGES = sorted(path for path in PROBLEMS.glob("*.md") if path.stem != "index")


@pytest.fixture(scope="module", autouse=True)
def _one_command_line() -> Iterator[None]:
    """Make the parser of the command line once: it takes a quarter of a check that is kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cli, "command_line", cache(cli.command_line))
        yield


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_example_brings_the_problem_and_the_mend_takes_it_away(path: Path) -> None:
    """What is printed stands in the page as it is printed."""
    example = read(path)
    before, after = run(example)
    assert before != ""
    assert before == example.printed
    assert (example.stays != "") == (after != ""), after


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_page_says_what_it_is_about(path: Path) -> None:
    """Its title is the code, and words stand before the example and in the mend."""
    page = path.read_text("utf-8")
    title, _, rest = page.partition("\n## An example\n")
    assert title.split("\n# ")[-1].removeprefix("# ").splitlines()[0] == path.stem
    assert len(title.split()) > 12
    assert len(rest.partition("\n## The mend\n")[2].split()) > 4


def test_the_project_that_examples_change_has_no_problem() -> None:
    """So that what an example prints is of its own making."""
    with project() as folder:
        assert output(folder, "dossier check") == "no problems\n"
        apply(folder, read(PROBLEMS / "unknown-key.md").broken)
        assert told(output(folder, "dossier check"), "unknown-passage") == ""
        assert told(output(folder, "dossier check"), "unknown-key") != ""


def test_every_code_has_its_page() -> None:
    """Those of PROBLEMS.md, which is held against the code, and no other."""
    assert {path.stem for path in PAGES} == set(documented())
