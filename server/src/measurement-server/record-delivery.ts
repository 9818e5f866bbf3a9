import { setTimeout as wait } from 'node:timers/promises'
import { RECORDS_PER_BATCH, type MeasurementRecord } from '../contract/index.ts'

/** What became of a batch: taken, never to be taken, or to be sent again. */
export type Delivery = 'taken' | 'refused' | 'again'

export interface RecordDeliveryOptions {
  send: (records: readonly MeasurementRecord[]) => Promise<Delivery>
  /** Records that wait at most; beyond, the oldest are let go and their tests stay unconfirmed. */
  most?: number
  /** Before the second attempt; doubled up to `longest_pause_ms`. */
  first_pause_ms?: number
  longest_pause_ms?: number
  onLost: (why: 'full' | 'refused', records: number) => void
}

const MOST = 20_000
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000

/** Hands records to the API in the order of the tests' ends, again and again until they are taken. */
export class RecordDelivery {
  readonly #options: RecordDeliveryOptions
  readonly #waiting: MeasurementRecord[] = []
  readonly #stopping = new AbortController()
  #running: Promise<void> | null = null

  constructor(options: RecordDeliveryOptions) {
    this.#options = options
  }

  get waiting(): number {
    return this.#waiting.length
  }

  add(record: MeasurementRecord): void {
    this.#waiting.push(record)
    const over = this.#waiting.length - (this.#options.most ?? MOST)
    if (over > 0) this.#lose('full', over)
    this.#running ??= this.#deliver().finally(() => {
      this.#running = null
    })
  }

  /** Tries what waits once more, without pauses. @returns records that could not be handed over */
  async stop(): Promise<number> {
    this.#stopping.abort()
    await this.#running
    while (this.#waiting.length > 0 && (await this.#sendFirst())) continue
    return this.#waiting.length
  }

  async #deliver(): Promise<void> {
    const { first_pause_ms = FIRST_PAUSE_MS, longest_pause_ms = LONGEST_PAUSE_MS } = this.#options
    let pause_ms = first_pause_ms
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      if (await this.#sendFirst()) {
        pause_ms = first_pause_ms
        continue
      }
      const jittered_ms = pause_ms * (0.5 + Math.random() / 2)
      await wait(jittered_ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined)
      pause_ms = Math.min(pause_ms * 2, longest_pause_ms)
    }
  }

  /** @returns whether the records are off our hands */
  async #sendFirst(): Promise<boolean> {
    const batch = this.#waiting.slice(0, RECORDS_PER_BATCH)
    const delivery = await this.#options.send(batch)
    if (delivery === 'again') return false
    // The oldest may have been let go meanwhile: what was sent is taken out by itself.
    const sent = new Set(batch)
    const kept = this.#waiting.filter((record) => !sent.has(record))
    this.#waiting.splice(0, this.#waiting.length, ...kept)
    if (delivery === 'refused') this.#options.onLost('refused', batch.length)
    return true
  }

  #lose(why: 'full', records: number): void {
    this.#waiting.splice(0, records)
    this.#options.onLost(why, records)
  }
}
