// Inside the widget's frame: who is there, and how its requests say so. Comes before the scripts
// of the chat, which find `globalThis.vigil` in place of fetch and EventSource.
//
// The key lives in this frame's memory, and in its own sessionStorage for the next page; no
// cookie is sent or set. Messages count only from the page that may show the frame.

const { widgetOrigin, widgetOrganization, widgetSession, liveUrl } = document.body.dataset
const KEPT = 'vigil-widget-key'
const WAIT = 5000 // ms for the page to say who is there
const EARLY = 60_000 // ms before its end a key is not begun with
const CLOSED = 2
const language = document.documentElement.lang
let key = null
let signing = null

function storage(action) {
  try {
    return action(sessionStorage)
  } catch {
    return null // storage of frames may be switched off: the key lasts as long as the page
  }
}

const tellPage = (message) => {
  if (widgetOrigin) parent.postMessage(message, widgetOrigin)
}

function askPage() {
  return new Promise((resolve) => {
    const late = setTimeout(() => done(null), WAIT)
    const hear = (event) => {
      if (event.source !== parent || event.origin !== widgetOrigin || event.data?.vigil !== 'identity') return
      if (typeof event.data.page === 'string') globalThis.vigil.page = event.data.page
      done(event.data.token)
    }
    const done = (token) => {
      clearTimeout(late)
      removeEventListener('message', hear)
      resolve(token)
    }
    addEventListener('message', hear)
    tellPage({ vigil: 'identity' })
  })
}

// Whom a token names; the server alone decides whether that is true.
function named(token) {
  try {
    const claims = JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')))
    return `${claims.iss}:${claims.sub}`
  } catch {
    return ''
  }
}

async function signIn() {
  const token = widgetOrigin ? await askPage() : null
  if (!token) {
    storage((s) => s.removeItem(KEPT))
    return null
  }
  const kept = storage((s) => JSON.parse(s.getItem(KEPT)))
  if (kept && kept.who === named(token) && kept.key !== key && kept.until > Date.now() + EARLY) return kept.key
  const body = new URLSearchParams({ organization: widgetOrganization, token })
  const response = await fetch(widgetSession, { method: 'POST', body, credentials: 'omit', cache: 'no-store' })
  if (!response.ok) {
    storage((s) => s.removeItem(KEPT))
    const { reason } = await response.json().catch(() => ({}))
    console.warn(`Vigil: the widget's token was refused (${reason ?? response.status}).`)
    return null
  }
  const made = await response.json()
  const until = Date.now() + made.seconds * 1000
  storage((s) => s.setItem(KEPT, JSON.stringify({ key: made.key, who: named(token), until })))
  return made.key
}

// Once for all who ask at the same time; `stale` is a key that was refused.
async function currentKey(stale) {
  if (key && key !== stale) return key
  signing ??= signIn().catch(() => null).then((made) => {
    key = made
    signing = null
    return made
  })
  return signing
}

const send = (url, options, made) => fetch(url, {
  ...options,
  credentials: 'omit',
  headers: { ...options.headers, 'Accept-Language': language, Authorization: `Bearer ${made}` },
})

function nobody(url) {
  const isBox = new URL(url, location.href).pathname === new URL(document.querySelector('[data-chat-src]').dataset.chatSrc, location.href).pathname
  const told = document.getElementById('widget-sign-in').innerHTML
  if (isBox) return new Response(told)
  document.querySelector('[data-chat-place]').innerHTML = told // it was open, and is no more
  return new Response('', { status: 401 })
}

async function ask(url, options = {}) {
  const made = await currentKey()
  if (!made) return nobody(url)
  const response = await send(url, options, made)
  if (response.status !== 401) return response
  const next = await currentKey(made)
  return next ? send(url, options, next) : nobody(url)
}

// What live.js needs of an EventSource, with the key in a header.
class KeyedEventSource extends EventTarget {
  readyState = 0
  #stop = new AbortController()

  constructor(url) {
    super()
    this.#listen(url).catch(() => this.#broken())
  }

  close() {
    this.readyState = CLOSED
    this.#stop.abort()
  }

  #broken() {
    if (this.readyState === CLOSED) return
    this.readyState = CLOSED // live.js makes a new one, later each time
    this.dispatchEvent(new Event('error'))
  }

  async #listen(url) {
    const made = await currentKey()
    if (!made) return this.dispatchEvent(new Event('bye'))
    const options = { signal: this.#stop.signal, cache: 'no-store' }
    const response = await fetch(url, { ...options, credentials: 'omit', headers: { Authorization: `Bearer ${made}` } })
    if (response.status === 401 && !(await currentKey(made))) return this.dispatchEvent(new Event('bye'))
    if (!response.ok) throw new Error(String(response.status))
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (let rest = ''; ;) {
      const { value, done } = await reader.read()
      if (done) return this.#broken()
      const blocks = (rest + value).split('\n\n')
      rest = blocks.pop()
      for (const block of blocks) await this.#tell(block, made)
    }
  }

  async #tell(block, made) {
    const fields = Object.fromEntries(block.split('\n').map((line) => [line.split(':', 1)[0], line.replace(/^[^:]*: ?/, '')]))
    // An ended key looks the same as an ended membership: a new token tells them apart.
    if (fields.event === 'bye' && (await currentKey(made))) return this.#broken()
    if (fields.event) this.dispatchEvent(new MessageEvent(fields.event, { data: fields.data, lastEventId: fields.id ?? '' }))
  }
}

// Whether the panel was open is for the page around to remember.
globalThis.vigil = { ask, EventSource: KeyedEventSource, page: '', wasOpen: location.hash === '#open' }

document.addEventListener('vigil:chat-opened', () => tellPage({ vigil: 'size', open: true }))
document.addEventListener('vigil:chat-closed', () => tellPage({ vigil: 'size', open: false }))

// A file is fetched with the key and then saved: a link of its own would come without it.
document.addEventListener('click', async (event) => {
  const link = event.target.closest('[data-chat-file]')
  if (!link) return
  event.preventDefault()
  const response = await ask(link.href)
  if (!response.ok) return
  const saved = document.createElement('a')
  saved.href = URL.createObjectURL(await response.blob())
  saved.download = link.firstChild.nextSibling?.textContent.trim() ?? ''
  saved.click()
  setTimeout(() => URL.revokeObjectURL(saved.href), 10_000)
})
