"""What is kept of pandoc in a run of the tests is what it answers."""

from __future__ import annotations

import pytest

import answers
from dossier.style import pandoc
from reports import BIB

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
