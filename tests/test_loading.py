"""Reading a project from disk: its configuration, its pages, its files of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from dossier.loading import (
    Memory,
    locale_of,
    read_bibliography_option,
    read_page,
    read_pages,
    read_project,
    read_settings,
    read_site,
)
from dossier.problems import Problem
from dossier.settings import Settings
from reports import BIB, CONFIG, make_report


def places(problems: Sequence[Problem]) -> list[tuple[str, str, int, int]]:
    return [(p.code, p.path, p.line, p.column) for p in problems]


def settings_of(root: Path, config: str) -> tuple[Settings, tuple[Problem, ...]]:
    (root / "mkdocs.yml").write_text(config, "utf-8", newline="")
    return read_settings(root)


# -- mkdocs.yml ------------------------------------------------------------------------------

OPTIONS = [
    ("plugins: [search, dossier]", {}),
    ("plugins:\n  - search\n  - dossier\n", {}),
    ("plugins:\n  - dossier:\n      bibliography: b.bib\n", {"bibliography": ("b.bib",)}),
    (
        "plugins:\n  dossier:\n    bibliography: [a.bib, b.bib]\n",
        {"bibliography": ("a.bib", "b.bib")},
    ),
    ("plugins: {search: {}, dossier: {csl: ieee}}", {"csl": "ieee"}),
    ("plugins:\n  - dossier:\n", {}),
    ("markdown_extensions:\n  - dossier:\n      sources: held\n", {"sources": "held"}),
    ("markdown_extensions:\n  - dossier.extension:\n      csl: apa\n", {"csl": "apa"}),
    ("plugins:\n  - dossier: {evidence: off}\n", {"evidence": "off"}),
    ("plugins:\n  - dossier: {evidence: 'off'}\n", {"evidence": "off"}),
    ("plugins:\n  - dossier: {evidence: required}\n", {"evidence": "required"}),
    ("theme: {name: material, language: nb}", {"locale": "nb"}),
    ("theme: {language: nb}\nplugins:\n  - dossier: {locale: de-DE}\n", {"locale": "de-DE"}),
    ("use_directory_urls: false", {"directory_urls": False}),
    ("exclude_docs: |\n  drafts/\n  *.old.md\n", {"excluded": ("drafts/", "*.old.md")}),
    ("draft_docs: next.md", {"drafts": ("next.md",)}),
    ("nothing: known", {}),
]


@pytest.mark.parametrize(("config", "wanted"), OPTIONS)
def test_options_are_read_in_every_form_of_mkdocs(
    tmp_path: Path, config: str, wanted: dict[str, object]
) -> None:
    """Plugins as a list or a mapping, the extension by either name; defaults for the rest."""
    settings, problems = settings_of(tmp_path, config)
    assert problems == ()
    defaults: dict[str, object] = {
        "bibliography": ("references.bib",),
        "csl": "",
        "locale": "en-US",
        "sources": "sources",
        "evidence": "auto",
        "directory_urls": True,
        "excluded": (),
        "drafts": (),
    }
    assert {name: getattr(settings, name) for name in defaults} == {**defaults, **wanted}


def test_folders_are_relative_to_the_configuration(tmp_path: Path) -> None:
    """`docs_dir` and `site_dir` count from the folder of mkdocs.yml."""
    settings, _ = settings_of(tmp_path, "docs_dir: pages\nsite_dir: public\n")
    assert (settings.docs, settings.site) == (tmp_path / "pages", tmp_path / "public")


def test_tags_are_never_acted_upon(tmp_path: Path) -> None:
    """Tags of Python are ignored, and what stands beside them is read."""
    config = (
        "plugins:\n  - dossier: {csl: ieee}\n"
        "markdown_extensions:\n"
        "  - pymdownx.emoji:\n"
        "      emoji_index: !!python/name:material.extensions.emoji.twemoji\n"
        "      options: !!python/object/apply:os.system ['touch pwned']\n"
        "      other: !relative $config_dir\n"
    )
    settings, problems = settings_of(tmp_path, config)
    assert (settings.csl, problems) == ("ieee", ())
    assert not (tmp_path / "pwned").exists()
    assert not Path("pwned").exists()


ENV = [
    ("!ENV DOSSIER_TEST_STYLE", "", ""),
    ("!ENV DOSSIER_TEST_STYLE", "ieee", "ieee"),
    ("!ENV [DOSSIER_TEST_STYLE, apa]", "", "apa"),
    ("!ENV [DOSSIER_TEST_STYLE, apa]", "ieee", "ieee"),
    ("!ENV [DOSSIER_TEST_NONE, DOSSIER_TEST_STYLE, apa]", "ieee", "ieee"),
    ("!ENV []", "ieee", ""),
]


@pytest.mark.parametrize(("value", "set_to", "read"), ENV)
def test_env_is_read_as_mkdocs_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str, set_to: str, read: str
) -> None:
    """`!ENV` takes the first variable that is set, else the default at the end of its list."""
    monkeypatch.delenv("DOSSIER_TEST_STYLE", raising=False)
    if set_to:
        monkeypatch.setenv("DOSSIER_TEST_STYLE", set_to)
    settings, problems = settings_of(tmp_path, f"plugins:\n  - dossier: {{csl: {value}}}\n")
    assert (settings.csl, problems) == (read, ())


def test_env_has_the_type_that_yaml_gives_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`false` in a variable is false, not a text."""
    monkeypatch.setenv("DOSSIER_TEST_URLS", "false")
    settings, _ = settings_of(tmp_path, "use_directory_urls: !ENV [DOSSIER_TEST_URLS, true]\n")
    assert settings.directory_urls is False


def test_a_configuration_inherits(tmp_path: Path) -> None:
    """INHERIT is merged as MkDocs does: mappings by key, all else by the file below."""
    (tmp_path / "base").mkdir()
    base = "docs_dir: pages\nplugins:\n  dossier: {csl: ieee, sources: held}\n"
    (tmp_path / "base" / "mkdocs.yml").write_text(base, "utf-8")
    settings, problems = settings_of(
        tmp_path, "INHERIT: base/mkdocs.yml\nplugins:\n  dossier: {csl: apa}\n"
    )
    assert problems == ()
    assert (settings.csl, settings.sources, settings.docs) == ("apa", "held", tmp_path / "pages")


BROKEN_CONFIGS = [
    ("a: [1, 2\nb: 3\n", "config-syntax", 1),
    ("a: b: c\n", "config-syntax", 1),
    ("\ta: b\n", "config-syntax", 1),
    ("when: 2020-99-99\n", "config-syntax", 1),
    ("- a\n- b\n", "config-syntax", 1),
    ("", "config-syntax", 1),
    ("just words\n", "config-syntax", 1),
    ("a: \x00\n", "config-syntax", 1),
    ("[a]: b\n{c: d}: e\n", "config-syntax", 1),
    ("[" * 3000, "config-syntax", 1),
    ("INHERIT: none.yml\n", "no-config", 1),
    ("INHERIT: mkdocs.yml\n", "no-config", 1),
    ("plugins:\n  - dossier:\n      bibliographie: x.bib\n", "unknown-option", 3),
    ("plugins:\n  - dossier:\n      evidence: maybe\n", "bad-option", 3),
    (
        "plugins:\n  - search\n  - dossier:\n      csl: x\n      bibliography: {a: b}\n",
        "bad-option",
        5,
    ),
    ("plugins:\n  - dossier: {bibliography: []}\n", "bad-option", 2),
    ("plugins:\n  - dossier:\n      csp: 'yes'\n", "bad-option", 3),
    ("plugins:\n  - dossier:\n      cards: few\n", "bad-option", 3),
]


@pytest.mark.parametrize(("config", "code", "line"), BROKEN_CONFIGS)
def test_a_broken_configuration_is_named_by_its_line(
    tmp_path: Path, config: str, code: str, line: int
) -> None:
    """Whatever is wrong with mkdocs.yml is one problem with a place and a mend."""
    _, (problem,) = settings_of(tmp_path, config)
    assert (problem.code, problem.path, problem.line) == (code, "mkdocs.yml", line)
    assert problem.hint


def test_a_fault_of_the_inherited_file_is_named_there(tmp_path: Path) -> None:
    """The line is one of the file in which the fault stands."""
    (tmp_path / "base.yml").write_text("a: b\nc: [\n", "utf-8")
    _, (problem,) = settings_of(tmp_path, "INHERIT: base.yml\n")
    assert (problem.code, problem.path, problem.line) == ("config-syntax", "base.yml", 3)


@pytest.mark.parametrize(
    ("config", "policed"),
    [
        ("plugins: [dossier]\n", False),
        ("plugins:\n  - dossier: {csp: false}\n", False),
        ("plugins:\n  - dossier: {csp: true}\n", True),
        ("plugins:\n  dossier: {csp: on}\n", True),
        ("markdown_extensions:\n  - dossier: {csp: true}\n", False),
    ],
)
def test_only_the_plugin_gives_pages_a_policy(tmp_path: Path, config: str, policed: bool) -> None:
    """The option is one of the extension too, which takes it and has no page in its hands."""
    settings, problems = settings_of(tmp_path, config)
    assert (settings.csp, problems) == (policed, ())


def test_a_missing_option_name_suggests_the_one_meant(tmp_path: Path) -> None:
    """A slip in the name of an option names the nearest one."""
    _, (problem,) = settings_of(tmp_path, "plugins:\n  - dossier: {bibliografy: x}\n")
    assert problem.hint == "did you mean `bibliography`?"
    _, (problem,) = settings_of(tmp_path, "plugins:\n  - dossier: {zzz: x}\n")
    assert problem.hint.startswith("there are bibliography, csl")


@pytest.mark.parametrize("content", [None, b"site_name: \xff\n"])
def test_a_configuration_that_cannot_be_read_is_a_problem(
    tmp_path: Path, content: bytes | None
) -> None:
    """No file, or one that is not UTF-8."""
    if content is not None:
        (tmp_path / "mkdocs.yml").write_bytes(content)
    settings, (problem,) = read_settings(tmp_path)
    assert problem.code == "no-config"
    assert settings.docs == tmp_path / "docs"


def test_a_configuration_that_goes_round_is_read(tmp_path: Path) -> None:
    """Aliases that lead back to their own node, or to one node very often, do no harm."""
    bomb = "a: &a [x, x]\n" + "".join(
        f"{c}: &{c} [*{chr(ord(c) - 1)}, *{chr(ord(c) - 1)}]\n" for c in "bcdefghijklmnopqrstuvwxyz"
    )
    settings, problems = settings_of(tmp_path, bomb + "round: &loop [*loop]\nplugins: [dossier]\n")
    assert problems == ()
    assert settings.lines["dossier"] == 28


def test_a_bibliography_is_a_path_or_a_list_of_paths() -> None:
    """Anything else is refused."""
    assert read_bibliography_option("a.bib") == ("a.bib",)
    assert read_bibliography_option(["a.bib", "b.bib"]) == ("a.bib", "b.bib")
    for value in ("", None, 3, {"a": "b"}, ["a.bib", 3], ["a.bib", ""]):
        assert read_bibliography_option(value) == ()


def test_the_locale_is_the_option_or_the_language_of_the_theme() -> None:
    """English without a country is that of the United States, as in pandoc."""
    assert [locale_of("", ""), locale_of("", "en"), locale_of("", "nb"), locale_of("de", "nb")] == [
        "en-US",
        "en-US",
        "nb",
        "de",
    ]


# -- pages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_page_reads_the_same_with_every_line_end(tmp_path: Path, end: str, mark: str) -> None:
    """A byte order mark and the three line ends leave no trace in the text."""
    text = "---\ntitle: T\n---\n\n# One\n\nTwo [@doe2020].\n"
    path = tmp_path / "a.md"
    path.write_bytes((mark + text.replace("\n", end)).encode())
    source, problems = read_page("docs/a.md", path)
    assert problems == ()
    assert source is not None
    assert (source.text, source.front.title) == (text, "T")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_page_that_is_not_utf8_names_the_byte_and_its_place(tmp_path: Path, end: str) -> None:
    """Columns count in characters, behind those that are UTF-8."""
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbf" + f"# One{end}{end}é ".encode() + b"caf\xe9\n")
    source, (problem,) = read_page("docs/a.md", path)
    assert source is None
    assert places([problem]) == [("page-not-utf8", "docs/a.md", 3, 6)]
    assert "0xE9" in problem.message


def test_a_page_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    """A link to nothing in the docs folder is named: MkDocs ends on any with a traceback."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "gone.md").symlink_to("nowhere.md")
    (tmp_path / "docs" / "gone.png").symlink_to("nowhere.png")
    pages, problems = read_pages(Settings(tmp_path, docs=tmp_path / "docs"))
    assert pages == ()
    assert places(problems) == [
        ("page-unreadable", "docs/gone.md", 1, 1),
        ("page-unreadable", "docs/gone.png", 1, 1),
    ]


def test_a_missing_docs_folder_is_named_at_its_option(tmp_path: Path) -> None:
    """The line is that of `docs_dir` where it is set."""
    settings, _ = settings_of(tmp_path, "site_name: T\ndocs_dir: nowhere\n")
    pages, problems = read_pages(settings)
    assert pages == ()
    assert places(problems) == [("no-docs", "mkdocs.yml", 2, 1)]


def test_links_are_followed_only_within_the_docs_folder(tmp_path: Path) -> None:
    """A link out, round, or to itself is refused; one to another page is a page."""
    report = make_report(tmp_path / "p", {"docs/sub/a.md": "# A\n", "secret.md": "# Secret\n"})
    docs = report.root / "docs"
    (docs / "b.md").symlink_to("sub/a.md")
    (docs / "out.md").symlink_to("../secret.md")
    (docs / "sub" / "round").symlink_to("..")
    (docs / "self.md").symlink_to("self.md")
    (docs / "etc").symlink_to("/etc")
    settings, _ = read_settings(report.root)
    pages, problems = read_pages(settings)
    assert [p.path for p in pages] == ["docs/b.md", "docs/sub/a.md"]
    assert sorted(places(problems)) == [
        ("symlink-outside", f"docs/{name}", 1, 1)
        for name in ("etc", "out.md", "self.md", "sub/round")
    ]


def test_what_the_site_excludes_is_not_read(tmp_path: Path) -> None:
    """`exclude_docs`, `draft_docs`, hidden files and MkDocs's own templates are no pages."""
    report = make_report(
        tmp_path / "p",
        {
            "mkdocs.yml": CONFIG + "exclude_docs: |\n  old/\n  !old/kept.md\ndraft_docs: next.md\n",
            "docs/index.md": "# A\n",
            "docs/old/a.md": "[@nobody]\n",
            "docs/next.md": "[@nobody]\n",
            "docs/.hidden/a.md": "[@nobody]\n",
            "docs/templates/a.md": "[@nobody]\n",
            "docs/not-a-page.txt": "[@nobody]\n",
        },
    )
    settings, _ = read_settings(report.root)
    pages, problems = read_pages(settings)
    assert ([p.path for p in pages], problems) == (["docs/index.md"], ())


def test_names_that_trouble_others_are_warned_about(tmp_path: Path) -> None:
    """Case alone, names of devices, signs of addresses."""
    report = make_report(
        tmp_path / "p", {f"docs/{name}": "# A\n" for name in ("a.md", "A.md", "nul.md", "q?.md")}
    )
    _, problems = read_pages(read_settings(report.root)[0])
    assert {(p.code, p.path) for p in problems} == {
        ("name-collision", "docs/a.md"),
        ("name-reserved", "docs/nul.md"),
        ("name-special", "docs/q?.md"),
    }
    assert {p.severity for p in problems} == {"warning"}


def test_a_site_is_read_by_its_paths(tmp_path: Path) -> None:
    """Only HTML, by its path in the site; bytes that are no UTF-8 do no harm."""
    make_report(tmp_path / "p", {"site/a/index.html": "<p>", "site/b.css": "x"})
    (tmp_path / "p" / "site" / "c.html").write_bytes(b"\xff")
    assert read_site(tmp_path / "p" / "site") == {"a/index.html": "<p>", "c.html": "\ufffd"}
    assert read_site(tmp_path / "none") == {}


# -- bibliographies --------------------------------------------------------------------------


def entry(key: str, title: str = "T") -> str:
    return f"@book{{{key}, author={{Doe, Jane}}, title={{{title}}}, publisher={{P}}, year=2020}}\n"


def project(root: Path, files: dict[str, str | bytes], memory: Memory | None = None):
    report = make_report(root, files)
    return read_project(read_settings(report.root)[0], memory)


def test_several_bibliographies_are_one(tmp_path: Path) -> None:
    """Entries of every file count; a key in two files is named with both places."""
    found = project(
        tmp_path / "p",
        {
            "mkdocs.yml": "plugins:\n  - dossier:\n      bibliography: [a.bib, more/b.bib]\n",
            "a.bib": entry("a") + entry("both"),
            "more/b.bib": entry("b") + entry("both"),
            "docs/index.md": "# T\n",
        },
    )
    assert list(found.evidence.references) == ["a", "both", "b"]
    (problem,) = found.problems
    assert places([problem]) == [("duplicate-key", "more/b.bib", 2, 1)]
    assert "a.bib:2" in problem.message


def test_a_page_names_a_bibliography_from_its_folder_or_that_of_the_site(tmp_path: Path) -> None:
    """The folder of the page comes first; a file that two pages name is read once."""
    found = project(
        tmp_path / "p",
        {
            "docs/sub/a.md": "---\nbibliography: [near.bib, far.bib]\n---\n\n# A\n",
            "docs/b.md": "---\nbibliography: far.bib\n---\n\n# B\n",
            "docs/sub/near.bib": entry("near"),
            "near.bib": entry("wrong"),
            "far.bib": entry("far"),
        },
    )
    assert [p.code for p in found.problems] == []
    assert set(found.evidence.references) == {"doe2020", "roe2021", "poe2022", "near", "far"}
    assert found.evidence.references["near"].span.path == "docs/sub/near.bib"
    watched = [str(path.relative_to(tmp_path / "p")) for path in found.watched]
    assert watched == ["references.bib", "far.bib", "docs/sub/near.bib"]


def test_a_missing_bibliography_of_a_page_is_a_warning_at_its_line(tmp_path: Path) -> None:
    """Each file that is not there, at the line that names it."""
    text = f"---\ntitle: A\nbibliography:\n  - gone.bib\n  - {'x' * 400}.bib\n---\n\n# A\n"
    found = project(tmp_path / "p", {"docs/sub/a.md": text})
    assert places(found.problems) == [
        ("missing-bibliography", "docs/sub/a.md", 4, 1),
        ("missing-bibliography", "docs/sub/a.md", 5, 1),
    ]
    assert [p.severity for p in found.problems] == ["warning", "warning"]
    assert found.problems[0].excerpt == "  - gone.bib"


@pytest.mark.parametrize("kind", ["none", "folder"])
def test_a_missing_bibliography_of_the_site_is_an_error(tmp_path: Path, kind: str) -> None:
    """It is named by its whole path, at the line of the option."""
    report = make_report(
        tmp_path / "p",
        {
            "mkdocs.yml": "plugins:\n  - dossier:\n      bibliography: gone.bib\n",
            "docs/index.md": "# T\n",
        },
    )
    if kind == "folder":
        (report.root / "gone.bib").mkdir()
    (problem,) = read_project(read_settings(report.root)[0]).problems
    assert places([problem]) == [("missing-bibliography", "mkdocs.yml", 3, 7)]
    assert str(report.root / "gone.bib") in problem.message
    assert problem.severity == "error"


def test_the_default_bibliography_may_be_missing_where_pages_name_theirs(tmp_path: Path) -> None:
    """Without the option, and without references.bib, a page's own file is enough."""
    report = make_report(
        tmp_path / "p",
        {"docs/a.md": "---\nbibliography: own.bib\n---\n\n# A\n", "docs/own.bib": entry("own")},
    )
    (report.root / "references.bib").unlink()
    settings = read_settings(report.root)[0]
    found = read_project(settings)
    assert (list(found.evidence.references), found.problems) == (["own"], ())
    (report.root / "docs" / "a.md").write_text("# A\n", "utf-8")
    assert [p.code for p in read_project(settings).problems] == ["missing-bibliography"]


def test_a_style_file_is_read_and_watched(tmp_path: Path) -> None:
    """The bytes of the file that `csl` names, None where there is none."""
    config = "plugins:\n  - dossier:\n      csl: styles/own.csl\n"
    found = project(tmp_path / "p", {"mkdocs.yml": config, "docs/a.md": "# A\n"})
    assert found.style is None
    found = project(
        tmp_path / "p", {"mkdocs.yml": config, "docs/a.md": "# A\n", "styles/own.csl": "<style/>"}
    )
    assert found.style == b"<style/>"
    assert tmp_path / "p" / "styles" / "own.csl" in found.watched


def test_excerpts_are_the_lines_that_problems_name(tmp_path: Path) -> None:
    """A form feed ends no line, whatever ends them in the file."""
    data = b"\xef\xbb\xbf% a\x0cb\r\n% c\r" + b"@book{a, author={Doe}, title={T}, year=2020,\n"
    found = project(tmp_path / "p", {"references.bib": data, "docs/a.md": "# A\n"})
    problem = found.problems[0]
    assert problem.line == 3
    assert problem.excerpt.startswith("@book{a")


# -- sources ---------------------------------------------------------------------------------

RECORD = """\
key: doe2020
standing: news
passages:
  - id: words
    exact: The words.
"""
FINDINGS = """\
chapter: one
findings:
  - id: so
    statement: It is so.
    evidence:
      - {passage: doe2020#words, bears: supports}
"""


def test_sources_gate_a_project_only_where_they_are(tmp_path: Path) -> None:
    """`auto` asks for a folder of records, findings or series, `off` never looks."""
    page: dict[str, str | bytes] = {"docs/a.md": "# A\n"}
    assert not project(tmp_path / "a", page).gated
    held = {**page, "sources/records/doe.yml": RECORD}
    found = project(tmp_path / "b", held)
    assert (found.gated, list(found.evidence.records)) == (True, ["doe2020"])
    off = {**held, "mkdocs.yml": "plugins:\n  - dossier: {evidence: off}\n"}
    found = project(tmp_path / "c", off)
    assert (found.gated, dict(found.evidence.records)) == (False, {})


def test_required_evidence_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """The place is the line of the option."""
    config = "plugins:\n  - dossier:\n      evidence: required\n"
    found = project(tmp_path / "p", {"mkdocs.yml": config, "docs/a.md": "# A\n"})
    assert places(found.problems) == [("no-sources", "mkdocs.yml", 3, 7)]


BREAKS = [
    ("references.bib", BIB, BIB.replace("First Book}", "First Book")),
    ("sources/records/doe.yml", RECORD, RECORD.replace("standing", "standign")),
    ("sources/findings/one.yml", FINDINGS, FINDINGS.replace("supports", "sports")),
]


@pytest.mark.parametrize(("name", "sound", "broken"), BREAKS)
def test_a_memory_keeps_the_last_sound_state_of_a_broken_file(
    tmp_path: Path, name: str, sound: str, broken: str
) -> None:
    """While a file is broken its problems are reported, and its last good words count."""
    memory = Memory()
    files: dict[str, str | bytes] = {
        "docs/a.md": "# A\n",
        "sources/records/doe.yml": RECORD,
        "sources/findings/one.yml": FINDINGS,
    }
    first = project(tmp_path / "p", files, memory)
    assert first.problems == ()
    during = project(tmp_path / "p", {**files, name: broken}, memory)
    assert {p.path for p in during.problems if p.severity == "error"} == {name}
    assert during.evidence == first.evidence
    without = project(tmp_path / "p", {**files, name: broken})
    assert without.evidence != first.evidence
    after = project(tmp_path / "p", {**files, name: sound.replace("First", "New")}, memory)
    assert after.problems == ()


def test_a_memory_keeps_each_file_by_itself(tmp_path: Path) -> None:
    """An edit of one file shows while another is broken."""
    memory = Memory()
    files: dict[str, str | bytes] = {"docs/a.md": "# A\n", "sources/records/doe.yml": RECORD}
    project(tmp_path / "p", files, memory)
    edited = {
        **files,
        "sources/records/doe.yml": "key: [\n",
        "references.bib": BIB.replace("First Book", "Edited Book"),
    }
    found = project(tmp_path / "p", edited, memory)
    assert found.evidence.references["doe2020"].title == "Edited Book"
    assert found.evidence.records["doe2020"].passages[0].exact == "The words."
