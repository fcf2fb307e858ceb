"""Reports of any size, made for the clock: pages, references, records, findings in proportion.

A report of one size is the same in every run and on every machine. Its words are made up, but
their ranks are those of prose; names and years repeat, so that a style has works to tell apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

_SEED: Final = 1066
_SYLLABLES: Final = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]
_WORDS: Final = 8_000
_PARAGRAPHS, _SENTENCES = 8, 5
_NAMES: Final = 400
_TYPES: Final = ("article", "book", "techreport", "incollection", "misc")
_QUOTED, _NUMBERS = 6, 12
_PASSAGES: Final = 4
_FINDINGS: Final = 4


@dataclass(frozen=True, slots=True)
class Size:
    """How large a report is: pages, references, and citations on each page.

    Of so many pages as `quoting_every` says one quotes, gives numbers and shows findings.
    """

    pages: int
    references: int
    citations: int = 25
    quoting_every: int = 5

    @property
    def records(self) -> int:
        """Sources with passages: one reference of ten has a record."""
        return max(self.references // 10, 5)

    @property
    def quoting(self) -> int:
        """Pages that quote."""
        return max(self.pages // self.quoting_every, 1)

    @property
    def quotations(self) -> int:
        """Quotations in all."""
        return self.quoting * _QUOTED

    def __str__(self) -> str:
        return f"{self.pages:,} pages, {self.references:,} references"


SIZES: Final = (Size(10, 50), Size(200, 2_000), Size(1_000, 10_000))
"""The sizes that the targets name."""


def make_report(folder: Path, size: Size, options: str = "") -> None:
    """Write a report: pages, `references.bib`, records, findings, and a `mkdocs.yml`.

    `options` are lines of the plugin's configuration. `bare.yml` builds the same pages with
    MkDocs and Material alone.
    """
    maker = _Maker(size)
    (folder / "docs").mkdir(parents=True)
    (folder / "references.bib").write_text("\n".join(maker.entries()), "utf-8")
    for name, text in maker.pages():
        (folder / "docs" / name).write_text(text, "utf-8")
    for kind in ("records", "findings"):
        (folder / "sources" / kind).mkdir(parents=True)
    for name, value in (*maker.records(), *maker.findings()):
        # JSON is YAML.
        (folder / "sources" / f"{name}.yml").write_text(
            json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
    common = "site_name: Bench\ntheme:\n  name: material\n  font: false\n"
    bare = f"{common}markdown_extensions: [footnotes, tables, attr_list]\nplugins:\n  - search\n"
    (folder / "bare.yml").write_text(bare, "utf-8")
    ours = f"{bare}  - dossier:\n      bibliography: references.bib\n{options}"
    (folder / "mkdocs.yml").write_text(ours, "utf-8")


class _Maker:
    """The parts of a report of one size."""

    def __init__(self, size: Size) -> None:
        self.size = size
        random = Random(_SEED)  # noqa: S311 - no secret
        self.random = random
        self.vocabulary = [
            "".join(random.choices(_SYLLABLES, k=1 + (n > 50) + (n > 2_000))) for n in range(_WORDS)
        ]
        self.weights = list(accumulate(1 / (n + 3) for n in range(_WORDS)))
        self.names = [f"{self.word(99).capitalize()}{self.word(99)}" for _ in range(_NAMES)]
        self.passages = {n: [self.passage() for _ in range(_PASSAGES)] for n in range(size.records)}

    def word(self, least: int = 0) -> str:
        """Return a word, of those beyond a rank."""
        return self.vocabulary[self.random.randrange(least, _WORDS)]

    def words(self, count: int) -> list[str]:
        return self.random.choices(self.vocabulary, cum_weights=self.weights, k=count)

    def passage(self) -> tuple[list[str], int]:
        """Return the words of a passage and the number that stands among them."""
        return self.words(self.random.randint(20, 45)), self.random.randint(100, 99_999)

    def exact(self, record: int, number: int) -> str:
        words, figure = self.passages[record][number]
        return f"{' '.join(words)}, and {figure:,} of them."

    def entries(self) -> Iterator[str]:
        """Yield the entries of the bibliography."""
        random = self.random
        for n in range(self.size.references):
            authors = " and ".join(
                f"{random.choice(self.names)}, {self.word(50).capitalize()}"
                for _ in range(random.choice((1, 1, 2, 3)))
            )
            title = " ".join(self.words(random.randint(4, 9))).capitalize()
            yield (
                f"@{random.choice(_TYPES)}{{r{n},\n  author = {{{authors}}},\n"
                f"  title = {{{title}}},\n  year = {{{random.randint(1980, 2025)}}},\n"
                f"  journal = {{Journal of {self.word(50).capitalize()}}},\n"
                f"  booktitle = {{Papers on {self.word(50).capitalize()}}},\n"
                f"  publisher = {{{random.choice(self.names)} Press}},\n"
                f"  institution = {{Institute of {self.word(50).capitalize()}}},\n"
                f"  volume = {{{random.randint(1, 80)}}},\n  pages = {{{n + 1}--{n + 9}}},\n"
                f"  doi = {{10.5555/{n}.{random.randint(100, 999)}}}\n}}\n"
            )

    def records(self) -> Iterator[tuple[str, object]]:
        """Yield the name and the value of each record."""
        for n in self.passages:
            passages = [
                {"id": f"p{i}", "exact": self.exact(n, i), "read": "twice"}
                for i in range(_PASSAGES)
            ]
            yield f"records/r{n}", {"key": f"r{n}", "standing": "news", "passages": passages}

    def findings(self) -> Iterator[tuple[str, object]]:
        """Yield the findings of each chapter that quotes."""
        for chapter in range(self.size.quoting):
            found = []
            for n in range(_FINDINGS):
                bearing = [
                    {"passage": f"r{self.random.randrange(self.size.records)}#p{i}", "bears": bears}
                    for i, bears in enumerate(("supports", "supports", "qualifies"))
                ]
                statement = f"{' '.join(self.words(10)).capitalize()}."
                found.append({"id": f"c{chapter}-{n}", "statement": statement, "evidence": bearing})
            yield f"findings/c{chapter}", {"chapter": f"c{chapter}", "findings": found}

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the text of each page."""
        for n in range(self.size.pages - 1):
            quoting = n % self.size.quoting_every == 0
            yield f"{'index' if n == 0 else f'page{n:04}'}.md", self.page(n, quoting=quoting)
        yield "references.md", "# References\n\n::: bibliography\n"

    def page(self, number: int, *, quoting: bool) -> str:
        random = self.random
        places = _PARAGRAPHS * _SENTENCES
        citing = set(random.sample(range(places), self.size.citations))
        parts = [f"# {' '.join(self.words(4)).capitalize()}"]
        for paragraph in range(_PARAGRAPHS):
            if paragraph % 2 == 0:
                parts.append(f"## {' '.join(self.words(3)).capitalize()}")
            sentences = []
            for sentence in range(_SENTENCES):
                said = " ".join(self.words(random.randint(12, 24))).capitalize()
                cited = ""
                if paragraph * _SENTENCES + sentence in citing:
                    key = random.randrange(self.size.references)
                    page = f", p. {random.randint(1, 99)}" if random.random() < 0.2 else ""
                    cited = f" [@r{key}{page}]"
                sentences.append(f"{said}{cited}.")
            parts.append(" ".join(sentences))
        if quoting:
            parts += self.evidence(number // self.size.quoting_every)
        return "\n\n".join(parts) + "\n"

    def evidence(self, chapter: int) -> list[str]:
        """Return the paragraphs of a page that quotes: quotations, numbers, findings."""
        parts = []
        for _ in range(_QUOTED):
            record, passage = self.random.randrange(self.size.records), self.random.randrange(4)
            words = self.passages[record][passage][0]
            at = self.random.randrange(len(words) - 10)
            quoted = " ".join(words[at : at + 8])
            parts.append(
                f'{" ".join(self.words(6)).capitalize()} "{quoted}" [@r{record}#p{passage}].'
            )
        for _ in range(_NUMBERS):
            record, passage = self.random.randrange(self.size.records), self.random.randrange(4)
            figure = self.passages[record][passage][1]
            said = " ".join(self.words(8)).capitalize()
            parts.append(f"{said} {figure:,} of these [@r{record}#p{passage}].")
        return [*parts, "## Findings", f"::: findings c{chapter}"]
