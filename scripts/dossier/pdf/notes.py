"""The evidence as notes: what each citation of a chapter rests on, and the list of all works."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dossier.html_tree import Element, children, classes_of, text_of, value_of
from dossier.pdf.conversion import Writing
from dossier.pdf.markup import call, collapsed, contents, inside, literal, said
from dossier.pdf.sources import Cited, Sources


@dataclass(frozen=True, slots=True)
class Citing:
    """A note that cites a work: its chapter and number as `3.12`, the ids of the passages."""

    note: str
    passages: tuple[str, ...]


def notes(writing: Writing, sources: Sources) -> str:
    """Return the notes of a chapter: each work cited, and the words of its passages."""
    if not writing.notes:
        return ""
    parts = [call("heading", "level: 2", body=said("Notes"))]
    bodies = [
        call("note", str(writing.number), str(number), body=_works(cited, sources))
        for cited, number in writing.notes.items()
    ]
    return "\n".join([*parts, call("notes", contents(bodies))])


def _works(cited: tuple[Cited, ...], sources: Sources) -> str:
    parts = []
    for key, ids in cited:
        name = said(sources.names.get(key) or key)
        parts.append(call("work", body=inside(f"ref-{key}", "", name)))
        for identity in ids:
            passage = sources.passages.get(f"passage-{key}--{identity}")
            if passage is not None:
                parts.append(printed(passage))
    return "".join(parts)


def printed(passage: Element) -> str:
    """Return the words of a passage, whose they are, how they are held, and where they stand."""
    words, about = "", []
    for child in children(passage):
        if child.tag == "blockquote":
            words = said(collapsed(text_of(child)).strip())
        elif child.tag == "a" and value_of(child, "href").startswith("http"):
            about.append(call("link", literal(value_of(child, "href")), body=said("At the source")))
        elif text := collapsed(text_of(child)).strip():
            about.append(said(text))
    return call("passage", f"[{said(' ').join(about)}]", body=words) if words else ""


def works(sources: Sources, writing: Writing, citing: Mapping[str, Sequence[Citing]]) -> str:
    """Return all works, each with what is said of it and the notes that cite it.

    A passage that no note has stands here, so that none is missing.
    """
    bodies = [_entry(*item, sources, writing, citing) for item in sources.entries.items()]
    return call("works", contents(bodies))


def _entry(
    identity: str,
    entry: Element,
    sources: Sources,
    writing: Writing,
    citing: Mapping[str, Sequence[Citing]],
) -> str:
    key = identity.removeprefix("ref-")
    cited = citing.get(key, ())
    noted = {f"passage-{key}--{passage}" for place in cited for passage in place.passages}
    writing.anchors[identity] = None
    parts = [call("mark", literal(identity))]
    for child in children(entry):
        if "csl-entry-text" in classes_of(child):
            parts.append(call("reference", body=writing.words(child)))
        elif "about" in classes_of(child):
            parts.append(call("about", body=writing.words(child)))
    if cited:
        parts.append(call("places", *dict.fromkeys(literal(place.note) for place in cited)))
    for passage in entry.css("li"):
        name = value_of(passage, "id")
        if name in sources.passages and name not in noted:
            parts.append(printed(passage))
    return "".join(parts)
