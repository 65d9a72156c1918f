// Countdowns: <time data-countdown data-due="ISO" data-server-now="ISO" data-overdue-word="overdue">.
// They tick by the server's clock: the distance between it and this machine's clock is
// measured once per server timestamp, and each tick starts again from the machine's wall
// clock, so a countdown is right at once after the machine slept.

const MINUTE = 60_000
const THRESHOLDS = [30, 15, 10, 5, 2, 1].map((minutes) => minutes * MINUTE)
const language = document.documentElement.lang || 'en'
const minutesInWords = new Intl.NumberFormat(language, {
  style: 'unit', unit: 'minute', unitDisplay: 'long',
})
const spoken = new WeakMap() // element → milliseconds left when last looked at
let newest = 0 // the latest server timestamp seen, in ms since 1970
let ahead = 0 // how far the server's clock is ahead of ours, in ms

function measure(element) {
  const serverNow = Date.parse(element.dataset.serverNow)
  if (!(serverNow > newest)) return
  const [navigation] = performance.getEntriesByType('navigation')
  const inFirstPage = newest === 0 && navigation
  const arrived = inFirstPage
    ? performance.timeOrigin + navigation.responseStart
    : Date.now()
  ahead = serverNow - arrived
  newest = serverNow
}

function format(milliseconds) {
  const total = Math.floor(Math.abs(milliseconds) / 1000)
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor(total / 60) % 60
  const seconds = String(total % 60).padStart(2, '0')
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`
}

function announce(element, left) {
  const before = spoken.get(element)
  spoken.set(element, left)
  const label = element.dataset.label
  if (before === undefined || !label) return
  const region = document.getElementById('announcer')
  if (!region) return
  if (before > 0 && left <= 0) {
    region.textContent = `${label}: ${element.dataset.overdueWord ?? ''}`
  }
  const crossed = THRESHOLDS.find((threshold) => before > threshold && left <= threshold)
  if (crossed && left > 0) {
    region.textContent = `${label}: ${minutesInWords.format(crossed / MINUTE)}`
  }
}

function tick() {
  const elements = document.querySelectorAll('[data-countdown][data-due]')
  elements.forEach(measure)
  const now = Date.now() + ahead
  let next = 1000 // until the first countdown shows another second
  for (const element of elements) {
    const left = Date.parse(element.dataset.due) - now
    if (Number.isNaN(left)) continue
    const word = element.dataset.overdueWord
    // Round up while running, so that 0:00 is the moment of the promise itself.
    const text = left > 0 ? format(left + 999) : `${word ? `${word} ` : ''}${format(left)}`
    if (element.textContent !== text) element.textContent = text
    element.toggleAttribute('data-overdue', left <= 0)
    announce(element, left)
    next = Math.min(next, ((left % 1000) + 1000) % 1000)
  }
  for (const bar of document.querySelectorAll('progress[data-start][data-due]')) {
    const start = Date.parse(bar.dataset.start)
    const due = Date.parse(bar.dataset.due)
    bar.value = Math.min(1, Math.max(0, (now - start) / (due - start))) * bar.max
  }
  return next
}

let timer
function run() {
  clearTimeout(timer)
  const next = tick()
  if (!document.hidden) timer = setTimeout(run, Math.max(200, next + 5))
}

document.addEventListener('visibilitychange', run)
document.addEventListener('vigil:updated', tick)
window.addEventListener('pageshow', run)
run()
