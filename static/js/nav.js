// Navigation in one line that is wider than a phone: show where we are.

for (const row of document.querySelectorAll('.workspace-nav, .tabs')) {
  const here = row.querySelector('[aria-current="page"]')?.getBoundingClientRect()
  const shown = row.getBoundingClientRect()
  if (here) row.scrollLeft += here.left + here.width / 2 - (shown.left + shown.width / 2)
}
