"""The command `dossier`: what it prints, what it writes, and its exit status."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from dossier import __version__
from dossier.cli import main
from reports import BIB, ENVIRONMENT, Report, make_report

WRONG = "# T\n\nSee [@deo2020] and [@doe2020, @roe2021].\n"


def run(report: Report, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(["-f", str(report.root / "mkdocs.yml"), *arguments])
    captured = capsys.readouterr()
    assert "Traceback" not in captured.out + captured.err
    return status, captured.out + captured.err


def report_of(root: Path, text: str, **files: str) -> Report:
    return make_report(root / "p", {"docs/index.md": text, **files})


# -- check -----------------------------------------------------------------------------------


def test_check_of_a_sound_report_is_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Notes are printed, and do not fail it."""
    status, said = run(report_of(tmp_path, "# T\n\n[@doe2020]\n"), capsys, "check")
    assert status == 0
    assert "references.bib:2:1: uncited-reference: note: " in said
    assert said.endswith("2 notes\n")


def test_check_prints_every_problem_with_its_place_and_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors make the status 1."""
    status, said = run(report_of(tmp_path, WRONG), capsys, "check")
    assert status == 1
    assert "docs/index.md:3:6: unknown-key: " in said
    assert "docs/index.md:3:29: citation-comma: warning: " in said
    assert "    mend: did you mean `doe2020`?" in said
    assert said.splitlines()[-1].startswith("1 error, 1 warning")


def test_warnings_alone_are_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1 is for errors."""
    status, said = run(report_of(tmp_path, "# T\n\n[@doe2020, @roe2021]\n"), capsys, "check")
    assert (status, "1 warning" in said) == (0, True)


def test_check_prints_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A list of objects with seven fields, in the order of the places; empty where all is well."""
    status, said = run(report_of(tmp_path, WRONG), capsys, "check", "--format", "json")
    problems = json.loads(said)
    assert status == 1
    fields = {"code", "severity", "path", "line", "column", "message", "hint"}
    assert all(set(problem) == fields for problem in problems)
    first = problems[0]
    assert (first["code"], first["severity"]) == ("unknown-key", "error")
    assert (first["path"], first["line"], first["column"]) == ("docs/index.md", 3, 6)
    places = [(p["path"], p["line"], p["column"]) for p in problems]
    assert places == sorted(places)
    sound = report_of(tmp_path / "s", "# T\n\n[@doe2020; @roe2021; @poe2022]\n")
    assert run(sound, capsys, "check", "--format", "json") == (0, "[]\n")


def test_check_prints_annotations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Workflow commands of GitHub Actions, a line each, and nothing else."""
    status, said = run(report_of(tmp_path, WRONG), capsys, "check", "--format", "github")
    assert status == 1
    lines = said.splitlines()
    assert lines[0].startswith("::error file=docs/index.md,line=3,col=6,title=unknown-key::")
    assert lines[1].startswith("::warning file=docs/index.md,line=3,col=29,title=citation-comma::")
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)


def test_check_says_what_a_build_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same list comes through MkDocs."""
    files = {"docs/b.md": "---\nlang: no\n---\n# B\n\n::: table none\n", "docs/c.md": "[@x@]\n"}
    report = report_of(tmp_path, WRONG, **files)
    _, said = run(report, capsys, "check")
    built = report.run("mkdocs", "build").stderr
    lines = [line for line in said.splitlines() if line.startswith(("docs/", "references.bib"))]
    assert len(lines) >= 4
    for line in lines:
        assert f"dossier: {line}" in built


BROKEN = [
    ("references.bib", BIB.replace("First Book}", "First Book"), "bib-unclosed-entry"),
    ("mkdocs.yml", "site_name: [\n", "config-syntax"),
    ("mkdocs.yml", "site_name: T\nplugins:\n  - dossier: {csl: nothing}\n", "unknown-style"),
    ("docs/index.md", b"\xff", "page-not-utf8"),
    ("sources/records/a.yml", "key: [\n", "yaml-syntax"),
]


@pytest.mark.parametrize(("name", "content", "code"), BROKEN)
@pytest.mark.parametrize("command", ["check", "tables", "build"])
def test_no_broken_file_ends_in_a_traceback(
    tmp_path: Path, command: str, name: str, content: str | bytes, code: str
) -> None:
    """Every command names what is wrong, or writes what it can."""
    report = make_report(tmp_path / "p", {"docs/index.md": "# T\n\n[@doe2020]\n", name: content})
    done = report.run("dossier.cli", command)
    assert "Traceback" not in done.stderr
    if command != "tables" or name in ("mkdocs.yml", "references.bib"):
        assert done.returncode == (0 if command == "tables" and code == "unknown-style" else 1)
    if command != "tables":
        assert code in done.stdout + done.stderr


# -- check --site ----------------------------------------------------------------------------


def test_check_of_a_site_that_is_not_there_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the way to make it; the folder is that of the configuration, or the one named."""
    report = report_of(tmp_path, "# T\n\n[@doe2020]\n")
    status, said = run(report, capsys, "check", "--site")
    assert (status, "no-site" in said, "dossier build" in said) == (1, True, True)
    status, said = run(report, capsys, "check", "--site", str(tmp_path / "other"))
    assert (status, str(tmp_path / "other") in said) == (1, True)


def test_check_of_a_site_reads_its_html(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A page built without the plugin, or by an older text, is found out."""
    report = report_of(tmp_path, "# T\n\n[@doe2020]\n", **{"docs/b.md": "# B\n\n[@roe2021]\n"})
    report.build()
    assert run(report, capsys, "check", "--site")[0] == 0
    report.write({"docs/index.md": "# T\n\n[@doe2020] and [@doe2020]\n"})
    status, said = run(report, capsys, "check", "--site", "--format", "json")
    assert status == 1
    assert [p["code"] for p in json.loads(said) if p["severity"] == "error"] == ["citations-lost"]
    report.build()
    (report.site / "b" / "index.html").unlink()
    status, said = run(report, capsys, "check", "--site")
    assert (status, "page-missing" in said) == (1, True)


def test_what_is_left_out_of_a_site_is_not_missed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Excluded pages and drafts are no pages of the site."""
    config = "site_name: T\nplugins: [dossier]\nexclude_docs: old.md\ndraft_docs: next.md\n"
    report = report_of(
        tmp_path,
        "# T\n\n[@doe2020; @roe2021; @poe2022]\n",
        **{"mkdocs.yml": config, "docs/old.md": "[@x]\n", "docs/next.md": "[@x]\n"},
    )
    report.build()
    assert run(report, capsys, "check", "--site") == (0, "no problems\n")


# -- tables and schemas ----------------------------------------------------------------------

SOURCES = {
    "sources/records/doe.yml": (
        "key: doe2020\nstanding: primary\npassages:\n  - {id: words, exact: It counts 3.}\n"
    ),
    "sources/findings/one.yml": (
        "chapter: one\nfindings:\n  - id: three\n    statement: It is three.\n    figure: '3'\n"
        "    evidence:\n      - {passage: 'doe2020#words', bears: supports}\n"
    ),
    "sources/series/counts.yml": (
        "id: counts\ntitle: Counts\ncolumns:\n  - {id: n, title: Count, kind: number}\n"
        "rows:\n  - {n: '3', passages: ['doe2020#words']}\n"
    ),
}


def test_tables_writes_each_table_in_three_forms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All findings, those of each chapter, and each series."""
    report = report_of(tmp_path, "# T\n", **SOURCES)
    out = tmp_path / "made" / "tables"
    status, said = run(report, capsys, "tables", "--out", str(out))
    assert status == 0
    assert "9 files" in said
    names = {path.name for path in out.iterdir()}
    stems = ("findings", "findings-one", "series-counts")
    assert names == {f"{stem}.{ending}" for stem in stems for ending in ("md", "csv", "json")}
    (finding,) = json.loads((out / "findings-one.json").read_text("utf-8"))
    assert "three" in json.dumps(finding)
    with (out / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 2
    assert any("It is three." in cell for cell in rows[1])
    assert "It is three." in (out / "findings.md").read_text("utf-8")


def test_tables_of_broken_sources_is_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The errors are printed; what can be read is written."""
    broken = {**SOURCES, "sources/records/roe.yml": "key: roe2021\n"}
    report = report_of(tmp_path, "# T\n", **broken)
    status, said = run(report, capsys, "tables", "--out", str(tmp_path / "out"))
    assert status == 1
    assert "sources/records/roe.yml:1:1: " in said
    assert (tmp_path / "out" / "findings.csv").is_file()


def test_schemas_are_json_schemas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One for each kind of file in sources/; no project is needed."""
    status = main(["schemas", "--out", str(tmp_path / "s")])
    assert status == 0
    said = capsys.readouterr().out
    written = sorted((tmp_path / "s").iterdir())
    assert f"{len(written)} schemas" in said
    assert len(written) >= 3
    for path in written:
        schema = json.loads(path.read_text("utf-8"))
        assert schema["type"] == "object"
        assert schema["properties"]


def test_a_folder_that_cannot_be_made_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that stands in the way is no reason for a traceback."""
    (tmp_path / "file").write_text("", "utf-8")
    assert main(["schemas", "--out", str(tmp_path / "file" / "s")]) == 1
    assert "file" in capsys.readouterr().err


# -- an empty folder, odd consoles -----------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "tables", "build"])
def test_an_empty_folder_is_told_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """No configuration: one problem, a mend, status 1, nothing written."""
    status = main(["-f", str(tmp_path / "mkdocs.yml"), command])
    said = capsys.readouterr().out
    assert status == 1
    assert "mkdocs.yml:1:1: no-config: mkdocs.yml cannot be read" in said
    assert "mend: run this in the folder of your mkdocs.yml" in said
    assert list(tmp_path.iterdir()) == []


def test_a_configuration_without_pages_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No docs folder, no bibliography: both are named."""
    (tmp_path / "mkdocs.yml").write_text("site_name: T\nplugins: [dossier]\n", "utf-8")
    assert main(["-f", str(tmp_path / "mkdocs.yml"), "check"]) == 1
    said = capsys.readouterr().out
    assert "no-docs" in said
    assert "missing-bibliography" in said


def test_a_console_that_is_not_utf8_is_written_to_all_the_same(tmp_path: Path) -> None:
    """What it cannot show is escaped."""
    report = report_of(tmp_path, "# T\n\n“Ä” [@日本]\n")
    environment = {**ENVIRONMENT, "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "dossier.cli", "check"],
        cwd=report.root,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert rb"\u65e5\u672c" in done.stdout


def test_a_reader_that_leaves_early_is_no_fault(tmp_path: Path) -> None:
    """`dossier check | head -1` says nothing on the error stream."""
    report = report_of(tmp_path, "# T\n\n" + "[@none]\n\n" * 3000)
    with subprocess.Popen(
        [sys.executable, "-m", "dossier.cli", "check"],
        cwd=report.root,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 1


def test_the_command_names_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    """And is the module as well."""
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"dossier {__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["check", "--format", "xml"]])
def test_wrong_use_is_told_how(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Status 2, as argparse has it."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: dossier" in capsys.readouterr().err
