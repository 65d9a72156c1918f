// <button data-copy="text"> or <button data-copy-from="#id">; says data-copied when done.

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy], [data-copy-from]')
  if (!button) return
  const from = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom)
  await navigator.clipboard.writeText(from ? (from.value ?? from.textContent) : button.dataset.copy)
  const label = button.querySelector('[data-copy-label]') ?? button
  const before = label.textContent
  const region = document.getElementById('announcer')
  if (region) region.textContent = button.dataset.copied ?? ''
  if (!button.dataset.copied || before === button.dataset.copied) return
  label.textContent = button.dataset.copied
  setTimeout(() => { label.textContent = before }, 2000)
})
