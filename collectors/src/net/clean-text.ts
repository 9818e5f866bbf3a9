/** Control characters (NUL cannot be stored as text) and the marks that reorder text on a screen. */
const UNWANTED = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

/** Outside text made fit for a field: well-formed, one line, no control characters, at most `max_length` UTF-16 units. */
export function cleanText(text: string, max_length: number): string {
  const line = text
    .slice(0, max_length * 4)
    .replace(UNWANTED, ' ')
    .replace(/ {2,}/g, ' ')
    .trim()
  return line.slice(0, max_length).toWellFormed()
}
