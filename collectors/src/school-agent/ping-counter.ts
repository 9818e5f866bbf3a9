import { randomUUID } from 'node:crypto'
import type { PingHour } from '@edumon/server/contract'
import type { AgentApi } from './agent-api.ts'
import type { StateFile } from './agent-state.ts'
import type { Keeper } from './keeper.ts'
import type { ServerClock } from './server-clock.ts'

const HOUR_MS = 3_600_000
const DEFAULT_INTERVAL_S = 300
const MOST_IN_AN_HOUR = 3600

interface PingParts {
  api: AgentApi
  clock: ServerClock
  file: StateFile
}

const hourOf = (now: number): string => new Date(now - (now % HOUR_MS)).toISOString()

/** Looks whether the server answers, and sums each hour into one row. */
export class PingCounter {
  readonly #parts: PingParts
  readonly #keeper: Keeper
  /** Whether the last ping was answered; null: there was none. */
  isAnswered: boolean | null = null
  #next_at = Number.NEGATIVE_INFINITY

  constructor(parts: PingParts, keeper: Keeper) {
    this.#parts = parts
    this.#keeper = keeper
  }

  /** Milliseconds until the next ping. */
  waitMs(): number {
    return Math.max(0, this.#next_at - this.#parts.clock.monotonic())
  }

  async step(org_unit_id: number | null): Promise<void> {
    const { api, clock, file } = this.#parts
    if (org_unit_id === null || this.waitMs() > 0) return
    this.#next_at = clock.monotonic() + (file.state.plan?.ping_interval_s ?? DEFAULT_INTERVAL_S) * 1000
    const { ok } = await api.ping()
    this.isAnswered = ok
    const hour = await this.#currentHour(org_unit_id)
    if (hour.sent >= MOST_IN_AN_HOUR) return
    hour.sent += 1
    if (ok) hour.answered += 1
    await this.#keeper.save()
  }

  /** The hour that runs; one that is over goes into the queue first. */
  async #currentHour(org_unit_id: number): Promise<PingHour> {
    const { clock, file } = this.#parts
    const hour_at = hourOf(clock.now())
    const before = file.state.hour
    if (before?.hour_at === hour_at && before.org_unit_id === org_unit_id) return before
    if (before !== null) await this.#keeper.keep({ list: 'pings', row: before })
    const begun: PingHour = { id: randomUUID(), org_unit_id, hour_at, sent: 0, answered: 0 }
    file.state.hour = begun
    return begun
  }
}
