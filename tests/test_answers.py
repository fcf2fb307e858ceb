"""What is kept of pandoc in a run of the tests is what it answers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import answers
from dossier.bibliography import read_bibliography
from dossier.style import pandoc
from dossier.style.batch import Batch
from dossier.style.job import Job
from reports import BIB, make_report

WITH_A_FAULT = BIB.replace("First Book", "First $\\frac{1}$ Book")


def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return a list that grows with each call that goes to pandoc itself."""
    made: list[list[str]] = []
    ask = answers.asked

    def counted(arguments: list[str], *rest: object) -> bytes | pandoc.Failure:
        made.append(arguments)
        return ask(arguments, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(answers, "asked", counted)
    return made


def test_an_answer_is_the_one_of_pandoc_with_its_warnings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for twice, and by itself; another question is another answer."""
    style = pandoc.default_style()
    assert isinstance(style, str)
    made = calls(monkeypatch)
    document = "As kept in the tests alone [@doe2020, p. 7].\n"
    kept = [pandoc.convert(document, WITH_A_FAULT, style, "en-US") for _ in range(2)]
    assert len(made) <= 1
    other = pandoc.convert(document, BIB, style, "en-US")
    assert len(made) <= 2
    monkeypatch.setattr(pandoc, "_call", answers.asked)
    itself = pandoc.convert(document, WITH_A_FAULT, style, "en-US")
    assert isinstance(itself, pandoc.Output)
    assert "Doe" in itself.html
    assert itself.warnings != ()
    assert kept == [itself, itself]
    assert other == pandoc.convert(document, BIB, style, "en-US") != itself


def test_a_failure_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be one of the machine, which a test has made."""
    made = calls(monkeypatch)
    for _ in range(2):
        assert isinstance(pandoc.convert("x", BIB, "no style", "en-US"), pandoc.Failure)
    assert len(made) == 2


def test_what_is_kept_has_the_marks_of_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch has marks of its own, and keys of its own where pandoc has none for a key."""
    style = pandoc.default_style()
    assert isinstance(style, str)
    source = WITH_A_FAULT.replace("{doe2020", "{doe&2020").encode()
    works = read_bibliography([("a.bib", source)])[0]
    cited = ("[@roe2021, as kept]", "[@{doe&2020}, p. 3]")
    job = Job(works, cited, style, is_note=False, locale="en-US")
    made = calls(monkeypatch)
    (one, kept), (two, again) = job.run(), job.run()
    assert len(made) == 1
    monkeypatch.setattr(pandoc, "_call", answers.asked)
    three, itself = job.run()
    assert isinstance(kept, pandoc.Output)
    assert isinstance(again, pandoc.Output)
    assert isinstance(itself, pandoc.Output)
    assert len({one.document, two.document, three.document}) == 3

    def alike(batch: Batch, output: pandoc.Output) -> str:
        said = repr((batch.cut(output.html), output.warnings))
        for key, name in batch.names.items():
            said = said.replace(name, key)
        return said

    assert alike(one, kept) == alike(two, again) == alike(three, itself)
    assert "as kept" in alike(two, again)
    assert itself.warnings != ()


def test_a_process_that_is_forked_keeps_answers_too(tmp_path: Path) -> None:
    """What it is first to ask for is found by the next, and by this one."""
    page = {"docs/index.md": "# T\n\nAs a forked process asks alone [@doe2020, p. 1234567].\n"}
    reports = [make_report(tmp_path / name, page) for name in ("a", "b", "c")]

    def kept() -> list[str]:
        # Other processes keep theirs meanwhile.
        paths = Path(os.environ[answers.VARIABLE]).glob("[0-9a-f]*")
        return [path.name for path in paths if not path.suffix and b"1234567" in path.read_bytes()]

    assert kept() == []
    assert reports[0].run("mkdocs", "build").returncode == 0
    (first,) = kept()
    assert reports[1].run("dossier.cli", "build").returncode == 0
    reports[2].build()
    assert kept() == [first]
    cited = [[one.text for one in report.html().citations()] for report in reports]
    assert "1234567" in cited[0][0]
    assert cited == [cited[0]] * 3
