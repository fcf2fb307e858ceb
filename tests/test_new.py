"""`dossier new`: a small report that works, written whole or not at all."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import dossier
from dossier.blanks import explanation
from dossier.cli import main
from dossier.loading import read_project, read_settings
from dossier.origins import assess_all
from dossier.starting import FILES, TEMPLATES
from reports import ENVIRONMENT, Report

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
HOSTS = re.compile(r"https?://([\w.-]+)")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A new report for which nothing was asked, and its site as `dossier build` makes it."""
    root = tmp_path_factory.mktemp("new") / "street-trees"
    assert main(["new", "--yes", str(root)]) == 0
    made = Report(root, root / "site")
    built = made.run("dossier.cli", "build")
    assert built.returncode == 0, built.stdout + built.stderr
    assert "WARNING" not in built.stderr
    return made


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        arguments, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, encoding="utf-8"
    )


# -- what is in it ---------------------------------------------------------------------------


def test_it_has_each_thing_once_or_a_few_times(report: Report) -> None:
    """Two chapters, five references, three records, two findings and a series."""
    settings, problems = read_settings(report.root, "mkdocs.yml")
    project = read_project(settings)
    evidence = project.evidence
    assert (*problems, *project.problems) == ()
    assert len({finding.chapter for finding in evidence.findings}) == 2
    assert len(evidence.references) == 5
    assert len(evidence.records) == 3
    assert len(evidence.findings) == 2
    assert len(evidence.series) == 1
    assert settings.name == "Street trees"


def test_its_findings_show_what_an_origin_is(report: Report) -> None:
    """Each has two passages; where one source takes from the other, they are one origin."""
    evidence = read_project(read_settings(report.root, "mkdocs.yml")[0]).evidence
    assert [len(finding.evidence) for finding in evidence.findings] == [2, 2]
    assessed = assess_all(evidence.findings, evidence.records)
    assert [item.assessment for item in assessed] == ["single-origin", "confirmed"]


def test_a_check_finds_nothing(report: Report) -> None:
    """Not even a note, about which an author would wonder."""
    done = report.run("dossier.cli", "check", "--site")
    assert (done.returncode, done.stdout) == (0, "no problems\n")


def test_its_site_shows_each_thing_at_work(report: Report) -> None:
    """Findings, chart, cards, quotations, numbers, a calculation, a block quotation, all works."""
    home, shade = report.html(), report.html("shade/index.html")
    assert home.one("table", "findings")
    assert home.by_id("chart-trees").tag == "figure"
    assert home.one("svg", "chart-wide").inside("chart")
    assert any("dossier" in e.attributes.get("src", "") for e in home.all("script"))
    assert {q.text for q in home.all("q")} >= {'"dead or dying"', '"more than 40,000 street trees"'}
    assert home.all("span", "number")
    calculated = [e.text for e in home.all("span", "calculation")]
    assert calculated == ["5.2% (2,150 ÷ 41,300)", "1"]
    (quoted,) = [e for e in shade.all("blockquote") if not e.inside("references")]
    assert quoted.attributes["data-passage"] == "census2021#shaded-side"
    assert [e.text for e in shade.all("a", "assessment-confirmed")]
    works = {"census2021", "council2019", "courier2022", "doe2022", "roe2018"}
    assert works <= set(report.html("method/index.html").entries())
    assert report.dead_links() == []


def test_its_pages_ask_no_other_host(report: Report) -> None:
    """Nothing that a page loads comes from elsewhere; links lead to example.org."""
    for name, page in report.pages().items():
        for tag, attribute in (("script", "src"), ("link", "href"), ("img", "src")):
            for element in page.all(tag):
                if element.attributes.get("rel") != "canonical":
                    assert "//" not in element.attributes.get(attribute, ""), name


def test_it_is_obviously_an_example(report: Report) -> None:
    """Every address among its sources is one that nobody can have (RFC 2606)."""
    for file in ("references.bib", *(f for f in FILES if f.startswith(("docs/", "sources/")))):
        hosts = set(HOSTS.findall((report.root / file).read_text("utf-8")))
        assert hosts <= {"example.org"}, file


def test_a_correction_can_be_written(report: Report, tmp_path: Path) -> None:
    """The page that `dossier correct` looks for has its list."""
    assert main(["new", "--yes", str(tmp_path / "r")]) == 0
    done = Report(tmp_path / "r", tmp_path / "r" / "site").run(
        "dossier.cli", "correct", "index.md", "The year was wrong.", "--date", "2025-07-08"
    )
    assert done.returncode == 0, done.stderr
    assert "**July 8, 2025:** [Counting the trees](index.md): The year was wrong." in done.stdout


# -- its files -------------------------------------------------------------------------------


def test_each_file_begins_with_a_line_that_explains_it(report: Report) -> None:
    """That line is short, and `dossier new` says the same."""
    for path in FILES:
        line = explanation((report.root / path).read_text("utf-8"))
        assert 20 < len(line) <= 80, path
        assert line.endswith("."), path


def test_what_is_written_is_what_the_templates_are(report: Report) -> None:
    """Each template has its place among the files, and every blank of it is filled."""
    folder = Path(dossier.__file__).parent / TEMPLATES
    held = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert {path.removeprefix(".") for path in FILES} - {"requirements.lock"} == held
    made = {p.relative_to(report.root).as_posix() for p in report.root.rglob("*") if p.is_file()}
    written = {name for name in made if not name.startswith(("site/", ".dossier/"))}
    assert written == set(FILES)
    for name in written - {"requirements.lock"}:
        assert "<<" not in (report.root / name).read_text("utf-8"), name


def test_every_line_ends_as_git_keeps_it(report: Report) -> None:
    """No file has spaces at line ends, a tab that is not of a Makefile, or no line end."""
    for path in FILES:
        data = (report.root / path).read_bytes()
        assert data.endswith(b"\n"), path
        assert b"\r" not in data, path
        assert re.search(rb"[ \t]\n", data) is None, path


def test_editors_find_the_schemas(report: Report, tmp_path: Path) -> None:
    """Each file of sources/ names its schema, by which it is sound; `make` writes the schemas."""
    assert "$(BIN)/dossier schemas" in (report.root / "Makefile").read_text("utf-8")
    schemas = tmp_path / "schemas"
    assert report.run("dossier.cli", "schemas", "--out", str(schemas)).returncode == 0
    for path in (f for f in FILES if f.startswith("sources/")):
        lines = (report.root / path).read_text("utf-8").splitlines()
        (named,) = re.findall(r"# yaml-language-server: \$schema=\.\./schemas/(\S+)", lines[1])
        schema = str(schemas / named)
        command = (str(BIN / "check-jsonschema"), "--schemafile", schema, path)
        done = run(*command, cwd=report.root)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("vendor.github-workflows", ".github/workflows/site.yml"),
        ("vendor.github-workflows", ".github/workflows/sources.yml"),
        ("vendor.dependabot", ".github/dependabot.yml"),
        ("vendor.citation-file-format", "CITATION.cff"),
    ],
)
def test_files_of_others_have_their_form(report: Report, schema: str, path: str) -> None:
    """Workflows, Dependabot's settings and the citation are what their readers take."""
    done = run(str(BIN / "check-jsonschema"), "--builtin-schema", schema, path, cwd=report.root)
    assert done.returncode == 0, done.stdout


def test_the_workflows_may_do_little(report: Report) -> None:
    """An auditor finds nothing, and no job has more rights than its own."""
    command = (str(BIN / "zizmor"), "--offline", "--quiet", "--persona", "auditor", ".github")
    done = run(*command, cwd=report.root)
    assert done.returncode == 0, done.stdout
    for path in (report.root / ".github" / "workflows").iterdir():
        workflow = yaml.safe_load(path.read_text("utf-8"))
        assert workflow["permissions"] == {}
        assert all(job["permissions"] for job in workflow["jobs"].values())


def test_the_actions_are_those_of_this_repository() -> None:
    """So that an action that is renewed here is renewed in what is written, too."""
    uses = re.compile(r"uses: (\S+) # (v\S+)")
    ours = {
        pin
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
        for pin in uses.findall(path.read_text("utf-8"))
    }
    templates = Path(dossier.__file__).parent / TEMPLATES / "github" / "workflows"
    written = [pin for path in templates.glob("*.yml") for pin in uses.findall(path.read_text())]
    assert len(written) == sum(p.read_text().count("uses:") for p in templates.glob("*.yml"))
    assert set(written) <= ours


# -- its Makefile ----------------------------------------------------------------------------


def test_packages_are_installed_by_hash_and_the_engine_from_its_address(report: Report) -> None:
    """The lock is demanded whole, and for the engine no registry is asked."""
    text = (report.root / "Makefile").read_text("utf-8")
    packages, engine = (line for line in text.splitlines() if "$(PIP) install" in line)
    for demand in ("--require-hashes", "--no-deps", "--only-binary :all:"):
        assert demand in packages
    for demand in ("--no-index", "--no-deps", "--no-build-isolation"):
        assert demand in engine


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A new report whose packages pass for installed, and whose engine has no address."""
    root = tmp_path / "r"
    assert main(["new", "--yes", str(root)]) == 0
    (root / "engine.local.txt").unlink(missing_ok=True)
    (root / "engine.txt").write_text("# Where it is from.\n# dossier @ git+https://example.org\n")
    (root / ".venv" / "bin").mkdir(parents=True)
    python = root / ".venv" / "bin" / "python"
    python.write_text('#!/bin/sh\ncase "$*" in *install*) echo "pip: $*" ;; esac\n')
    python.chmod(0o755)
    for name in ("dossier", "mkdocs"):
        (root / ".venv" / "bin" / name).symlink_to("python")
    for file in ("requirements.lock", "engine.txt"):
        os.utime(root / file, (1, 1))
    (root / ".venv" / ".packages").touch()
    return root


def test_make_says_where_the_engine_is_missing(installed: Path) -> None:
    """Nothing is installed then."""
    done = run("make", "check", cwd=installed)
    assert done.returncode != 0
    assert "engine.txt does not say yet where the engine comes from" in done.stderr
    assert "pip:" not in done.stdout


def test_make_installs_what_the_engine_file_says(installed: Path) -> None:
    """Once; again where the file of this machine comes, goes, or is touched."""
    (installed / "engine.txt").write_text("dossier @ git+https://example.org/d.git@0\n")

    def taken() -> list[str]:
        done = run("make", "check", cwd=installed)
        assert done.returncode == 0, done.stderr
        return re.findall(r"pip: .* -r (\S+)", done.stdout)

    local = installed / "engine.local.txt"
    assert taken() == ["engine.txt"]
    assert taken() == []
    local.write_text("dossier @ file:///engine\n")
    assert taken() == ["engine.local.txt"]
    assert taken() == []
    os.utime(local, (2**32, 2**32))
    assert taken() == ["engine.local.txt"]
    local.unlink()
    assert taken() == ["engine.txt"]


# -- where it is written ---------------------------------------------------------------------


def test_the_folder_and_those_above_it_are_made(tmp_path: Path) -> None:
    """With the rights that others made there have, and nothing beside them."""
    (tmp_path / "other").mkdir()
    assert main(["new", "--yes", str(tmp_path / "a" / "b")]) == 0
    assert [p.name for p in (tmp_path / "a").iterdir()] == ["b"]
    assert (tmp_path / "a" / "b").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_an_empty_folder_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays the same folder, in which a shell may stand; its name makes the title."""
    folder = tmp_path / "old_oaks"
    folder.mkdir()
    before = folder.stat().st_ino
    monkeypatch.chdir(folder)
    assert main(["new", "--yes", "."]) == 0
    assert folder.stat().st_ino == before
    assert {p.name for p in folder.iterdir()} == {path.partition("/")[0] for path in FILES}
    assert read_settings(folder, "mkdocs.yml")[0].name == "Old oaks"


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_nothing_is_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    """A folder that holds something, a file, a link to nothing: each is left as it is."""
    target = tmp_path / "r"
    if kind == "folder":
        target.mkdir()
        (target / ".hidden").write_text("mine")
    elif kind == "file":
        target.write_text("mine")
    else:
        target.symlink_to(tmp_path / "nowhere" / "else")
        (tmp_path / "nowhere").mkdir()
        (tmp_path / "nowhere" / "else").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    assert main(["new", "--yes", str(target)]) == 1
    said = capsys.readouterr()
    assert (said.out, "new-in-the-way" in said.err, "mend:" in said.err) == ("", True, True)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("empty", [False, True])
@pytest.mark.parametrize("at", [0, 3, 20])
def test_a_write_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int, empty: bool
) -> None:
    """A full disk at the first file, in the middle or near the end: no half of a report."""
    target = tmp_path / "r"
    if empty:
        target.mkdir()
    written = 0
    real = Path.write_text

    def write_text(self: Path, *arguments: str, **options: str) -> int:
        nonlocal written
        written += 1
        if written > at:
            raise OSError(28, "No space left on device", str(self))
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, "write_text", write_text)
    assert main(["new", "--yes", str(target)]) == 1
    assert list(tmp_path.iterdir()) == ([target] if empty else [])
    assert not empty or list(target.iterdir()) == []


@pytest.mark.parametrize("at", [0, 4])
def test_a_move_that_fails_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Where files take their places in a folder that is there, those that did are taken back."""
    moved = 0
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        nonlocal moved
        moved += 1
        if moved > at:
            raise OSError(5, "Input/output error", str(self))
        return real(self, target)

    (tmp_path / "r").mkdir()
    monkeypatch.setattr(Path, "rename", rename)
    assert main(["new", "--yes", str(tmp_path / "r")]) == 1
    assert moved == at + 1
    assert list((tmp_path / "r").iterdir()) == []


# -- what is said and asked ------------------------------------------------------------------


def test_it_tells_what_it_wrote_and_what_comes_next(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each file with its line, three steps, and a command that a shell takes as it stands."""
    assert main(["new", "--yes", str(tmp_path / "my report")]) == 0
    said = capsys.readouterr().out
    for path in FILES:
        text = (tmp_path / "my report" / path).read_text("utf-8")
        assert re.search(
            rf"^  {re.escape(path)} +{re.escape(explanation(text))}$", said, re.MULTILINE
        )
    assert f"1. cd '{tmp_path}/my report' && make serve" in said
    assert re.findall(r"^  (\d)\. ", said, re.MULTILINE) == ["1", "2", "3"]


def test_without_a_terminal_nothing_is_asked(tmp_path: Path) -> None:
    """It takes the defaults and says so, instead of waiting for an answer that cannot come."""
    command = (sys.executable, "-m", "dossier.cli", "new", "r")
    done = subprocess.run(
        command, cwd=tmp_path, env=ENVIRONMENT, stdin=subprocess.DEVNULL, capture_output=True
    )
    assert done.returncode == 0
    assert done.stdout.startswith(b"Nobody can be asked here: the defaults are taken")
    assert "The authors" in (tmp_path / "r" / "CITATION.cff").read_text("utf-8")


def asked(tmp_path: Path, *options: str, answers: bytes) -> tuple[int, str]:
    """What is said to someone at a terminal, and the status."""
    outer, inner = pty.openpty()
    environment = {**ENVIRONMENT, "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig")}
    (tmp_path / "gitconfig").write_text("[user]\n\tname = Jane Doe\n")
    command = (sys.executable, "-m", "dossier.cli", "new", *options, "old-oaks")
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stdin=inner,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        os.close(inner)
        os.write(outer, answers)
        said = process.communicate()[0].decode()
    os.close(outer)
    return process.returncode, said


def test_at_a_terminal_little_is_asked(tmp_path: Path) -> None:
    """Title, authors and, where nothing else says so, the engine; nothing means the default."""
    status, said = asked(tmp_path, answers=b"The <b>old</b> oaks\nThe old oaks\n\n\n")
    assert status == 0, said
    assert "Title [Old oaks]: " in said
    assert "new-bad-answer: the theme would take this for HTML" in said
    assert "[Jane Doe]: " in said
    assert said.count("]: ") + said.count("later): ") <= 4
    cited = yaml.safe_load((tmp_path / "old-oaks" / "CITATION.cff").read_text("utf-8"))
    assert (cited["title"], cited["authors"]) == ("The old oaks", [{"name": "Jane Doe"}])


def test_what_options_say_is_not_asked(tmp_path: Path) -> None:
    """With all of them given, there is nothing to answer."""
    engine = f"https://example.org/d.git@{'0' * 40}"
    options = ("--title", "T", "--authors", "Doe, Jane", "--engine", engine)
    status, said = asked(tmp_path, *options, answers=b"")
    assert (status, "]: " in said) == (0, False)


def test_who_ends_the_questions_has_written_nothing(tmp_path: Path) -> None:
    """The end of input is no answer."""
    status, said = asked(tmp_path, answers=b"A title\n\x04")
    assert (status, "nothing was written" in said, "Traceback" in said) == (1, True, False)
    assert not (tmp_path / "old-oaks").exists()
