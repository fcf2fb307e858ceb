"""Everything that pages print of the evidence, worked out once for all pages of a site."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dossier.addresses import split_address
from dossier.assessments import badge
from dossier.calculations import Fault, OfFinding, work_out
from dossier.carried import Carried, carry
from dossier.chart_files import LINEAGE, chart_addresses, chart_named
from dossier.charts import chart_figure, sources_line, tally_table
from dossier.clusters import canonical, unresolved
from dossier.exhibits import NAMES as EXHIBITS
from dossier.exhibits import addresses_in, exhibit
from dossier.explorer import Held, Surroundings, explorer
from dossier.gates import Gates
from dossier.history import History, history_list
from dossier.model import Assessed, Evidence
from dossier.origins import assess_all, origin_of
from dossier.problems import Problem, in_order
from dossier.quotation_gate import Place as Quoted
from dossier.reference_list import Place, Use, reference_list
from dossier.style import Styled, anchor
from dossier.syntax import Cluster, Directive, Page
from dossier.tables import Cite, findings_summary, findings_table, series_table
from dossier.weave import Mark, MarkKind, Stretch, as_plain

Render = Callable[[str, Iterable[str]], Styled]
Link = Callable[[str], str]
# No text holds it: it stands for a mark that leaves no words in a title.
_NOTHING = "\x00"


@dataclass(frozen=True, slots=True)
class View:
    """A page as it is built: its scan, its marks, and which of them came out as prose.

    `landed` numbers these in the order of the HTML (a footnote comes last); `title` is
    plain text, with tokens in it; `locale` the one that its citations are printed in.
    """

    page: Page
    marks: tuple[Mark, ...]
    landed: tuple[int, ...]
    title: str
    locale: str
    held: tuple[Stretch, ...] = ()

    def clusters(self) -> Iterator[tuple[int, Cluster]]:
        """Yield the citations that came out as prose, with their place in the scan."""
        for mark in self._landed("cluster"):
            yield mark.index, self.page.clusters[mark.index]

    def directives(self) -> Iterator[Directive]:
        """Yield the directives that came out as paragraphs of their own."""
        for mark in self._landed("directive"):
            yield self.page.directives[mark.index]

    def _landed(self, kind: MarkKind) -> Iterator[Mark]:
        known = (self.marks[number] for number in self.landed if number < len(self.marks))
        return (mark for mark in known if mark.kind == kind)


@dataclass(frozen=True, slots=True)
class Assembly:
    """The rendered evidence of a site and where each part of it is used.

    `beside` is what a host adds to the findings where all are listed, as HTML by their ids;
    `history` what changed between versions, None where no version is known.
    """

    evidence: Evidence
    views: Mapping[str, View]
    styled: Mapping[str, Styled]
    assessed: tuple[Assessed, ...]
    uses: tuple[Use, ...]
    homes: Mapping[str, str]
    problems: tuple[Problem, ...]
    gates: Gates = field(default_factory=Gates)
    _uses: Mapping[str, tuple[Use, ...]] = field(default_factory=dict)
    _quoted: Mapping[str, tuple[Quoted, ...]] = field(default_factory=dict)
    _first: Mapping[str, str] = field(default_factory=dict)
    _notes: Mapping[tuple[str, int], int] = field(default_factory=dict)
    carried: Carried = field(default_factory=lambda: Carried(Evidence()))
    _counts: dict[str, int] = field(default_factory=dict)
    _origins: frozenset[str] = frozenset()
    beside: Mapping[str, str] = field(default_factory=dict)
    history: History | None = None

    def fragment(self, path: str, number: int, link: Link) -> str:
        """Return the HTML for a mark of a page; `link(path)` is the way from it to a page."""
        view = self.views[path]
        mark = view.marks[number]
        if mark.kind == "cluster":
            return self._cluster(view, mark.index)
        if mark.kind == "escape":
            return "@"
        if mark.kind == "calculation":
            return self._calculation(view, mark.index, link)
        if mark.kind.startswith(("quotation", "number")):
            return self._held(view, mark)
        return self._directive(view, view.page.directives[mark.index], link)

    def in_words(self, path: str, text: str, *, quoted: bool = True) -> str:
        """Return a title or heading with its marks in plain words; authors in the text stay.

        `quoted` escapes these words for HTML, which a title is to most hosts.
        """

        def words(number: int) -> str:
            plain = self._plain(path, number)
            return (html.escape(plain, quote=False) if quoted else plain) or _NOTHING

        found = re.sub(rf"\s*{_NOTHING}", "", as_plain(text, words)).strip()
        # A heading that is a citation and nothing else has to be called something.
        return found or as_plain(text, lambda number: self._plain(path, number, whole=True))

    def _plain(self, path: str, number: int, *, whole: bool = False) -> str:
        view = self.views[path]
        if number >= len(view.marks):
            return ""
        mark = view.marks[number]
        if mark.kind == "escape":
            return "@"
        if mark.kind == "calculation":
            return _text(self._calculation(view, mark.index))
        if mark.kind == "cluster":
            cluster = view.page.clusters[mark.index]
            if whole or cluster.items[0].mode == "author":
                return _text(self._rendered(view, cluster))
        return ""

    @property
    def bibliography(self) -> str:
        """The path of the first page that lists all works, empty where none does."""
        return self.page_with("bibliography")

    @property
    def explorer(self) -> str:
        """The path of the first page that lists all findings by number, empty where none does."""
        return self.page_with("explorer")

    def page_with(self, name: str) -> str:
        """Return the path of the first page with a directive, empty where none has it."""
        return self._first.get(name, "")

    @property
    def first_pages(self) -> Mapping[str, str]:
        """The path of the first page with each directive."""
        return self._first

    def uses_on(self, path: str) -> tuple[Use, ...]:
        """Return the places of a page that cite, in order."""
        return self._uses.get(path, ())

    def quoted_on(self, path: str) -> tuple[Quoted, ...]:
        """Return the quotations in the text of a page that stand in a passage, in order."""
        return self._quoted.get(path, ())

    @property
    def in_reading_order(self) -> tuple[Assessed, ...]:
        """All findings, chapter by chapter, as a reader meets them; places are their numbers."""
        order = {chapter: place for place, chapter in enumerate(self.homes)}
        return tuple(sorted(self.assessed, key=lambda a: order.get(a.finding.chapter, len(order))))

    def entry_in_words(self, locale: str, key: str) -> str:
        """Return the entry of a work in plain words."""
        return _text(self.styled[locale].entries.get(key, html.escape(key)))

    def title(self, path: str) -> str:
        """Return the title of a page in plain words."""
        return self.in_words(path, self.views[path].title, quoted=False)

    def has_references(self, path: str) -> bool:
        """Tell whether a page ends with the entries that it cites."""
        view = self.views[path]
        listed = any(d.name == "bibliography" for d in view.directives())
        return not listed and bool(self.uses_on(path))

    def closing(self, path: str, link: Link, heading: str = "references") -> str:
        """Return what stands at the end of a page: its notes and the entries that it cites.

        `heading` is the id of the heading; without one the author has written it.
        """
        view = self.views[path]
        styled = self.styled[view.locale]
        parts = [self._note_list(view)] if styled.is_note else []
        if self.has_references(path):
            uses = self.uses_on(path)
            listed = reference_list(self.evidence, styled, uses, self._places(link))
            label, words = ' aria-label="References"', ""
            if heading:
                label = f' aria-labelledby="{heading}"'
                words = f'<h2 id="{heading}">References</h2>\n'
            parts.append(f'<section class="page-references"{label}>\n{words}{listed}\n</section>')
        return "\n".join(part for part in parts if part)

    # -- parts ---------------------------------------------------------------------------

    def _cluster(self, view: View, index: int) -> str:
        cluster = view.page.clusters[index]
        rendered = self._rendered(view, cluster)
        rendered = re.sub(
            r'<span (?=class="citation)', f'<span id="cite-{index + 1}" ', rendered, count=1
        )
        rendered = _with_passages(rendered, cluster, self.evidence)
        number = self._notes.get((view.page.path, index))
        if number is None:
            return rendered
        mark = (
            f'<sup><a id="cite-noteref-{number}" href="#cite-note-{number}" role="doc-noteref">'
            f"{number}</a></sup>"
        )
        return f"{rendered.removesuffix('</span>')}{mark}</span>"

    def _rendered(self, view: View, cluster: Cluster) -> str:
        """Return a citation as the style sets it, with a mark for each key that is unknown."""
        source = canonical(cluster, self.evidence.references)
        styled = self.styled[view.locale]
        rendered = styled.clusters.get(source, "") if source else ""
        missing = unresolved(cluster, self.evidence.references)
        if not rendered:
            missing = missing or tuple(item.key for item in cluster.items)
        return rendered + "".join(
            f'<span class="citation unresolved" data-cites="{html.escape(key)}">'
            f"[{html.escape(key)}?]</span>"
            for key in missing
        )

    def _note_list(self, view: View) -> str:
        styled = self.styled[view.locale]
        items = []
        for index, cluster in view.clusters():
            number = self._notes.get((view.page.path, index))
            body = styled.notes.get(canonical(cluster, self.evidence.references) or "", "")
            if number is not None and body:
                items.append(
                    f'<li id="cite-note-{number}">{body} <a href="#cite-noteref-{number}" '
                    f'role="doc-backlink" aria-label="Back to the text of note {number}">↩</a></li>'
                )
        if not items:
            return ""
        return (
            '<section class="citation-notes" role="doc-endnotes" aria-label="Notes">\n<ol>\n'
            + "\n".join(items)
            + "\n</ol>\n</section>"
        )

    def _held(self, view: View, mark: Mark) -> str:
        """Return what the mark of a held stretch stands for: a tag, or a block's attributes."""
        path, stretch = view.page.path, view.held[mark.index]
        if stretch.kind == "number":
            name, attributes = "span", self.carried.by_number(path, stretch.start)
        else:
            name, attributes = "q", self.carried.by_quotation(path, stretch.start)
        if not attributes:
            return ""  # a title, or what a problem speaks of
        if mark.kind.endswith("close"):
            return f"</{name}>"
        return attributes if mark.kind == "quotation-block" else f"<{name}{attributes}>"

    def _calculation(self, view: View, index: int, link: Link | None = None) -> str:
        calculation = view.page.calculations[index]
        worked = work_out(calculation.source, self.evidence, self._counts, self._origins)
        if isinstance(worked, Fault):
            return (
                f'<span class="calculation unresolved">[{html.escape(calculation.source)}?]</span>'
            )
        if isinstance(worked, OfFinding):
            return self._of_finding(view, worked, link)
        if not worked.working:
            return f'<span class="calculation">{html.escape(worked.result)}</span>'
        carried = self.carried.by_calculation(view.page.path, calculation.start, calculation.end)
        return (
            f'<span class="calculation"{carried}>{html.escape(worked.result)} '
            f'<span class="working">({html.escape(worked.working)})</span></span>'
        )

    def _of_finding(self, view: View, asked: OfFinding, link: Link | None) -> str:
        item = next(one for one in self.assessed if one.finding.id == asked.finding)
        if asked.what == "assessment":
            home = self.homes.get(item.finding.chapter, "")
            address = ""
            if link and home:
                page = "" if home == view.page.path else link(home).partition("#")[0]
                address = f"{page}#finding-{asked.finding}"
            return badge(item.assessment, address)
        stated = self.carried.in_field(f"finding/{asked.finding}/statement", item.finding.statement)
        return f'<span class="statement">{stated}</span>'

    def _directive(self, view: View, directive: Directive, link: Link) -> str:
        def cite(addresses: Iterable[str]) -> str:
            return self.cite(view.locale, addresses)

        if directive.name == "bibliography":
            return reference_list(
                self.evidence,
                self.styled[view.locale],
                self.uses,
                self._places(link),
                here=view.page.path,
                whole=True,
            )
        if directive.name == "table" and directive.argument in self.evidence.series:
            series = self.evidence.series[directive.argument]
            return _boxed(series_table(series, cite, words=self.carried.in_field))
        if directive.name == "chart":
            return self._chart(directive, link, cite)
        if directive.name in EXHIBITS:
            shown = exhibit(
                directive,
                self.evidence,
                self.assessed,
                self.gates,
                [one.page for one in self.views.values()],
                lambda address: cite((address,)),
            )
            whole = directive.name == LINEAGE and not directive.argument and bool(shown)
            if whole and LINEAGE not in self.evidence.series:
                files = _linked(chart_addresses(LINEAGE), link)
                shown += "\n" + sources_line("", files, "the lineage of the sources")
            return f'<div id="{directive.name}" class="exhibit">\n{shown}\n</div>'
        if directive.name == "explorer":
            return self._explorer(view, link)
        if directive.name == "history":
            return self._history(view, link)
        if directive.name == "findings":
            return _boxed(self._findings(view, directive, link, cite))
        return f'<p class="unresolved">{html.escape(directive.name)}?</p>'

    def _chart(self, directive: Directive, link: Link, cite: Cite) -> str:
        name = directive.argument
        picture = chart_named(name, self.evidence, self.assessed, self.chapters())
        if picture is None:
            return f'<p class="unresolved">{html.escape(name)}?</p>'
        title, caption, data = html.escape(picture.title), "", ""
        if name in self.evidence.series:
            series = self.evidence.series[name]
            words = self.carried.in_field
            title = words(f"series/{name}/title", series.title)
            caption = words(f"series/{name}/caption", series.caption)
            data = cite(picture.addresses)
            table = series_table(series, cite, words=words)
        else:
            data = "the findings of this report, as the build assesses them"
            table = tally_table(self.assessed, self.chapters())
        files = _linked(chart_addresses(name), link)
        return chart_figure(
            picture, table, title=title, caption=caption, data=data, downloads=files
        )

    def chapters(self) -> dict[str, str]:
        """Return the title of the page of each chapter with findings, in the order of pages."""
        return {chapter: self.title(path) for chapter, path in self.homes.items()}

    def _findings(self, view: View, directive: Directive, link: Link, cite: Cite) -> str:
        chosen = [a for a in self.assessed if directive.argument in ("", a.finding.chapter)]
        scale = self._scale(view, link)
        if not _is_short(directive):
            return findings_table(chosen, cite, words=self.carried.in_field, scale=scale)
        chosen = [a for a in self.in_reading_order if directive.argument in ("", a.finding.chapter)]
        places = {chapter: (link(path), self.title(path)) for chapter, path in self.homes.items()}
        # On one page the rows of a whole table have the ids.
        ids = all(d.name != "findings" or _is_short(d) for d in view.directives())
        return findings_summary(chosen, places, ids=ids, scale=scale)

    def _explorer(self, view: View, link: Link) -> str:
        labels, listing = self.styled[view.locale].labels, self.bibliography

        def held(address: str) -> Held:
            key, id_ = split_address(address, self.evidence.references)
            record = self.evidence.records.get(key)
            passage = record.passage(id_) if record else None
            fragment = anchor(key)
            if passage:
                fragment = anchor(f"{key}--{id_}").replace("#ref-", "#passage-", 1)
            place = f"{link(listing).partition('#')[0]}{fragment}" if listing else ""
            return Held(labels.get(key, key), place, passage, record.standing if record else None)

        places = {chapter: (link(path), self.title(path)) for chapter, path in self.homes.items()}
        around = Surroundings(held, places, self.beside, self._scale(view, link))
        return explorer(self.in_reading_order, around)

    def _history(self, view: View, link: Link) -> str:
        numbers = {a.finding.id: n for n, a in enumerate(self.in_reading_order, 1)}
        page: str | None = None
        if self.explorer:
            page = "" if self.explorer == view.page.path else link(self.explorer).partition("#")[0]
        return history_list(self.history, numbers, page)

    def _scale(self, view: View, link: Link) -> str:
        """Return the way to where the assessments are explained, empty where no page does."""
        if any(directive.name == "assessments" for directive in view.directives()):
            return "#assessments"
        page = self.page_with("assessments")
        return f"{link(page).partition('#')[0]}#assessments" if page else ""

    def cite(self, locale: str, addresses: Iterable[str]) -> str:
        """Return the citations of passages, as tables print them: each work once."""
        works: dict[str, list[str]] = {}
        for address in addresses:
            key, passage = split_address(address, self.evidence.references)
            works.setdefault(key, []).extend([passage] if passage else [])
        return ", ".join(self._citation(locale, key, passages) for key, passages in works.items())

    def _citation(self, locale: str, key: str, passages: list[str]) -> str:
        label = self.styled[locale].labels.get(key, "")
        data = "" if key in self.evidence.references else " data-unresolved"
        return (
            f'<span class="citation" data-cites="{html.escape(key)}"{data}>'
            f'<a href="{html.escape(anchor(key))}" role="doc-biblioref"{_named(passages)}>'
            f"{html.escape(label or key)}</a></span>"
        )

    def _places(self, link: Link) -> Callable[[str], Place]:
        return lambda path: Place(link(path), self.title(path))


_LINK = re.compile(r'<a href="(?P<href>[^"]*)" role="doc-biblioref"')


def _with_passages(rendered: str, cluster: Cluster, evidence: Evidence) -> str:
    """Return a citation in which the link to each work names the passages cited of it.

    Without such links, as in a style of notes, the citation itself names them all.
    """
    passages: dict[str, list[str]] = {}
    for item in cluster.all_items:
        key, passage = split_address(item.key, evidence.references)
        if passage:
            passages.setdefault(key, []).append(passage)
    if not passages:
        return rendered
    by_href = {html.escape(anchor(key)): _named(ids) for key, ids in passages.items()}
    if _LINK.search(rendered):
        return _LINK.sub(lambda link: link[0] + by_href.get(link["href"], ""), rendered)
    every = [f"{key}#{passage}" for key, ids in passages.items() for passage in ids]
    return rendered.replace("<span ", f"<span{_named(every)} ", 1)


def _named(passages: Iterable[str]) -> str:
    listed = " ".join(dict.fromkeys(passages))
    return f' data-passages="{html.escape(listed)}"' if listed else ""


def _linked(addresses: Mapping[str, str], link: Link) -> dict[str, str]:
    """Return the way to each file that the host of the pages brings along."""
    ways = {form: link(address) for form, address in addresses.items()}
    return {form: way for form, way in ways.items() if way}


def _is_short(directive: Directive) -> bool:
    return ("form", "short") in directive.options


def _boxed(table: str) -> str:
    # The style sheet sets the rows as blocks where this box, not the window, is narrow.
    return f'<div class="table-box">{table}</div>'


def _text(fragment: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", fragment))


def origins_of(
    assessed: Iterable[Assessed], evidence: Evidence
) -> tuple[dict[str, int], frozenset[str]]:
    """Return the supporting origins of each finding, counted, and all origins that bear on any."""
    counts = {item.finding.id: item.origins for item in assessed}
    every = frozenset(
        origin_of(bears.passage, evidence.records)
        for finding in evidence.findings
        for bears in finding.evidence
    )
    return counts, every


def _uses(view: View, evidence: Evidence) -> Iterator[Use]:
    path = view.page.path
    for index, cluster in view.clusters():
        for item in cluster.all_items:
            key, passage = split_address(item.key, evidence.references)
            yield Use(path, key, passage, f"cite-{index + 1}")
    for directive in view.directives():
        for address, place in _cited_by(directive, evidence):
            key, passage = split_address(address, evidence.references)
            yield Use(path, key, passage, place)


def _cited_by(directive: Directive, evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Yield what a directive cites, keys or passages, and the anchor of the place that does."""
    if directive.name in ("table", "chart") and directive.argument in evidence.series:
        series = evidence.series[directive.argument]
        # A table under a chart is folded: what leads to it leads to the picture.
        place = "chart" if directive.name == "chart" else "series"
        for row in series.rows:
            for address in row.passages:
                yield address, f"{place}-{series.id}"
    elif directive.name == "findings" and not _is_short(directive):
        for finding in evidence.findings:
            if directive.argument in ("", finding.chapter):
                for bears in finding.evidence:
                    yield bears.passage, f"finding-{finding.id}"
    elif directive.name in EXHIBITS:
        for address in addresses_in(directive, evidence):
            if split_address(address, evidence.references)[0] in evidence.references:
                yield address, directive.name


@dataclass(frozen=True, slots=True)
class Taken:
    """What the whole takes from one page: its clusters as the style is given them, and its uses."""

    evidence: Evidence
    view: View
    sources: tuple[str, ...]
    uses: tuple[Use, ...]


def _taken(view: View, evidence: Evidence, before: Taken | None) -> Taken:
    if before and before.evidence is evidence and before.view is view:
        return before
    sources = (canonical(cluster, evidence.references) for _, cluster in view.clusters())
    return Taken(evidence, view, tuple(filter(None, sources)), tuple(_uses(view, evidence)))


def assemble(
    evidence: Evidence,
    views: Iterable[View],
    render: Render,
    gates: Gates | None = None,
    known: dict[str, Taken] | None = None,
) -> Assembly:
    """Return what the pages print.

    `render(locale, sources)` styles the bibliography and the distinct clusters of all
    pages of that locale in one go. What is taken from pages is kept in `known`, by path.
    """
    by_path = {view.page.path: view for view in views}
    known = {} if known is None else known
    sources: dict[str, dict[str, None]] = {}
    for path, view in by_path.items():
        known[path] = _taken(view, evidence, known.get(path))
        sources.setdefault(view.locale, {}).update(dict.fromkeys(known[path].sources))
    styled = {locale: render(locale, tuple(wanted)) for locale, wanted in sources.items()}
    assessed = assess_all(evidence.findings, evidence.records)
    counts, every = origins_of(assessed, evidence)
    problems = [
        problem
        for view in by_path.values()
        for problem in _calculation_problems(view, evidence, counts, every)
    ]
    gates = gates or Gates()
    uses = {path: known[path].uses for path in by_path}
    quoted: dict[str, list[Quoted]] = {}
    for place in gates.places:
        if place.address and not place.field:
            quoted.setdefault(place.path, []).append(place)
    first: dict[str, str] = {}
    for path, view in by_path.items():
        for directive in view.directives():
            first.setdefault(directive.name, path)
    return Assembly(
        evidence,
        by_path,
        styled,
        assessed,
        tuple(use for found in uses.values() for use in found),
        _homes(by_path.values(), assessed),
        in_order(problems),
        gates,
        uses,
        {path: tuple(found) for path, found in quoted.items()},
        first,
        _number_notes(by_path.values(), styled, evidence),
        carry(evidence, gates),
        counts,
        every,
    )


def _homes(views: Iterable[View], assessed: Iterable[Assessed]) -> dict[str, str]:
    """Return the page on which the findings of each chapter stand with their evidence.

    That is the first with a table of the chapter, else the first with one of all chapters.
    """
    homes: dict[str, str] = {}
    whole = ""
    for view in views:
        for directive in view.directives():
            if directive.name == "findings" and not _is_short(directive):
                if directive.argument:
                    homes.setdefault(directive.argument, view.page.path)
                else:
                    whole = whole or view.page.path
    if whole:
        for item in assessed:
            homes.setdefault(item.finding.chapter, whole)
    return homes


def _number_notes(
    views: Iterable[View], styled: Mapping[str, Styled], evidence: Evidence
) -> dict[tuple[str, int], int]:
    """Return the number of the note of each citation that has one, counted on each page."""
    notes: dict[tuple[str, int], int] = {}
    for view in views:
        sheet = styled[view.locale]
        if sheet.is_note:
            noted = (
                index
                for index, cluster in view.clusters()
                if sheet.notes.get(canonical(cluster, evidence.references))
            )
            notes |= {(view.page.path, index): n for n, index in enumerate(noted, 1)}
    return notes


def _calculation_problems(
    view: View, evidence: Evidence, counts: dict[str, int], every: frozenset[str]
) -> Iterator[Problem]:
    for calculation in view.page.calculations:
        worked = work_out(calculation.source, evidence, counts, every)
        if isinstance(worked, Fault):
            span = view.page.span(calculation.start)
            yield Problem(
                worked.code,
                span.path,
                span.line,
                span.column,
                worked.message,
                worked.hint,
                excerpt=view.page.excerpt(calculation.start),
            )
