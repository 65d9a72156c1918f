// One-key shortcuts: / search, c new ticket, j and k through a list, e reply, ? help.
// Never while typing; they can be switched off in the help dialog (WCAG 2.1.4).

const help = document.getElementById('keyboard-help')
const toggle = help?.querySelector('[data-shortcuts-toggle]')

function enabled() {
  try {
    return localStorage.getItem('shortcuts') !== 'off'
  } catch {
    return true
  }
}

function typing(target) {
  return target.isContentEditable || target.matches?.('input:not([type="checkbox"], [type="radio"]), textarea, select')
}

function move(step) {
  const links = [...document.querySelectorAll('[data-list] [data-item]')]
  if (!links.length) return
  const at = links.indexOf(document.activeElement)
  const next = at === -1 ? (step > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + step))
  links[next].focus()
  links[next].scrollIntoView({ block: 'nearest' })
}

function visible(selector) {
  return [...document.querySelectorAll(selector)].find((element) => element.checkVisibility())
}

function focusOn(selector) {
  const element = visible(selector)
  element?.focus()
  element?.scrollIntoView({ block: 'nearest' })
}

const actions = {
  '/': () => focusOn('[data-search]'),
  c: () => document.querySelector('[data-new-ticket]')?.click(),
  j: () => move(1),
  k: () => move(-1),
  e: () => focusOn('[data-reply]'),
  '?': () => help?.showModal(),
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && event.target.matches('textarea[data-reply]')) {
    event.preventDefault()
    event.target.form.requestSubmit()
    return
  }
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return
  if (!enabled() || typing(event.target) || document.querySelector('dialog[open]')) return
  const action = actions[event.key]
  if (!action) return
  event.preventDefault()
  action()
})

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-show-help]')) help?.showModal()
})

if (toggle) {
  toggle.checked = enabled()
  toggle.addEventListener('change', () => {
    try {
      localStorage.setItem('shortcuts', toggle.checked ? 'on' : 'off')
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  })
}
