"""The findings of the versions that git holds, each assessed by the evidence of its day."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import get_args

from dossier.cache import Cache
from dossier.history import History, Snapshot, Stated, changes
from dossier.model import Assessment, Finding, Record
from dossier.origins import assess_all
from dossier.problems import has_errors
from dossier.records import read_findings, read_records
from dossier.repository import Version, commit_of, past_versions


def history_of(root: Path, sources: str, cache: Cache | None) -> History | None:
    """Return what changed in the findings of a project, None where no version is known.

    Kept by the commit that is checked out, so that git is asked once for each. A version that
    cannot be read as versions are read today is left out.
    """
    commit = commit_of(root)
    if not commit:
        return None
    depends = json.dumps([commit, sources])
    name = "history-" + hashlib.sha256(depends.encode()).hexdigest()
    kept = _restored(cache.read(name)) if cache is not None else None
    if kept is None:
        folder = sources.strip("/")
        found = past_versions(root, (f"{folder}/findings", f"{folder}/records"))
        if found is None:
            return None
        versions, whole = found
        kept = _snapshots(versions, folder), whole
        if cache is not None:
            cache.write(name, _kept(*kept))
    return History(tuple(changes(kept[0])), kept[1])


def _snapshots(versions: tuple[Version, ...], folder: str) -> tuple[Snapshot, ...]:
    """Return the findings of each version; a file that stays as it was is read once."""
    records: dict[bytes, tuple[tuple[Record, ...], bool]] = {}
    findings: dict[bytes, tuple[tuple[Finding, ...], bool]] = {}
    snapshots = []
    for version in versions:
        by_key: dict[str, Record] = {}
        stated: list[Finding] = []
        broken = False
        for path, data in version.files.items():
            if not path.endswith((".yml", ".yaml")):
                continue
            if path.startswith(f"{folder}/findings/"):
                if data not in findings:
                    read, problems = read_findings(((path, data),))
                    findings[data] = read, has_errors(problems)
                stated += findings[data][0]
                broken |= findings[data][1]
            else:
                if data not in records:
                    held, problems = read_records(((path, data),))
                    records[data] = held, has_errors(problems)
                by_key |= {record.key: record for record in records[data][0]}
                broken |= records[data][1]
        if not broken:
            known = {
                item.finding.id: Stated(item.finding.statement, item.assessment)
                for item in assess_all(stated, by_key)
            }
            snapshots.append(Snapshot(version.commit, version.date, known))
    return tuple(snapshots)


def _kept(snapshots: tuple[Snapshot, ...], whole: bool) -> object:
    listed = [
        [s.commit, s.date, {id_: [f.statement, f.assessment] for id_, f in s.findings.items()}]
        for s in snapshots
    ]
    return {"whole": whole, "snapshots": listed}


def _restored(value: object) -> tuple[tuple[Snapshot, ...], bool] | None:
    """Return what was kept, or None where it is not what `_kept` writes."""
    try:
        if not isinstance(value, dict):
            return None
        known: dict[str, Assessment] = {name: name for name in get_args(Assessment)}
        snapshots = tuple(
            Snapshot(
                str(commit),
                str(date),
                {str(id_): Stated(str(f[0]), known[f[1]]) for id_, f in findings.items()},
            )
            for commit, date, findings in value["snapshots"]
        )
        return snapshots, bool(value["whole"])
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return None
