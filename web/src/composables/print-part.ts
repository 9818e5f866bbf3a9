/** Prints one part of the page, the element with the class `print-part`, as a sheet of its own. */
export function printPart(): void {
  const root = document.documentElement
  root.dataset['print'] = 'part'
  addEventListener('afterprint', () => delete root.dataset['print'], { once: true })
  print()
}
