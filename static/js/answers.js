// Answers while a ticket is written. <form data-answers="/address/"> asks there with what is typed,
// and [data-answers-list] shows what comes back. An answer opens in the dialog: the draft stays.

const WAIT = 600
const ASKED = ['subject', 'body', 'product', 'platform', 'sdk_version', 'csrfmiddlewaretoken']
const LONGEST = 4000

const form = document.querySelector('form[data-answers]')
const dialog = document.querySelector('dialog[data-answer]')
const place = form?.querySelector('[data-answers-place]')
const list = form?.querySelector('[data-answers-list]')
let timer, request, asked = ''

function question() {
  const data = new FormData()
  for (const name of ASKED) {
    const value = form.elements[name]?.value
    if (value) data.set(name, value.slice(0, LONGEST))
  }
  return data
}

async function ask() {
  const data = question()
  const said = `${data.get('subject') ?? ''}${data.get('body') ?? ''}`.trim()
  const whole = [...data.values()].join('\n')
  if (whole === asked || said.length < 3) return
  asked = whole
  request?.abort()
  request = new AbortController()
  const response = await fetch(form.dataset.answers, { method: 'POST', body: data, signal: request.signal })
  if (!response.ok || response.redirected) return
  list.innerHTML = await response.text()
  if (place.hidden) place.hidden = !list.querySelector('li')
}

async function open(link) {
  const id = form.id
  const response = await fetch(`${link.dataset.read}?form=${id}`)
  if (!response.ok || response.redirected) return window.open(link.href, '_blank', 'noopener')
  dialog.innerHTML = await response.text()
  dialog.showModal()
  dialog.querySelector('.answer-body').scrollTop = 0
}

if (form && list) {
  form.querySelector('[data-answers-look]')?.remove()
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(() => ask().catch(() => {}), WAIT)
  }
  form.addEventListener('input', later)
  if (form.elements.subject?.value || form.elements.body?.value) later()
  list.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-read]')
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return
    event.preventDefault()
    open(link).catch(() => window.open(link.href, '_blank', 'noopener'))
  })
  dialog.addEventListener('click', (event) => {
    if (event.target.closest('[data-close]') || event.target === dialog) dialog.close()
  })
}
