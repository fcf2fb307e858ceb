"""Bad input beyond the manifest: each kind that outsiders try, in every place that takes it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from dossier.bibliography import read_bibliography
from dossier.cli import main
from dossier.loading import read_settings
from dossier.loading.bounds import boundary, leads_out
from dossier.loading.pages import read_page
from dossier.problems import Problem, as_text
from dossier.records import read_findings, read_records
from processes import run_module
from reports import ENVIRONMENT

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

BIB = "@book{a, author={Doe, Jane}, title={First}, publisher={P}, year=2020}\n"
CONFIG = "site_name: T\nplugins: [search, dossier]\n"
RECORD = """\
key: a
standing: news
kind: "article"
passages:
  - id: p1
    exact: "The cost was high"
"""


def project(folder: Path, files: dict[str, str | bytes] | None = None) -> Path:
    """A report of one page, with some files changed or added."""
    every = {
        "mkdocs.yml": CONFIG,
        "references.bib": BIB,
        "docs/index.md": "# T\n\nSee [@a].\n",
        **(files or {}),
    }
    for name, text in every.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


Said = list[tuple[str, str]]


def check(root: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, Said]:
    """The exit status, and code and place of all that `dossier check` says but notes.

    Whatever it says has a mend.
    """
    status = main(["-f", str(root / "mkdocs.yml"), "check", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert all(problem["hint"] for problem in found)
    return status, [
        (p["code"], f"{p['path']}:{p['line']}:{p['column']}")
        for p in found
        if p["severity"] != "note"
    ]


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return run_module(command, root, ENVIRONMENT)


def refused(root: Path, code: str, *command: str) -> str:
    """What a command says that must end with exit status 1, a problem, and no traceback."""
    done = run(root, *(command or ("mkdocs", "build", "-q")))
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    assert "Traceback" not in said
    assert re.search(rf"^\S.*:\d+:\d+: {code}: ", said, re.MULTILINE) or code in said
    assert "mend: " in said
    return said


# -- files in another encoding, and files that are no text ------------------------------------

WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32")
BINARY = {"zeros": b"\0" * 400, "picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\xff\xfe\x01"}
ROLES = {
    "references.bib": "bib-not-utf8",
    "docs/index.md": "page-not-utf8",
    "mkdocs.yml": "no-config",
    "sources/records/a.yml": "yaml-not-utf8",
    "sources/findings/c.yml": "yaml-not-utf8",
    "sources/series/s.yml": "yaml-not-utf8",
    "sources/names.yml": "yaml-not-utf8",
    "sources/overlaps.yml": "yaml-not-utf8",
    "sources/checks.yml": "yaml-not-utf8",
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("data", [*WIDE, *BINARY])
def test_a_file_of_another_kind_is_one_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], role: str, data: str
) -> None:
    """Of the file itself one thing is said, at its beginning: what it is, and how to mend it."""
    files: dict[str, str | bytes] = {"sources/records/a.yml": RECORD}
    whole = {"references.bib": BIB, "mkdocs.yml": CONFIG}.get(role, RECORD)
    files[role] = BINARY[data] if data in BINARY else whole.encode(data)
    status, said = check(project(tmp_path, files), capsys)
    assert status == 1
    assert [at for at in said if at[1].startswith(role)] == [(ROLES[role], f"{role}:1:1")]


def test_one_zero_is_named_where_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A text with a single NUL is a text, in which one character is wrong."""
    files: dict[str, str | bytes] = {
        "docs/index.md": "# T\n\nSee\0 [@a].\n",
        "references.bib": BIB.replace("First", "Fi\x01rst"),
    }
    _, said = check(project(tmp_path, files), capsys)
    assert said == [
        ("control-character", "docs/index.md:3:4"),
        ("control-character", "references.bib:1:39"),
    ]


# -- characters that cannot be seen ----------------------------------------------------------


def test_hidden_characters_are_named_by_their_code_points(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a page, its front matter, a .bib file and a record; what is printed shows none of them."""
    files: dict[str, str | bytes] = {
        "docs/index.md": "---\ntitle: \u202ex\n---\n# T\n\nSee \u2066now\u2069 [@a#p1].\n",
        "references.bib": BIB.replace("First", "Fi\u200brst").replace("title", "ti\u2060tle"),
        "sources/records/a.yml": RECORD.replace("The cost", "The \u202ecost"),
    }
    root = project(tmp_path, files)
    _, said = check(root, capsys)
    assert said == [
        ("bidi-control", "docs/index.md:2:8"),
        ("bidi-control", "docs/index.md:6:5"),
        ("bidi-control", "docs/index.md:6:9"),
        ("bad-field-name", "references.bib:1:30"),
        ("zero-width", "references.bib:1:32"),
        ("zero-width", "references.bib:1:40"),
        ("bidi-control", "sources/records/a.yml:6:17"),
    ]
    main(["-f", str(root / "mkdocs.yml"), "check"])
    printed = capsys.readouterr().out
    assert "U+202E" in printed and "U+200B" in printed
    assert not re.search("[\u200b\u2060\u202a-\u202e\u2066-\u2069]", printed)


def test_a_name_of_a_file_cannot_forge_a_line() -> None:
    """A line end, an escape and half a pair in a path are shown, and never printed."""
    problem = Problem("unknown-key", "docs/a\nb\x1b[2J\udcff\u202e.md", 1, 1, "one\ntwo", "mend")
    first, *_ = as_text(problem).splitlines()
    assert first == ("docs/a<U+000A>b<U+001B>[2J<U+DCFF><U+202E>.md:1:1: unknown-key: one two")


# -- pages on which a host dies ---------------------------------------------------------------

DECLARATIONS = [
    ("<![", 1),
    ("text <![ more", 6),
    ("`<![`", 2),
    ("    <![ code", 5),
    ("> <![x]", 3),
    ("<div>\n<![foo[ x\n</div>", 1),
    ("\\<![]]>", 2),
]


@pytest.mark.parametrize(("text", "column"), DECLARATIONS)
def test_a_declaration_is_an_error_before_a_host_dies_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, column: int
) -> None:
    """MkDocs 1.6.1 gives pages to Python's parser of HTML, which raises on `<![` in most places."""
    page = f"# T\n\n{text}\n\nSee [@zz].\n"
    root = project(tmp_path, {"docs/index.md": page})
    line = 4 if text.startswith("<div>") else 3
    last = page.count("\n")
    status, said = check(root, capsys)
    assert status == 1
    assert said == [
        ("html-declaration", f"docs/index.md:{line}:{column}"),
        ("unknown-key", f"docs/index.md:{last}:6"),
    ]
    built = refused(root, "html-declaration")
    assert f"docs/index.md:{line}:{column}: html-declaration: " in built
    assert f"docs/index.md:{last}:6: unknown-key: " in built
    assert "&lt;![" in built


@pytest.mark.parametrize(
    "text", ["```\n<![ x\n```", "<!-- <![ x -->", "<svg><![CDATA[x]]></svg>", "<![endif]-->"]
)
def test_what_no_host_dies_of_is_no_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    """Fences, comments, and the sections that parsers know."""
    root = project(tmp_path, {"docs/index.md": f"# T\n\nSee [@a].\n\n{text}\n"})
    assert check(root, capsys) == (0, [])
    done = run(root, "mkdocs", "build", "-q")
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


@pytest.mark.parametrize("text", ["[" * 5000, "[@a " * 3000, "![" * 5000, "[x](" * 3000])
def test_brackets_that_a_host_takes_minutes_over_are_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    """Python-Markdown looks for the end of each: its time grows with the square of their number."""
    root = project(tmp_path, {"docs/index.md": f"# T\n\nSee [@a].\n\n{text}\n"})
    status, said = check(root, capsys)
    assert status == 1
    assert [code for code, _ in said if code == "page-too-deep"] == ["page-too-deep"]
    refused(root, "page-too-deep")


def test_long_pages_with_many_links_are_not_too_deep(tmp_path: Path) -> None:
    """Brackets that close, however many, and open ones of other paragraphs are none too many."""
    page = tmp_path / "a.md"
    page.write_text("[x](y) [@a] " * 2000 + "\n\n" + "an [open\n\n" * 400, "utf-8")
    assert read_page("docs/a.md", page)[1] == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("> " * 1000 + "x", "page-too-deep"),
        ("\n".join("    " * depth + "- x" for depth in range(400)), "page-failed"),
        ("---\ntemplate: ../../x.html\n---\nx", "unknown-template"),
        ("---\ntemplate: [x]\n---\nx", "unknown-template"),
    ],
)
def test_a_page_that_ends_a_host_is_named(tmp_path: Path, text: str, code: str) -> None:
    """In place of a traceback, and beside what is wrong elsewhere."""
    files: dict[str, str | bytes] = {"docs/bad.md": text, "docs/index.md": "# T\n\n[@zz]\n"}
    said = refused(project(tmp_path, files), code)
    assert f"docs/bad.md:{2 if code == 'unknown-template' else 1}:1: {code}: " in said
    assert "docs/index.md:3:2: unknown-key: " in said


def test_a_page_that_a_hook_fails_on_is_named(tmp_path: Path) -> None:
    """A hook has each page before the engine has it; its page is known all the same."""
    hook = "def on_page_markdown(markdown, page, **_):\n    return page.meta['author']\n"
    config = "site_name: T\nhooks: [author.py]\nplugins: [dossier]\n"
    page = "---\nauthor: A\n---\n# T\n"
    files: dict[str, str | bytes] = {"mkdocs.yml": config, "author.py": hook}
    files |= {"docs/index.md": page, "docs/bad.md": "# Bad\n\n[@zz]\n"}
    said = refused(project(tmp_path, files), "page-failed")
    assert "docs/bad.md:1:1: page-failed: " in said
    assert "docs/bad.md:3:2: unknown-key: " in said


def test_lines_are_those_of_the_page(tmp_path: Path) -> None:
    """What is found behind front matter has the line of the file."""
    page = tmp_path / "a.md"
    page.write_text("---\ntitle: x\n---\n\n\n <![\n", "utf-8")
    (problem,) = read_page("docs/a.md", page)[1]
    assert (problem.code, problem.line, problem.column) == ("html-declaration", 6, 2)


# -- paths ------------------------------------------------------------------------------------

OPTIONS = [
    "bibliography: ../../x.bib",
    "bibliography: /etc/passwd",
    "bibliography: [references.bib, ../x.bib]",
    "csl: ../x.csl",
    "csl: /etc/passwd.csl",
    "sources: ../..",
    "sources: /etc",
]


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_that_climbs_out_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str
) -> None:
    """At the line of the option; whether there is such a file is not said."""
    config = f"site_name: T\nplugins:\n  - dossier:\n      {option}\n"
    status, said = check(project(tmp_path / "p", {"mkdocs.yml": config}), capsys)
    assert status == 1
    assert ("path-outside", "mkdocs.yml:4:7") in said


@pytest.mark.parametrize("path", ["../../../x.bib", "/etc/passwd"])
def test_a_page_that_climbs_out_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    """Front matter reaches the folder of the page and the project, and nothing else."""
    page = f"---\nbibliography: {path}\n---\n# T\n\nSee [@a].\n"
    _, said = check(project(tmp_path / "p", {"docs/index.md": page}), capsys)
    assert said == [("path-outside", "docs/index.md:2:1")]


def test_a_repository_is_the_bound(tmp_path: Path) -> None:
    """Two reports of one repository may share a file, which a clone has too."""
    (tmp_path / ".git").mkdir()
    root = tmp_path / "reports" / "one"
    root.mkdir(parents=True)
    assert boundary(root) == tmp_path
    assert not leads_out(root, root / "../two/references.bib")
    assert leads_out(root, root / "../../../references.bib")


def test_links_that_lead_out_or_nowhere_are_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In docs and in sources: nothing is left out in silence, nothing is read from outside."""
    secret = tmp_path / "secret.yml"
    secret.write_text("password: 1234\n", "utf-8")
    root = project(tmp_path / "p", {"sources/records/a.yml": RECORD})
    records = root / "sources" / "records"
    (records / "out.yml").symlink_to(secret)
    (records / "gone.yml").symlink_to("nowhere")
    (records / "round.yml").symlink_to("round.yml")
    (records / "folder").symlink_to("/etc")
    (root / "docs" / "gone.png").symlink_to("nowhere.png")
    status, said = check(root, capsys)
    assert status == 1
    assert said == [
        ("page-unreadable", "docs/gone.png:1:1"),
        ("symlink-outside", "sources/records/folder:1:1"),
        ("source-unreadable", "sources/records/gone.yml:1:1"),
        ("symlink-outside", "sources/records/out.yml:1:1"),
        ("source-unreadable", "sources/records/round.yml:1:1"),
    ]
    built = refused(root, "page-unreadable")
    assert "1234" not in built


def test_a_bibliography_that_leads_round_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A link to itself is named like a file that is missing."""
    root = project(tmp_path)
    (root / "references.bib").unlink()
    (root / "references.bib").symlink_to("references.bib")
    _, said = check(root, capsys)
    assert ("missing-bibliography", "mkdocs.yml:2:19") in said


@pytest.mark.parametrize(
    "name", ["references.bib", "docs/x.md", "docs/x.css", "sources/records/x.yml", "CITATION.cff"]
)
def test_a_pipe_is_not_waited_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """What is no file is named where it would be a file of the site, and never opened."""
    root = project(tmp_path, {"sources/records/a.yml": RECORD})
    (root / name).unlink(missing_ok=True)
    os.mkfifo(root / name)
    status, said = check(root, capsys)
    assert status == (0 if name.startswith(("sources", "CITATION")) else 1)
    if name.startswith("CITATION"):
        assert said == [("citation-file", f"{name}:1:1")]
    if name.startswith("docs"):
        assert said == [("page-unreadable", f"{name}:1:1")]
        refused(root, "page-unreadable")


def test_a_file_name_that_is_not_utf8_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No address can name it, and MkDocs would end on it with a traceback."""
    root = project(tmp_path)
    (root / "docs" / os.fsdecode(b"b\xff.md")).write_text("# B\n", "utf-8")
    _, said = check(root, capsys)
    assert [code for code, _ in said] == ["name-not-utf8"]
    assert "docs/b<U+DCFF>.md:1:1: name-not-utf8: " in refused(root, "name-not-utf8")


# -- configuration ----------------------------------------------------------------------------

CONFIGURATIONS = [
    ("INHERIT: ../../x.yml", "no-config", 3),
    ("INHERIT: mkdocs.yml", "no-config", 3),
    ("INHERIT: .", "no-config", 3),
    ("INHERIT: 3", "no-config", 3),
    ("INHERIT: ''", "no-config", 3),
    ("extra: !!timestamp x", "config-syntax", 3),
    ("extra: 2020-13-45", "config-syntax", 3),
    ("extra: !ENV {a: b}", "config-syntax", 3),
    ("exclude_docs: '!'", "bad-option", 3),
    ("docs_dir: /etc", "path-outside", 3),
]


@pytest.mark.parametrize(("line", "code", "place"), CONFIGURATIONS)
def test_a_configuration_on_which_mkdocs_dies_is_a_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, code: str, place: int
) -> None:
    """With the line; `dossier build` says so in place of a traceback of MkDocs."""
    root = project(tmp_path / "p", {"mkdocs.yml": f"{CONFIG}{line}\n"})
    _, said = check(root, capsys)
    assert (code, f"mkdocs.yml:{place}") in [(c, at.rpartition(":")[0]) for c, at in said]
    done = run(root, "dossier.cli", "build")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr


def test_whatever_ends_a_host_is_a_problem(tmp_path: Path) -> None:
    """A hook that raises, before there is any page, fails a build without a traceback."""
    files: dict[str, str | bytes] = {
        "mkdocs.yml": f"{CONFIG}hooks: [hook.py]\n",
        "hook.py": "def on_files(files, config):\n    raise ValueError('no such thing')\n",
    }
    said = refused(project(tmp_path, files), "host-failed", "dossier.cli", "build")
    assert "mkdocs.yml:1:1: host-failed: mkdocs failed with ValueError: no such thing" in said


def test_a_folder_stands_for_its_configuration(tmp_path: Path) -> None:
    """`-f .` is the mkdocs.yml there."""
    project(tmp_path)
    assert main(["-f", str(tmp_path), "check"]) == 0
    assert read_settings(tmp_path, "docs")[1][0].code == "no-config"


# -- bibliography -----------------------------------------------------------------------------


def of_bibtex(text: str) -> list[tuple[str, int]]:
    return [(p.code, p.line) for p in read_bibliography([("r.bib", text.encode())])[1]]


@pytest.mark.parametrize(
    "name",
    [
        "Doe,, Jane",
        ", Jane",
        "Doe,",
        ",",
        "Doe, Jane,",
        "Doe, Jr, Jane, X",
        "and",
        "and Doe",
        "Doe and",
        "Doe and and Roe",
        "Doe; Roe",
        "Doe, Jane; Roe, Rick",
    ],
)
def test_a_comma_a_semicolon_or_an_and_in_a_wrong_place_is_a_warning(name: str) -> None:
    """A list that BibTeX reads otherwise than it was meant prints a false author."""
    text = f"@book{{a, author={{{name}}}, title={{T}}, year=2020}}\n"
    assert of_bibtex(text) == [("bad-name", 1)]


@pytest.mark.parametrize(
    "name",
    [
        "Doe, Jane",
        "von Doe, Jr, Jane and {Smith, Roe; Partners and Sons}",
        "Doe and others",
        "AT&amp;T",
        "family=Doe, given=Jane, prefix=von, suffix=Jr",
        "Anderson, Andy and Brandon, Dan",
    ],
)
def test_a_name_that_is_right_is_no_warning(name: str) -> None:
    """What stands in braces is one name, whatever it holds."""
    assert of_bibtex(f"@book{{a, author={{{name}}}, title={{T}}, year=2020}}\n") == []


def test_entries_that_inherit_by_xdata_are_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They have the fields, and the entry that gives them is no work of its own."""
    bib = (
        "@xdata{x, publisher={Press}, year=2020, xdata={y}}\n"
        "@xdata{y, location={Oslo}, publisher={Other}}\n"
        "@book{a, author={Doe, Jane}, title={First}, xdata={x}}\n"
    )
    root = project(tmp_path, {"references.bib": bib})
    assert check(root, capsys) == (0, [])
    assert run(root, "mkdocs", "build", "-q", "--strict").returncode == 0
    page = (root / "site" / "index.html").read_text("utf-8")
    assert "Doe 2020" in page and "Press" in page and "Other" not in page
    assert 'id="ref-x"' not in page


def test_a_long_chain_of_parents_does_not_hang(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pandoc's time grows with the cube of its length, so that it is cut and named."""
    chain = "".join(f"@book{{k{n}, crossref={{k{n + 1}}}, title={{T}}}}\n" for n in range(400))
    bib = f"{chain}@book{{k400, title={{E}}, author={{Doe}}, year=2000}}\n{BIB}"
    status, said = check(project(tmp_path, {"references.bib": bib}), capsys)
    assert status == 1
    assert {code for code, _ in said} >= {"inheritance-too-long"}


@pytest.mark.parametrize(
    "text",
    [
        "@book{a, crossref={a}, title={T}}",
        "@book{a, crossref={b}, title={T}}\n@book{b, crossref={a}, title={U}}",
        "@xdata{x, xdata={y}}\n@xdata{y, xdata={x}}\n@book{a, xdata={x}, title={T}}",
    ],
)
def test_a_loop_is_the_only_thing_that_is_said_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    """One error for each loop, at its first entry."""
    _, said = check(project(tmp_path, {"references.bib": text + "\n"}), capsys)
    assert [code for code, _ in said if code != "unknown-key"] == ["inheritance-loop"]


def test_twenty_thousand_entries_are_read() -> None:
    """Each of them, in its order, and the fault of one among them is found."""
    entries = [f"@book{{k{n}, author={{Doe, J}}, title={{B{n}}}, year=2020}}" for n in range(20000)]
    entries[12345] = entries[12345].replace("year=2020", "year=202O")
    references, problems = read_bibliography([("r.bib", "\n".join(entries).encode())])
    assert [r.key for r in references] == [f"k{n}" for n in range(20000)]
    assert {p.line for p in problems} <= {12346}


# -- YAML -------------------------------------------------------------------------------------


def test_faults_of_syntax_and_of_form_are_told_together() -> None:
    """A quotation mark that never closes hides neither the slips above it nor those below."""
    text = RECORD.replace("standing: news", "standing: nws").replace('"article"', '"article')
    text += "    locater: p. 3\n  - id: p 2\n    exact: x\nfoo: bar\n"
    records, problems = read_records([("r.yml", text.encode())])
    assert records == ()
    assert [(p.code, p.line) for p in problems] == [
        ("record-bad-value", 2),
        ("yaml-syntax", 3),
        ("record-unknown-key", 7),
        ("record-bad-value", 8),
        ("record-unknown-key", 10),
    ]


def test_several_faults_of_each_kind_are_told_together() -> None:
    """Two broken items of a list of findings, and the slip in a third."""
    text = (
        "chapter: c\n"
        "findings:\n"
        "  - id: one\n"
        "    statement: a: b\n"
        "    evidence: []\n"
        "  - id: two\n"
        "    statement: 'x\n"
        "  - id: three\n"
        "    statement: y\n"
        "    evidense: []\n"
    )
    _, problems = read_findings([("f.yml", text.encode())])
    found = {(p.code, p.line) for p in problems}
    assert {("yaml-syntax", 4), ("yaml-syntax", 7)} <= found


def test_what_a_fault_of_syntax_hides_is_not_called_missing() -> None:
    """The field in the line that cannot be read is there."""
    text = RECORD.replace('kind: "article"', 'kind: "article" x')
    _, problems = read_records([("r.yml", text.encode())])
    assert [(p.code, p.line) for p in problems] == [("yaml-syntax", 3)]


# -- footnotes and anchors of the same names --------------------------------------------------

COLLISIONS = {
    "a footnote fn": "See [@a][^fn].\n\n[^fn]: Note [@a].\n",
    "a footnote of a key": "[@a] [^ref-a]\n\n[^ref-a]: x [@a]\n",
    "a footnote of a place": "[@a] [^cite-1]\n\n[^cite-1]: z [@a]\n",
    "a footnote of the list": "[@a] [^references]\n\n[^references]: z\n",
    "headings": "## References\n\n[@a]\n\n## Ref a {#ref-a}\n\n## Cite {#cite-1}\n\nx\n",
    "HTML in double marks": '<div id="ref-a">x</div>\n\n[@a]\n',
    "HTML in single marks": "<div id='ref-a'>x</div>\n\n[@a]\n",
    "HTML without marks": "<DIV ID=cite-1>x</DIV>\n\n[@a]\n",
}


@pytest.mark.parametrize("text", COLLISIONS.values(), ids=COLLISIONS)
def test_no_id_stands_twice_on_a_page(tmp_path: Path, text: str) -> None:
    """Footnotes, headings and HTML of the author keep their ids, and every link leads somewhere."""
    config = f"{CONFIG}markdown_extensions: [footnotes, attr_list, md_in_html]\n"
    root = project(tmp_path, {"mkdocs.yml": config, "docs/index.md": f"# T\n\n{text}"})
    assert run(root, "mkdocs", "build", "-q", "--strict").returncode == 0
    page = (root / "site" / "index.html").read_text("utf-8")
    found = re.findall(r"""(?i)<[a-z][^<>]*\sid=["']?([^"'\s>]+)""", page)
    assert [name for name, count in Counter(found).items() if count > 1] == []
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links <= set(found)


# -- the other commands -----------------------------------------------------------------------

COMMANDS: list[tuple[str, list[str]]] = [
    ("capture-bad-key", ["capture", "t.txt", "--key", 'a"b']),
    ("capture-bad-key", ["capture", "t.txt", "--key", "a#b"]),
    ("capture-bad-key", ["capture", "t.txt", "--key", "a\u202e"]),
    ("capture-not-retrieved", ["capture", "pipe", "--key", "a"]),
    ("capture-not-retrieved", ["capture", "docs", "--key", "a"]),
    ("no-captures", ["verify", "nowhere"]),
    ("file-refused", ["schemas", "--out", "references.bib"]),
    ("file-refused", ["tables", "--out", "references.bib/x"]),
    ("no-site", ["pdf", "--site", "references.bib"]),
    ("no-site", ["check", "--site", "nowhere"]),
    ("site-in-the-way", ["build", "--site-dir", "docs"]),
    ("file-refused", ["build", "--site-dir", "references.bib/x/site"]),
]


@pytest.mark.parametrize(("code", "command"), COMMANDS, ids=lambda v: v if v is str else None)
def test_no_command_ends_in_a_traceback(tmp_path: Path, code: str, command: list[str]) -> None:
    """Whatever is named that cannot be used is a problem with a mend."""
    root = project(tmp_path, {"sources/records/a.yml": RECORD, "t.txt": "The cost was high.\n"})
    os.mkfifo(root / "pipe")
    refused(root, code, "dossier.cli", *command)
