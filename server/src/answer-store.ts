/** Where an answer is kept: by who asks and what, as of one moment. */
export interface AnswerPlace {
  /** Who asks, and what. */
  key: string
  etag: string
}

interface KeptAnswer {
  etag: string
  body: string
}

/** An answer that is being made. */
interface AnswerUnderWay {
  /** Its body; null: it came to nothing that can be kept. */
  body: Promise<string | null>
  settle: (body: string | null) => void
}

const KEPT_CHARACTERS = 64_000_000
/** What an answer takes besides its texts; so nobody fills the memory with many small ones. */
const CHARACTERS_BESIDES = 500

function sizeOf(key: string, { body }: KeptAnswer): number {
  return key.length + body.length + CHARACTERS_BESIDES
}

/** Bodies by asker and address, oldest out first when they take too much memory; each is made once at a time. */
export class AnswerStore {
  readonly #kept = new Map<string, KeptAnswer>()
  readonly #underWay = new Map<string, AnswerUnderWay>()
  #characters = 0

  /**
   * The body that is kept, or the one that is being made.
   * @returns null: the caller has to make it, and `finish` has to follow, whatever comes of it
   */
  async take({ key, etag }: AnswerPlace): Promise<string | null> {
    const kept = this.#kept.get(key)
    if (kept?.etag === etag) return kept.body
    const underWay = this.#underWay.get(`${etag} ${key}`)
    if (underWay !== undefined) return underWay.body
    const { promise, resolve } = Promise.withResolvers<string | null>()
    this.#underWay.set(`${etag} ${key}`, { body: promise, settle: resolve })
    return null
  }

  /** Keeps a body and hands it to those who wait for it; null: they make their own. */
  finish({ key, etag }: AnswerPlace, body: string | null): void {
    this.#underWay.get(`${etag} ${key}`)?.settle(body)
    this.#underWay.delete(`${etag} ${key}`)
    if (body !== null) this.#keep(key, { etag, body })
  }

  #keep(key: string, answer: KeptAnswer): void {
    this.#drop(key)
    this.#kept.set(key, answer)
    this.#characters += sizeOf(key, answer)
    for (const oldest of this.#kept.keys()) {
      if (this.#characters <= KEPT_CHARACTERS) return
      this.#drop(oldest)
    }
  }

  #drop(key: string): void {
    const answer = this.#kept.get(key)
    if (answer === undefined) return
    this.#characters -= sizeOf(key, answer)
    this.#kept.delete(key)
  }
}
