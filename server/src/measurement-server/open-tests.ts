import type { MeasurementRecord, RecordedDirection } from '../contract/index.ts'
import type { AdmittedTicket } from '../speed-tickets/ticket-token.ts'
import { DIRECTIONS, type Direction } from './ndt7.ts'

/** Why a direction may not begin now. */
export type Refusal =
  /** The ticket was used for this direction, or its test is over. */
  | { reason: 'used' }
  /** All places are taken; one is free after so many seconds at the latest. */
  | { reason: 'busy'; retry_after_s: number }

interface OpenTest {
  ticket_id: string
  started_at: Date
  client_address: string
  begun: Set<Direction>
  seen: Partial<Record<Direction, RecordedDirection>>
  /** Cuts the direction that runs; null: none does. */
  cut: (() => void) | null
  /** Its place is given back by then. */
  ends_by_ms: number
  timer: NodeJS.Timeout | null
}

export interface OpenTestsOptions {
  /** Tests under way at one time. */
  places: number
  longest_ms: number
  /** A client has so long between its two directions; its place is kept meanwhile. */
  between_ms: number
  /** Told of every test that is over, once. */
  onOver: (record: MeasurementRecord) => void
}

const FORGET_EVERY_MS = 60_000

/**
 * Tests under way: as many at once as the line carries without one lowering another's result. A test holds its place
 * over both directions, so that nobody is turned away after the first one; its ticket serves once for each.
 */
export class OpenTests {
  readonly #options: OpenTestsOptions
  readonly #open = new Map<string, OpenTest>()
  /** Tickets whose test is over, and when they cannot be used any more anyway. */
  readonly #over = new Map<string, number>()
  readonly #forgetting: NodeJS.Timeout

  constructor(options: OpenTestsOptions) {
    this.#options = options
    this.#forgetting = setInterval(() => this.#forget(Date.now()), FORGET_EVERY_MS).unref()
  }

  get taken(): number {
    return this.#open.size
  }

  get places(): number {
    return this.#options.places
  }

  /**
   * Begins a direction. A client that begins its second one is through with the first, also where that has not been
   * seen here yet: it is cut.
   * @param cut ends this direction early
   * @returns how to end it with what was seen, to be called once; or why it may not begin
   */
  begin(
    { ticket_id, expires_at_ms }: AdmittedTicket,
    { direction, client_address, cut }: { direction: Direction; client_address: string; cut: () => void },
  ): Refusal | ((seen: RecordedDirection) => void) {
    const now = Date.now()
    if (this.#over.has(ticket_id)) return { reason: 'used' }
    const known = this.#open.get(ticket_id)
    if (known?.begun.has(direction) === true) return { reason: 'used' }
    if (known === undefined && this.#open.size >= this.#options.places) {
      return { reason: 'busy', retry_after_s: this.#freeAfterS(now) }
    }
    const test = known ?? this.#enter(ticket_id, client_address, now)
    if (test.timer !== null) clearTimeout(test.timer)
    test.cut?.()
    test.begun.add(direction)
    test.cut = cut
    test.ends_by_ms = now + this.#options.longest_ms + (this.#isLast(test) ? 0 : this.#options.between_ms)
    return (seen) => {
      test.seen[direction] = seen
      if (test.cut === cut) test.cut = null
      if (this.#isLast(test)) this.#leaveWhenSeen(test, expires_at_ms)
      else test.timer = setTimeout(() => this.#leave(test, expires_at_ms), this.#options.between_ms)
    }
  }

  /** Ends every test that waits for its second direction, for the process stops. */
  close(): void {
    clearInterval(this.#forgetting)
    for (const test of [...this.#open.values()]) {
      if (test.timer !== null) clearTimeout(test.timer)
      this.#leave(test, 0)
    }
  }

  #enter(ticket_id: string, client_address: string, now: number): OpenTest {
    const test: OpenTest = {
      ...{ ticket_id, client_address, started_at: new Date(now), begun: new Set<Direction>(), seen: {} },
      ...{ cut: null, ends_by_ms: now, timer: null },
    }
    this.#open.set(ticket_id, test)
    return test
  }

  #isLast({ begun }: OpenTest): boolean {
    return begun.size === DIRECTIONS.length
  }

  #leaveWhenSeen(test: OpenTest, expires_at_ms: number): void {
    if (DIRECTIONS.every((direction) => test.seen[direction] !== undefined)) this.#leave(test, expires_at_ms)
  }

  #leave({ ticket_id, started_at, client_address, seen }: OpenTest, expires_at_ms: number): void {
    if (!this.#open.delete(ticket_id)) return
    this.#over.set(ticket_id, expires_at_ms)
    const { download = null, upload = null } = seen
    this.#options.onOver({ ticket_id, started_at: started_at.toISOString(), download, upload, client_address })
  }

  #freeAfterS(now: number): number {
    const first = Math.min(...[...this.#open.values()].map(({ ends_by_ms }) => ends_by_ms))
    return Math.max(1, Math.ceil((first - now) / 1000))
  }

  #forget(now: number): void {
    for (const [ticket_id, expires_at_ms] of this.#over) if (expires_at_ms < now) this.#over.delete(ticket_id)
  }
}
