"""What `dossier diff` and `freshness` do: what an editor looks at to keep a report true."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dossier.comparison import State, as_json, as_markdown, differences, read_state, state_of
from dossier.freshness import as_json as as_list
from dossier.freshness import as_text as as_lines
from dossier.freshness import looks
from dossier.loading import read_project, read_settings
from dossier.problems import Problem
from dossier.repository import in_repository
from dossier.settings import Settings
from dossier.telling import is_unusable, refuse


def diff(options: argparse.Namespace, config: Path) -> int:
    """Print what changed in the evidence since a commit, up to another or to the files as they are.

    Codes: no-repository, unknown-revision.
    """
    settings, problems = read_settings(config.parent.resolve(), config.name)
    if is_unusable(problems):
        return refuse(problems)
    if not in_repository(settings.root):
        message = "no git repository can be read here, and `dossier diff` compares commits"
        hint = "run it in a clone, with git installed"
        return refuse((Problem("no-repository", ".", 1, 1, message, hint),))
    read = [_state(settings, name) for name in (options.revision, options.other)]
    unknown = tuple(state for state, _ in read if isinstance(state, Problem))
    if unknown:
        return refuse(unknown)
    old, new = (state for state, _ in read if isinstance(state, State))
    remarks = [remark for _, remark in read if remark]
    found = differences(old, new)
    show = as_json if options.format == "json" else as_markdown
    sys.stdout.write(show(old, new, found, remarks).rstrip("\n") + "\n")
    return 0


def _state(settings: Settings, name: str | None) -> tuple[State | Problem, str]:
    """Return a state, or why there is none, and a remark where not all of it could be read."""
    if name is None:
        project = read_project(settings)
        found = state_of(settings, project.evidence, project.pages)
        return found, _remark("the files as they stand", project.problems)
    state, problems = read_state(settings, name)
    if state is None:
        message = f"`{name}` names no commit that is here whole"
        hint = "name a commit, a branch or a tag; in a shallow clone fetch it first"
        return Problem("unknown-revision", ".", 1, 1, message, hint), ""
    return state, _remark(f"the files of {name}", problems)


def _remark(files: str, problems: Sequence[Problem]) -> str:
    errors = [problem for problem in problems if problem.severity == "error"]
    if not errors:
        return ""
    first = f"{errors[0].path}:{errors[0].line}: {errors[0].message}"
    return f"There are errors in {files}, and what they are in may be missing here: {first}"


def freshness(options: argparse.Namespace, config: Path) -> int:
    """Print when each source was last checked, the oldest first.

    Codes: no-sources, and those by which no project is read.
    """
    settings, problems = read_settings(config.parent.resolve(), config.name)
    if is_unusable(problems):
        return refuse(problems)
    project = read_project(replace(settings, evidence="required"))
    missing = tuple(problem for problem in project.problems if problem.code == "no-sources")
    if missing:
        return refuse(missing)
    show = as_list if options.format == "json" else as_lines
    sys.stdout.write(show(looks(project.evidence)) + "\n")
    # What has an error is not in the list, or not all of it.
    wrong = tuple(p for p in project.problems if p.severity == "error")
    return refuse(wrong) if wrong else 0
