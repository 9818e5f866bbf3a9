/** Sets straight quotes as Russian typography does: «outer» and „inner“. Quotes that are set already stay. */
export function setQuotes(text: string): string {
  let depth = 0
  return text.replace(/"/g, (_, at: number) => {
    const before = text[at - 1]
    const isOpening = before === undefined || /[\s(«„]/.test(before)
    if (isOpening) depth += 1
    const quote = depth > 1 ? (isOpening ? '„' : '“') : isOpening ? '«' : '»'
    if (!isOpening) depth = Math.max(0, depth - 1)
    return quote
  })
}
