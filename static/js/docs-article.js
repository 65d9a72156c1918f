// The page of an article: copy buttons, where the reader is in it, and "did this help?".

const article = document.querySelector('.article')

for (const box of article?.querySelectorAll('.code') ?? []) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'code-copy'
  button.textContent = article.dataset.copyWord
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(box.querySelector('pre').textContent)
    button.textContent = article.dataset.copiedWord
    document.getElementById('announcer').textContent = article.dataset.copiedWord
    setTimeout(() => { button.textContent = article.dataset.copyWord }, 2000)
  })
  box.append(button)
}

// The heading the reader has passed last is marked in the list of contents.
const links = [...document.querySelectorAll('[data-contents] a')]
const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))))

function mark() {
  const line = document.querySelector('.topbar').offsetHeight + 48
  const passed = headings.findLastIndex((heading) => heading?.getBoundingClientRect().top <= line)
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2
  const current = atEnd && scrollY > 0 ? links.length - 1 : Math.max(0, passed)
  links.forEach((link, index) => {
    if (index === current) link.setAttribute('aria-current', 'true')
    else link.removeAttribute('aria-current')
  })
}

if (links.length) {
  let waiting = false
  addEventListener('scroll', () => {
    if (waiting) return
    waiting = true
    requestAnimationFrame(() => {
      waiting = false
      mark()
    })
  }, { passive: true })
  mark()
}

// The answer is sent without leaving the page; without a script the form does it by itself.
const form = document.querySelector('[data-docs-feedback]')

form?.addEventListener('submit', async (event) => {
  event.preventDefault()
  const status = form.querySelector('[data-docs-feedback-status]')
  let page
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) })
    page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  } catch {
    status.textContent = form.dataset.failed
    return
  }
  const said = page.querySelector('.docs-thanks') ?? page.querySelector('main h1')
  if (said?.matches('.docs-thanks')) {
    const thanks = document.createElement('p')
    thanks.className = 'notice notice-success'
    thanks.textContent = `${page.querySelector('main h1').textContent}. ${said.textContent}`
    thanks.tabIndex = -1
    form.replaceWith(thanks)
    thanks.focus()
    document.getElementById('announcer').textContent = thanks.textContent
  } else {
    status.textContent = said?.textContent ?? form.dataset.failed
  }
})
