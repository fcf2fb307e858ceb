"""The commands `dossier capture` and `dossier verify`, on files and on a server on loopback."""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dossier import archives, capturing, cli, source_commands
from dossier.archives import Copy
from dossier.capturing import is_address, read_texts, write_whole
from dossier.charsets import decode
from dossier.extraction import extract
from dossier.fetching import Fetched, FetchError
from dossier.live import (
    addresses,
    as_yaml,
    check_checks,
    differences,
    look,
    merge,
    moved,
    nearest,
    summary,
)
from dossier.model import Capture, Check, Passage, PassageCheck, Record, Reference, Span
from dossier.pacing import Pace
from dossier.proposals import bibtex
from dossier.records import read_checks, read_records
from dossier.seals import digest
from dossier.yaml_text import scalar
from loopback import Loopback, loopback, page, redirect

BODY = (
    (
        "The harbour board of Elmsey voted on Tuesday to put forty cameras along the quays, "
        "ending an argument that had gone on for most of the year."
    ),
    (
        "The cameras read the number plates of lorries that leave the docks and keep them for "
        "ninety days, according to the contract — “nobody’s list”, as the board calls it — and a "
        "firm from the mainland is paid 1.2 million crowns."
    ),
    (
        "Residents filled the public seats until midnight, and their petition, with nine hundred "
        "names, was read out and then filed without a word from any member of the board at all."
    ),
)
RECORD = """\
key: elmsey2025   # the key
standing: news
passages:
  - id: forty-cameras
    exact: >-
      put forty cameras along the quays, ending an
      argument
  # a second reader looked at this
  - id: list
    exact: "according to the contract — \\"nobody's list\\""
    read: twice
  - id: elsewhere
    exact: "It said nothing of the kind."
"""


def html(*paragraphs: str, charset: str = "utf-8", more: str = "") -> str:
    text = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="{charset}">'
        "<title>Forty cameras for the quays</title>"
        '<meta name="author" content="Ida Brandt">'
        '<meta property="og:site_name" content="Elmsey Post &amp; Mail">'
        f'<meta property="article:published_time" content="2025-03-04T10:00:00Z">{more}</head>'
        "<body><nav><a href='/'>Home</a> <a href='/news'>News</a></nav>"
        f"<article><h1>Forty cameras for the quays</h1>{text}</article>"
        "<footer>Terms of use</footer></body></html>"
    )


def pdf(*lines: str) -> bytes:
    """Return a PDF of one page, made by hand."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    stream = zlib.compress(f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("latin-1"))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        (
            b"<< /Title (Minutes of the board) /Author (Ida Brandt; Olaf Roe) "
            b"/CreationDate (D:20250304100000Z) >>"
        ),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + (
        b"xref\n0 7\n0000000000 65535 f \n%strailer << /Size 7 /Root 1 0 R /Info 6 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (table, len(out))
    )


class Project:
    """A report of one record, and the command on it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.capsys = capsys
        (root / "docs").mkdir()
        (root / "docs" / "index.md").write_text("# A report\n")
        (root / "mkdocs.yml").write_text("site_name: A report\nplugins: [dossier]\n")
        (root / "references.bib").write_text(
            "@online{elmsey2025, title = {Cameras}, url = {https://post.example/cameras}}\n"
        )
        self.records = root / "sources" / "records"
        self.records.mkdir(parents=True)
        self.record = self.records / "any-name.yml"
        self.record.write_text(RECORD)
        self.texts = root / "captures"

    def run(self, *arguments: str) -> tuple[int, str]:
        config = ["--config-file", str(self.root / "mkdocs.yml")]
        status = cli.main([*config, *map(str, arguments)])
        captured = self.capsys.readouterr()
        return status, captured.out + captured.err

    def held(self, key: str = "elmsey2025") -> Record:
        files = [(p.name, p.read_bytes()) for p in sorted(self.records.glob("*.yml"))]
        records, problems = read_records(files)
        assert problems == ()
        return next(r for r in records if r.key == key)

    def file(self, name: str, data: bytes | str) -> str:
        path = self.root / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return str(path)

    def state(self) -> dict[str, bytes]:
        files = sorted(p for p in self.root.rglob("*") if p.is_file())
        return {str(p.relative_to(self.root)): p.read_bytes() for p in files}


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Project:
    return Project(tmp_path, capsys)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


# ---- capture ----


def test_a_file(project: Project) -> None:
    """A text is hashed as it is, its passages sealed, and the record otherwise left alone."""
    text = "\r\n\r\n".join(BODY) + "\r\n"
    status, said = project.run(
        "capture", project.file("a.txt", text), "--key", "elmsey2025", "--retrieved", "2025-03-05"
    )
    assert status == 0, said
    assert "2 of 3 passages are sealed" in said
    assert "not in this text: elmsey2025#elsewhere" in said
    assert "@online" not in said
    record = project.held()
    (capture,) = record.captures
    assert (capture.sha256, capture.words) == (digest(text), len(text.split()))
    assert (capture.retrieved, capture.extent) == ("2025-03-05", "full")
    assert capture.bytes_sha256 == ""
    assert [p.seal is not None for p in record.passages] == [True, True, False]
    assert (project.texts / "elmsey2025.txt").read_bytes() == text.encode()
    left = iter(project.record.read_text().splitlines())
    assert all(line in left for line in RECORD.splitlines())
    assert not (project.root / "sources" / "overlaps.yml").exists()
    before = project.state()
    assert project.run("capture", str(project.root / "a.txt"), "--key", "elmsey2025")[0] == 0
    assert project.state() == before


def test_a_file_has_no_day_of_its_own(project: Project) -> None:
    """When a file was retrieved is what somebody says, never what the machine does."""
    project.run("capture", project.file("a.txt", "\n".join(BODY)), "--key", "elmsey2025")
    assert project.held().captures[0].retrieved == ""


def test_an_address(project: Project, server: Loopback) -> None:
    """A page is retrieved, its text taken out, and an entry of the bibliography proposed."""
    body = html(*BODY).encode()
    server.answers["/a"] = redirect("/cameras")
    server.answers["/cameras"] = page(body, "Content-Type: text/html")
    status, said = project.run("capture", server.url("/a"), "--key", "new", "--allow-private")
    assert status == 0, said
    record = project.held("new")
    (capture,) = record.captures
    text = (project.texts / "new.txt").read_bytes()
    assert capture.sha256 == digest(text.decode())
    assert capture.bytes_sha256 == capturing.digest_of(body)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", capture.retrieved)
    for wanted in BODY:
        assert wanted in text.decode()
    assert "Forty cameras for the quays" in text.decode()
    assert "Home" not in text.decode()
    for field in (
        "@online{new,",
        "author = {Ida Brandt},",
        "title = {{Forty cameras for the quays}},",
        "date = {2025-03-04},",
        r"organization = {Elmsey Post \& Mail},",
        f"url = {{{server.url('/cameras')}}},",
    ):
        assert field in said
    assert "# to be confirmed by a person" in (project.records / "new.yml").read_text()
    assert "new" not in (project.root / "references.bib").read_text()


def test_a_new_record_names_its_schema(project: Project) -> None:
    """The first line leads editors to a schema that is there; one that is kept stays as it is."""
    name = project.file("a.html", html(*BODY))
    project.run("capture", name, "--key", "new")
    line = (project.records / "new.yml").read_text().splitlines()[0]
    schema = project.records / line.removeprefix("# yaml-language-server: $schema=")
    assert json.loads(schema.read_text())["properties"]["standing"]
    schema.write_text("{}")
    project.run("capture", name, "--key", "newer")
    assert schema.read_text() == "{}"


def test_a_page_that_must_be_paid_for(project: Project) -> None:
    """What says of itself that it is not free is taken for a part, unless a person knows better."""
    more = '<script type="application/ld+json">{"isAccessibleForFree": false}</script>'
    name = project.file("a.html", html(*BODY, more=more))
    project.run("capture", name, "--key", "elmsey2025")
    assert project.held().captures[0].extent == "partial"
    project.run("capture", name, "--key", "b", "--extent", "full", "--standing", "primary")
    assert project.held("b").captures[0].extent == "full"
    assert project.held("b").standing == "primary"


def test_a_pdf(project: Project) -> None:
    """A PDF gives its text, and what it says of itself."""
    body = pdf("The board voted for forty cam-", "eras along the quays.")
    status, said = project.run("capture", project.file("a.pdf", body), "--key", "minutes")
    assert status == 0, said
    assert "title = {{Minutes of the board}}" in said
    assert "author = {Ida Brandt and Olaf Roe}" in said
    assert "date = {2025-03-04}" in said
    text = (project.texts / "minutes.txt").read_text()
    assert "forty cam-\neras along" in text
    assert project.held("minutes").captures[0].bytes_sha256 == capturing.digest_of(body)


def test_a_newer_text(project: Project) -> None:
    """A newer text is listed beside the older one; a seal in the older one stays while it holds."""
    first = "\n".join(BODY)
    project.run("capture", project.file("a.txt", first), "--key", "elmsey2025")
    seals = [p.seal for p in project.held().passages]
    second = "It said nothing of the kind. " + BODY[0]
    status, said = project.run("capture", project.file("b.txt", second), "--key", "elmsey2025")
    assert status == 0
    record = project.held()
    assert [c.sha256 for c in record.captures] == [digest(first), digest(second)]
    assert [p.seal for p in record.passages][:2] == seals[:2]
    assert record.passages[2].seal is not None
    assert record.passages[2].seal.capture_sha256 == digest(second)
    assert "3 of 3" in said
    assert set(read_texts(project.texts)) == {"elmsey2025", f"elmsey2025~{digest(first)[:12]}"}
    assert project.run("verify", str(project.texts)) == (
        0,
        "2 texts, 3 sealed passages\nno problems\n",
    )


def test_overlaps_are_measured(project: Project) -> None:
    """Each capture is measured against all that are held, and a copy is told at once."""
    text = "\n".join((*BODY, *(f"More of it, sentence {n} of the piece." for n in range(30))))
    project.run("capture", project.file("a.txt", text), "--key", "elmsey2025")
    status, said = project.run("capture", project.file("b.txt", "Menu\n" + text), "--key", "copy")
    assert status == 0
    assert "undeclared-copy: warning" in said
    written = (project.root / "sources" / "overlaps.yml").read_text()
    assert written.count("- part:") == 2
    status, said = project.run("check")
    assert status == 1
    assert "undeclared-copy: `" in said
    record = project.records / "copy.yml"
    record.write_text(record.read_text() + "copy_of: elmsey2025\n")
    assert "undeclared-copy" not in project.run("check")[1]
    overlaps = project.root / "sources" / "overlaps.yml"
    overlaps.write_text(re.sub(r"share: [01]\.\d+", "share: 0.1234", written, count=1))
    assert "overlap-differs" in project.run("verify", str(project.texts))[1]


def test_a_text_that_no_record_lists_is_not_measured(project: Project) -> None:
    """What else lies in the folder counts for nothing."""
    project.texts.mkdir()
    (project.texts / "stranger.txt").write_text("who is this")
    (project.texts / "elmsey2025~0123.txt").write_bytes(b"\xff\xfe not UTF-8")
    project.run("capture", project.file("a.txt", "\n".join(BODY)), "--key", "elmsey2025")
    assert not (project.root / "sources" / "overlaps.yml").exists()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (page(b"no", status="404 Not Found"), "capture-not-retrieved"),
        (page(b"no", status="500 Oh"), "capture-not-retrieved"),
        (redirect("/"), "capture-not-retrieved"),
        (redirect("file:///etc/passwd"), "capture-refused"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", "capture-not-retrieved"),
        (page(b"\x89PNG\r\n", "Content-Type: image/png"), "capture-unknown-kind"),
        (page(b"", "Content-Type: text/html"), "capture-empty"),
        (page(b"<html><body></body></html>", "Content-Type: text/html"), "capture-empty"),
        (page(b"%PDF-1.7 broken", "Content-Type: application/pdf"), "capture-unreadable"),
    ],
)
def test_what_cannot_be_captured(
    project: Project, server: Loopback, answer: bytes, code: str
) -> None:
    """Where nothing can be captured nothing is written."""
    server.answers["/"] = answer
    before = project.state()
    status, said = project.run("capture", server.url(), "--key", "elmsey2025", "--allow-private")
    assert status == 1
    assert f"{server.url()}:1:1: {code}:" in said
    assert project.state() == before


@pytest.mark.parametrize(
    "source", ["file:///etc/passwd", "ftp://x.example/", "http://127.0.0.1:9/", "http://10.0.0.1/"]
)
def test_what_is_refused(project: Project, source: str) -> None:
    """Anything but http and https, and hosts that are not public, are refused."""
    before = project.state()
    status, said = project.run("capture", source, "--key", "elmsey2025")
    assert status == 1
    assert "capture-refused" in said
    assert project.state() == before


@pytest.mark.parametrize("key", ["", "two words", "a\nb"])
def test_what_is_no_key(project: Project, key: str) -> None:
    """A key has no spaces, nor another sign that a bibliography takes for none; it is named."""
    name = project.file("a.txt", "text")
    said = project.run("capture", name, "--key", key)[1]
    assert "capture-bad-key" in said
    assert "a key is not empty" in said or "a key may not hold this: " in said


def test_files_that_are_not_there(project: Project) -> None:
    """A file that cannot be read is a problem in words."""
    status, said = project.run("capture", str(project.root / "none.txt"), "--key", "a")
    assert status == 1
    assert "capture-not-retrieved" in said
    assert "capture-not-retrieved" in project.run("capture", "a\0b", "--key", "a")[1]


def test_a_faulty_record_is_left_alone(project: Project) -> None:
    """A record with faults is not written to, and one in the way is not written over."""
    name = project.file("a.txt", "\n".join(BODY))
    project.record.write_text(RECORD + "unknown: x\n")
    before = project.state()
    status, said = project.run("capture", name, "--key", "elmsey2025")
    assert status == 1
    assert "record-unknown-key" in said
    assert project.state() == before
    (project.records / "b.yml").write_text("key: [\n")
    before = project.state()
    assert "record-in-the-way" in project.run("capture", name, "--key", "b")[1]
    assert project.state() == before


def test_without_a_project(project: Project) -> None:
    """Without a configuration there is nothing to capture for."""
    (project.root / "mkdocs.yml").unlink()
    name = project.file("a.txt", "text")
    for command in (("capture", name, "--key", "a"), ("verify", str(project.root))):
        status, said = project.run(*command)
        assert status == 1
        assert "no-config" in said


def test_characters_that_cannot_be_read(project: Project) -> None:
    """Where bytes are no text in any encoding, a warning says so."""
    name = project.file("a.txt", "\n".join(BODY).encode("cp1252") + b"\x81\x8d")
    status, said = project.run("capture", name, "--key", "elmsey2025")
    assert status == 0
    assert "capture-lossy: warning: 2 characters" in said


def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file is there whole or as it was, and nothing else is left."""
    path = tmp_path / "folder" / "file"
    write_whole(path, b"old")
    path.chmod(0o640)

    def fail(self: Path, target: Path) -> None:
        raise OSError("no space")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", fail)
        with pytest.raises(OSError, match="no space"):
            write_whole(path, b"new")
    assert [p.read_bytes() for p in path.parent.iterdir()] == [b"old"]
    write_whole(path, b"new")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"new", 0o640)


def test_what_is_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What exists is a file, whatever it looks like."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "http:x").write_text("a file")
    assert not is_address("http:x")
    assert is_address("https://x.example/a")
    assert is_address("file:/etc/passwd")
    assert not is_address("a/b.txt")


def test_the_libraries_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra a page is a problem that names it; a text needs no library."""
    monkeypatch.setitem(__import__("sys").modules, "trafilatura", None)
    _, (problem,) = extract(html(*BODY).encode(), "x")
    assert problem.code == "capture-needs-extra"
    assert "dossier[capture]" in problem.hint
    assert extract(b"text", "x")[1] == ()


# ---- encodings ----


SAID = "“nobody’s list” — Zürich"


@pytest.mark.parametrize(
    ("body", "declared", "charset"),
    [
        (SAID.encode(), "", "utf-8"),
        (SAID.encode(), "utf-8", "utf-8"),
        (SAID.encode(), "iso-8859-1", "utf-8"),
        (SAID.encode(), "shift_jis", "utf-8"),
        (SAID.encode("utf-8-sig"), "ascii", "utf-8"),
        (SAID.encode("cp1252"), "utf-8", "cp1252"),
        (SAID.encode("cp1252"), "iso-8859-1", "cp1252"),
        (SAID.encode("cp1252"), "", "cp1252"),
        (SAID.encode("cp1252"), "no-such-thing", "cp1252"),
        (SAID.encode("cp1252"), "base64", "cp1252"),
        (SAID.encode("cp1252"), "idna", "cp1252"),
        (SAID.encode("utf-16"), "utf-8", "utf-16-le"),
        (SAID.encode("utf-16-be"), "utf-16-be", "utf-16-be"),
        (b"\xff\xfe\0\0" + SAID.encode("utf-32-le"), "", "utf-32-le"),
    ],
)
def test_encodings(body: bytes, declared: str, charset: str) -> None:
    """A text is read as what it is, where what was declared is not."""
    decoded = decode(body, declared)
    assert (decoded.text, decoded.charset, decoded.lost) == (SAID, charset, 0)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("日本語", "shift_jis"),
        ("日本語", "iso-2022-jp"),
        ("Война", "koi8-r"),
        ("țară", "iso-8859-16"),
    ],
)
def test_encodings_of_pages(text: str, charset: str) -> None:
    """A page names its encoding itself, and a server may do so."""
    body = f'<html><head><meta charset="{charset}"></head>{text}'.encode(charset)
    assert text in decode(body, html=True).text
    assert text in decode(body, charset).text
    http = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">{text}'
    assert text in decode(http.encode(charset), html=True).text


@given(st.binary(max_size=60), st.text(max_size=12))
def test_any_bytes_are_text(body: bytes, declared: str) -> None:
    """Whatever the bytes, and whatever was declared, there is a text."""
    decoded = decode(body, declared, html=True)
    assert decoded.lost <= decoded.text.count("\ufffd")


@pytest.mark.parametrize(
    ("declared", "real"),
    [
        ("utf-8", "utf-8"),
        ("iso-8859-1", "utf-8"),
        ("shift_jis", "utf-8"),
        ("", "utf-8"),
        ("utf-8", "cp1252"),
        ("iso-8859-1", "cp1252"),
        ("", "cp1252"),
    ],
)
def test_passages_are_found_in_any_encoding(
    project: Project, server: Loopback, declared: str, real: str
) -> None:
    """A page in another encoding than it declares is sealed all the same."""
    kind = f"Content-Type: text/html{f'; charset={declared}' if declared else ''}"
    body = html(*BODY, charset=declared or "utf-8").encode(real)
    server.answers["/"] = page(body, kind)
    status, said = project.run("capture", server.url(), "--key", "elmsey2025", "--allow-private")
    assert status == 0
    assert "2 of 3 passages are sealed" in said


@given(st.binary(max_size=200), st.sampled_from([b"", b"<html>", b"%PDF-1.4\n", b"<p>"]))
def test_any_bytes_give_a_text_or_a_problem(tail: bytes, head: bytes) -> None:
    """Nothing that is retrieved makes the extraction raise."""
    found, problems = extract(head + tail, "x")
    assert (found is None) == bool(problems)


# ---- what is proposed and written ----


def test_proposals() -> None:
    """An entry holds what was found, with the signs of TeX escaped."""
    assert bibtex("k") == "@online{k,\n}\n"
    entry = bibtex(
        "k",
        title="100% {of} $5_#~^\\",
        authors=("A Newsroom Staff", "Ida Brandt"),
        date="soon",
        site="R&D",
        address="https://x.example/{a}?b=1%20c",
        retrieved="2025-01-02",
    )
    assert entry.splitlines()[1:-1] == [
        "  author = {{A Newsroom Staff} and Ida Brandt},",
        r"  title = {{100\% \{of\} \$5\_\#\textasciitilde{}\textasciicircum{}\textbackslash{}}},",
        r"  organization = {R\&D},",
        "  url = {https://x.example/%7Ba%7D?b=1%20c},",
        "  urldate = {2025-01-02},",
    ]


@given(st.text(max_size=30))
def test_scalars(text: str) -> None:
    """Any text is one scalar on one line, and read back as it was but for control characters."""
    written = scalar(text)
    assert "\n" not in written
    assert "\r" not in written
    head = "checks:\n  - {key: k, where: archive, address: 'http://x/', checked: 2025-01-02"
    checks, problems = read_checks([("x", f"{head}, fault: {written}}}".encode())])
    told = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    told = " ".join(re.sub("[\ufeff\ufffe\uffff]", " ", told).split())
    if told:
        assert problems == ()
        assert checks[0].fault == told


# ---- live ----


def passage(id_: str, exact: str) -> Passage:
    return Passage(id_, exact, Span("r.yml", 3, 5))


HELD = Record(
    "a",
    "news",
    Span("r.yml", 1, 1),
    passages=(
        passage("same", "put forty cameras along the quays"),
        passage(
            "other", "according to the treaty, and a firm from the mainland is paid 1.5 million"
        ),
        passage("none", "Nothing like this was ever printed there by anybody"),
    ),
)
PAGE = "\n".join(BODY).replace(" — “nobody’s list”, as the board calls it —", ",")
FILLED = PAGE + " and so on" * 20


def test_what_became_of_passages() -> None:
    """A passage is there, or what stands in its place is shown, or it is gone."""
    results, fault = look(HELD, [FILLED])
    assert fault == ""
    assert results == (
        PassageCheck("same", "there"),
        PassageCheck(
            "other",
            "changed",
            "according to the contract, and a firm from the mainland is paid 1.2 million",
        ),
        PassageCheck("none", "gone"),
    )
    assert look(HELD, ["", FILLED], moved=True)[0][0] == PassageCheck("same", "moved")
    how = differences(HELD.passages[1].exact, results[1].now)
    assert how == '"treaty," became "contract,"; "1.5" became "1.2"'
    assert differences("a b c", "a c d") == '"b" was taken out; "d" was put in'


def test_a_word_without_end_is_cut() -> None:
    """Of what stands there now as much is kept as could be a change of the passage."""
    exact = "The council put forty new cameras at the quays of the town in spring"
    record = Record("k", "news", Span("r"), passages=(passage("p", exact),))
    padding = " ".join(f"w{number}" for number in range(200))
    text = f"{padding} {exact.replace('forty', 'x' * 100_000)} {padding}"
    (found,), fault = look(record, [text])
    assert (found.result, fault) == ("changed", "")
    assert len(found.now) <= 4 * len(exact) + 201
    assert found.now.endswith("…")


def test_a_wall_is_not_the_source() -> None:
    """A page of a few words that has none of the passages tells nothing about them."""
    assert look(HELD, ["Please subscribe to read on."]) == ((), "the page shows hardly any text")
    assert look(HELD, []) == ((), "the page shows hardly any text")
    assert look(HELD, [BODY[0]])[0][0].result == "there"


@given(st.text(max_size=40), st.text(max_size=80))
def test_the_nearest_is_in_the_text(exact: str, text: str) -> None:
    """What is near is a stretch of the text, and no more like than the same."""
    likeness, now = nearest(passage("p", exact), text)
    assert 0 <= likeness <= 1
    assert now in " ".join(text.split())


@pytest.mark.parametrize(
    ("asked", "answered", "elsewhere"),
    [
        ("http://x.example/a", "https://www.x.example/a/", False),
        ("https://x.example/a?b=1", "https://x.example/a?b=2", True),
        ("https://x.example/a", "https://y.example/a", True),
        ("https://x.example/a", "https://x.example/", True),
    ],
)
def test_what_is_elsewhere(asked: str, answered: str, elsewhere: bool) -> None:
    """Another spelling of an address is not another place."""
    assert moved(asked, answered) is elsewhere


def test_addresses() -> None:
    """A source is looked at where its entry says, by its DOI else, and in its archived copy."""
    entry = Reference("a", "online", (), "", Span("x"), url="https://x.example/", doi="10.1/x")
    archived = replace(HELD, archived="https://archive.example/x")
    assert addresses(archived, entry) == (
        ("address", "https://x.example/"),
        ("archive", "https://archive.example/x"),
    )
    assert addresses(HELD, replace(entry, url="")) == (("address", "https://doi.org/10.1/x"),)
    assert addresses(HELD, replace(entry, url="", doi="")) == addresses(HELD, None) == ()


def answered(status: int = 200, body: str = "", address: str = "https://x.example/") -> Fetched:
    return Fetched(address, status, body.encode(), "text/html")


@pytest.mark.parametrize(
    ("answer", "results", "fault", "moved_to"),
    [
        (answered(body=html(*BODY)), {"there", "changed", "gone"}, "", ""),
        (
            answered(body=html(*BODY), address="https://y.example/"),
            {"moved", "changed", "gone"},
            "",
            "https://y.example/",
        ),
        (answered(404), {"gone"}, "the server answered 404", ""),
        (answered(410), {"gone"}, "the server answered 410", ""),
        (answered(403), set(), "the server answered 403", ""),
        (answered(503), set(), "the server answered 503", ""),
        (answered(body="<html>"), set(), "there is no text in it", ""),
        (answered(body=html("Are you human?")), set(), "the page shows hardly any text", ""),
        (FetchError("x.example answers too slowly"), set(), "x.example answers too slowly", ""),
    ],
)
def test_a_look_at_an_address(
    answer: Fetched | FetchError, results: set[str], fault: str, moved_to: str
) -> None:
    """Only an answer that can be the source says anything about its passages."""

    def ask(address: str) -> Fetched:
        if isinstance(answer, FetchError):
            raise answer
        return answer

    check = source_commands.check_live(HELD, "address", "https://x.example/", "2026-01-02", ask)
    assert {p.result for p in check.passages} == results
    assert (check.fault, check.moved_to) == (fault, moved_to)


def look_on(day: str, *results: PassageCheck, where: str = "address", fault: str = "") -> Check:
    return Check("a", where, "https://x.example/", day, results, fault=fault)  # type: ignore[arg-type]


def test_results_are_kept() -> None:
    """Of each address the last look is kept, and the last that reached it."""
    there, gone = PassageCheck("same", "there"), PassageCheck("same", "gone")
    first, failed = (
        look_on("2026-01-02", there),
        look_on("2026-02-02", fault="the host is not known"),
    )
    kept = merge(merge((), first), failed)
    assert kept == (first, failed)
    later = look_on("2026-03-02", fault="again")
    assert merge(kept, later) == (first, later)
    last = look_on("2026-04-02", gone)
    assert merge(merge(kept, later), last) == (last,)
    copy = look_on("2026-01-01", there, where="archive")
    assert merge((last,), copy) == (last, copy)


def test_the_file_of_results() -> None:
    """What is written is read back as it was, and has no unknown passages."""
    checks = (
        look_on(
            "2026-01-02", PassageCheck("other", "changed", 'so: "x" # {y} 1.5'), where="archive"
        ),
        replace(
            look_on("2026-01-02", PassageCheck("same", "moved")), moved_to="https://y.example/"
        ),
        look_on("2026-02-02", fault="no: answer"),
    )
    text = as_yaml(checks)
    read, problems = read_checks([("sources/checks.yml", text.encode())])
    assert problems == ()
    assert tuple(replace(c, span=Span("")) for c in read) == checks
    assert as_yaml(read) == text
    assert read_checks([("x", as_yaml(()).encode())]) == ((), ())
    assert check_checks(read, {"a": HELD}) == ()
    less = replace(HELD, passages=HELD.passages[:1])
    (problem,) = check_checks(read, {"a": less})
    assert (problem.code, problem.severity) == ("check-without-passage", "warning")
    assert "a#other" in problem.message
    assert {p.code for p in check_checks(read[2:], {})} == {"check-without-passage"}


@pytest.mark.parametrize(
    "text",
    [
        "checks: []\nmore: x\n",
        "checks:\n  - {key: a, where: moon, address: 'https://x/', checked: 2026-01-02}\n",
        "checks:\n  - {key: a, where: archive, address: 'ftp://x/', checked: 2026-01-02}\n",
        "checks:\n  - {key: a, where: archive, address: 'https://x/', checked: 2026-02-30}\n",
        "checks:\n  - {where: archive, address: 'https://x/', checked: 2026-01-02}\n",
    ],
)
def test_faulty_results(text: str) -> None:
    """The results are held against their form like every file of sources/."""
    _, problems = read_checks([("x", text.encode())])
    assert [p.code.startswith("check-") for p in problems] == [True]


def test_the_summary() -> None:
    """A summary names what is not as it was, and lets no page speak for itself."""
    assert summary([look_on("2026-01-02", PassageCheck("same", "there"))], {"a": HELD}, {}) == ""
    evil = "according to the `treaty`, @everyone [x](http://evil.example) is paid"
    checks = [
        look_on("2026-01-01", PassageCheck("same", "gone")),
        replace(
            look_on(
                "2026-01-02", PassageCheck("other", "changed", evil), PassageCheck("none", "gone")
            ),
            moved_to="https://y.example/",
        ),
        look_on("2026-01-02", where="archive", fault="the server answered 500"),
    ]
    text = summary(checks, {"a": HELD}, {})
    assert "`same`" not in text
    assert "`none` is gone" in text
    assert "leads to `https://y.example/` now" in text
    assert "nothing could be read: `the server answered 500`" in text
    bare = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert "@" not in bare
    assert "http" not in bare
    assert "`" not in bare


def test_the_summary_names_what_an_archive_has() -> None:
    """Where the source is lost, and only there: the copy that is named, or one that might be."""
    lost = look_on("2026-01-02", PassageCheck("same", "there"), PassageCheck("other", "gone"))
    copy = Copy("https://archive.example/20250708/https://x.example/", "2025-07-08", 1, 1)
    text = summary([lost], {"a": HELD}, {"a": copy})
    assert "an archived copy of 2025-07-08 has 1 of 1 passage; after a look at it" in text
    assert f"`archived: {copy.address}`" in text
    named = look_on(
        "2026-01-02", PassageCheck("same", "there"), PassageCheck("other", "gone"), where="archive"
    )
    assert "its archived copy has 1 of 2 passages" in summary([lost, named], {"a": HELD}, {})
    whole = look_on("2026-01-02", PassageCheck("same", "there"))
    assert "has 1 of 2" not in summary([whole, named], {"a": HELD}, {})


FORM = "https://archive.example/web/{day}id_/{url}"


def test_an_archive_is_asked_for_the_day_on_which_a_source_was_as_we_have_it() -> None:
    """Its capture, or the last look that found all passages; else today."""
    asked = archives.place(FORM, "https://x.example/a?b=1#part", "2025-07-08")
    assert asked == "https://archive.example/web/20250708id_/https://x.example/a?b=1"
    good = look_on("2026-01-02", PassageCheck("same", "there"))
    bad = look_on("2026-03-02", PassageCheck("same", "gone"))
    assert archives.day_of(HELD, [good, bad], "2026-04-01") == "2026-01-02"
    assert archives.day_of(HELD, [bad], "2026-04-01") == "2026-04-01"
    capture = Capture("0" * 64, 9, "full", "2025-07-08")
    assert archives.day_of(replace(HELD, captures=(capture,)), [bad], "2026-04-01") == "2025-07-08"


def test_a_copy_is_named_as_an_archive_shows_it() -> None:
    """Without the flag of a raw page, and with the day in its address where there is one."""
    raw = "https://archive.example/web/20250709101112id_/https://x.example/2019/a"
    found = archives.copy_at(raw, [PassageCheck("same", "there"), PassageCheck("other", "gone")])
    shown = "https://archive.example/web/20250709101112/https://x.example/2019/a"
    assert found == Copy(shown, "2025-07-09", 1, 2)
    assert archives.copy_at(raw, [PassageCheck("same", "changed", "now")]) is None
    assert archives.copy_at("https://y.example/", [PassageCheck("same", "there")]) == Copy(
        "https://y.example/", "", 1, 1
    )


def test_verify_live_proposes_an_archived_copy(project: Project, server: Loopback) -> None:
    """Of a source that died, where the archive has one with its passages; of no other."""
    url = server.url("/cameras")
    (project.root / "references.bib").write_text(
        f"@online{{elmsey2025, title = {{Cameras}}, url = {{{url}}}}}\n"
    )
    summary_file = project.root / "summary.md"
    live = ("verify", "--live", "--allow-private", "--pause", "0", "--again-after", "0")
    live = (*live, "--summary", str(summary_file))
    archive = ("--archive", server.url("/web/{day}id_/{url}"))
    today = datetime.now(UTC).date().isoformat().replace("-", "")
    copy = f"/web/20240203040506id_/{url}"
    server.answers[f"/web/{today}id_/{url}"] = redirect(server.url(copy))

    project.run(*live, *archive)
    assert "archived copy" not in summary_file.read_text()  # the archive has none
    server.answers[copy] = page(html("Nothing of it.").encode(), "Content-Type: text/html")
    project.run(*live, *archive)
    assert "archived copy" not in summary_file.read_text()
    server.answers[copy] = page(html(*BODY).encode(), "Content-Type: text/html")
    status, said = project.run(*live, *archive)
    shown = server.url(f"/web/20240203040506/{url}")
    assert status == 0
    assert f"archived: {shown}  has 2 of 3" in said
    told = summary_file.read_text()
    assert "copy of 2024-02-03 has 2 of 3 passages; after a look at it, put into" in told
    assert f"`archived: {shown}`" in told
    project.run(*live)
    assert "archived copy" not in summary_file.read_text()  # nobody asked for one

    asked = len(server.requests)
    server.answers["/cameras"] = page(
        html(*BODY, "It said nothing of the kind.").encode(), "Content-Type: text/html"
    )
    project.run(*live, *archive)
    assert len(server.requests) == asked + 1  # all is there


def test_the_address_of_an_archive_has_a_place_for_that_of_the_source(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else every source would have the same copy."""
    with pytest.raises(SystemExit):
        project.run("verify", "--live", "--archive", "https://archive.example/")
    assert "{url}" in capsys.readouterr().err


def test_verify_live(project: Project, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses and archived copies are looked at, results written, and a run goes on."""
    server.answers["/cameras"] = redirect("/quays")
    server.answers["/quays"] = page(html(*BODY).encode(), "Content-Type: text/html")
    server.answers["/copy"] = page(html(*BODY[1:]).encode(), "Content-Type: text/html")
    (project.root / "references.bib").write_text(
        f"@online{{elmsey2025, title = {{Cameras}}, url = {{{server.url('/cameras')}}}}}\n"
    )
    project.record.write_text(RECORD + f"archived: {server.url('/copy')}\n")
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    live = ("verify", "--live", "--allow-private", "--summary", str(project.root / "summary.md"))
    status, said = project.run(*live)
    assert status == 0, said
    assert "elmsey2025 (address): 2 moved, 1 gone" in said
    assert "elmsey2025 (archive): 2 gone, 1 there" in said
    file = project.root / "sources" / "checks.yml"
    checks, problems = read_checks([("c", file.read_bytes())])
    assert problems == ()
    assert [(c.where, c.moved_to) for c in checks] == [
        ("address", server.url("/quays")),
        ("archive", ""),
    ]
    today = datetime.now(UTC).date().isoformat()
    assert checks[0].checked <= today
    assert "`elsewhere` is gone" in (project.root / "summary.md").read_text()
    assert len(slept) == 1
    assert 0 < slept[0] <= 2
    asked = len(server.requests)
    assert project.run(*live)[1] == ""
    assert len(server.requests) == asked
    project.run("verify", "--live", "elmsey2025", "--allow-private", "--pause", "0")
    assert len(server.requests) == asked + 3
    refused = project.run("verify", "--live", "--again-after", "0", "--pause", "0")[1]
    assert "not on the public Internet" in refused
    assert project.run("check")[0] == 0


def test_verify_live_heeds_what_a_host_asks_for(
    project: Project, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short wait is kept and the page asked once more; who asks for a long one is left alone."""
    ready = page(html(*BODY).encode(), "Content-Type: text/html")
    (project.root / "references.bib").write_text(
        f"@online{{elmsey2025, title = {{Cameras}}, url = {{{server.url('/cameras')}}}}}\n"
    )
    project.record.write_text(RECORD + f"archived: {server.url('/copy')}\n")
    time, slept = [0.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        time[0] += seconds

    pace = lambda pause: Pace(pause, lambda: time[0], sleep)  # noqa: E731
    monkeypatch.setattr(source_commands, "Pace", pace)
    busy = iter([page(b"", "Retry-After: 7", status="503 Service Unavailable"), ready])
    server.answers["/cameras"] = lambda: next(busy)
    server.answers["/copy"] = page(b"", "Retry-After: 900", status="429 Too Many Requests")
    file = project.root / "sources" / "checks.yml"
    status, said = project.run("verify", "--live", "--allow-private")
    assert status == 0
    assert "elmsey2025 (address): 2 there, 1 gone" in said
    assert "elmsey2025 (archive): the server answered 429" in said
    assert slept == [7.0, 2.0]
    file.unlink()
    server.answers["/cameras"] = server.answers["/copy"]
    asked = len(server.requests)
    said = project.run("verify", "--live", "--allow-private")[1]
    assert "(archive): left out: 127.0.0.1 asked not to be asked for now" in said
    assert len(server.requests) == asked + 1
    checks, _ = read_checks([("c", file.read_bytes())])
    assert [(c.where, c.fault) for c in checks] == [("address", "the server answered 429")]
    # What was left out is asked the next time.
    server.answers["/copy"] = ready
    assert "(archive): 2 there" in project.run("verify", "--live", "--allow-private")[1]


@pytest.mark.parametrize(
    "option",
    [
        ("--pause", "nan"),
        ("--pause", "inf"),
        ("--pause", "-1"),
        ("--again-after", "-1"),
        ("--again-after", "99999999999"),
    ],
)
def test_times_that_are_none(project: Project, option: tuple[str, str]) -> None:
    """A pause is of seconds from none to an hour, and a time between two looks one of days."""
    with pytest.raises(SystemExit):
        project.run("verify", "--live", *option)
    assert f"argument {option[0]}: invalid" in project.capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("verify",), "no-captures"),
        (("verify", "nowhere"), "no-captures"),
        (("verify", "--live", "nobody"), "unknown-record"),
    ],
)
def test_verify_what_is_not_there(project: Project, arguments: tuple[str, ...], code: str) -> None:
    """Nothing to verify is a problem, and not a success."""
    status, said = project.run(*arguments)
    assert status == 1
    assert code in said


def test_faulty_results_are_not_written_over(project: Project) -> None:
    """A file of results that cannot be read is left for a person to mend."""
    file = project.root / "sources" / "checks.yml"
    file.write_text("checks: {}\n")
    status, said = project.run("verify", "--live")
    assert status == 1
    assert "check-bad-value" in said
    assert file.read_text() == "checks: {}\n"


def test_an_edited_passage_fails(project: Project) -> None:
    """A sealed passage edited by one word fails in a clone without the text, and with it."""
    project.run("capture", project.file("a.txt", "\n".join(BODY)), "--key", "elmsey2025")
    assert project.run("check")[0] == 0
    project.record.write_text(project.record.read_text().replace("put forty", "put fifty"))
    status, said = project.run("check")
    assert status == 1
    assert "seal-broken: the passage `elmsey2025#forty-cameras`" in said
    status, said = project.run("verify", str(project.texts))
    assert status == 1
    assert "seal-not-in-capture" in said


def test_a_day_is_a_date(project: Project) -> None:
    """A day that does not exist is refused by the command."""
    with pytest.raises(SystemExit):
        project.run("capture", "a.txt", "--key", "a", "--retrieved", "2025-02-30")
