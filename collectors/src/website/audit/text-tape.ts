/** Longest text kept of one piece of a page, characters. */
export const PIECE_KEPT = 400

/** Spaces as one, cut to what is kept of a piece. */
export const clip = (text: string): string => text.replace(/\s+/gu, ' ').trim().slice(0, PIECE_KEPT)

/**
 * A page's visible text as one growing line of parts. Any range can be read without copying the whole, so that a page
 * of many thousand elements stays linear.
 */
export class TextTape {
  readonly #parts: string[] = []
  readonly #starts: number[] = []
  #length = 0
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get length(): number {
    return this.#length
  }

  /** False when the tape is full and the text was left out. */
  append(text: string): boolean {
    if (this.#length >= this.#limit) return false
    const kept = text.replace(/\s+/gu, ' ')
    if (kept === '') return true
    this.#starts.push(this.#length)
    this.#parts.push(kept)
    this.#length += kept.length
    return true
  }

  /** The clipped text of a range; '' for an empty one. */
  read(start: number, end: number = this.#length): string {
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] ?? 0) <= start) low = middle + 1
      else high = middle
    }
    let text = ''
    for (let at = Math.max(0, low - 1); at < this.#parts.length && text.length < PIECE_KEPT * 2; at += 1) {
      const from = this.#starts[at] ?? 0
      if (from >= end) break
      text += (this.#parts[at] ?? '').slice(Math.max(0, start - from), end - from).slice(0, PIECE_KEPT * 2)
    }
    return clip(text)
  }
}
