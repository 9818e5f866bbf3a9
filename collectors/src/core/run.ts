import type { Lease, WorkKind } from '@edumon/server/contract'
import type { Collector, CollectorDeps } from './collector.ts'
import type { Spool } from './spool.ts'
import { drainSpool } from './submitter.ts'
import type { DrainOutcome, SubmitterParts } from './submitter.ts'

export interface RunOptions {
  collectors: readonly Collector[]
  /** Leave when no work is due and everything is answered. */
  once: boolean
  /** Ends the loop: no more work is leased, what runs is finished and sent. */
  stop: AbortSignal
  poll_ms: number
  spool_max_bytes: number
  spool_max_age_ms: number
}

export interface RunParts extends SubmitterParts {
  deps: CollectorDeps
  spool: Spool
}

/** Leases held at one time: enough that a slow site never leaves the connections idle. */
const LEASES_HELD = 400
const LEASES_ASKED = 200
/** What still runs when the loop is told to stop has this long; the rest is leased again after expiry. */
const GRACE_MS = 20_000

/** Between three quarters and five quarters of the time, so that collectors do not come in step. */
const jittered = (wait_ms: number): number => wait_ms * (0.75 + Math.random() / 2)

function pause(wait_ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer)
      stop.removeEventListener('abort', end)
      done()
    }
    const timer = setTimeout(end, wait_ms)
    stop.addEventListener('abort', end)
    if (stop.aborted) end()
  })
}

class Runner {
  readonly #parts: RunParts
  readonly #options: RunOptions
  readonly #running = new Set<Promise<void>>()
  readonly #by_kind: ReadonlyMap<WorkKind, Collector>
  #refused = false
  #sending: Promise<DrainOutcome> | null = null

  constructor(parts: RunParts, options: RunOptions) {
    this.#parts = parts
    this.#options = options
    this.#by_kind = new Map(options.collectors.map((collector) => [collector.kind, collector]))
  }

  get #over(): boolean {
    return this.#refused || this.#options.stop.aborted
  }

  async #work(lease: Lease): Promise<void> {
    const { deps, spool, log } = this.#parts
    try {
      const measurement = await this.#by_kind.get(lease.kind)?.collect(lease, deps)
      if (measurement !== null && measurement !== undefined) await spool.add(measurement)
    } catch (error) {
      log.error({ err: error, lease_id: lease.lease_id, kind: lease.kind }, 'leased work failed')
    }
    if (this.#sending === null) void this.#send()
  }

  /** One sender at a time: the spool's oldest segment must not be sent twice at once. */
  #send(): Promise<DrainOutcome> {
    this.#sending ??= drainSpool(this.#parts)
      .catch((error: unknown): DrainOutcome => {
        this.#parts.log.error({ err: error }, 'spool cannot be read')
        return 'retry'
      })
      .then((outcome) => {
        this.#refused ||= outcome === 'refused'
        this.#sending = null
        return outcome
      })
    return this.#sending
  }

  /** Asks for work and starts it. Returns how long to wait before asking again; null: nothing is due. */
  async #leaseMore(): Promise<{ started: number; wait_ms: number }> {
    const { api, identity, log } = this.#parts
    const max = Math.min(LEASES_ASKED, LEASES_HELD - this.#running.size)
    const answer = await api.lease({ collector: identity, kinds: [...this.#by_kind.keys()], max })
    if (!answer.ok) {
      log.warn({ problem: answer.problem, detail: answer.detail }, 'no leases')
      this.#refused ||= answer.problem === 'refused'
      return { started: 0, wait_ms: this.#options.poll_ms }
    }
    for (const lease of answer.value.leases) {
      const job: Promise<void> = this.#work(lease).finally(() => this.#running.delete(job))
      this.#running.add(job)
    }
    const due_ms = answer.value.next_due_at === null ? Infinity : Date.parse(answer.value.next_due_at) - Date.now()
    return { started: answer.value.leases.length, wait_ms: Math.max(100, Math.min(due_ms, this.#options.poll_ms)) }
  }

  async #step(): Promise<'go_on' | 'idle'> {
    const { spool, log } = this.#parts
    const { stop, spool_max_bytes, spool_max_age_ms, poll_ms } = this.#options
    const expired = await spool.expire(spool_max_age_ms)
    if (expired > 0) log.error({ measurements: expired }, 'measurements too old to send, set aside')
    const waiting = spool.size()
    if (waiting.measurements > 0) void this.#send()
    if (waiting.bytes > spool_max_bytes) {
      log.warn({ ...waiting }, 'spool is full, no work is taken')
      await pause(jittered(poll_ms), stop)
      return 'go_on'
    }
    if (this.#running.size > LEASES_HELD - LEASES_ASKED) {
      await Promise.race([...this.#running, pause(poll_ms, stop)])
      return 'go_on'
    }
    const { started, wait_ms } = await this.#leaseMore()
    if (started > 0) return 'go_on'
    if (this.#running.size > 0) await Promise.race([...this.#running, pause(wait_ms, stop)])
    else if (this.#options.once) return 'idle'
    else await pause(jittered(wait_ms), stop)
    return 'go_on'
  }

  async run(): Promise<'done' | 'refused'> {
    while (!this.#over) {
      if ((await this.#step()) === 'idle') break
    }
    const grace = new AbortController()
    await Promise.race([Promise.all(this.#running), pause(GRACE_MS, grace.signal)])
    grace.abort()
    // A drain that began earlier may have passed by the last segment.
    if (!this.#refused) await this.#send()
    if (!this.#refused) await this.#send()
    return this.#refused ? 'refused' : 'done'
  }
}

/**
 * Leases due work, does it, keeps each measurement on the disk and sends it, until told to stop. What an earlier
 * process left in the spool is sent first. `refused`: the server does not accept this collector; everything is kept.
 */
export function runCollectors(parts: RunParts, options: RunOptions): Promise<'done' | 'refused'> {
  return new Runner(parts, options).run()
}
