"""A report of which every field holds what would run, or lead astray, if it were not text.

Entry, record, finding and row number N hold payload N, in every field that takes a text. The
same report with harmless words is what it is held against: it has the same pages, and no more
scripts, handlers and addresses may stand in the one than in the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import Final

from dossier.syntax import scan_page

ROOT = Path(__file__).parents[1]

PAYLOADS: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus='",
    "javascript:alert(1)",
    "JaVa\tScRiPt:alert(1)//",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:alert(1)",
    "</script><script>alert(1)</script>",
    "<!-- <script>alert(1)</script>",
    "--><img src=x onerror=alert(1)>",
    "]]><img src=x onerror=alert(1)>",
    "&#x6a;avascript:alert(1)",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&quot; onclick=&quot;alert(1)",
    "{{7*7}}{{ config.site_name }}{# x #}",
    "${alert(1)}`${alert(1)}`",
    "\u202e<b onclick=alert(1)>\u200b\u2066x",
    r"\href{javascript:alert(1)}{x} \url{javascript:alert(1)}",
    "[x](javascript:alert(1)) <javascript:alert(1)>",
    '![x](x" onerror="alert(1)) ![y](javascript:alert(1))',
    "\u2028alert(1)\u2029//",
    "</style></title></textarea><img src=x onerror=alert(1)>",
    '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
    '1" data-passage="k1#p0" onclick="alert(1)',
    "<a href=javascript:alert(1)>x</a><area href=javascript:alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<base href=//127.0.0.1:9/><form action=javascript:alert(1)><button>x</button></form>",
    "<meta http-equiv=refresh content=0;url=javascript:alert(1)>",
    "x{: onclick=alert(1) } {.x onclick=alert(1)}",
    "\ue0d0\ue0d2\ue0d1\ue0d0\ue0d3\ue0d1 @k1 [@k2] {= count(findings) =}",
    "</blockquote></li></details></div></section><img src=x onerror=alert(1)>",
    "javascript&colon;alert(1) javascript&#58;alert(1)",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s><a xlink:href=javascript:alert(1)>y",
    "<p id=refs><form id=search name=body><input name=attributes>",
)
"""What would call `alert` where it ran, lead to a script, or forge what the pages rely on."""

TYPES: Final = (
    "article",
    "book",
    "incollection",
    "online",
    "report",
    "thesis",
    "misc",
    "legislation",
)
_TEXTS: Final = (
    *("title", "subtitle", "shorttitle", "titleaddon", "journaltitle", "booktitle", "publisher"),
    *(
        "location",
        "note",
        "howpublished",
        "abstract",
        "annotation",
        "keywords",
        "series",
        "edition",
    ),
    *(
        "institution",
        "volume",
        "number",
        "pages",
        "type",
        "eprint",
        "eprinttype",
        "isbn",
        "addendum",
    ),
    *("version", "organization", "pubstate", "label", "file", "eventtitle", "venue", "chapter"),
)
# Beside addresses that are a payload as a whole, those that hide one.
_ADDRESSES: Final = (
    "{}",
    "https://example.org/{}",
    "https://{}",
    "mailto:x@example.org?body={}",
    "doi:10.1000/{}",
    "https://example.org/?x=1#{}",
)
CHARTS: Final = ("bars", "dated", "timeline", "matrix")

Fill = Callable[[int], str]


def hostile(number: int) -> str:
    """Return the payload of a number."""
    return PAYLOADS[number % len(PAYLOADS)]


def harmless(number: int) -> str:
    """Return words in the place of the payload of a number."""
    return f"word{number} and another"


def _braced(text: str) -> str:
    """Return a text as the value of a field: as it is, where its braces pair."""
    return f"{{{text}}}"


def _entry(number: int, fill: Fill) -> str:
    text = fill(number)
    fields = [f"  {name} = {_braced(text)}," for name in _TEXTS]
    fields += [
        f"  author = {{{text} and {{{text}}} and {text}, {text}}},",
        f"  editor = {{{{{text}}}}},",
        f"  translator = {{{text}}},",
        f"  url = {_braced(_ADDRESSES[number % len(_ADDRESSES)].format(text))},",
        "  date = {2014-05-03},",
        f"  urldate = {{2014-05-{number % 28 + 1:02}}},",
    ]
    # Without a DOI the title leads to the address.
    if number % 3 == 2:
        fields.append(f"  doi = {_braced(f'10.1000/{text}')},")
    return f"@{TYPES[number % len(TYPES)]}{{k{number},\n" + "\n".join(fields) + "\n}\n"


def exact(number: int, fill: Fill) -> str:
    """Return the words of passage `p0` of record `kN`."""
    return f"Said in {1000 + number} places: {fill(number)} and so on"


def _record(number: int, fill: Fill) -> dict[str, object]:
    text, other = fill(number), f"k{(number + 1) % len(PAYLOADS)}"
    passage = {
        "id": "p0",
        "exact": exact(number, fill),
        "locator": text,
        "prefix": text,
        "suffix": text,
        "voice": text,
        "care": text,
        "confirmed": [{"words": text, "reason": text}],
    }
    whole = {"id": "p1", "exact": text, "variant_of": f"{other}#p1"}
    return {
        "key": f"k{number}",
        "standing": ("primary", "research", "news", "advocacy", "party", "copy")[number % 6],
        "kind": text,
        "interest": text,
        "note": text,
        "archived": "https://example.org/web/20140503000000/"
        + "".join(c for c in text if c not in '<>"' and not c.isspace()),
        "independent_of": [{"key": other, "reason": text}],
        "passages": [passage, whole],
    }


def _finding(number: int, fill: Fill) -> dict[str, object]:
    text = fill(number)
    bears = ("supports", "qualifies", "contradicts")
    return {
        "id": f"f{number}",
        "statement": f"A statement {text}",
        "note": text,
        "figure": text,
        "evidence": [
            {"passage": f"k{number}#{name}", "bears": bears[(number + at) % 3], "note": text}
            for at, name in enumerate(("p0", "p1"))
        ],
    }


def _series(kind: str, fill: Fill) -> dict[str, object]:
    names = {"label": "text", "group": "text", "claim": "text", "amount": "money", "day": "date"}
    columns = [
        {"id": name, "title": f"{name} {fill(at)}", "kind": of, "unit": fill(at)}
        for at, (name, of) in enumerate(names.items())
    ]
    chart = {
        "bars": {"label": "label", "value": "amount", "claim": "claim"},
        "dated": {"date": "day", "value": "amount"},
        "timeline": {"date": "day", "label": "label"},
        "matrix": {"label": "label", "group": "group"},
    }[kind]
    rows = [
        {
            "label": fill(n),
            "group": f"{n % 4} {fill(n)}",
            "claim": f"Claim {fill(n)}",
            "amount": f"${1000 + n} million {fill(n)}",
            "day": f"{1900 + n}-05-03",
            "passages": [f"k{n}#p0"],
        }
        for n in range(len(PAYLOADS))
    ]
    return {
        "id": kind,
        "title": f"{kind} {fill(1)}",
        "caption": fill(3),
        "columns": columns,
        "chart": {"kind": kind, **chart},
        "rows": rows,
    }


def _checks(fill: Fill) -> dict[str, object]:
    return {
        "checks": [
            {
                "key": f"k{n}",
                "where": "address",
                "address": "https://example.org/x",
                "checked": "2025-07-08",
                "moved_to": "https://example.org/y",
                "passages": [{"id": "p0", "result": "changed", "now": fill(n)}],
            }
            if n % 2
            else {
                "key": f"k{n}",
                "where": "archive",
                "address": "https://example.org/x",
                "checked": "2025-07-08",
                "fault": fill(n),
            }
            for n in range(len(PAYLOADS))
        ]
    }


def _front(number: int, fill: Fill) -> str:
    """Return front matter with one payload in each field of MkDocs, of Material and of ours."""
    said = {name: fill(number) for name in ("title", "description", "author", "lang", "subtitle")}
    return f"---\n{json.dumps(said)}\n---\n"


def _written(text: str) -> str:
    """Return a text as words of a page: no Markdown, HTML or citation of its author."""
    signs = "\\`*_{}[]()#+-.!|~^@$:"
    return "".join(f"\\{c}" if c in signs else c for c in escape(" ".join(text.split())))


def _as_scanned(text: str) -> tuple[str, ...]:
    """Return a citation or calculation where it is read as one: else it is Markdown, and HTML."""
    page = scan_page("page.md", text)
    found = [(one.start, one.end) for one in (*page.clusters, *page.calculations)]
    return ("", text, "") if (0, len(text)) in found else ()


def _chapter(fill: Fill, numbers: Sequence[int]) -> str:
    """Return a page with citations, quotations, numbers, calculations and all directives."""
    lines = ["# All of it", ""]
    for n in numbers:
        text, flat = fill(n), " ".join(fill(n).split())
        lines += [
            f"It is cited [@k{n}], as a passage [@k{n}#p0], in {1000 + n} places [@k{n}#p0].",
            f"And “{_written(exact(n, fill))}” [@k{n}#p0]. As @k{n}#p0 [p. 3] says.",
            "",
            f"> {_written(exact(n, fill))}",
            f"> --- [@k{n}#p0]",
            "",
            f"[see {_written(text)} @k{n}, p. 3 {_written(text)}] and @k{n} [{_written(text)}].",
            *_as_scanned(f"[see {flat} @k{n}, p. 3 {flat}]"),
            *_as_scanned(f"[-@k{n}, pp. 3-4, {flat}]"),
            *_as_scanned(f"@k{n} [{flat}]"),
            *_as_scanned(f"{{= {flat} = 3 =}}"),
            f"Of it {{= {1000 + n} + 1 = {1001 + n} =}} [@k{n}#p0].",
            f"It is {{= assessment(f{n}) =}}, {{= statement(f{n}) =}}, {{= origins(f{n}) =}}.",
            "",
            f"::: table {json.dumps(text)} form={json.dumps(text)}",
            "",
            f"::: drift {json.dumps(f'k{n}#p1')}",
            "",
        ]
    return "\n".join(lines)


def _exhibits() -> str:
    lines = ["# Exhibits", "", "::: findings exhibits", "", "::: findings exhibits form=short", ""]
    for kind in CHARTS:
        lines += [f"::: table {kind}", "", f"::: chart {kind}", ""]
    for name in ("chart assessments", "lineage", "lineage k1", "assessments", "rules"):
        lines += [f"::: {name}", ""]
    return "\n".join(lines)


_CONFIG: Final = f"""\
site_name: Report
site_url: https://example.org/
theme:
  name: material
  font: false
  custom_dir: {json.dumps(str(ROOT / "overrides"))}
  features: [navigation.footer, search.suggest, toc.integrate]
  palette:
    - media: "(prefers-color-scheme: light)"
      scheme: default
      toggle: {{icon: material/eye, name: Dark}}
    - media: "(prefers-color-scheme: dark)"
      scheme: slate
      toggle: {{icon: material/eye, name: Light}}
extra:
  generator: false
plugins: [search, {{dossier: {{evidence: required}}}}]
markdown_extensions: [attr_list, footnotes, md_in_html, tables, {{toc: {{permalink: true}}}}]
"""


def files(fill: Fill = hostile, numbers: Sequence[int] = range(len(PAYLOADS))) -> dict[str, str]:
    """Return the files of the report, each field filled by `fill`."""
    cff = {
        "cff-version": "1.2.0",
        "title": f"Report {fill(3)}",
        "authors": [
            *({"name": fill(n)} for n in numbers),
            *({"family-names": fill(n), "given-names": fill(n)} for n in numbers),
        ],
    }
    made = {
        "mkdocs.yml": _CONFIG,
        "references.bib": "\n".join(_entry(n, fill) for n in numbers),
        "CITATION.cff": json.dumps(cff),
        "sources/names.yml": json.dumps({"names": [f"Name {n} {fill(n)}" for n in numbers]}),
        "sources/checks.yml": json.dumps(_checks(fill)),
        "sources/findings/exhibits.yml": json.dumps(
            {"chapter": "exhibits", "findings": [_finding(n, fill) for n in numbers]}
        ),
        # The theme's pages ask for it.
        "docs/assets/report.js": (ROOT / "docs/assets/report.js").read_text("utf-8"),
        "docs/index.md": f"{_front(3, fill)}\n# Home\n\nWords [@k1].\n",
        "docs/exhibits.md": _exhibits(),
        "docs/findings.md": "# All findings\n\n::: explorer\n\n::: history\n",
        "docs/references.md": "# References\n\n::: bibliography\n",
        "docs/verification.md": "# Verification\n\n::: verification\n",
    }
    for n in numbers:
        made[f"sources/records/k{n}.yml"] = json.dumps(_record(n, fill))
    for n in range(0, len(numbers), 6):
        made[f"docs/chapter{n}.md"] = _chapter(fill, numbers[n : n + 6])
    for kind in CHARTS:
        made[f"sources/series/{kind}.yml"] = json.dumps(_series(kind, fill))
    # Each payload as the title and the rest of a page's front matter.
    for n in numbers:
        made[f"docs/fronts/page{n}.md"] = f"{_front(n, fill)}\nWords of {n} [@k{n}].\n"
    return made
