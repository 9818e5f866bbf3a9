import { randomUUID } from 'node:crypto'
import type { SpeedContext, SpeedTest, Ticket } from '@edumon/server/contract'
import type { Logger } from 'pino'
import { pause } from '../core/pause.ts'
import type { Spool } from '../core/spool.ts'
import type { TestOutcome } from '../speedtest/run-test.ts'
import type { AgentApi } from './agent-api.ts'
import type { StateFile } from './agent-state.ts'
import { Backoff } from './backoff.ts'
import { findBuilding, findDueTest, findNextTest, type DueTest } from './due-test.ts'
import type { Fault } from './faults.ts'
import { Keeper } from './keeper.ts'
import { PingCounter } from './ping-counter.ts'
import { sendQueue } from './send-queue.ts'
import type { ServerClock } from './server-clock.ts'

export interface AgentParts {
  /** Building that the computer stands in; null: the only one of the school. */
  org_unit_id: number | null
  agent_version: string
  api: AgentApi
  spool: Spool
  file: StateFile
  clock: ServerClock
  log: Logger
  /** Runs one test at the ticket's server, and looks at what else is the case meanwhile. */
  measure: (ticket: Ticket, stop: AbortSignal) => Promise<{ outcome: TestOutcome; context: SpeedContext }>
  /** Context of a test that could not begin. */
  lookAround: () => Promise<SpeedContext>
  queue_max_bytes: number
  queue_max_age_ms: number
}

/** The longest wait between two looks at the clock: what it shows may jump. */
const LOOK_MS = 30_000
const SHORTEST_MS = 100
/** From here on the page tells that the computer's clock is wrong. */
const CLOCK_LIMIT_MS = 120_000
const PLAN_EVERY_MS = 6 * 3_600_000
/** After the server did not know us it is asked again at this pace; nothing is sent meanwhile. */
const REFUSED_MS = 3_600_000
/** After a failure to send: first, and at most. */
export const SEND_PAUSES = [30_000, 1_800_000] as const
const PLAN_PAUSES = [60_000, 3_600_000] as const
const TICKET_PAUSES = [20_000, 300_000] as const

/**
 * One school's agent: follows the plan, tests at its times, pings between, keeps all that it finds and sends it. One
 * `step` does what is due now.
 */
export class SchoolAgent {
  readonly #parts: AgentParts
  readonly keeper: Keeper
  readonly #pings: PingCounter
  readonly #sending = new Backoff(...SEND_PAUSES)
  readonly #planning = new Backoff(...PLAN_PAUSES)
  readonly #asking = new Backoff(...TICKET_PAUSES)
  readonly faults = new Set<Fault>()
  isTesting = false

  constructor(parts: AgentParts) {
    this.#parts = parts
    this.keeper = new Keeper(parts.spool, parts.file, parts.log)
    this.#pings = new PingCounter(parts, this.keeper)
  }

  /** Building that is tested; null: not known before the first plan. */
  get org_unit_id(): number | null {
    const { org_unit_id, file } = this.#parts
    const buildings = file.state.plan?.buildings ?? []
    return org_unit_id ?? (buildings.length === 1 ? (buildings[0]?.org_unit_id ?? null) : null)
  }

  #set(fault: Fault, isThere: boolean): void {
    if (isThere) this.faults.add(fault)
    else this.faults.delete(fault)
  }

  async #refreshPlan(): Promise<void> {
    const { api, clock, file, log } = this.#parts
    if (!this.#planning.isOver(clock.monotonic())) return
    const answer = await api.getPlan()
    this.#set('server_unreachable', !answer.ok && answer.problem === 'unreachable')
    this.#set('token_refused', !answer.ok && answer.problem === 'refused')
    if (!answer.ok) {
      log.warn({ problem: answer.problem, detail: answer.detail }, 'no plan, the last one holds')
      const wait_s =
        answer.problem === 'refused' ? REFUSED_MS / 1000 : answer.problem === 'later' ? answer.retry_after_s : null
      this.#planning.fail(clock.monotonic(), wait_s)
      return
    }
    this.#planning.succeed(clock.monotonic(), PLAN_EVERY_MS * (0.75 + Math.random() / 2))
    file.state.plan = answer.value
    const { org_unit_id } = this
    this.#set('building_unknown', org_unit_id === null || findBuilding(answer.value, org_unit_id) === null)
    await this.keeper.save()
  }

  async #test(stop: AbortSignal): Promise<void> {
    const { clock, file } = this.#parts
    const { org_unit_id } = this
    const { plan, begun, retest } = file.state
    if (plan === null || org_unit_id === null || !this.#asking.isOver(clock.monotonic())) return
    if (this.faults.has('token_refused')) return
    const due = findDueTest({ plan, org_unit_id, begun, retest, now: clock.now() })
    if (due === null) return
    if (!(await this.keeper.hasRoom())) return
    this.isTesting = true
    try {
      await this.#begin(due, org_unit_id, stop)
    } finally {
      this.isTesting = false
    }
  }

  /** What was begun is not begun again, also after a crash. */
  async #markBegun(due: DueTest): Promise<void> {
    const { state } = this.#parts.file
    if (due.kind === 'planned') state.begun.push(due.at)
    else state.retest = null
    await this.keeper.save()
  }

  async #begin(due: DueTest, org_unit_id: number, stop: AbortSignal): Promise<void> {
    const { agent_version, api, clock, log, lookAround, measure } = this.#parts
    const answer = await api.getTicket({ org_unit_id })
    if (!answer.ok && (answer.problem === 'later' || answer.problem === 'refused')) {
      log.info({ problem: answer.problem, detail: answer.detail }, 'no ticket, the test waits')
      this.#set('token_refused', answer.problem === 'refused')
      if (answer.problem === 'refused') this.#planning.fail(clock.monotonic(), REFUSED_MS / 1000)
      this.#asking.fail(clock.monotonic(), answer.problem === 'later' ? answer.retry_after_s : null)
      return
    }
    this.#asking.succeed(clock.monotonic())
    await this.#markBegun(due)
    if (!answer.ok && answer.problem === 'unreadable') {
      log.error({ detail: answer.detail }, 'the server gives no ticket for this building')
      this.#set('building_unknown', true)
      return
    }
    const identity = { id: randomUUID(), org_unit_id, method: 'agent', agent_version } as const
    const began = { started_at: new Date(clock.now()).toISOString(), retest_of: due.kind === 'retest' ? due.of : null }
    if (!answer.ok) {
      const nothing = { ticket_id: null, download: null, upload: null, min_rtt_us: null }
      await this.#keepTest({ ...identity, ...began, ...nothing, cause: answer.cause, context: await lookAround() })
      return
    }
    const { outcome, context } = await measure(answer.value, stop)
    // Ended by our own stop: nothing was found out about the line.
    if (stop.aborted) return
    const { download, upload, min_rtt_us, cause, detail } = outcome
    if (cause !== null) log.info({ cause, detail }, 'test without a result')
    const { ticket_id } = answer.value
    await this.#keepTest({ ...identity, ...began, ticket_id, download, upload, min_rtt_us, cause, context })
  }

  async #keepTest(test: SpeedTest): Promise<void> {
    const { clock, file } = this.#parts
    const { plan } = file.state
    const low_below_kbps = plan === null ? null : (findBuilding(plan, test.org_unit_id)?.low_below_kbps ?? null)
    const isLow =
      test.cause === null && test.download !== null && low_below_kbps !== null && test.download.kbps < low_below_kbps
    if (isLow && plan !== null && test.retest_of === null) {
      const { from, to } = plan.retest_after_s
      const at = new Date(clock.now() + (from + Math.random() * (to - from)) * 1000).toISOString()
      file.state.retest = { of: test.id, at }
    }
    file.state.last_result = test
    await this.keeper.keep({ list: 'tests', row: test })
    await this.keeper.save()
  }

  /** Ages are believed only when the server has told the time: a clock that jumped must not throw the queue away. */
  async #bound(): Promise<void> {
    const { clock, file, log, queue_max_age_ms, queue_max_bytes, spool } = this.#parts
    const expired = clock.isSynced() ? await spool.expire(queue_max_age_ms) : 0
    const dropped = expired + (await spool.shrink(queue_max_bytes))
    if (dropped === 0) return
    log.error({ rows: dropped }, 'the queue was full or old, the oldest rows are dropped')
    file.state.dropped += dropped
    await this.keeper.save()
  }

  async #send(): Promise<void> {
    const { api, clock, file, log, spool } = this.#parts
    await this.keeper.flush()
    await this.#bound()
    if (spool.size().measurements === 0 || !this.#sending.isOver(clock.monotonic())) return
    if (this.faults.has('token_refused')) return
    const outcome = await sendQueue({ agent_id: file.state.agent_id, api, spool, log })
    if (outcome.sent > 0) file.state.last_sent_at = new Date(clock.now()).toISOString()
    file.state.set_aside += outcome.set_aside
    if (outcome.kind === 'empty') this.#sending.succeed(clock.monotonic())
    else this.#sending.fail(clock.monotonic(), outcome.kind === 'later' ? outcome.retry_after_s : null)
    if (outcome.kind === 'refused') {
      this.#set('token_refused', true)
      this.#planning.fail(clock.monotonic(), REFUSED_MS / 1000)
    }
    if (outcome.sent + outcome.set_aside > 0) await this.keeper.save()
  }

  /** Does all that is due now. @returns milliseconds until the next look */
  async step(stop: AbortSignal): Promise<number> {
    await this.#refreshPlan()
    await this.#pings.step(this.org_unit_id)
    await this.#test(stop)
    await this.#send()
    this.#set('disk_full', this.keeper.isDiskFull)
    if (this.#pings.isAnswered !== null) this.#set('server_unreachable', !this.#pings.isAnswered)
    this.#set('clock_wrong', Math.abs(this.#parts.clock.aheadBy() ?? 0) > CLOCK_LIMIT_MS)
    return Math.max(SHORTEST_MS, Math.min(LOOK_MS, this.#pings.waitMs(), this.#nextTestMs()))
  }

  /** Milliseconds until the next test is due. */
  #nextTestMs(): number {
    const { clock, file } = this.#parts
    const { begun, plan, retest } = file.state
    const { org_unit_id } = this
    if (plan === null || org_unit_id === null) return LOOK_MS
    const now = clock.now()
    const next_at = findNextTest({ plan, org_unit_id, begun, retest, now })
    return next_at === null ? LOOK_MS : Date.parse(next_at) - now
  }

  /** Goes on until told to stop; what waits is then on the disk. */
  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      let wait_ms = LOOK_MS
      try {
        wait_ms = await this.step(stop)
      } catch (error) {
        // A mistake of ours in one step must not end the agent for good: nobody stands beside it.
        this.#parts.log.error({ err: error }, 'step failed')
      }
      await pause(wait_ms, stop)
    }
    await this.keeper.flush()
  }
}
