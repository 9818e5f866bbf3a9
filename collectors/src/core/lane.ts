import type { Lease } from '@edumon/server/contract'
import { jittered, pause } from './pause.ts'
import type { Collector, CollectorDeps } from './collector.ts'

/** No more than this is asked for at once. */
const LEASES_ASKED = 200

export interface LaneParts {
  deps: CollectorDeps
  /** Takes over a finished measurement. */
  keep: (measurement: object) => Promise<void>
  /** The server does not accept this collector. */
  refuse: () => void
}

export interface LaneOptions {
  /** Leave when no work is due and what was begun is done. */
  once: boolean
  poll_ms: number
  stop: AbortSignal
  /** No work is taken while this is true: there is no room for results. */
  isHeld: () => boolean
}

/**
 * The work of one collector, leased and done beside the others': a long audit never keeps frequent checks waiting,
 * because each lane holds leases of its own.
 */
export class Lane {
  readonly #collector: Collector
  readonly #parts: LaneParts
  readonly #options: LaneOptions
  readonly #running = new Set<Promise<void>>()
  /** Leases whose measurement is not there yet. */
  readonly #unfinished = new Set<string>()

  constructor(collector: Collector, parts: LaneParts, options: LaneOptions) {
    this.#collector = collector
    this.#parts = parts
    this.#options = options
  }

  async #work(lease: Lease): Promise<void> {
    const { deps, keep } = this.#parts
    try {
      const measurement = await this.#collector.collect(lease, deps)
      // Work that was handed back is another's: its late result would be refused.
      const isOurs = this.#unfinished.delete(lease.lease_id)
      if (measurement !== null && isOurs) await keep(measurement)
    } catch (error) {
      deps.log.error({ err: error, lease_id: lease.lease_id, kind: lease.kind }, 'leased work failed')
    }
  }

  /** Asks for work and starts it; tells how long to wait before asking again. */
  async #leaseMore(room: number): Promise<{ started: number; wait_ms: number }> {
    const { api, identity, log } = this.#parts.deps
    const { poll_ms } = this.#options
    const max = Math.min(LEASES_ASKED, room)
    const answer = await api.lease({ collector: identity, kinds: [this.#collector.kind], max })
    if (!answer.ok) {
      log.warn({ problem: answer.problem, detail: answer.detail }, 'no leases')
      if (answer.problem === 'refused') this.#parts.refuse()
      return { started: 0, wait_ms: poll_ms }
    }
    for (const lease of answer.value.leases) {
      this.#unfinished.add(lease.lease_id)
      const job: Promise<void> = this.#work(lease).finally(() => this.#running.delete(job))
      this.#running.add(job)
    }
    const due_ms = answer.value.next_due_at === null ? Infinity : Date.parse(answer.value.next_due_at) - Date.now()
    return { started: answer.value.leases.length, wait_ms: Math.max(100, Math.min(due_ms, poll_ms)) }
  }

  /** Waits until there is room for at least half of what is held, or for a while. */
  async #waitForRoom(wait_ms: number): Promise<void> {
    await Promise.race([...this.#running, pause(jittered(wait_ms), this.#options.stop)])
  }

  /** Ends when everything that was begun is done. */
  async settle(): Promise<void> {
    await Promise.all(this.#running)
  }

  /** Lets go of what is not measured yet. @returns its leases, to be handed back */
  abandon(): string[] {
    const lease_ids = [...this.#unfinished]
    this.#unfinished.clear()
    return lease_ids
  }

  async run(): Promise<void> {
    const { stop, poll_ms, once, isHeld } = this.#options
    while (!stop.aborted) {
      const room = this.#collector.held - this.#running.size
      if (isHeld() || room * 2 < this.#collector.held) {
        await this.#waitForRoom(poll_ms)
        continue
      }
      const { started, wait_ms } = await this.#leaseMore(room)
      if (started > 0) continue
      if (once && this.#running.size === 0) return
      await this.#waitForRoom(wait_ms)
    }
  }
}
