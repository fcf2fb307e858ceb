// Spares readers some of what Material does with each page. DESIGN.md ("Pages") says why.
{
  const { body, forms, head } = document

  // What makes the style of each element anew before a reader switches colors.
  let switches = false
  addEventListener("change", ({ target }) => { if (target.name === "__palette") switches = true }, true)
  body.setAttribute = (name, value) => {
    if (switches || name !== "data-md-color-switching") Element.prototype.setAttribute.call(body, name, value)
  }
  head.appendChild = (node) => node.name === "color-scheme" ? node : Node.prototype.appendChild.call(head, node)

  // The index of the search, until a reader turns to it.
  const { open, send } = XMLHttpRequest.prototype
  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    open.call(this, method, address, ...rest)
    if (String(address).endsWith("/search/search_index.json") && !forms.search.contains(document.activeElement))
      this.send = () => forms.search.addEventListener("focusin", () => send.call(this), { once: true })
  }

  // A watch for each link and fold: one for all does.
  const content = document.querySelector("[data-md-component=content]")
  if (content)
    content.querySelectorAll = (names) =>
      /^(a|details)$/.test(names) ? [] : Element.prototype.querySelectorAll.call(content, names)
  const shut = () => [...document.querySelectorAll("details:not([open])")]
  const unfold = (folds) => folds.forEach((fold) => { fold.open = true })
  const lead = () => {
    const target = location.hash && document.querySelector(":target")
    const folds = target ? shut().filter((fold) => fold.contains(target)) : []
    unfold(folds)
    if (folds.length) target.scrollIntoView()
  }
  addEventListener("load", lead)
  addEventListener("hashchange", lead)
  let printed = []
  addEventListener("beforeprint", () => unfold(printed = shut()))
  addEventListener("afterprint", () => printed.forEach((fold) => { fold.open = false }))
}
