// Conversations: what is typed in [data-chat] is sent without leaving the page, once, however
// often it has to be tried; who types is shown; an open page says that it is here and what it
// has shown. Messages themselves arrive through live.js.
//
// `globalThis.vigil.ask` replaces `fetch` in the widget, which has a key and no cookie.

const TYPING_EVERY = 3000 // ms
const TYPING_SHOWN = 5000
const NEAR_END = 80 // px
const LONGEST_PAUSE = 15_000
const ask = (url, options = {}) =>
  (globalThis.vigil?.ask ?? fetch)(url, {
    credentials: 'same-origin',
    cache: 'no-store',
    ...options,
    headers: { 'HX-Request': 'true', ...options.headers },
  })
const coarse = matchMedia('(pointer: coarse)')
const chats = () => [...document.querySelectorAll('[data-chat]')]
const logOf = (chat) => chat.querySelector('[data-chat-log]')
const seen = (chat) => !document.hidden && chat.checkVisibility()

function storage(action) {
  try {
    return action(sessionStorage)
  } catch {
    return null
  }
}

function post(chat, url, fields = {}) {
  const token = chat.querySelector('[name="csrfmiddlewaretoken"]')?.value ?? ''
  return ask(url, { method: 'POST', body: new URLSearchParams(fields), headers: { 'X-CSRFToken': token } })
}

const updated = () => document.dispatchEvent(new CustomEvent('vigil:updated', { detail: {} }))

// ---- Contents of a panel, of the page, of the widget -----------------------------------

function fill(place, html, focus) {
  place.innerHTML = html // a part of a page of ours, escaped there
  document.dispatchEvent(new CustomEvent('vigil:listen'))
  updated()
  if (focus) place.querySelector('textarea')?.focus()
}

async function load(place, src, focus) {
  const response = await ask(src)
  if (!response.ok || response.redirected) throw new Error(String(response.status))
  fill(place, await response.text(), focus)
}

const loading = new WeakMap() // place → a load under way: a second one would undo what was typed

document.addEventListener('vigil:fill', async (event) => {
  const place = event.target
  const { src, focus } = event.detail
  if (!loading.has(place)) loading.set(place, load(place, src).finally(() => loading.delete(place)))
  try {
    await loading.get(place)
    if (focus) place.querySelector('textarea')?.focus()
  } catch {
    if (!place.querySelector('[data-chat]')) place.textContent = place.dataset.chatFailed ?? ''
  }
})

// ---- Sending ---------------------------------------------------------------------------

const failures = new WeakMap() // form → how often it was tried in vain
const keptKey = (form) => `vigil-chat-key:${form.getAttribute('action')}`

function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function say(form, text) {
  const line = form.querySelector('[data-chat-errors]')
  if (!line || line.textContent === text) return
  line.textContent = text
  line.hidden = !text
}

// A message that may have arrived keeps its key over a reload, as long as its text is the same.
function ready(form) {
  if (form.dataset.chatReady) return
  form.dataset.chatReady = 'yes'
  const kept = storage((s) => JSON.parse(s.getItem(keptKey(form))))
  const key = form.querySelector('[data-chat-key]')
  if (key && kept && kept.text === form.elements.body.value) key.value = kept.key
  const page = form.querySelector('[data-chat-page]')
  if (page) page.value = globalThis.vigil?.page ?? location.pathname
}

function sent(form, text) {
  storage((s) => s.removeItem(keptKey(form)))
  failures.delete(form)
  say(form, '')
  form.querySelector('[data-chat-key]').value = freshKey()
  const body = form.elements.body
  if (body.value === text) body.value = ''
  form.querySelector('[data-upload-list]')?.replaceChildren()
  for (const input of form.querySelectorAll('input[type="file"]')) input.value = ''
  for (const kept of form.querySelectorAll('[name="kept"]')) kept.closest('ul').remove()
  body.dispatchEvent(new Event('input', { bubbles: true })) // its draft is over, too
  const status = form.querySelector('[data-draft-status]')
  if (status && !body.value) status.textContent = ''
}

function again(form, data, text) {
  const count = (failures.get(form) ?? 0) + 1
  failures.set(form, count)
  say(form, form.querySelector('[data-chat-errors]')?.dataset.notSent ?? '')
  setTimeout(() => {
    const unchanged = form.isConnected && form.elements.body.value === text
    if (unchanged) deliver(form, data, text)
    else failures.delete(form)
  }, Math.min(LONGEST_PAUSE, 1000 * 2 ** count))
}

async function deliver(form, data, text) {
  if (form.dataset.sending !== undefined) return
  form.dataset.sending = ''
  try {
    const response = await ask(form.action, { method: 'POST', body: data })
    if (response.redirected) return location.reload() // signed out: the page keeps the draft
    if (response.status >= 500) throw new Error(String(response.status))
    if (!response.ok) {
      const refused = await response.json().catch(() => ({ errors: [String(response.status)] }))
      return say(form, refused.errors.join(' '))
    }
    arrived(form, await response.text(), text)
  } catch {
    again(form, data, text)
  } finally {
    delete form.dataset.sending
  }
}

function arrived(form, html, text) {
  const place = form.closest('[data-chat-place]')
  sent(form, text)
  if (form.matches('[data-chat-start]')) return fill(place, html, true)
  form.closest('article')?.querySelector('[data-chat-join]')?.remove() // whoever writes has joined
  const section = form.closest('[data-chat]').querySelector('[data-live]')
  follow.delete(logOf(form.closest('[data-chat]')))
  document.dispatchEvent(new CustomEvent('vigil:show', { detail: { section, html } }))
}

function submit(form) {
  const text = form.elements.body.value
  if (!text.trim()) return form.elements.body.focus()
  const key = form.querySelector('[data-chat-key]').value
  storage((s) => s.setItem(keptKey(form), JSON.stringify({ key, text })))
  say(form, '')
  deliver(form, new FormData(form), text)
}

document.addEventListener('submit', async (event) => {
  const form = event.target
  if (form.matches('[data-chat-form], [data-chat-start]')) {
    event.preventDefault()
    submit(form)
  } else if (form.matches('[data-chat-end]') && form.closest('[data-chat-place]')) {
    event.preventDefault()
    const data = new FormData(form, event.submitter)
    const response = await ask(form.action, { method: 'POST', body: data }).catch(() => null)
    if (response?.ok) fill(form.closest('[data-chat-place]'), await response.text(), true)
  }
})

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-chat-again]')
  const place = link?.closest('[data-chat-place]')
  if (!place) return
  event.preventDefault()
  load(place, link.dataset.chatAgain, true).catch(() => {})
})

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || !event.target.matches?.('[data-chat-text]')) return
  if (event.shiftKey || event.isComposing || event.keyCode === 229 || coarse.matches) return
  event.preventDefault()
  event.target.form.requestSubmit()
})

// ---- Who types -------------------------------------------------------------------------

const told = new WeakMap() // chat → when it was last said that somebody types here
const timers = new WeakMap() // chat → until when somebody else is shown typing

document.addEventListener('input', (event) => {
  const chat = event.target.matches?.('[data-chat-text]') && event.target.closest('[data-chat]')
  if (!chat || !event.target.value || Date.now() - (told.get(chat) ?? 0) < TYPING_EVERY) return
  told.set(chat, Date.now())
  post(chat, chat.dataset.chatTyping).catch(() => {})
})

function nobodyTypes(chat) {
  clearTimeout(timers.get(chat))
  chat.querySelector('[data-chat-typing-line]').textContent = ''
}

document.addEventListener('vigil:typing', (event) => {
  const { ticket, person } = event.detail
  for (const chat of chats().filter((one) => one.querySelector('[data-live]')?.dataset.liveTicket === String(ticket))) {
    const line = chat.querySelector('[data-chat-typing-line]')
    const name = chat.querySelector(`[data-chat-people] [data-person="${Number(person)}"]`)
    const text = name?.textContent ?? line.dataset.somebody
    if (line.textContent !== text) line.textContent = text
    clearTimeout(timers.get(chat))
    timers.set(chat, setTimeout(nobodyTypes, TYPING_SHOWN, chat))
  }
})

// ---- Being here ------------------------------------------------------------------------

const beats = new WeakMap() // chat → what it last said, and when

function beat(chat) {
  if (!seen(chat) || !chat.querySelector('[data-chat-form]')) return
  const read = chat.querySelector('[data-chat-last]')?.dataset.chatLast ?? '0'
  const last = beats.get(chat)
  const every = Number(chat.dataset.chatBeat) * 1000
  if (last && last.read === read && Date.now() - last.at < every - 1000) return
  beats.set(chat, { read, at: Date.now() })
  post(chat, chat.dataset.chatHere, { read }).catch(() => beats.delete(chat))
}

const follow = new WeakMap() // log → false while its reader looks at what came before
const lines = new WeakMap() // chat → its last message when last looked at

document.addEventListener('scroll', (event) => {
  const log = event.target
  if (!log.matches?.('[data-chat-log]')) return
  follow.set(log, log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END)
}, true)

function look() {
  document.querySelectorAll('[data-chat-form], [data-chat-start]').forEach(ready)
  for (const chat of chats()) {
    const log = logOf(chat)
    const last = log?.lastElementChild?.id
    if (lines.get(chat) !== last) {
      lines.set(chat, last)
      nobodyTypes(chat)
      if (follow.get(log) !== false) log.scrollTop = log.scrollHeight
    }
    beat(chat)
  }
}

document.addEventListener('vigil:updated', look)
document.addEventListener('vigil:chat-opened', () => {
  for (const chat of chats()) logOf(chat).scrollTop = logOf(chat).scrollHeight
  look()
})
document.addEventListener('visibilitychange', look)
setInterval(look, 5000)
look()
