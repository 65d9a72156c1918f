// What must be true on a page that stays open though nothing happened to its ticket: an element
// with data-refresh-src holds the answer of that address, asked again every data-refresh-seconds
// while the page is seen.

for (const place of document.querySelectorAll('[data-refresh-src]')) {
  let shown = null
  const look = async () => {
    if (document.hidden) return
    try {
      const response = await fetch(place.dataset.refreshSrc, { credentials: 'same-origin', cache: 'no-store' })
      if (!response.ok || response.redirected) return
      const html = (await response.text()).trim()
      if (/^<!doctype/i.test(html)) return // a page of its own: this reader's access has ended
      if (html !== (shown ?? place.innerHTML.trim())) place.innerHTML = html // ours, escaped
      shown = html
    } catch {
      // The next look may find the server again.
    }
  }
  setInterval(look, Number(place.dataset.refreshSeconds) * 1000)
  document.addEventListener('visibilitychange', look)
}
