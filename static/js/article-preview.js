// The preview beside an article's text follows what is typed: <form data-preview-src data-preview-at>
// sends its fields there, some time after the last key, and the answer replaces the part of that id.

const PAUSE = 500 // milliseconds without a key

for (const form of document.querySelectorAll('form[data-preview-src]')) {
  const place = document.getElementById(form.dataset.previewAt)
  let timer = null
  let asked = null
  let shown = null

  const look = async () => {
    const data = new FormData(form)
    const typed = `${data.get('language')}|${data.get('body')}`
    if (typed === shown) return
    asked?.abort()
    asked = new AbortController()
    try {
      const response = await fetch(form.dataset.previewSrc, { method: 'POST', body: data, credentials: 'same-origin', signal: asked.signal })
      if (!response.ok || response.redirected) return // the button says why
      const html = await response.text()
      if (/^\s*<!doctype/i.test(html)) return
      const top = place.scrollTop
      place.innerHTML = html // made and cleaned by the server
      place.scrollTop = top
      shown = typed
    } catch {
      // The next key may find the server again.
    }
  }
  form.addEventListener('input', (event) => {
    if (!event.target.matches('[name="body"], [name="language"]')) return
    clearTimeout(timer)
    timer = setTimeout(look, PAUSE)
  })
  if (form.matches('[data-draft-ready]')) look() // a text that was kept in the browser is back
  document.addEventListener('vigil:draft', look)
}
