"""Pages, quotations and findings in the vocabulary of schema.org, as JSON-LD.

Source of the terms: schema.org, `Report`, `Quotation`, `Claim`; of the form: JSON-LD 1.1,
section 7, which puts it into a `script` element that no browser runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from dossier.addresses import split_address
from dossier.citing import Author
from dossier.dataset import Object, address_of
from dossier.model import Assessed, Evidence
from dossier.origins import VOICE

CONTEXT: Final = "https://schema.org"

# A page is written in HTML: nothing in a script may look like the end of it, and two
# separators of lines end strings in older scripts.
_ESCAPED: Final = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def linked_page(
    evidence: Evidence,
    name: str,
    *,
    url: str = "",
    site_name: str = "",
    language: str = "",
    authors: Iterable[Author] = (),
    date: str = "",
    license_url: str = "",
    quotations: Iterable[tuple[str, str]] = (),
    findings: Iterable[Assessed] = (),
    keys: Iterable[str] = (),
    bibliography: str = "",
) -> Object:
    """Return a page as a graph: the report, its quotations and claims, and the works they name.

    `quotations` are pairs of the words and the address of the passage; `keys` the works cited.
    A work is named by its entry, in the list of the page at `bibliography` or, where that is
    empty, of this page. It is told of there and nowhere else, and a report without a list of its
    own names works by its quotations and claims.
    Empty properties are left out. `url` may be empty where the site's address is not known; ids
    are then relative to the page.
    """
    quoted, claimed, cited = tuple(quotations), tuple(findings), tuple(keys)
    report: Object = {
        "@type": "Report",
        "@id": url or "#report",
        "name": name,
        "url": url,
        "inLanguage": language,
        "author": [
            {"@type": "Organization" if author.body else "Person", "name": author.name}
            for author in authors
        ],
        "dateModified": date,
        "license": license_url,
        "isPartOf": {"@type": "WebSite", "name": site_name} if site_name else "",
        "citation": [] if bibliography else _named(cited, ""),
    }
    parts = [quotation(words, address, evidence, bibliography) for words, address in quoted]
    parts += [claim(item, evidence, url, bibliography) for item in claimed]
    if bibliography:
        return {"@context": CONTEXT, "@graph": [_filled(report), *parts]}
    used = [*cited, *(split_address(address, evidence.records)[0] for _, address in quoted)]
    for item in claimed:
        used += [*_works(item, evidence), *_first(item)]
    works = [work(key, evidence) for key in dict.fromkeys(used)]
    return {"@context": CONTEXT, "@graph": [_filled(report), *parts, *works]}


def _named(keys: Iterable[str], bibliography: str) -> list[Object]:
    return [{"@id": f"{bibliography}#ref-{key}"} for key in dict.fromkeys(keys)]


def _works(item: Assessed, evidence: Evidence, bears: str = "") -> list[str]:
    return [
        split_address(b.passage, evidence.records)[0]
        for b in item.finding.evidence
        if bears in ("", b.bears)
    ]


def _first(item: Assessed) -> list[str]:
    """Return the source that alone a finding in support starts from, if there is one."""
    only = item.supports if len(item.supports) == 1 else ()
    return [origin for origin in only if not origin.startswith(VOICE)]


def work(key: str, evidence: Evidence) -> Object:
    """Return a work as `CreativeWork`, named by its entry on the page."""
    reference = evidence.references.get(key)
    return _filled(
        {
            "@type": "CreativeWork",
            "@id": f"#ref-{key}",
            "name": reference.title if reference else "",
            "author": [
                {"@type": "Thing", "name": author}
                for author in (reference.authors if reference else ())
            ],
            "datePublished": reference.date if reference else "",
            "url": address_of(reference),
        }
    )


def quotation(words: str, address: str, evidence: Evidence, bibliography: str = "") -> Object:
    """Return words that a page quotes, as `Quotation` based on the work of their passage.

    The speaker is named where the passage has a voice.
    """
    key, id_ = split_address(address, evidence.records)
    record = evidence.records.get(key)
    passage = record.passage(id_) if record else None
    speaker = passage.voice if passage else ""
    return _filled(
        {
            "@type": "Quotation",
            "text": words,
            "identifier": address,
            "isBasedOn": {"@id": f"{bibliography}#ref-{key}"},
            "creator": {"@type": "Thing", "name": speaker} if speaker else "",
        }
    )


def claim(item: Assessed, evidence: Evidence, url: str = "", bibliography: str = "") -> Object:
    """Return a finding as `Claim`, with the works in which its evidence stands.

    What supports it are its appearances, and what else bears on it is cited; the first is given
    where one source is the only origin in support. What it is assessed to be is a property of its
    own.
    """
    finding = item.finding
    supporting = _works(item, evidence, "supports")
    others = [key for key in _works(item, evidence) if key not in supporting]
    return _filled(
        {
            "@type": "Claim",
            "@id": f"{url}#finding-{finding.id}",
            "text": finding.statement,
            "appearance": _named(supporting, bibliography),
            "firstAppearance": next(iter(_named(_first(item), bibliography)), ""),
            "citation": _named(others, bibliography),
            "additionalProperty": {
                "@type": "PropertyValue",
                "name": "assessment",
                "value": item.assessment,
            },
        }
    )


def _filled(values: Object) -> Object:
    return {name: value for name, value in values.items() if value}


def as_json_text(document: Object) -> str:
    """Return JSON that may stand in a `script` element of HTML, whatever its texts hold."""
    written = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    # A half of a pair cannot be written in UTF-8, but JSON can name it.
    paired = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in written)
    return paired.translate(_ESCAPED)


def linked_data_script(document: Object) -> str:
    """Return the `script` element of a document, which holds data and runs nothing."""
    return f'<script type="application/ld+json">{as_json_text(document)}</script>'
