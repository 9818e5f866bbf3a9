import { findKeyId, readTicket, type AdmittedTicket, type NamedKey } from '../speed-tickets/ticket-token.ts'

/** A key that is not known is asked for this often at most: whoever forges tickets does not make us ask each time. */
const ASK_EVERY_MS = 5000

export interface TicketReaderOptions {
  /** Our own address, as tickets name it. */
  server_url: string
  fetchKey: () => Promise<NamedKey>
  onTrouble: (error: unknown) => void
}

/**
 * Tells good tickets by the public key alone, which the API gives out. A ticket from before our own start is refused:
 * whether it was used already is not known any more.
 */
export class TicketReader {
  readonly #options: TicketReaderOptions
  readonly #started_ms: number
  #known: NamedKey | null = null
  #asking: Promise<void> | null = null
  #asked_at = -ASK_EVERY_MS

  constructor(options: TicketReaderOptions) {
    this.#options = options
    this.#started_ms = Math.floor(Date.now() / 1000) * 1000
  }

  /** @returns the ticket; `refused`: it is none of ours or too old; `no_key`: the API has not told us the key yet */
  async read(text: string): Promise<AdmittedTicket | 'refused' | 'no_key'> {
    const key_id = findKeyId(text)
    if (key_id === null) return 'refused'
    if (this.#known?.key_id !== key_id) await this.#ask()
    if (this.#known === null) return 'no_key'
    if (this.#known.key_id !== key_id) return 'refused'
    const ticket = await readTicket(this.#known.key, text, this.#options.server_url)
    return ticket === null || ticket.issued_at_ms < this.#started_ms ? 'refused' : ticket
  }

  #ask(): Promise<void> {
    if (this.#asking !== null) return this.#asking
    if (performance.now() - this.#asked_at < ASK_EVERY_MS) return Promise.resolve()
    this.#asked_at = performance.now()
    this.#asking = this.#options
      .fetchKey()
      .then((key) => {
        this.#known = key
      })
      .catch(this.#options.onTrouble)
      .finally(() => {
        this.#asking = null
      })
    return this.#asking
  }
}
