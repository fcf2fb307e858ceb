"""A built site as one document: title, contents, chapters with their notes, works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dossier.pdf.chapters import Chapter, chapters_of
from dossier.pdf.conversion import Writing
from dossier.pdf.markup import call, literal, resolved, said
from dossier.pdf.notes import Citing, notes, works
from dossier.pdf.sources import sources_of
from dossier.pdf.template import TEMPLATE


@dataclass(frozen=True, slots=True)
class Imprint:
    """What stands on the title page: name, what it is about, rights, address, day and commit.

    `locale` is a language tag such as `en-US`; `edition` is a day in words, empty for none.
    """

    title: str
    description: str = ""
    rights: str = ""
    address: str = ""
    edition: str = ""
    commit: str = ""
    locale: str = "en-US"


def compose(pages: Mapping[str, str], imprint: Imprint) -> str:
    """Return the Typst source of the book that the pages of a site make; empty without pages."""
    chapters = chapters_of(pages)
    if not chapters:
        return ""
    sources = sources_of(chapters)
    numbers = {chapter.path: chapter.number for chapter in chapters}

    def label_of(path: str, place: str) -> str:
        if place.startswith("ref-"):
            return place
        return f"{numbers.get(path, path)}:{place}"

    writings = [
        Writing(chapter.number, chapter.path, label_of, imprint.address) for chapter in chapters
    ]
    bodies = [
        writing.flow(chapter.contents) for chapter, writing in zip(chapters, writings, strict=True)
    ]
    citing = _citing(writings)
    if sources.entries and not sources.listed:
        bodies.append(call("heading", "level: 1", body=said("References")))
        bodies.append(works(sources, writings[-1], citing))
    for number, (chapter, writing) in enumerate(zip(chapters, writings, strict=True)):
        if _lists_all(chapter):
            bodies[number] += works(sources, writing, citing)
        bodies[number] += notes(writing, sources)
    labels = {label for writing in writings for label in writing.anchors}
    return resolved("\n".join([TEMPLATE, _front(imprint), *bodies, ""]), labels)


def _front(imprint: Imprint) -> str:
    language, _, region = imprint.locale.partition("-")
    values = {
        "title": imprint.title,
        "description": imprint.description,
        "rights": imprint.rights,
        "address": imprint.address,
        "edition": imprint.edition,
        "commit": imprint.commit,
        "language": language,
        "region": region,
    }
    named = ", ".join(f"{name}: {literal(value)}" for name, value in values.items())
    return f"#show: book.with({named})"


def _lists_all(chapter: Chapter) -> bool:
    references = chapter.contents.css_first("section.page-references")
    return references is None and chapter.contents.css_first(".csl-entry") is not None


def _citing(writings: Sequence[Writing]) -> dict[str, list[Citing]]:
    """Return by its key the notes that cite a work."""
    found: dict[str, list[Citing]] = {}
    for writing in writings:
        for cited, number in writing.notes.items():
            for key, ids in cited:
                found.setdefault(key, []).append(Citing(f"{writing.number}.{number}", ids))
    return found
