"""What commands print of problems."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from dossier.problems import Problem, as_github, as_json, as_text, has_errors, summary


def print_problems(problems: Sequence[Problem], form: str) -> int:
    """Print problems as text, JSON or annotations of GitHub; return the status to exit with."""
    if form == "json":
        print(as_json(problems))
    else:
        printer = as_github if form == "github" else as_text
        for problem in problems:
            print(printer(problem))
        if form == "text":
            print(summary(problems))
    return 1 if has_errors(problems) else 0


def refuse(problems: Sequence[Problem]) -> int:
    """Print problems beside the output, which others may read; return the status to exit with."""
    for problem in problems:
        sys.stderr.write(as_text(problem) + "\n")
    sys.stderr.write(summary(problems) + "\n")
    return 1 if has_errors(problems) else 0


def is_unusable(problems: Sequence[Problem]) -> bool:
    """Tell whether a configuration is such that there is no project."""
    return any(problem.code in ("no-config", "config-syntax") for problem in problems)
