// Code behind tabs: radio buttons become tabs (WAI-ARIA), and the language once chosen is chosen
// in every group of the page and on the next page.

const KEY = 'docs-language-of-code'

function remembered() {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

function remember(label) {
  try {
    localStorage.setItem(KEY, label)
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

const word = document.querySelector('.article')?.dataset.tabsWord ?? ''
const groups = [...document.querySelectorAll('.tabs')].map(upgraded)

function upgraded(box) {
  const row = document.createElement('div')
  row.className = 'tabs-row'
  row.setAttribute('role', 'tablist')
  row.setAttribute('aria-label', word)
  const panels = [...box.querySelectorAll(':scope > .tabs-panel')]
  const tabs = panels.map((panel, place) => {
    const input = box.querySelectorAll(':scope > .tabs-choice')[place]
    const label = input.nextElementSibling
    const tab = document.createElement('button')
    tab.type = 'button'
    tab.className = label.className
    tab.setAttribute('role', 'tab')
    tab.id = `${input.id}.tab`
    tab.textContent = label.textContent
    panel.id = `${input.id}.panel`
    panel.setAttribute('role', 'tabpanel')
    panel.setAttribute('aria-labelledby', tab.id)
    tab.setAttribute('aria-controls', panel.id)
    return tab
  })
  const chosen = Math.max(0, [...box.querySelectorAll(':scope > .tabs-choice')].findIndex((input) => input.checked))
  for (const old of box.querySelectorAll(':scope > .tabs-choice, :scope > .tabs-label')) old.remove()
  row.append(...tabs)
  box.prepend(row)
  const group = { box, tabs, panels }
  choose(group, chosen)
  row.addEventListener('click', (event) => {
    const at = tabs.indexOf(event.target.closest('[role="tab"]'))
    if (at >= 0) chooseByReader(group, at)
  })
  row.addEventListener('keydown', (event) => {
    const at = tabs.indexOf(document.activeElement)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    if (at < 0 || to === undefined) return
    event.preventDefault()
    chooseByReader(group, (to + tabs.length) % tabs.length)
    group.tabs[(to + tabs.length) % tabs.length].focus()
  })
  return group
}

function choose({ tabs, panels }, chosen) {
  tabs.forEach((tab, place) => {
    tab.setAttribute('aria-selected', String(place === chosen))
    tab.tabIndex = place === chosen ? 0 : -1
    panels[place].hidden = place !== chosen
  })
}

// What the reader looks at stays where it is, though groups above it change their height.
function chooseByReader(group, chosen) {
  const before = group.box.getBoundingClientRect().top
  choose(group, chosen)
  if (group.box.classList.contains('tabs-files')) return
  const label = group.tabs[chosen].textContent
  remember(label)
  chooseEverywhere(label)
  scrollBy(0, group.box.getBoundingClientRect().top - before)
}

function chooseEverywhere(label) {
  for (const group of groups) {
    const at = group.tabs.findIndex((tab) => tab.textContent === label)
    if (at >= 0) choose(group, at)
  }
}

const kept = remembered()
if (kept) chooseEverywhere(kept)
