// What is half written survives a reload and a lost session. <form data-draft-key="reply-42">
// keeps its text fields in localStorage, per user; the server ends a draft by rendering
// data-draft-clear="reply-42" anywhere on the page that follows. With the draft goes the form's
// one-time key (`submission`): what may have arrived already is, sent again, the same message.
// With data-draft-over what was typed goes over what the server filled in, and the hidden
// `written_on` with it, so that the server sees what it was written on; data-draft-discard="key"
// is a button that takes the server's text instead.

const KEEP_DAYS = 14
const prefix = `vigil-draft:${document.body.dataset.user ?? ''}:`
const FIELDS = 'textarea[name], select[name], input[name]:is([type="text"], [type="search"], [type="url"], [type="email"], :not([type]))'

function storage(action) {
  try {
    return action(localStorage)
  } catch {
    return null // Storage is full or switched off: the form still works.
  }
}

const fieldsOf = (form) => [...form.querySelectorAll(FIELDS)].filter((f) => !('draftSkip' in f.dataset))
const keyField = (form) => form.querySelector('input[type="hidden"][name="submission"]')
const baseField = (form) => form.querySelector('input[type="hidden"][name="written_on"]')
const keyOf = (form) => prefix + form.dataset.draftKey

function say(form, word) {
  const status = form.querySelector('[data-draft-status]')
  if (status?.dataset[word]) status.textContent = status.dataset[word]
}

function save(form) {
  const texts = {}
  for (const field of fieldsOf(form)) if (field.value) texts[field.name] = field.value
  const key = keyField(form)?.value
  const base = baseField(form)?.value
  const written = fieldsOf(form).some((field) => field.matches('textarea, input') && field.value)
  if (!written) return storage((s) => s.removeItem(keyOf(form)))
  const kept = storage((s) => { s.setItem(keyOf(form), JSON.stringify({ at: Date.now(), texts, key, base })); return true })
  if (kept) say(form, 'kept')
}

function restore(form) {
  if (form.dataset.draftReady) return
  form.dataset.draftReady = 'yes'
  const draft = storage((s) => JSON.parse(s.getItem(keyOf(form))))
  if (!draft?.texts) return
  const over = 'draftOver' in form.dataset
  let restored = false
  for (const field of fieldsOf(form)) {
    const text = draft.texts[field.name]
    if (text === undefined || text === field.value) continue
    if (field.matches('select')) {
      field.value = text
    } else if (over || !field.value) {
      field.value = text
      restored = true
    }
  }
  if (restored && draft.key && keyField(form)) keyField(form).value = draft.key
  if (restored && over && draft.base && baseField(form)) baseField(form).value = draft.base
  if (!restored) return
  say(form, 'restored')
  for (const button of form.querySelectorAll('[data-draft-discard]')) button.hidden = false
  document.dispatchEvent(new CustomEvent('vigil:draft'))
}

function forgetOld() {
  const oldest = Date.now() - KEEP_DAYS * 24 * 3600_000
  storage((s) => {
    for (const key of Object.keys(s).filter((k) => k.startsWith('vigil-draft:'))) {
      if (!(JSON.parse(s.getItem(key))?.at > oldest)) s.removeItem(key)
    }
  })
}

function start() {
  for (const mark of document.querySelectorAll('[data-draft-clear]')) {
    storage((s) => s.removeItem(prefix + mark.dataset.draftClear))
  }
  document.querySelectorAll('form[data-draft-key]').forEach(restore)
}

const timers = new WeakMap()
document.addEventListener('input', (event) => {
  const form = event.target.form
  if (!form?.dataset.draftKey) return
  clearTimeout(timers.get(form))
  timers.set(form, setTimeout(save, 250, form))
})

window.addEventListener('pagehide', () => {
  for (const form of document.querySelectorAll('form[data-draft-key]')) {
    if (timers.has(form) && !form.dataset.draftSent) save(form)
  }
})

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-draft-discard]')
  if (!button) return
  clearTimeout(timers.get(button.form))
  button.form.dataset.draftSent = 'yes'
  storage((s) => s.removeItem(prefix + button.dataset.draftDiscard))
  location.reload()
})

// Signing out on purpose leaves nothing behind for the next person at this machine.
document.addEventListener('submit', (event) => {
  if (!event.target.matches('[data-forget-drafts]')) return
  storage((s) => Object.keys(s).filter((k) => k.startsWith(prefix)).forEach((k) => s.removeItem(k)))
})

forgetOld()
start()
document.addEventListener('vigil:updated', start)
