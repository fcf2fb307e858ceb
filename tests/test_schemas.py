"""The JSON Schemas of sources/: what an editor, and whatever reads schemas, is told by them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from dossier.cli import main
from dossier.schemas import FOLDER, Kind, as_json, file_name, first_line, schemas

SOURCES = Path(__file__).parent.parent / "sources"
HELD = SOURCES / FOLDER
FOLDERS: dict[Kind, str] = {"record": "records", "findings": "findings", "series": "series"}
NAMING = {"id", "key", "passage", "copy_of", "variant_of", "relies_on"}

RECORD = """\
key: doe2020
standing: primary
archived: https://archive.example/doe
captures:
  - retrieved: 2025-07-08
    sha256: 0a00000000000000000000000000000000000000000000000000000000000000
    words: 900
    extent: full
passages:
  - id: first-words
    exact: It counts three.
    read: twice
    variant_of: roe2021#words
"""
FINDINGS = """\
chapter: spending
findings:
  - id: three-counted
    statement: It is three.
    figure: "3"
    evidence:
      - {passage: "doe2020#first-words", bears: supports}
"""
SERIES = """\
id: counts
title: Counts
chart: {kind: bars, value: count}
columns:
  - {id: count, title: Count, kind: number}
rows:
  - {count: "3", passages: ["doe2020#first-words"]}
"""
SOUND: dict[Kind, str] = {"record": RECORD, "findings": FINDINGS, "series": SERIES}
MISTAKES: dict[Kind, tuple[tuple[str, str], ...]] = {
    "record": (
        ("key: doe2020\n", ""),
        ("key: doe2020", "key: doe 2020"),
        ("standing: primary", "standing: official"),
        ("standing: primary", "standing: primary\nstandings: news"),
        ("id: first-words", "id: First_Words"),
        ("exact: It counts three.", 'exact: " "'),
        ("read: twice", "read: thrice"),
        ("roe2021#words", "roe2021"),
        ("2025-07-08", "2025-02-30"),
        ("words: 900", "words: nine hundred"),
    ),
    "findings": (
        ("chapter: spending\n", ""),
        ("chapter: spending", "chapter: What it costs"),
        ("id: three-counted", "id: three counted"),
        ("statement: It is three.", "statement: 3"),
        ("statement: It is three.", "statment: It is three."),
        ('figure: "3"', "figure: 3"),
        ("bears: supports", "bears: support"),
        (", bears: supports", ""),
        ("doe2020#first-words", "doe2020, first-words"),
        ("    evidence:\n      - {", "    assessment: confirmed\n    evidence:\n      - {"),
    ),
    "series": (
        ("id: counts\n", ""),
        ("id: counts", "id: All counts"),
        ("title: Counts\n", "titel: Counts\n"),
        ("kind: bars", "kind: pie"),
        ("value: count}", "values: count}"),
        ("id: count, title", "id: passages, title"),
        ("kind: number", "kind: integer"),
        (', passages: ["doe2020#first-words"]', ""),
        ('["doe2020#first-words"]', "[]"),
        ('count: "3"', "count: [3]"),
    ),
}


def test_the_schemas_of_the_report_are_those_of_the_code() -> None:
    """`dossier schemas` was run behind each change of the forms, and nothing else is there."""
    wanted = {file_name(kind): as_json(schema) for kind, schema in schemas().items()}
    held = {path.name: path.read_bytes().decode("utf-8") for path in HELD.iterdir()}
    assert held == wanted


def test_by_default_they_go_where_the_files_look_for_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder is that of the sources, which the configuration may name otherwise."""
    config = tmp_path / "mkdocs.yml"
    config.write_text("site_name: T\nplugins:\n  - dossier: {sources: proof}\n", "utf-8")
    assert main(["-f", str(config), "schemas"]) == 0
    assert (tmp_path / "proof" / FOLDER / "record.schema.json").is_file()
    assert str(tmp_path / "proof" / FOLDER) in capsys.readouterr().out


@pytest.mark.parametrize("kind", FOLDERS)
def test_every_file_of_the_report_names_its_schema(kind: Kind) -> None:
    """The first line is the comment by which editors find it, and the path leads to it."""
    files = sorted((SOURCES / FOLDERS[kind]).glob("*.yml"))
    assert files
    for path in files:
        line = path.read_text("utf-8").splitlines(keepends=True)[0]
        assert line == first_line(kind), path.name
        assert (path.parent / line.strip().partition("$schema=")[2]).is_file()


def test_the_names_of_the_report_name_their_schema() -> None:
    """They stand one folder up, and so does the path."""
    line = (SOURCES / "names.yml").read_text("utf-8").splitlines()[0]
    assert line == f"# yaml-language-server: $schema={FOLDER}/names.schema.json"


def fields(schema: object, at: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every field of a schema, by its place."""
    if isinstance(schema, dict):
        for name, value in schema.get("properties", {}).items():
            yield f"{at}.{name}", value
        for name, value in schema.get("$defs", {}).items():
            yield from fields(value, name)


@pytest.mark.parametrize("kind", schemas())
def test_every_field_is_described(kind: Kind) -> None:
    """An editor says of each field what it means, and of each form; no object takes other fields.

    Rows alone do: their fields are the columns.
    """
    schema = schemas()[kind]
    found = dict(fields(schema, kind))
    assert found
    assert [at for at, field in found.items() if not field.get("description")] == []
    forms = {kind: schema, **schema.get("$defs", {})}  # type: ignore[dict-item]
    for name, form in forms.items():
        assert form["description"], name
        assert form["additionalProperties"] is False or name == "RowForm", name


@pytest.mark.parametrize("kind", schemas())
def test_examples_are_what_the_schema_takes(kind: Kind) -> None:
    """What an editor proposes is sound; ids and addresses that authors write have an example."""
    schema = schemas()[kind]
    shown = 0
    for at, field in fields(schema, kind):
        wanted = {**field, "$defs": schema.get("$defs", {})}
        for example in field.get("examples", ()):  # type: ignore[attr-defined]
            jsonschema.validate(example, wanted, jsonschema.Draft202012Validator)
            shown += 1
        if kind in FOLDERS and at.rpartition(".")[2] in NAMING:
            assert field.get("examples"), at
    assert shown or kind == "overlaps"


def checked(kind: Kind, files: list[Path]) -> dict[str, list[str]]:
    """Return what check-jsonschema says of files, by their names."""
    command = [sys.executable, "-m", "check_jsonschema", "--output-format", "json"]
    done = subprocess.run(
        [*command, "--schemafile", HELD / file_name(kind), *files], capture_output=True, text=True
    )
    said = json.loads(done.stdout)
    assert done.returncode == (said["status"] != "ok"), done.stderr
    assert not said.get("parse_errors")
    found: dict[str, list[str]] = {}
    for error in said.get("errors", ()):
        found.setdefault(Path(error["filename"]).name, []).append(error["message"])
    return found


@pytest.mark.parametrize("kind", FOLDERS)
def test_planted_mistakes_are_found(tmp_path: Path, kind: Kind) -> None:
    """Ten of each kind, one a file, and the file without a mistake is let through."""
    files = [tmp_path / "sound.yml"]
    files[0].write_text(SOUND[kind], "utf-8")
    for number, (right, wrong) in enumerate(MISTAKES[kind]):
        assert SOUND[kind].count(right) == 1, right
        path = tmp_path / f"{number}.yml"
        path.write_text(SOUND[kind].replace(right, wrong), "utf-8")
        files.append(path)
    assert set(checked(kind, files)) == {f"{number}.yml" for number in range(10)}


@pytest.mark.parametrize("kind", FOLDERS)
def test_nothing_is_found_in_the_report(kind: Kind) -> None:
    """What the build takes, an editor takes."""
    assert checked(kind, sorted((SOURCES / FOLDERS[kind]).glob("*.yml"))) == {}


@pytest.mark.parametrize("kind", ["names", "overlaps"])
def test_nothing_is_found_in_the_single_files(kind: Kind) -> None:
    """Those that are one file each are sound too."""
    assert checked(kind, [SOURCES / f"{kind}.yml"]) == {}
