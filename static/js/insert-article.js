// The search box in the composer: <details data-insert-article="/address/?for=reply">. Arrow keys go
// from the box into the list and back, Enter inserts; what is inserted stands where the cursor was.

const WAIT = 250

function begin(box) {
  const input = box.querySelector('input')
  const list = box.querySelector('ul')
  const text = box.closest('form').querySelector('textarea')
  let timer, request
  box.hidden = false

  async function ask() {
    request?.abort()
    request = new AbortController()
    const query = new URLSearchParams({ q: input.value.trim() })
    const response = await fetch(`${box.dataset.insertArticle}&${query}`, { signal: request.signal })
    if (response.ok && !response.redirected) list.innerHTML = await response.text()
  }

  function insert(words) {
    const { selectionStart: from, selectionEnd: to, value } = text
    const before = from > 0 && !/\s$/.test(value.slice(0, from)) ? ' ' : ''
    text.setRangeText(`${before}${words}`, from, to, 'end')
    text.dispatchEvent(new Event('input', { bubbles: true }))
    box.open = false
    text.focus()
  }

  const buttons = () => [...list.querySelectorAll('button')]
  box.addEventListener('toggle', () => {
    if (!box.open) return
    input.focus()
    ask().catch(() => {})
  })
  input.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => ask().catch(() => {}), WAIT)
  })
  box.addEventListener('keydown', (event) => {
    if (event.isComposing) return
    const all = buttons()
    const at = all.indexOf(document.activeElement)
    if (event.key === 'Escape') {
      box.open = false
      text.focus()
    } else if (event.key === 'Enter' && event.target === input) {
      if (all[0]) insert(all[0].dataset.insert)
    } else if (event.key === 'ArrowDown') {
      all[Math.min(at + 1, all.length - 1)]?.focus()
    } else if (event.key === 'ArrowUp' && at >= 0) {
      (all[at - 1] ?? input).focus()
    } else {
      return
    }
    event.preventDefault()
    event.stopPropagation()
  })
  list.addEventListener('click', (event) => {
    const button = event.target.closest('[data-insert]')
    if (button) insert(button.dataset.insert)
  })
}

document.querySelectorAll('[data-insert-article]').forEach(begin)
