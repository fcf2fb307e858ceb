"""The scripts that a site serves: as written, less what is for their readers."""

from __future__ import annotations

from importlib import resources

import pytest

from dossier import web

SCRIPTS = [f for f in resources.files(web).iterdir() if f.name.endswith(".js")]


def test_comments_and_indentation_are_left_out() -> None:
    """A sign of comment within a line is part of it."""
    script = '// A comment\n\n  const a = "//b" // c\n    // d\n  if (a) {\n    b()\n  }\n'
    assert web.as_served(script) == 'const a = "//b" // c\nif (a) {\nb()\n}\n'


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda f: f.name)
def test_no_text_of_a_script_runs_over_a_line_end(script: object) -> None:
    """A template of several lines would be changed by this: each line has its marks in pairs."""
    text = script.read_text("utf-8")  # type: ignore[attr-defined]
    lines = [line for line in text.splitlines() if not line.strip().startswith("//")]
    assert len(lines) >= 50
    assert [line for line in lines if line.count("`") % 2] == []
    assert "/*" not in text
