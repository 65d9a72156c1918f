// Live pages. The stream says only "ticket 7 changed, event 912"; the sections concerned are
// then fetched again through the ordinary pages and morphed in place, so that scroll, focus,
// open <details> and drafts survive. After a broken connection everything is fetched once.
//
// <body data-live-url data-live-after>; <section data-live data-live-src data-live-ticket>;
// data-live-keep is never touched; data-announce is read out when it appears. A hint that
// somebody types becomes the event vigil:typing, that a colleague replies vigil:replying.
/* global Idiomorph */

const { liveUrl, liveAfter } = document.body.dataset
// The widget, which has a key and no cookie, brings its own.
const ask = globalThis.vigil?.ask ?? ((...request) => fetch(...request))
const Source = globalThis.vigil?.EventSource ?? EventSource
const SOON = 100 // ms; several changes in one moment are one fetch
const SPACING = 500 // ms between two fetches of one source, however much changes
const SPREAD = 700 // ms over which pages that all learn the same thing come back
const HIDDEN_TOO_LONG = 30_000
const status = document.querySelector('[data-live-status]')
const sections = () => [...document.querySelectorAll('[data-live][data-live-src]')]
const work = new Map() // source → {timer, due, started, busy, again, failures}

let source
let lastEvent = liveAfter ?? ''
let failures = 0
let broken = !liveAfter // without a place to go on from, fetch once when the stream stands
let ended = false
let retry
let hiddenAt = null
let resting

function show(state) {
  if (!status || status.dataset.state === state) return
  status.dataset.state = state
  status.textContent = status.dataset[`${state}Text`] ?? ''
}

const pause = (tries) => Math.min(5000, 500 * 2 ** tries) * (0.75 + Math.random() / 2)

function end() {
  ended = true
  source?.close()
  clearTimeout(retry)
  clearTimeout(resting)
  show('ended')
}

// ---- Sections -------------------------------------------------------------------------

const callbacks = {
  beforeNodeMorphed(old, fresh) {
    if (old.nodeType !== Node.ELEMENT_NODE) return true
    if ('liveKeep' in old.dataset) return false
    if (old.localName === 'details') fresh.toggleAttribute?.('open', old.open)
    if (old.localName === 'dialog' && old.open) return false
    const written = old.matches('input, textarea') && old.value !== old.defaultValue
    return !(written || old.matches('input:is(:checked, :focus), select:focus'))
  },
  beforeNodeRemoved: (node) => !(node.nodeType === Node.ELEMENT_NODE && 'liveKeep' in node.dataset),
}

const announcements = (root) =>
  new Set([...root.querySelectorAll('[data-announce]')].map((e) => `${e.id}|${e.dataset.announce}`))

function announceNew(section, before) {
  const fresh = [...announcements(section)].filter((text) => !before.has(text))
  for (const element of section.querySelectorAll('[data-announce]')) {
    const isNew = fresh.includes(`${element.id}|${element.dataset.announce}`)
    if (isNew) element.classList.add('message-new')
  }
  const region = document.getElementById('announcer')
  if (fresh.length && region) region.textContent = fresh.map((t) => t.slice(t.indexOf('|') + 1)).join('. ')
}

// Whoever is writing keeps the field under their eyes when something appears above it.
function holdStill() {
  const field = document.activeElement
  if (!field?.matches('input, textarea, select, [contenteditable]')) return () => {}
  const before = field.getBoundingClientRect()
  if (before.bottom < 0 || before.top > innerHeight) return () => {}
  let scroller = field.parentElement
  while (scroller && !/auto|scroll/.test(getComputedStyle(scroller).overflowY)) scroller = scroller.parentElement
  scroller ??= document.scrollingElement
  return () => scroller.scrollBy({ top: field.getBoundingClientRect().top - before.top, behavior: 'instant' })
}

// The field one writes in is never fetched again, but who reads it may change meanwhile.
function nameWhoReads(id) {
  const text = document.getElementById(id)?.dataset.replyPlaceholder
  const field = document.querySelector('textarea[data-reply]')
  if (text && field) field.placeholder = text
}

function morph(section, html) {
  const page = new DOMParser().parseFromString(html, 'text/html')
  const [first, second] = page.body.children
  // A partial may be the section itself or only what stands in it.
  const whole = first && !second && 'live' in first.dataset
  // Or several sections in one answer: each takes its own, by its id.
  const own = !whole && section.id && page.getElementById(section.id)
  const before = announcements(section)
  const settle = holdStill()
  if (whole || own) Idiomorph.morph(section, own || first, { morphStyle: 'outerHTML', ignoreActiveValue: true, callbacks })
  else Idiomorph.morph(section, html, { morphStyle: 'innerHTML', ignoreActiveValue: true, callbacks })
  settle()
  nameWhoReads(section.id)
  announceNew(section, before)
  document.dispatchEvent(new CustomEvent('vigil:updated', { detail: { section } }))
}

async function refetch(src) {
  const state = work.get(src)
  state.timer = null
  state.started = Date.now()
  state.busy = true
  try {
    const response = await ask(src, { headers: { 'HX-Request': 'true' }, credentials: 'same-origin', cache: 'no-store' })
    // Sent elsewhere (to the sign-in page) or refused: this reader's access has ended.
    if (response.redirected || [401, 403, 404, 410].includes(response.status)) return end()
    if (!response.ok) throw new Error(String(response.status))
    const html = await response.text()
    for (const section of sections()) if (section.dataset.liveSrc === src) morph(section, html)
    state.failures = 0
  } catch {
    state.again = true
    state.failures += 1
  } finally {
    state.busy = false
    if (state.again && !ended) {
      state.again = false
      later(src, state.failures ? pause(state.failures) : SOON)
    }
  }
}

function later(src, delay = SOON) {
  if (!work.has(src)) work.set(src, { failures: 0, started: 0 })
  const state = work.get(src)
  if (state.busy) {
    state.again = true
    return
  }
  const due = Math.max(Date.now() + delay, state.started + SPACING)
  if (state.timer && state.due <= due) return // never put off by what comes later
  clearTimeout(state.timer)
  state.due = due
  state.timer = setTimeout(refetch, due - Date.now(), src)
}

function refetchAll(delay = 0) {
  new Set(sections().map((section) => section.dataset.liveSrc)).forEach((src) => later(src, delay))
}

// ---- The stream -----------------------------------------------------------------------

function changed(event) {
  if (event.lastEventId) lastEvent = event.lastEventId
  const ticket = String(JSON.parse(event.data).ticket ?? '')
  if (!ticket) return refetchAll(Math.random() * SPREAD)
  for (const section of sections()) {
    const only = section.dataset.liveTicket
    if (!only || only === ticket) later(section.dataset.liveSrc)
  }
}

function connect() {
  clearTimeout(retry)
  source?.close()
  const url = new URL(liveUrl, location.href)
  if (lastEvent) url.searchParams.set('after', lastEvent)
  source = new Source(url, { withCredentials: true })
  source.addEventListener('open', () => {
    failures = 0
    show('live')
    if (broken) refetchAll(Math.random() * SPREAD)
    broken = false
  })
  source.addEventListener('change', changed)
  for (const hint of ['typing', 'replying']) {
    source.addEventListener(hint, (event) => {
      document.dispatchEvent(new CustomEvent(`vigil:${hint}`, { detail: JSON.parse(event.data) }))
    })
  }
  source.addEventListener('bye', end)
  source.addEventListener('error', () => {
    if (ended) return
    broken = true
    show('reconnecting')
    if (source.readyState === 2 /* closed */) {
      // Refused, and the reason cannot be seen here: ask for the page now and then, which also
      // finds out whether this reader may still see it, and keeps it fresh meanwhile.
      if (failures % 4 === 1) refetchAll()
      clearTimeout(retry)
      retry = setTimeout(connect, pause(failures++))
    }
  })
}

// Browsers open only six connections to a server without HTTP/2: leave them to what is seen.
function restSoon() {
  hiddenAt = Date.now()
  resting = setTimeout(() => { clearTimeout(retry); source?.close() }, HIDDEN_TOO_LONG)
}

document.addEventListener('visibilitychange', () => {
  clearTimeout(resting)
  if (document.hidden) return restSoon()
  const away = hiddenAt === null ? 0 : Date.now() - hiddenAt
  hiddenAt = null
  if (ended) return
  if (away > HIDDEN_TOO_LONG) broken = true
  if (source && (broken || source.readyState === 2 /* closed */)) connect()
})
window.addEventListener('online', () => { if (!ended && liveUrl) connect() })
window.addEventListener('pagehide', () => source?.close())
window.addEventListener('pageshow', (event) => {
  if (!event.persisted || ended || !liveUrl) return
  broken = true
  connect()
})

function listen() {
  if (source || ended || !liveUrl || !sections().length) return
  connect()
  if (document.hidden) restSoon()
}

// A section that came later, and one whose new contents somebody has fetched already.
document.addEventListener('vigil:listen', listen)
document.addEventListener('vigil:show', (event) => morph(event.detail.section, event.detail.html))
listen()
