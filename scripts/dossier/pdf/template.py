"""The look of the book, in Typst: what each call that the other modules write comes to.

One ink and one face, as on the pages of the site. Nothing is told by color, and nothing is
hyphenated, so that a search in the PDF finds the words as they are.
"""

from __future__ import annotations

TEMPLATE = r"""
#let ink = rgb("#1d2126")
#let soft = rgb("#565b62")
#let rule = rgb("#b9b6ae")
#let accent = rgb("#1b5570")
#let small = 8pt

#let mark(name) = [#metadata(none)#label(name)]
#let plainly(body) = body
#let p(body) = par(body)
#let divider() = line(length: 100%, stroke: 0.5pt + rule)
#let aside(body) = block(inset: (left: 10pt, y: 2pt), stroke: (left: 1pt + rule), body)
#let summary(body) = block(above: 0.7em, below: 0.5em, sticky: true, text(weight: "semibold", body))
#let term(body) = block(above: 1em, below: 0.4em, sticky: true, strong(body))
#let meaning(body) = block(inset: (left: 1.4em), above: 0.4em, body)

#let frames = (
  "confirmed": 1pt + ink,
  "contradicted": 1pt + ink,
  "single-origin": 0.5pt + ink,
  "qualified": 0.5pt + ink,
  "disputed": (paint: ink, thickness: 0.7pt, dash: "dashed"),
  "unsupported": (paint: ink, thickness: 0.7pt, dash: "dotted"),
)
#let badge(kind, body) = box(
  inset: (x: 3pt), outset: (y: 2.2pt), radius: 2pt,
  stroke: frames.at(kind, default: 0.5pt + ink), text(size: 0.88em, body),
)
#let origins(body) = block(above: 0.55em, text(fill: soft, body))
#let bears-note(body) = text(fill: soft, body)
#let caption-note(body) = text(weight: "regular", fill: soft, body)
#let finding-statement(body) = block(below: 0.5em, text(weight: "semibold", body))
#let finding-note(body) = block(above: 0.5em, text(fill: soft, body))

#let exhibit(caption, body) = {
  set text(size: small)
  set par(leading: 0.5em, spacing: 0.6em)
  set list(indent: 0pt, body-indent: 0.35em, spacing: 0.5em, marker: [–])
  show link: set text(fill: ink)
  if caption == none { block(above: 1.2em, below: 1.4em, body) }
  else { figure(kind: table, caption: caption, body) }
}
#let drawing(body, caption) = figure(kind: image, caption: caption, body)

#let noted(chapter, number, first) = {
  let at = str(chapter) + "." + str(number)
  super(link(label("note-" + at), str(number)))
  if first { mark("cite-" + at) }
}
#let note(chapter, number, body) = block(above: 0.9em, inset: (left: 16pt), {
  let at = str(chapter) + "." + str(number)
  block(sticky: true, above: 0pt, below: 0pt, height: 0pt, {
    mark("note-" + at)
    place(dx: -16pt, dy: 0.6em, link(label("cite-" + at), strong[#number]))
  })
  body
})
#let notes(..bodies) = {
  set text(size: 7.5pt)
  set par(leading: 0.48em, spacing: 0.55em)
  columns(2, gutter: 16pt, bodies.pos().join())
}
#let work(body) = block(above: 0.6em, below: 0.45em, sticky: true, text(weight: "semibold", body))
#let passage(about, body) = {
  quote(block: true, body)
  block(above: 0.4em, below: 0.6em, inset: (left: 8pt), text(fill: soft, about))
}
#let works(..bodies) = {
  set text(size: 9pt)
  set par(leading: 0.55em)
  for body in bodies.pos() { block(above: 1.1em, body) }
}
#let reference(body) = par(hanging-indent: 1.4em, body)
#let about(body) = block(above: 0.5em, inset: (left: 1.4em), text(size: small, fill: soft, body))
#let places(..names) = block(above: 0.5em, inset: (left: 1.4em), text(size: small, fill: soft, {
  if names.pos().len() == 1 [Note ] else [Notes ]
  names.pos().map(name => link(label("note-" + name), name)).join(", ")
}))

#let front(title, description, rights, address, edition, commit) = {
  set par(leading: 0.6em)
  v(22%)
  block(text(size: 11pt, fill: soft)[Research report])
  block(above: 0.8em, std.title(title))
  if description != "" { block(above: 1.6em, width: 80%, text(size: 12.5pt, description)) }
  v(1fr)
  set text(size: 9.5pt)
  if edition != "" { block[Edition of #edition] }
  if address != "" { block(link(address)) }
  if commit != "" { block[Made from commit #raw(commit.slice(0, calc.min(12, commit.len())))] }
  if rights != "" { block(rights) }
  block(above: 1.6em, width: 80%, text(fill: soft)[
    The small numbers behind citations lead to the notes at the end of each chapter, with the words
    of the sources. All findings, passages and checks are attached to this document, for machines,
    as #raw("evidence.json").
  ])
  pagebreak(weak: true)
}

#let book(
  title: "", description: "", rights: "", address: "", edition: "", commit: "",
  language: "en", region: "", body,
) = {
  set document(title: title, description: description, date: auto)
  set text(
    font: ("Libertinus Serif", "DejaVu Sans Mono", "New Computer Modern Math"),
    size: 10.5pt, fill: ink, lang: language, region: if region == "" { none } else { region },
    hyphenate: false, number-type: "lining",
  )
  set page(
    paper: if region in ("US", "CA") { "us-letter" } else { "a4" },
    margin: (x: 2.6cm, top: 2.6cm, bottom: 2.4cm),
  )
  set par(leading: 0.66em, spacing: 1em, justify: false)
  set list(indent: 0.4em, spacing: 0.75em)
  set enum(indent: 0.4em, spacing: 0.75em)
  set table(
    inset: (x: 5pt, y: 5pt), align: left + top,
    stroke: (x, y) => (top: if y == 0 { none } else { 0.4pt + rule }, bottom: 0.4pt + rule),
  )
  set heading(numbering: (..numbers) => {
    if numbers.pos().len() == 1 { numbering("1", ..numbers) }
  })
  show std.title: set text(size: 26pt, weight: "semibold")
  show std.title: set par(leading: 0.45em)
  show raw: set text(font: "DejaVu Sans Mono", size: 0.82em)
  show link: set text(fill: accent)
  show super: set text(fill: ink)
  show quote.where(block: true): it => block(
    inset: (left: 8pt), above: 0.5em, below: 0.5em, stroke: (left: 0.6pt + rule), it,
  )
  show quote.where(block: true): set pad(x: 0pt)
  set quote(quotes: false)
  show figure: set block(breakable: true, above: 1.4em, below: 1.6em)
  show figure: set align(left)
  show figure.where(kind: image): set block(breakable: false)
  show figure.where(kind: table): set figure.caption(position: top)
  show figure.caption: it => block(width: 100%, sticky: true, below: 0.8em, text(
    size: 9pt, weight: if it.kind == table { "semibold" } else { "regular" }, it.body,
  ))
  show figure.where(kind: image): set text(size: 9pt)
  set figure(numbering: none, supplement: none, gap: 0.6em)
  show figure.where(kind: image): set figure.caption(position: bottom)

  show heading.where(level: 1): it => {
    pagebreak(weak: true)
    v(2.2cm)
    block(sticky: true, below: 1.4em, {
      text(size: 11pt, weight: "regular", fill: soft)[Chapter #counter(heading).display("1")]
      linebreak()
      text(size: 21pt, weight: "semibold", it.body)
    })
  }
  show heading.where(level: 2): it => block(
    sticky: true, above: 1.9em, below: 0.85em, text(size: 14pt, weight: "semibold", it.body),
  )
  show heading.where(level: 3): it => block(
    sticky: true, above: 1.5em, below: 0.7em, text(size: 11.5pt, weight: "semibold", it.body),
  )

  front(title, description, rights, address, edition, commit)

  set page(
    header: context {
      let here-page = here().page()
      let begun = query(heading.where(level: 1, outlined: true))
      let on-page = begun.filter(h => h.location().page() == here-page)
      if on-page.len() > 0 { return }
      let before = begun.filter(h => h.location().page() < here-page)
      set text(size: 8.5pt, fill: soft)
      title
      h(1fr)
      if before.len() > 0 { before.last().body }
    },
    footer: context {
      set text(size: 8.5pt, fill: soft)
      align(center, counter(page).display("1"))
    },
  )

  {
    show heading.where(level: 1): it => block(above: 1cm, below: 1.2em, text(size: 21pt, it.body))
    show outline.entry.where(level: 1): set block(above: 1.1em)
    show outline.entry.where(level: 1): set text(weight: "semibold")
    show outline.entry.where(level: 2): set text(size: 9.5pt)
    show link: set text(fill: ink)
    outline(depth: 2, indent: 1.6em)
  }
  body
  pdf.attach(
    "evidence.json", bytes(sys.inputs.evidence), relationship: "data",
    mime-type: "application/json", description: "All findings, passages and checks of the report",
  )
}
"""
