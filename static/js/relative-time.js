// <time datetime="ISO" data-relative> says "2 min. ago" in the language of the page, with the
// exact local time on hover. <time datetime="ISO" data-exact="time|datetime"> shows the exact
// time in the reader's own zone.

const language = document.documentElement.lang || 'en'
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' })
const full = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'long' })
const exact = {
  time: new Intl.DateTimeFormat(language, {
    hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
  }),
  datetime: new Intl.DateTimeFormat(language, {
    day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }),
}
const STEPS = [['second', 60], ['minute', 60], ['hour', 24], ['day', 30], ['month', 12], ['year', Infinity]]

function inWords(milliseconds) {
  let amount = milliseconds / 1000
  if (Math.abs(amount) < 45) return relative.format(0, 'second')
  for (const [unit, size] of STEPS) {
    if (Math.abs(Math.round(amount)) < size) return relative.format(Math.round(amount), unit)
    amount /= size
  }
}

function set(element, text, title) {
  if (element.textContent !== text) element.textContent = text
  if (element.title !== title) element.title = title
}

function refresh() {
  for (const element of document.querySelectorAll('time[datetime]:is([data-relative], [data-exact])')) {
    const moment = new Date(element.dateTime)
    if (Number.isNaN(moment.getTime())) continue
    const style = exact[element.dataset.exact]
    set(element, style ? style.format(moment) : inWords(moment - Date.now()), full.format(moment))
  }
}

refresh()
setInterval(refresh, 30_000)
document.addEventListener('vigil:updated', refresh)
document.addEventListener('visibilitychange', refresh)
