// Titles while typing, beneath <input data-suggest="/docs/en/search/suggestions/">: a list box moved
// through with the arrow keys; Enter without a choice searches as ever.

const WAIT = 150

function begin(input) {
  const list = input.parentElement.querySelector('[role="listbox"]')
  let timer, asked = '', request, active = -1
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-controls', list.id], ['aria-expanded', 'false']]) {
    input.setAttribute(name, value)
  }
  const options = () => [...list.children]

  function close() {
    list.hidden = true
    active = -1
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
  }

  function choose(index) {
    active = index
    options().forEach((option, at) => option.setAttribute('aria-selected', String(at === index)))
    const chosen = options()[index]
    if (!chosen) return input.removeAttribute('aria-activedescendant')
    input.setAttribute('aria-activedescendant', chosen.id)
    chosen.scrollIntoView({ block: 'nearest' })
  }

  async function ask() {
    const text = input.value.trim()
    if (text === asked) return
    asked = text
    request?.abort()
    if (text.length < 2) return close()
    request = new AbortController()
    const query = new URLSearchParams({ q: text })
    for (const name of ['product', 'platform']) {
      const value = input.form.elements[name]?.value
      if (value) query.set(name, value)
    }
    const response = await fetch(`${input.dataset.suggest}?${query}`, { signal: request.signal })
    if (!response.ok) return
    list.innerHTML = await response.text()
    active = -1
    input.removeAttribute('aria-activedescendant')
    const some = list.children.length > 0 && document.activeElement === input
    list.hidden = !some
    input.setAttribute('aria-expanded', String(some))
  }

  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => ask().catch(() => {}), WAIT)
  })
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || list.hidden) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) {
      event.preventDefault()
      const count = list.children.length
      choose((active + step + count + (active < 0 && step < 0 ? 1 : 0)) % count)
    } else if (event.key === 'Enter' && active >= 0) {
      event.preventDefault()
      location.assign(options()[active].dataset.href)
    } else if (event.key === 'Escape') {
      event.preventDefault()
      close()
    }
  })
  input.addEventListener('blur', () => setTimeout(close, 150))
  list.addEventListener('mousedown', (event) => event.preventDefault())
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[role="option"]')
    if (option) location.assign(option.dataset.href)
  })
}

document.querySelectorAll('input[data-suggest]').forEach(begin)
