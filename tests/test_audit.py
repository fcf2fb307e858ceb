"""What `make audit` reads and holds; it runs neither Node.js nor Java here."""

from __future__ import annotations

import gzip
import json
import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from audit import lighthouse, programs, sites, validity, weight
from audit.lock import without_addresses
from audit.server import serving

# Measured by other tests: to trace these takes as long as they do.
pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parent.parent

# ---- weight ----


def page(ours: int, bare: int, *, limited: bool = True) -> weight.PageWeight:
    return weight.PageWeight("law/index.html", ours, bare, limited)


def test_a_chapter_may_weigh_three_times_the_bare_page() -> None:
    """At three times it passes; a byte more is named with how much is too many."""
    assert weight.failures([page(300, 100)], []) == ()
    (failure,) = weight.failures([page(301, 100)], [])
    assert failure == "law/index.html weighs 301 bytes, 3.01 times the bare page: 1 too many"


def test_a_page_that_the_build_writes_has_no_limit() -> None:
    """Its bare page is a heading; the ratio is shown and not held."""
    heavy = page(9_000, 100, limited=False)
    assert weight.failures([heavy], []) == ()
    assert "90.00  (written by the build)" in weight.as_text([heavy], [])


@pytest.mark.parametrize(("kind", "limit"), weight.LIMITS.items())
def test_all_scripts_and_styles_count_together(kind: str, limit: int) -> None:
    """Two that are light each are too heavy together."""
    parts = [weight.PartWeight(kind, name, limit // 2) for name in "ab"]
    assert weight.failures([], parts) == ()
    parts.append(weight.PartWeight(kind, "c", 1))
    assert weight.failures([], parts) == (
        f"our {kind} weighs {limit + 1:,} bytes, and may weigh {limit:,}",
    )


def test_weights_are_those_of_gzip() -> None:
    """The bytes that gzip makes of a page at its level 9, and the ratio of two pages."""
    html = b"<p>" + bytes(range(256)) * 9
    one, other = weight.weigh_pages({"a": html, "b": html * 2}, {"a": html, "b": html}, {"b"})
    assert (one.ours, one.ratio, one.limited) == (len(gzip.compress(html, 9)), 1.0, True)
    assert (other.ours, other.bare) == (len(gzip.compress(html * 2, 9)), one.ours)
    assert not other.limited


def test_what_is_not_of_material_is_ours() -> None:
    """A file of another path or other words; not one that both have, and nothing but code."""
    ours = {"a.js": b"1", "b.css": b"2", "c.css": b"3", "evidence.json": b"{}"}
    bare = {"a.js": b"1", "b.css": b"other"}
    assert [(p.kind, p.name) for p in weight.weigh_parts(ours, bare)] == [
        ("style", "b.css"),
        ("style", "c.css"),
    ]


def test_code_in_pages_counts_once() -> None:
    """Scripts and styles that stand in pages are ours too, where the bare page lacks them."""
    ours = b"<script>let ours</script><style>p{}</style><script>theirs</script>"
    files = {"a.html": ours, "b.html": ours}
    bare = {"a.html": b"<script>theirs</script>", "b.html": b"<script>theirs</script>"}
    assert [(p.kind, p.name) for p in weight.weigh_parts(files, bare)] == [
        ("script", "in a.html"),
        ("style", "in a.html"),
    ]


def test_data_is_no_script() -> None:
    """Neither JSON-LD nor settings run; a file that is named weighs as a file."""
    html = '<script type="application/ld+json">{}</script><script src="a.js"></script>'
    assert weight.inline_parts(html) == ()


# ---- Lighthouse ----


def result(**scores: float) -> dict[str, object]:
    """A result as Lighthouse 12 writes it: one audit for each category, with the same score."""
    return {
        "requestedUrl": "http://127.0.0.1/",
        "categories": {
            name: {"score": score, "auditRefs": [{"id": f"{name}-audit", "weight": 1}]}
            for name, score in scores.items()
        },
        "audits": {
            f"{name}-audit": {"score": score, "title": f"About {name}"}
            for name, score in scores.items()
        },
    }


def reading(performance: int, seo: int = 100, speed: float = 0) -> lighthouse.Reading:
    scores = dict.fromkeys(lighthouse.PERFECT, 100) | {"performance": performance, "seo": seo}
    failed = [
        lighthouse.Audit(name, f"{name}-audit", "Title", "1.9 s")
        for name, score in scores.items()
        if score < 100
    ]
    return lighthouse.Reading(scores, tuple(failed), speed)


def test_a_result_is_scores_and_what_costs_points() -> None:
    """Scores are of a hundred; an audit that is passed, or without weight, is not named."""
    document = result(seo=0.92, accessibility=1)
    document["categories"]["seo"]["auditRefs"].append({"id": "extra", "weight": 0})  # type: ignore[index]
    document["environment"] = {"benchmarkIndex": 1234.5}
    document["audits"]["extra"] = {"score": 0, "title": "No weight"}  # type: ignore[index]
    found = lighthouse.read_result(json.dumps(document).encode())
    assert found.scores == {"seo": 92, "accessibility": 100}
    assert found.speed == 1234.5
    assert [(audit.name, audit.title) for audit in found.failed] == [("seo-audit", "About seo")]


def test_a_page_that_could_not_be_read_has_no_scores() -> None:
    """A run that failed is no pass."""
    document = result(seo=1) | {"runtimeError": {"code": "NO_FCP", "message": "Nothing painted"}}
    with pytest.raises(ValueError, match="Nothing painted"):
        lighthouse.read_result(json.dumps(document).encode())
    document = result(seo=1)
    document["categories"]["seo"]["score"] = None  # type: ignore[index]
    with pytest.raises(ValueError, match="no score for seo"):
        lighthouse.read_result(json.dumps(document).encode())


def pair(ours: int, bare: int, speed: float = 1_000) -> lighthouse.Pair:
    return lighthouse.Pair(reading(ours, speed=speed), reading(bare, speed=speed + 9))


def readings(
    *pairs: lighthouse.Pair, seo: int = 100, fastest: float = 1_000
) -> lighthouse.PageReadings:
    once = lighthouse.Pair(reading(100, seo), reading(100, 91))
    return lighthouse.PageReadings("law/index.html", once, pairs, fastest)


def test_performance_is_held_by_medians() -> None:
    """One slow run changes nothing; a median below that of bare Material is a failure."""
    assert lighthouse.failures([readings(pair(20, 97), pair(97, 96), pair(97, 98))]) == ()
    (failure,) = lighthouse.failures([readings(pair(99, 97), pair(96, 97), pair(20, 97))])
    assert failure == (
        "law/index.html: performance 96, and 97 under bare Material: performance-audit (1.9 s)"
    )


def test_other_categories_are_held_to_a_hundred() -> None:
    """Whatever bare Material reaches; the audits that cost points are named."""
    (failure,) = lighthouse.failures([readings(pair(100, 100), seo=99)])
    assert failure == "law/index.html: seo 99: seo-audit (1.9 s)"


def test_the_table_has_both_sides() -> None:
    """The scores of the bare page stand in brackets, and every run of both."""
    page = readings(pair(95, 97), pair(96, 98), pair(97, 99), seo=92)
    row = lighthouse.as_text([page]).splitlines()[1]
    assert "  92 (91)  " in row
    assert "  96 (98)  95 (97) 96 (98) 97 (99)  " in row
    assert row.endswith("1000 to 1000")


def test_a_page_that_the_build_writes_is_not_beside_its_heading() -> None:
    """What stands in a bare page of the bibliography takes no time; other scores are held."""
    listing = replace(readings(pair(80, 100), seo=99), written=True)
    (failure,) = lighthouse.failures([listing])
    assert failure == "law/index.html: seo 99: seo-audit (1.9 s)"
    assert "80 (written by the build)" in lighthouse.as_text([listing])


def test_pairs_are_taken_again_while_the_machine_is_busy() -> None:
    """Those count at which it was fastest, in their order; after enough tries it is said."""
    speeds = iter([1_000, 300, 1_010, 990, 1_000])
    found = lighthouse.take_pairs(lambda: pair(90, 90, next(speeds)), 3, 0.0)
    assert [one.speed for one in found] == [1_000, 1_010, 990]
    assert next(speeds) == 1_000, "three that are steady are enough"
    slow = iter(range(1, 100))
    found = lighthouse.take_pairs(lambda: pair(90, 91, next(slow)), 2, 1_000)
    assert [one.speed for one in found] == [5, 6]
    assert readings(*found).busy
    (failure,) = lighthouse.failures([readings(*found)])
    assert "while the machine had other work to do" in failure
    assert lighthouse.as_text([readings(*found)]).endswith("busy")
    assert not readings(pair(90, 90, 700)).busy


# ---- the Nu HTML checker ----

RULES = """
[[rule]]
message = "Attribute “a” is only .*"
of = "Material"
reason = "It does."

[[rule]]
message = "Blocked[.]"
source = 'type="data"'
of = "the checker"
reason = "It is."
"""


def printed(*messages: dict[str, object]) -> bytes:
    return json.dumps({"messages": messages}).encode()


def test_messages_are_errors_and_warnings() -> None:
    """With paths within the site; remarks are left out, and what was not checked is an error."""
    url = "http://127.0.0.1:1/a.html"
    output = printed(
        {"type": "error", "url": url, "lastLine": 3, "message": "Bad\n it is.", "extract": "<p"},
        {"type": "info", "subType": "warning", "url": url, "message": "Hm."},
        {"type": "info", "url": url, "message": "By the way."},
        {"type": "non-document-error", "message": "No such file."},
    )
    assert validity.read_messages(output, "http://127.0.0.1:1/") == (
        validity.Message("a.html", 3, "error", "Bad it is.", "<p"),
        validity.Message("a.html", 0, "warning", "Hm."),
        validity.Message("", 0, "error", "No such file."),
    )


def message(words: str, source: str = "") -> validity.Message:
    return validity.Message("a.html", 3, "error", words, source)


def test_a_rule_knows_whole_messages() -> None:
    """A message that has more or other words than the rule is a failure, with its place."""
    rules = validity.read_rules(RULES)[:1]
    known = message("Attribute “a” is only allowed on x.")
    other = message("Also: Attribute “a” is only allowed on x.")
    verdict = validity.hold([known, known, other, other], rules)
    assert verdict.met == ((rules[0], 2),)
    assert verdict.failures == (
        "a.html:3: error: Also: Attribute “a” is only allowed on x. (and 1 times more)",
    )


def test_a_rule_may_know_what_a_message_is_about() -> None:
    """Where the same words are a fault at one piece of a page and none at another."""
    rules = validity.read_rules(RULES)[1:]
    known, other = message("Blocked.", '<script type="data">'), message("Blocked.", "<script>")
    verdict = validity.hold([known, other], rules)
    assert (verdict.unknown, verdict.met) == ((other,), ((rules[0], 1),))


def test_a_rule_that_is_met_no_more_is_a_failure() -> None:
    """What was mended is taken out of the list."""
    verdict = validity.hold([message("Attribute “a” is only b.")], validity.read_rules(RULES))
    assert verdict.failures == ("the checker says no more what audit/known.toml lists: Blocked[.]",)


def test_rules_are_counted_on_both_sides() -> None:
    """The table says how often each rule was met, in the report and in bare Material."""
    rules = validity.read_rules(RULES)[:1]
    known = message("Attribute “a” is only b.")
    bare = [known, known, message("x")]
    lines = validity.as_text(validity.hold([known], rules), bare).splitlines()
    assert lines[1].split()[-2:] == ["1", "2"]
    assert lines[2].split() == ["all", "others", "0", "1"]


def test_each_rule_of_the_project_has_its_reason() -> None:
    """A message stays only with a sentence that says why."""
    rules = validity.read_rules((programs.FOLDER / "known.toml").read_text("utf-8"))
    assert rules
    assert all(rule.of and len(rule.reason.split()) > 4 for rule in rules)


# ---- sites and what they need ----


def test_pages_that_the_build_writes_are_found_by_their_directives(tmp_path: Path) -> None:
    """The whole bibliography and the verification; a chapter with a table of findings is none."""
    (tmp_path / "a.md").write_text("# A\n\n::: bibliography\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("# B\n\n::: findings b\n", encoding="utf-8")
    assert sites.written_pages(tmp_path) == {"a/index.html"}


def test_a_bare_page_has_its_tables_typed(tmp_path: Path) -> None:
    """As `dossier tables` writes them; a short table, and one that is not written, stays."""
    tables = tmp_path / "tables"
    tables.mkdir()
    for name in ("findings", "findings-a", "series-s"):
        (tables / f"{name}.md").write_text(f"| {name} |\n", "utf-8")
    docs = tmp_path / "docs"
    docs.mkdir()
    page = docs / "p.md"
    lines = [
        "::: findings a",
        "::: chart s",
        "::: table s",
        "::: findings",
        "::: table t",
        "::: findings form=short",
    ]
    page.write_text("\n\n".join(lines), "utf-8")
    sites.type_tables(docs, tables)
    typed = [line for line in page.read_text("utf-8").splitlines() if line]
    assert typed == ["| findings-a |", *2 * ["| series-s |"], "| findings |", *lines[4:]]


def test_pages_have_the_addresses_that_readers_see() -> None:
    """A folder and not its index; the page for what is not found by its name."""
    pages = ["index.html", "law/index.html", "404.html"]
    assert [sites.address_of(one) for one in pages] == ["", "law/", "404.html"]


def test_a_site_is_sent_as_hosts_send_it(tmp_path: Path) -> None:
    """Text gzipped for those who take it; files named by their content kept for long."""
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "index.html").write_bytes(b"<p>Law")
    (tmp_path / "404.html").write_bytes(b"<p>Nothing")
    (tmp_path / "main.12345678.min.css").write_bytes(b"p{}")
    (tmp_path.parent / "outside.txt").write_bytes(b"private")
    with serving(tmp_path) as address:
        plain = urllib.request.urlopen(f"{address}law/")  # noqa: S310 - an address of our own
        assert plain.read() == b"<p>Law"
        assert plain.headers["Content-Type"] == "text/html; charset=utf-8"
        assert plain.headers["Cache-Control"] == "public, max-age=600"
        asked = urllib.request.Request(  # noqa: S310 - an address of our own
            f"{address}main.12345678.min.css", headers={"Accept-Encoding": "gzip"}
        )
        packed = urllib.request.urlopen(asked)  # noqa: S310 - an address of our own
        assert gzip.decompress(packed.read()) == b"p{}"
        assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        for path in ("none/", "../outside.txt", "%2e%2e/outside.txt"):
            with pytest.raises(urllib.error.HTTPError, match="404") as missing:
                urllib.request.urlopen(address + path)  # noqa: S310 - an address of our own
            assert missing.value.read() == b"<p>Nothing"
            missing.value.close()


@pytest.mark.parametrize("name", ["node", "npm", "java"])
def test_a_missing_program_is_named_with_what_to_install(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Not a trace of a call that failed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(programs.MissingError, match=f"There is no {name} here.*apt-get install"):
        programs.program(name)


def test_the_packages_are_locked_by_hashes_without_addresses() -> None:
    """Each has its hash, and no host stands in the lock; what is asked for are exact versions."""
    text = (programs.FOLDER / "package-lock.json").read_text("utf-8")
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert all("integrity" in package for path, package in packages.items() if path)
    wanted = json.loads((programs.FOLDER / "package.json").read_text("utf-8"))["dependencies"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_a_lock_is_written_without_addresses() -> None:
    """What npm writes of hosts is left out; a package without a hash is refused."""
    package = {"version": "1.0.0", "integrity": "sha512-x"}
    written = package | {"resolved": "somewhere", "funding": "someone"}
    lock = {"lockfileVersion": 3, "packages": {"": {"name": "own"}, "node_modules/a": written}}
    assert without_addresses(lock)["packages"]["node_modules/a"] == package
    with pytest.raises(ValueError, match="no hash in the lock: node_modules/b"):
        without_addresses({"packages": {"node_modules/b": {"version": "1.0.0"}}})
