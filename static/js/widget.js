// The chat widget, for pages of others: <script src="https://support.example/widget.js"
// data-organization="STAR" data-identity-url="/vigil-identity" async></script>
//
// It puts a frame of the support desk into the corner and hands it a token that says who is
// there, made by the page's own backend: fetched from data-identity-url (JSON with `token`), or
// given by a function `window.vigilIdentity` that returns it or a promise of it. Nothing of the
// page is read but its address; nothing of the frame can be read by the page. Whether the panel
// is open stands in the page's own sessionStorage, so that it stays open on the next page.

(() => {
  const script = document.currentScript
  const home = new URL(script.src).origin
  const { organization = '', identityUrl, language = '', side = 'right' } = script.dataset
  const edge = side === 'left' ? 'left' : 'right'
  const GAP = 'clamp(0px, 100vw - 416px, 16px)' // to the edges: none where there is no room for it
  const BUTTON = { width: '64px', height: '64px', bottom: '16px', [edge]: '16px' }
  const PANEL = { width: 'min(400px, 100vw)', height: `min(600px, 100dvh - ${GAP})`, bottom: GAP, [edge]: GAP }
  const OPEN = 'vigil-chat-open'
  const frame = document.createElement('iframe')

  function storage(action) {
    try {
      return action(sessionStorage)
    } catch {
      return null // a page may be without: then each begins with the button
    }
  }

  function style(values) {
    for (const [name, value] of Object.entries(values)) frame.style.setProperty(name, value)
  }

  async function identity() {
    try {
      if (window.vigilIdentity) return await window.vigilIdentity()
      if (!identityUrl) return null
      const response = await fetch(identityUrl, { credentials: 'same-origin', cache: 'no-store', headers: { Accept: 'application/json' } })
      return response.ok ? (await response.json()).token : null
    } catch {
      return null
    }
  }

  const tell = (message) => frame.contentWindow?.postMessage(message, home)

  window.addEventListener('message', async (event) => {
    if (event.source !== frame.contentWindow || event.origin !== home) return
    if (event.data?.vigil === 'identity') {
      const token = await identity()
      const page = location.origin + location.pathname
      tell({ vigil: 'identity', token: typeof token === 'string' ? token : null, page })
    } else if (event.data?.vigil === 'size') {
      const { open } = event.data
      style(open ? PANEL : BUTTON)
      storage((s) => (open ? s.setItem(OPEN, 'yes') : s.removeItem(OPEN)))
    }
  })

  const asked = { organization, origin: location.origin, language: language || document.documentElement.lang }
  const wasOpen = storage((s) => s.getItem(OPEN)) !== null
  frame.src = `${home}/widget/frame/?${new URLSearchParams(asked)}${wasOpen ? '#open' : ''}`
  frame.title = document.documentElement.lang.startsWith('zh') ? '在线客服' : 'Support chat'
  frame.allow = ''
  style({
    position: 'fixed', border: '0', 'z-index': '2147483000', 'color-scheme': 'light dark',
    background: 'transparent', ...BUTTON,
  })
  document.body.append(frame)
})()
