/** A body with the moment that it is of. */
export interface Answer {
  etag: string
  body: string
}

interface KeptAnswer extends Answer {
  /** When its making began: what was recorded later may be missing in it. */
  begun_at: number
}

/** Who asks what, as of one moment. */
export interface Question {
  /** Who asks, and what. */
  key: string
  etag: string
  /** An answer of a former moment will do while the new one is made, when it was begun after this; null: none will. */
  former_since: number | null
}

const KEPT_CHARACTERS = 64_000_000
/** What an answer takes besides its texts; so nobody fills the memory with many small ones. */
const CHARACTERS_BESIDES = 500

function sizeOf(key: string, { body }: KeptAnswer): number {
  return key.length + body.length + CHARACTERS_BESIDES
}

/**
 * Answers by asker and address, oldest out first when they take too much memory. Each is made once at a time for all who
 * ask; of those that are only renewed one is made at a time, so that who waits for an answer is not held up by them.
 */
export class AnswerStore {
  readonly #kept = new Map<string, KeptAnswer>()
  readonly #underWay = new Map<string, Promise<Answer>>()
  #isRenewing = false

  #characters = 0

  /**
   * The answer that is kept or being made, or a new one. Rejects as `make` does, for all who wait for it.
   * @param make writes the body, as of now
   */
  async find(question: Question, make: () => Promise<string>): Promise<Answer> {
    const { key, etag, former_since } = question
    const kept = this.#kept.get(key)
    if (kept?.etag === etag) return kept
    const former = kept !== undefined && former_since !== null && kept.begun_at >= former_since ? kept : null
    if (former === null) return this.#underWay.get(`${etag} ${key}`) ?? this.#make(question, make)
    if (!this.#isRenewing) void this.#renew(question, make)
    return former
  }

  /** Whoever asks after a renewal that came to nothing makes the answer, and is told why it cannot be made. */
  async #renew(question: Question, make: () => Promise<string>): Promise<void> {
    this.#isRenewing = true
    await Promise.allSettled([this.#make(question, make)])
    this.#isRenewing = false
  }

  async #make({ key, etag }: Question, make: () => Promise<string>): Promise<Answer> {
    const begun_at = Date.now()
    const place = `${etag} ${key}`
    const making = make().then((body) => ({ etag, body, begun_at }))
    this.#underWay.set(place, making)
    try {
      const answer = await making
      this.#keep(key, answer)
      return answer
    } finally {
      this.#underWay.delete(place)
    }
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
