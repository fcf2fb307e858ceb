// Evidence cards: what a citation, quotation, number or finding rests on, beside it.
//
// All that a card shows stands in the page already, once a source, among its references: without
// this script the links lead there. One popover (HTML, section 6.12) serves all cards.
(() => {
  "use strict"
  if (!("popover" in HTMLElement.prototype)) return

  const LINKS = ".citation a[role=doc-biblioref], .citation a[role=doc-noteref], a.assessment"
  const WORDS = "q[data-passage], .number[data-passage], .calculation[data-passages]"
  const BLOCKS = "blockquote[data-passage]"
  const TARGETS = `${LINKS}, ${WORDS}, .card-opener`
  const OPENING = ["tabindex", "role", "aria-haspopup", "aria-expanded"]
  // Milliseconds that the pointer rests before a card opens, or is away before it closes.
  const HOVER = 250
  // Pixels between a card and what it explains.
  const GAP = 6
  // Pixels of height below which a card is not worth reading.
  const LEAST = 160

  // What the open card explains.
  let target = null
  // Whether it stays when the pointer goes.
  let pinned = false
  let timer = 0
  // Whether the focus comes back from a card, which opens none.
  let returning = false

  const make = (name, options = {}, ...children) => {
    const element = Object.assign(document.createElement(name), options)
    element.append(...children)
    return element
  }

  // ---- The card ----

  const close = make("button", { type: "button", className: "card-close", textContent: "×" })
  close.setAttribute("aria-label", "Close")
  const body = make("div", { className: "card-body" })
  const card = make("div", { id: "evidence-card", className: "card md-typeset", tabIndex: -1 }, close, body)
  card.setAttribute("popover", "auto")
  card.setAttribute("role", "dialog")
  close.addEventListener("click", () => shut(true))

  const isOpen = () => card.matches(":popover-open")

  // Closing gives the focus back where the card had it, or where the reader asks to close it.
  const shut = (back) => {
    const from = target
    const inside = card.contains(document.activeElement)
    if (isOpen()) card.hidePopover()
    if (!from || !(back || inside)) return
    returning = true
    from.focus({ preventScroll: true })
    returning = false
  }

  // Before it closes, and not after: that is told later, when the same or another may be open again.
  card.addEventListener("beforetoggle", (event) => {
    if (event.newState !== "closed") return
    target?.removeAttribute("aria-expanded")
    target = null
    pinned = false
  })

  // ---- What stands in it ----

  const byId = (id) => document.getElementById(id)
  const named = (element, name) => (element.dataset[name] || "").split(" ").filter(Boolean)

  // A copy without the ids, which the page has once, and in which nothing opens a card.
  const copy = (element) => {
    const clone = element.cloneNode(true)
    for (const one of [clone, ...clone.querySelectorAll("*")]) {
      for (const name of ["id", ...OPENING]) one.removeAttribute(name)
    }
    return clone
  }

  const isKey = (text) => byId(`ref-${text}`) !== null
  const split = (address) => {
    const at = address.lastIndexOf("#")
    return at < 0 || isKey(address) ? [address, ""] : [address.slice(0, at), address.slice(at + 1)]
  }

  // The stretches of a passage that are quoted, as `12-40 50-60`, from the last to the first.
  const mark = (quote, stretches) => {
    const words = (quote.querySelector(".exact") || quote.querySelector("p") || quote).firstChild
    for (const stretch of stretches.split(" ").filter(Boolean).reverse()) {
      const [start, end] = stretch.split("-").map(Number)
      if (words?.nodeType !== Node.TEXT_NODE || end > words.length) continue
      const range = new Range()
      range.setStart(words, start)
      range.setEnd(words, end)
      range.surroundContents(make("mark"))
    }
  }

  const passage = (key, id, stretches) => {
    const item = byId(`passage-${key}--${id}`)
    if (!item) return []
    const shown = make("div", { className: "card-passage" }, ...copy(item).childNodes)
    mark(shown.querySelector("blockquote"), stretches)
    return [shown]
  }

  // A work: the passages that are meant, by id with what is to be marked in each, the reference,
  // what kind of source it is.
  const work = (key, ids) => {
    const entry = byId(`ref-${key}`)
    if (!entry) return []
    const parts = [...ids].flatMap(([id, stretches]) => passage(key, id, stretches))
    for (const part of entry.querySelectorAll(":scope > .csl-entry-text, :scope > .about")) {
      parts.push(copy(part))
    }
    const link = make("a", { href: `#${encodeURIComponent(entry.id)}`, textContent: "In the references" })
    return [make("section", { className: "card-work" }, ...parts, make("p", { className: "card-entry" }, link))]
  }

  const works = (addresses, stretches = []) => {
    const keys = new Map()
    addresses.forEach((address, number) => {
      const [key, id] = split(address)
      if (!keys.has(key)) keys.set(key, new Map())
      if (id) keys.get(key).set(id, stretches[number] || "")
    })
    return [...keys].flatMap(([key, ids]) => work(key, ids))
  }

  const keyOf = (link) => decodeURIComponent(link.hash).slice("#ref-".length)

  const cited = (link) => {
    const citation = link.closest("[data-cites]")
    if (link.matches("[role=doc-noteref]")) {
      return works([...named(citation, "passages"), ...named(citation, "cites")])
    }
    return work(keyOf(link), named(link, "passages").map((id) => [id, ""]))
  }

  // A finding: its statement and assessment, and on each side the words that bear on it.
  const finding = (link) => {
    const row = link.closest("tr")
    const badge = make("span", { className: link.className }, ...copy(link).childNodes)
    // The first badge of its kind says what it means.
    const first = document.querySelector(`[data-meaning].${link.classList[1]}`)
    const head = make("p", { className: "card-assessment" }, badge, ` ${first?.dataset.meaning || ""}`)
    const parts = []
    for (const part of row ? row.querySelectorAll(".finding-statement, .origins") : []) parts.push(copy(part))
    parts.splice(1, 0, head)
    for (const side of row ? row.querySelectorAll("details.evidence") : []) {
      parts.push(make("p", { className: "card-side" }, ...copy(side.querySelector("summary")).childNodes))
      for (const item of side.querySelectorAll("li")) {
        const source = item.querySelector("a")
        const words = named(source, "passages").flatMap((id) => {
          const held = byId(`passage-${keyOf(source)}--${id}`)?.querySelector("blockquote")
          return held ? [copy(held)] : []
        })
        parts.push(make("div", { className: "card-passage" }, ...words, ...copy(item).childNodes))
      }
    }
    if (!row?.querySelector("details.evidence")) {
      const all = make("a", { href: link.href, textContent: "The passages that bear on it" })
      parts.push(make("p", { className: "card-entry" }, all))
    }
    return [make("section", { className: "card-finding" }, ...parts)]
  }

  const content = (element) => {
    if (element.matches("a.assessment")) return finding(element)
    if (element.matches("a")) return cited(element)
    const held = element.matches(".card-opener") ? element.closest(BLOCKS) : element
    const working = element.querySelector(".working")
    const addresses = [...named(held, "passages"), ...named(held, "passage")]
    const parts = works(addresses, (held.dataset.at || "").split("|"))
    if (!working || !parts.length) return parts
    return [make("p", { className: "card-working", textContent: element.textContent }), ...parts]
  }

  // ---- Where it stands: below what it explains, or above, never over it ----

  const place = (mayScroll) => {
    const root = document.documentElement
    const boxes = [...target.getClientRects()]
    let top = Math.min(...boxes.map((box) => box.top))
    let bottom = Math.max(...boxes.map((box) => box.bottom))
    const bar = document.querySelector(".md-header")?.getBoundingClientRect()
    const ceiling = bar && bar.bottom > 0 ? bar.bottom : 0
    card.style.maxHeight = "none"
    const height = card.offsetHeight
    let below = innerHeight - bottom - 2 * GAP
    let above = top - ceiling - 2 * GAP
    if (mayScroll && height > Math.max(below, above) && Math.max(below, above) < 2 * LEAST) {
      const before = scrollY
      scrollBy({ top: top - ceiling - 2 * GAP, behavior: "instant" })
      const moved = scrollY - before
      top -= moved
      bottom -= moved
      below += moved
      above -= moved
    }
    const under = height <= below || below >= above
    const room = Math.max(under ? below : above, LEAST)
    card.style.maxHeight = `${room}px`
    const shown = Math.min(height, room)
    const first = boxes[under ? boxes.length - 1 : 0]
    const left = Math.min(first.left, root.clientWidth - card.offsetWidth - 2 * GAP)
    card.style.left = `${scrollX + Math.max(left, GAP)}px`
    card.style.top = `${scrollY + (under ? bottom + GAP : top - GAP - shown)}px`
  }

  const open = (element, pin, enter) => {
    clearTimeout(timer)
    if (element !== target) {
      const parts = content(element)
      if (!parts.length) return false
      if (isOpen()) card.hidePopover()
      body.replaceChildren(...parts)
      const words = element.textContent.trim().replace(/\s+/g, " ")
      card.setAttribute("aria-label", `Evidence for: ${words.length > 80 ? `${words.slice(0, 79)}…` : words}`)
      // Not with the element as its source: the order of the keyboard would lead through each card.
      card.showPopover()
      target = element
      pinned = pin
      element.setAttribute("aria-expanded", "true")
      place(pin)
      body.scrollTop = card.scrollTop = 0
    }
    pinned ||= pin
    if (enter) card.focus({ preventScroll: true })
    return true
  }

  // ---- Mouse, keyboard and touch ----

  const meant = (event) => {
    const found = event.target instanceof Element ? event.target.closest(TARGETS) : null
    const link = found && event.target.closest("a")
    return link && link !== found && found.contains(link) ? null : found
  }

  const hovers = (event) => event.pointerType !== "touch"

  document.addEventListener("pointerover", (event) => {
    if (!hovers(event)) return
    clearTimeout(timer)
    const found = meant(event)
    if (found && !card.contains(found)) {
      // A card that was asked for is not taken away by what the pointer passes.
      if (found !== target && !pinned) timer = setTimeout(() => open(found, false, false), HOVER)
    } else if (isOpen() && !pinned && !card.contains(event.target)) {
      timer = setTimeout(() => pinned || shut(false), HOVER)
    }
  })

  // The pointer that has left the window, and whatever it was about to open, are gone.
  document.documentElement.addEventListener("pointerleave", () => clearTimeout(timer))

  document.addEventListener("focusin", (event) => {
    if (returning || card.contains(event.target)) return
    const found = meant(event)
    if (found && found === event.target && found.matches(":focus-visible")) open(found, true, false)
    else if (found !== target) shut(false)
  })

  document.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    if (card.contains(event.target)) {
      if (event.target.closest("a[href^='#']")) shut(false)
      return
    }
    const found = meant(event)
    // A click that the keyboard makes has no count: the reader goes on into the card.
    if (found && open(found, true, event.detail === 0)) event.preventDefault()
  })

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) {
      // Where a card came up under the pointer alone, the focus stays where it is (WCAG 1.4.13).
      shut(pinned)
      event.preventDefault()
    } else if (event.key === "Tab" && card.contains(document.activeElement)) {
      // The card follows what it explains in the order of the keyboard.
      const stops = [...card.querySelectorAll("a[href], button, summary")]
      const at = stops.indexOf(document.activeElement)
      if (event.shiftKey ? at <= 0 : at === stops.length - 1) {
        shut(true)
        if (event.shiftKey) event.preventDefault()
      }
    } else if ((event.key === "Enter" || event.key === " ") && event.target.matches?.(WORDS)) {
      event.preventDefault()
      open(event.target, true, true)
    }
  })

  addEventListener("resize", () => target && place(false))

  // ---- What opens a card says so ----

  const prepare = () => {
    if (!card.isConnected) document.body.append(card)
    for (const quote of document.querySelectorAll(BLOCKS)) {
      if (quote.querySelector(".card-opener")) continue
      quote.append(make("button", { type: "button", className: "card-opener", textContent: "Evidence" }))
    }
    for (const one of document.querySelectorAll(TARGETS)) {
      if (one.matches(WORDS)) {
        one.tabIndex = 0
        one.setAttribute("role", "button")
      }
      one.setAttribute("aria-haspopup", "dialog")
    }
  }

  // In a task of its own, so that what the reader does meanwhile is answered between it and the host's.
  const later = () => setTimeout(prepare)
  // Material tells of each page, the first one too, and may exchange them without loading.
  if (typeof document$ === "object") document$.subscribe(later)
  else later()
})()
