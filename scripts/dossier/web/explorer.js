// All findings: choose among them and order them. The table is whole without this script.
//
// What is chosen stands in the fragment of the address, which is never sent to the host, so that a
// view can be linked to; nothing is stored.
(() => {
  "use strict"

  const prepare = () => {
    const form = document.querySelector(".explorer-controls")
    if (!form?.hidden) return
    const table = document.querySelector("table.explorer")
    const body = table.tBodies[0]
    const rows = [...body.rows]
    const heads = [...table.querySelectorAll("th[data-sort]")]
    const count = document.querySelector(".explorer-count")
    const { sort, down, assessment } = form.elements
    const ranks = [...assessment.options].map((option) => option.value)

    const fits = ({ dataset }, [name, value]) =>
      name === "origins" ? Math.min(dataset.origins, 2) === Number(value)
      : name === "kinds" ? dataset.kinds.split(" ").includes(value)
      : dataset[name] === value

    const rank = ({ dataset }) =>
      sort.value === "assessment" ? ranks.indexOf(dataset.assessment) : Number(dataset[sort.value || "number"])

    const show = () => {
      const wanted = [...new FormData(form)].filter(([name, value]) => value && name !== "sort" && name !== "down")
      for (const row of rows) row.hidden = !wanted.every((one) => fits(row, one))
      const sign = down.checked ? -1 : 1
      rows.sort((a, b) => sign * (rank(a) - rank(b)) || a.dataset.number - b.dataset.number)
      body.append(...rows)
      for (const head of heads) {
        if (head.dataset.sort === sort.value) head.ariaSort = down.checked ? "descending" : "ascending"
        else head.removeAttribute("aria-sort")
      }
      const shown = rows.filter((row) => !row.hidden).length
      count.textContent = shown < rows.length ? `${shown} of ${rows.length} findings` : `${rows.length} findings`
    }

    const choose = () => {
      show()
      const state = [...new FormData(form)].filter(([name, value]) => value && !(name === "sort" && value === "number"))
      const fragment = state.length ? `#${new URLSearchParams(state)}` : ""
      history.replaceState(history.state, "", location.pathname + location.search + fragment)
    }

    // The address of a finding shows that finding with its evidence, whatever was chosen.
    const read = () => {
      const row = rows.find(({ id }) => [`#${id}`, `#${encodeURIComponent(id)}`].includes(location.hash))
      if (row || location.hash.includes("=")) form.reset()
      for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
        if (name === "down") down.checked = true
        else for (const field of form.querySelectorAll("select")) if (field.name === name) field.value = value
      }
      show()
      for (const fold of row ? row.querySelectorAll("details:not(.cite-this)") : []) fold.open = true
      row?.scrollIntoView()
    }

    for (const head of heads) {
      const button = document.createElement("button")
      button.type = "button"
      button.append(...head.childNodes)
      button.addEventListener("click", () => {
        down.checked = sort.value === head.dataset.sort && !down.checked
        sort.value = head.dataset.sort
        choose()
      })
      head.append(button)
    }
    form.addEventListener("change", choose)
    form.querySelector("[type=reset]").addEventListener("click", () => setTimeout(choose))
    form.addEventListener("submit", (event) => event.preventDefault())
    addEventListener("hashchange", read)
    form.hidden = false
    read()
  }

  prepare()
  if (typeof document$ === "object") document$.subscribe(prepare)
})()
