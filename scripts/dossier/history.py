"""What changed in the findings from version to version, in the words of readers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise
from typing import Final, Literal

from dossier.model import Assessment
from dossier.wording import ASSESSMENT_WORDS, date_in_words, same_words

UNKNOWN: Final = "What changed between versions is not known here: this build had no repository."
_FROM_HERE: Final = "At hand from here"
NOT_WHOLE: Final = "Versions before the first that is listed were not at hand."


@dataclass(frozen=True, slots=True)
class Stated:
    """A finding as a version had it."""

    statement: str
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All findings of a version, by their ids, with its commit and its day (ISO 8601)."""

    commit: str
    date: str
    findings: Mapping[str, Stated]


@dataclass(frozen=True, slots=True)
class Change:
    """What a version did to one finding; `before` and `after` are words, empty for none."""

    date: str
    commit: str
    finding: str
    kind: Literal["added", "reworded", "assessed", "withdrawn"]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """All changes, the oldest first; `whole` tells whether versions before them are missing."""

    changes: tuple[Change, ...] = ()
    whole: bool = True

    def of(self, finding: str) -> str:
        """Return the fold of what happened to a finding, the newest first, empty for nothing."""
        found = [change for change in reversed(self.changes) if change.finding == finding]
        first = self.changes[0].commit if self.changes and not self.whole else None
        listed = "\n".join(
            f"<li>{_day(change.date)}: "
            f"{_words(change, known=change.commit != first or change.kind != 'added')}</li>"
            for change in found
        )
        return (
            f'<details class="evidence history"><summary>History</summary>\n<ul>\n{listed}\n'
            "</ul>\n</details>"
            if found
            else ""
        )


def changes(snapshots: Sequence[Snapshot]) -> Iterator[Change]:
    """Yield what each version changed; everything in the first was added there."""
    empty = Snapshot("", "", {})
    for old, new in pairwise((empty, *snapshots)):
        for id_ in dict.fromkeys((*old.findings, *new.findings)):
            before, after = old.findings.get(id_), new.findings.get(id_)
            if after is None and before is not None:
                yield Change(new.date, new.commit, id_, "withdrawn", before.statement)
            elif after is not None and before is None:
                words = ASSESSMENT_WORDS[after.assessment]
                yield Change(new.date, new.commit, id_, "added", words, after.statement)
            elif before is not None and after is not None:
                yield from _changed(new, id_, before, after)


def _changed(new: Snapshot, id_: str, before: Stated, after: Stated) -> Iterator[Change]:
    if not same_words(before.statement, after.statement):
        said = before.statement, after.statement
        yield Change(new.date, new.commit, id_, "reworded", *said)
    if before.assessment != after.assessment:
        words = ASSESSMENT_WORDS[before.assessment], ASSESSMENT_WORDS[after.assessment]
        yield Change(new.date, new.commit, id_, "assessed", *words)


def history_list(history: History | None, numbers: Mapping[str, int], page: str | None = "") -> str:
    """Return all changes by day, the newest first, findings by their present numbers.

    What a day added is told in one line. None stands for a project without version control;
    `page` is the address of the page that lists the findings, empty for the same page, None for
    no such page.
    """
    if history is None:
        return f"<p>{UNKNOWN}</p>"
    days = []
    newest_first = sorted(history.changes, key=lambda change: change.date, reverse=True)
    for date, group in groupby(newest_first, key=lambda change: change.date):
        found = list(group)
        added = [change for change in found if change.kind == "added"]
        rest = [change for change in found if change.kind != "added"]
        items = [f"<li>{_named(change, numbers, page)} {_words(change)}</li>" for change in rest]
        if added:
            word = "Added" if history.whole or added[0] is not history.changes[0] else _FROM_HERE
            items.insert(0, f"<li>{word}: {_list(added, numbers)}.</li>")
        listed = "\n".join(items)
        days.append(f"<dt>{_day(date)}</dt>\n<dd><ul>\n{listed}\n</ul></dd>")
    remark = "" if history.whole else f"\n<p>{NOT_WHOLE}</p>"
    if not days:
        return f"<p>No version of the findings was kept yet.</p>{remark}"
    return '<dl class="history">\n' + "\n".join(days) + f"\n</dl>{remark}"


def _list(added: Iterable[Change], numbers: Mapping[str, int]) -> str:
    found = sorted(numbers[c.finding] for c in added if c.finding in numbers)
    gone = [escape(c.after) for c in added if c.finding not in numbers]
    return ", ".join((*_runs(found), *gone))


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    """Yield numbers as findings, those that follow each other as one run."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    for run in runs:
        yield f"finding {run[0]}" if len(run) == 1 else f"findings {run[0]} to {run[-1]}"


def _named(change: Change, numbers: Mapping[str, int], page: str | None) -> str:
    number = numbers.get(change.finding)
    if number is None:
        return "A finding that is no more:"
    if page is None:
        return f"Finding {number}:"
    return f'<a href="{escape(page)}#finding-{escape(change.finding)}">Finding {number}</a>:'


def _words(change: Change, *, known: bool = True) -> str:
    if not known:
        return f"in the first version at hand, assessed as {escape(change.before)}."
    before, after = f"<del>{escape(change.before)}</del>", f"<ins>{escape(change.after)}</ins>"
    if change.kind == "added":
        return f"added, assessed as {escape(change.before)}."
    if change.kind == "withdrawn":
        return f"withdrawn. It said: {before}"
    if change.kind == "reworded":
        return f"reworded. Before: {before} Since then: {after}"
    return f"assessment changed from {escape(change.before)} to {escape(change.after)}."


def _day(date: str) -> str:
    return f'<time datetime="{escape(date)}">{escape(date_in_words(date))}</time>'
