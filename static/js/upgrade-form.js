// Another product or platform has other platforms and versions: ask the same page for them, and
// put the lists in place. Without a script the next "Show the way" does that.

const form = document.querySelector('[data-upgrade-form]')

async function renew() {
  const asked = new URLSearchParams({
    product: form.elements.product.value,
    platform: form.elements.platform.value,
  })
  const response = await fetch(`${form.action}?${asked}`, { headers: { Accept: 'text/html' } })
  if (!response.ok) return
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
  const other = fresh.querySelector('[data-upgrade-form]')
  if (!other) return
  const platform = form.elements.platform.value
  form.elements.platform.replaceChildren(...other.elements.platform.options)
  form.elements.platform.value = [...form.elements.platform.options].some((o) => o.value === platform) ? platform : ''
  form.querySelector('datalist').replaceWith(other.querySelector('datalist'))
}

form?.addEventListener('change', (event) => {
  if (event.target.matches('select')) renew().catch(() => {})
})
