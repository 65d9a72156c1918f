// The chat's button and panel: [data-chat-box] around a link, which is a page of its own
// without this script. Open stays open from page to page; Escape closes.

const box = document.querySelector('[data-chat-box]')
const covers = matchMedia('(width < 40rem)') // then nothing else can be seen
const KEPT = 'vigil-chat-open'

function storage(action) {
  try {
    return action(sessionStorage)
  } catch {
    return null
  }
}

function start() {
  const button = box.querySelector('[data-chat-open]')
  const panel = box.querySelector('.chat-panel')
  const place = box.querySelector('[data-chat-place]')
  const others = [...document.body.children].filter((one) => one !== box && one.id !== 'announcer')
  const count = box.querySelector('[data-chat-count]')
  const who = box.querySelector('[data-chat-brief-here]')
  const promise = box.querySelector('[data-chat-promise-here]')

  const load = (focus) =>
    place.dispatchEvent(new CustomEvent('vigil:fill', { bubbles: true, detail: { src: box.dataset.chatSrc, focus } }))

  function show(focus) {
    panel.hidden = false
    button.setAttribute('aria-expanded', 'true')
    box.dataset.open = ''
    storage((s) => s.setItem(KEPT, 'yes'))
    others.forEach((one) => { one.inert = covers.matches })
    if (place.querySelector('form, [data-chat]')) {
      if (focus) place.querySelector('textarea')?.focus()
    } else {
      load(focus)
    }
    if (focus && !panel.contains(document.activeElement)) panel.querySelector('[data-chat-close]').focus()
    document.dispatchEvent(new CustomEvent('vigil:chat-opened'))
  }

  function hide() {
    panel.hidden = true
    button.setAttribute('aria-expanded', 'false')
    delete box.dataset.open
    storage((s) => s.removeItem(KEPT))
    others.forEach((one) => { one.inert = false })
    button.focus()
    document.dispatchEvent(new CustomEvent('vigil:chat-closed'))
  }

  function tell() {
    const brief = place.querySelector('[data-chat-brief]')
    if (brief) {
      who.textContent = brief.dataset.chatBrief
      promise.textContent = brief.dataset.chatPromise
    }
    const shown = !panel.hidden && !document.hidden // then all of it is being read
    const unread = shown ? 0 : Number(place.querySelector('[data-chat-unread]')?.dataset.chatUnread ?? 0)
    count.hidden = unread === 0
    const words = unread ? `${unread} ${count.dataset.words}` : ''
    if (count.title !== words) {
      count.textContent = unread || ''
      count.title = words
      if (unread && panel.hidden) document.getElementById('announcer').textContent = words
    }
  }

  button.setAttribute('role', 'button')
  button.setAttribute('aria-expanded', 'false')
  button.addEventListener('click', (event) => {
    event.preventDefault()
    if (panel.hidden) show(true)
    else hide()
  })
  button.addEventListener('keydown', (event) => {
    if (event.key !== ' ') return
    event.preventDefault()
    button.click()
  })
  panel.querySelector('[data-chat-close]').addEventListener('click', hide)
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !panel.hidden && box.contains(event.target)) hide()
  })
  covers.addEventListener('change', () => {
    others.forEach((one) => { one.inert = covers.matches && !panel.hidden })
  })
  document.addEventListener('vigil:updated', tell)
  document.addEventListener('vigil:chat-opened', tell)
  if (globalThis.vigil?.wasOpen ?? storage((s) => s.getItem(KEPT))) show(false)
  else if (window.requestIdleCallback) requestIdleCallback(() => load(false), { timeout: 2000 })
  else setTimeout(load, 500, false)
}

if (box) start()
