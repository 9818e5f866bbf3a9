import type { Collector, CollectorDeps } from './collector.ts'
import { Lane } from './lane.ts'
import { pause } from './pause.ts'
import type { Spool } from './spool.ts'
import { drainSpool } from './submitter.ts'
import type { DrainOutcome, SubmitterParts } from './submitter.ts'

export interface RunOptions {
  collectors: readonly Collector[]
  /** Leave when no work is due and everything is answered. */
  once: boolean
  /** Ends the run: no more work is leased, what runs is finished and sent. */
  stop: AbortSignal
  poll_ms: number
  /** What still runs when the run is told to stop has this long; the rest is handed back. */
  stop_grace_ms: number
  spool_max_bytes: number
  spool_max_age_ms: number
}

export interface RunParts extends SubmitterParts {
  deps: CollectorDeps
  spool: Spool
}

/** Measurements that come within this time travel together: a batch costs the server one transaction. */
const GATHER_MS = 250
/** Leases that go back in one call. */
const RETURNED_TOGETHER = 1000

class Runner {
  readonly #parts: RunParts
  readonly #options: RunOptions
  readonly #end = new AbortController()
  #refused = false
  #sending: Promise<DrainOutcome> | null = null

  constructor(parts: RunParts, options: RunOptions) {
    this.#parts = parts
    this.#options = options
    const end = () => this.#end.abort()
    options.stop.addEventListener('abort', end)
    if (options.stop.aborted) end()
  }

  #refuse(): void {
    this.#refused = true
    this.#end.abort()
  }

  /** One sender at a time: the spool's oldest segment must not be sent twice at once. */
  #send(): Promise<DrainOutcome> {
    this.#sending ??= pause(GATHER_MS, this.#end.signal)
      .then(() => drainSpool(this.#parts))
      .catch((error: unknown): DrainOutcome => {
        this.#parts.log.error({ err: error }, 'spool cannot be read')
        return 'retry'
      })
      .then((outcome) => {
        if (outcome === 'refused') this.#refuse()
        this.#sending = null
        return outcome
      })
    return this.#sending
  }

  /** Sends again what could not be sent, and sets aside what has become too old for the server. */
  async #tend(): Promise<void> {
    const { spool, log } = this.#parts
    while (!this.#end.signal.aborted) {
      const expired = await spool.expire(this.#options.spool_max_age_ms)
      if (expired > 0) log.error({ measurements: expired }, 'measurements too old to send, set aside')
      const waiting = spool.size()
      if (waiting.bytes > this.#options.spool_max_bytes) log.warn({ ...waiting }, 'spool is full, no work is taken')
      if (waiting.measurements > 0) void this.#send()
      await pause(this.#options.poll_ms, this.#end.signal)
    }
  }

  /** Hands unfinished work back, so that nobody waits for its leases to run out. */
  async #handBack(lease_ids: readonly string[]): Promise<void> {
    const { api, identity, log } = this.#parts
    for (let start = 0; start < lease_ids.length; start += RETURNED_TOGETHER) {
      const part = lease_ids.slice(start, start + RETURNED_TOGETHER)
      const answer = await api.giveBack({ collector: identity, lease_ids: part })
      if (answer.ok) log.info({ returned: answer.value.returned }, 'unfinished work handed back')
      else log.warn({ problem: answer.problem, detail: answer.detail, leases: part.length }, 'work not handed back')
    }
  }

  async run(): Promise<'done' | 'refused'> {
    const { deps, spool } = this.#parts
    const { once, poll_ms, spool_max_bytes, stop_grace_ms } = this.#options
    const keep = async (measurement: object): Promise<void> => {
      await spool.add(measurement)
      void this.#send()
    }
    const isHeld = () => spool.size().bytes > spool_max_bytes
    const lanes = this.#options.collectors.map(
      (collector) =>
        new Lane(
          collector,
          { deps, keep, refuse: () => this.#refuse() },
          { once, poll_ms, isHeld, stop: this.#end.signal },
        ),
    )
    const tending = this.#tend()
    await Promise.all(lanes.map((lane) => lane.run()))
    this.#end.abort()
    await tending
    const grace = new AbortController()
    await Promise.race([Promise.all(lanes.map((lane) => lane.settle())), pause(stop_grace_ms, grace.signal)])
    grace.abort()
    await this.#handBack(lanes.flatMap((lane) => lane.abandon()))
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
