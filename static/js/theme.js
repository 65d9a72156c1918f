// Light, dark or as the system: the choice is kept in localStorage and in the cookie
// `theme`, which the server reads so that the first paint is already right.

const root = document.documentElement

function apply(theme) {
  if (theme) root.dataset.theme = theme
  else delete root.dataset.theme
  for (const button of document.querySelectorAll('button[name="theme"]')) {
    button.setAttribute('aria-pressed', String(button.value === theme))
  }
}

function remember(theme) {
  const secure = location.protocol === 'https:' ? '; Secure' : ''
  const age = theme ? 365 * 24 * 3600 : 0
  document.cookie = `theme=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`
  try {
    localStorage.setItem('theme', theme)
  } catch {
    // Storage may be switched off; the cookie alone is enough.
  }
}

function remembered() {
  try {
    return localStorage.getItem('theme')
  } catch {
    return null
  }
}

const kept = remembered()
if (kept !== null && kept !== (root.dataset.theme ?? '')) {
  remember(kept)
  apply(kept)
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button[name="theme"]')
  if (!button) return
  event.preventDefault()
  remember(button.value)
  apply(button.value)
})

window.addEventListener('storage', (event) => {
  if (event.key === 'theme') apply(event.newValue ?? '')
})
