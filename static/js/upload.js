// Files for a message. Inside [data-upload] stands an <input type="file" data-max-bytes>;
// files may also be dropped on it or pasted. Names and sizes are listed in
// [data-upload-list], each with a button that leaves it out again (named by data-remove); a file
// over the limit is refused before anything is sent.

const UNITS = ['B', 'kB', 'MB', 'GB']

function inUnits(bytes) {
  let size = bytes
  let unit = 0
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${unit && size < 100 ? size.toFixed(1) : Math.round(size)} ${UNITS[unit]}`
}

function line(file, note, refused) {
  const item = document.createElement('li')
  item.className = refused ? 'file file-refused' : 'file'
  const small = document.createElement('span')
  small.className = 'file-note'
  small.textContent = note
  item.append(file.name, small)
  return item
}

function removal(input, file) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'file-remove'
  button.textContent = '×'
  button.setAttribute('aria-label', `${input.dataset.remove}: ${file.name}`)
  button.addEventListener('click', () => {
    take(input, [...input.files].filter((one) => one !== file))
    input.focus()
  })
  return button
}

function take(input, files) {
  const limit = Number(input.dataset.maxBytes) || Infinity
  const accepted = new DataTransfer()
  const list = input.closest('[data-upload]').querySelector('[data-upload-list]')
  list?.replaceChildren()
  for (const file of files) {
    const refused = file.size > limit
    if (!refused) accepted.items.add(file)
    const why = (input.dataset.tooLarge ?? '> {limit}').replace('{limit}', inUnits(limit))
    const item = line(file, refused ? `${inUnits(file.size)} · ${why}` : inUnits(file.size), refused)
    if (!refused && input.dataset.remove) item.append(removal(input, file))
    list?.append(item)
  }
  input.files = accepted.files
}

const inputIn = (box) => box.querySelector('input[type="file"]')
const boxOf = (event) => event.target.closest?.('[data-upload]')
const hasFiles = (event) => event.dataTransfer?.types.includes('Files')

document.addEventListener('change', (event) => {
  if (event.target.matches('[data-upload] input[type="file"]')) take(event.target, [...event.target.files])
})

document.addEventListener('dragover', (event) => {
  if (!boxOf(event) || !hasFiles(event)) return
  event.preventDefault()
  boxOf(event).dataset.dragging = ''
})

document.addEventListener('dragleave', (event) => {
  const box = boxOf(event)
  if (box && !box.contains(event.relatedTarget)) delete box.dataset.dragging
})

document.addEventListener('drop', (event) => {
  const box = boxOf(event)
  if (!box || !hasFiles(event)) return
  event.preventDefault()
  delete box.dataset.dragging
  const input = inputIn(box)
  take(input, [...input.files, ...event.dataTransfer.files])
})

document.addEventListener('paste', (event) => {
  const box = boxOf(event)
  if (!box || !event.clipboardData?.files.length) return
  event.preventDefault()
  const input = inputIn(box)
  take(input, [...input.files, ...event.clipboardData.files])
})
