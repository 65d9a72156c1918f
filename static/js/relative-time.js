// <time datetime="ISO" data-relative> says "2 min. ago" in the language of the page, with the
// exact local time on hover. <time datetime="ISO" data-exact> shows the exact time, with its day
// unless that is today, with its year in another year. Both in the zone of the reader's profile, which <html data-time-zone>
// names as the server's own times use it; the browser's zone for whoever is not signed in.

// The day before the month, as the server writes it too.
const language = { en: 'en-GB' }[document.documentElement.lang] || document.documentElement.lang || 'en-GB'
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
const timeZone = knownZone(document.documentElement.dataset.timeZone)
const day = new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short' })
const year = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric' })
const full = new Intl.DateTimeFormat(language, { timeZone, dateStyle: 'full', timeStyle: 'long' })
const exact = {
  time: new Intl.DateTimeFormat(language, {
    timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  }),
  datetime: new Intl.DateTimeFormat(language, {
    timeZone, day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }),
  dated: new Intl.DateTimeFormat(language, {
    timeZone, day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }),
}
const STEPS = [['second', 60], ['minute', 60], ['hour', 24], ['day', 30], ['month', 12], ['year', Infinity]]

// The browser's zone, undefined, if this browser does not know the name.
function knownZone(name) {
  try {
    if (name) new Intl.DateTimeFormat('en', { timeZone: name })
    return name
  } catch {
    return undefined
  }
}

function inWords(milliseconds) {
  let amount = milliseconds / 1000
  if (Math.abs(amount) < 45) return relative.format(0, 'second')
  for (const [unit, size] of STEPS) {
    if (Math.abs(Math.round(amount)) < size) return relative.format(Math.round(amount), unit)
    amount /= size
  }
}

function exactly(moment) {
  const now = Date.now()
  if (day.format(moment) === day.format(now)) return exact.time.format(moment)
  return exact[year.format(moment) === year.format(now) ? 'datetime' : 'dated'].format(moment)
}

function set(element, text, title) {
  if (element.textContent !== text) element.textContent = text
  if (element.title !== title) element.title = title
}

function refresh() {
  for (const element of document.querySelectorAll('time[datetime]:is([data-relative], [data-exact])')) {
    const moment = new Date(element.dateTime)
    if (Number.isNaN(moment.getTime())) continue
    const isExact = 'exact' in element.dataset
    set(element, isExact ? exactly(moment) : inWords(moment - Date.now()), full.format(moment))
  }
}

refresh()
setInterval(refresh, 30_000)
document.addEventListener('vigil:updated', refresh)
document.addEventListener('visibilitychange', refresh)
