// Two engineers at one ticket. While the reply box has text in it, colleagues who have the ticket
// open are told so; and whoever writes is told of a message that came in meanwhile, before they
// send theirs. The stream tells a person's number; their name stands in [data-colleagues].

const TOLD_EVERY = 10_000 // ms
const SHOWN_FOR = 25_000
const IDLE_AFTER = 600_000 // then a text left lying is no longer being written

const box = document.querySelector('[data-colleagues]')
const field = document.getElementById('reply-body')

function start() {
  const replying = box.querySelector('[data-replying]')
  const written = box.querySelector('[data-written]')
  const link = written.querySelector('a')
  const others = new Map() // person → {name, until}
  let told = 0
  let typed = Date.now()
  let known = null // the messages that stood there when the writing began

  const messages = () => [...document.querySelectorAll('#conversation .message')]
  const authorOf = (message) => message.querySelector('.message-author')?.textContent ?? ''
  const isWriting = () => field.value.trim() !== ''

  function say(line, text) {
    const place = line.querySelector('span')
    if (place.textContent !== text) place.textContent = text
    line.classList.toggle('is-told', text !== '')
  }

  function tell() {
    const now = Date.now()
    if (!isWriting() || document.hidden || now - told < TOLD_EVERY || now - typed > IDLE_AFTER) return
    told = now
    const token = field.form.querySelector('[name="csrfmiddlewaretoken"]').value
    fetch(box.dataset.address, { method: 'POST', headers: { 'X-CSRFToken': token } }).catch(() => {})
  }

  function showWhoReplies() {
    for (const [person, { until }] of others) if (until <= Date.now()) others.delete(person)
    const sentences = [...others.values()].map(({ name }) =>
      name ? replying.dataset.words.replace('{name}', () => name) : replying.dataset.somebody)
    say(replying, [...new Set(sentences)].join(' '))
  }

  function forget() {
    known = isWriting() ? new Set(messages().map((message) => message.id)) : null
    say(written, '')
    link.hidden = true
  }

  function look() {
    if (!known) return
    const fresh = messages().filter((one) => !known.has(one.id) && authorOf(one) !== box.dataset.me)
    if (!fresh.length) return
    const names = [...new Set(fresh.map(authorOf))].join(', ')
    say(written, written.dataset.words.replace('{name}', () => names))
    link.href = `#${fresh[0].id}`
    link.hidden = false
  }

  field.addEventListener('input', () => {
    typed = Date.now()
    if (isWriting() !== (known !== null)) forget()
    tell()
  })
  link.addEventListener('click', () => setTimeout(forget)) // read: only what comes later is news
  document.addEventListener('vigil:updated', () => {
    const last = messages().at(-1)
    for (const [person, seen] of others) {
      if (last && last.id !== seen.last && authorOf(last) === seen.name) others.delete(person) // sent
    }
    showWhoReplies()
    look()
  })
  document.addEventListener('vigil:replying', (event) => {
    const { ticket, person } = event.detail
    if (String(ticket) !== box.dataset.colleagues) return
    const name = box.querySelector(`[data-person="${Number(person)}"]`)?.textContent ?? ''
    others.set(person, { name, until: Date.now() + SHOWN_FOR, last: messages().at(-1)?.id })
    showWhoReplies()
  })
  setInterval(() => {
    tell()
    showWhoReplies()
  }, 1000)
  forget()
}

if (box && field) start()
