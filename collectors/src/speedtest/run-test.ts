import type { SpeedCause, SpeedDirection, Ticket } from '@edumon/server/contract'
import type { WebSocket } from 'ws'
import { pause } from '../core/pause.ts'
import { NDT7_LIMITS, runDownload, runUpload, type DirectionLimits, type DirectionResult } from './direction.ts'
import { SpeedFailure } from './failure.ts'
import type { Way } from './open-connection.ts'
import { startSleepWatch, SYSTEM_CLOCK, type Clock } from './sleep-watch.ts'
import { openUpgraded, type UpgradedConnection } from './upgrade.ts'

export interface TestOptions {
  way: Way
  user_agent: string
  /** Ends the test at once; it then has the cause `interrupted`. */
  stop: AbortSignal
  /** A measurement server without a free place is asked again for so long, all waiting together. */
  busy_wait_ms: number
  limits?: DirectionLimits
  clock?: Clock
}

/** What one test found. A cause says why not both directions are there; null exactly when they are. */
export interface TestOutcome {
  download: SpeedDirection | null
  upload: SpeedDirection | null
  min_rtt_us: number | null
  cause: SpeedCause | null
  /** For the log and the local page. */
  detail: string | null
  address_family: 'ipv4' | 'ipv6' | null
  through_proxy: boolean | null
}

type Direction = (socket: WebSocket, limits: DirectionLimits, stop: AbortSignal) => Promise<DirectionResult>

const BUSY_PAUSE_S = 5

/** Address of one direction at the ticket's server; an http(s) address stands for its ws(s) twin. */
function addressOf(ticket: Ticket, direction: 'download' | 'upload'): URL {
  const url = new URL(`/ndt/v7/${direction}`, ticket.server_url)
  if (url.protocol === 'http:') url.protocol = 'ws:'
  if (url.protocol === 'https:') url.protocol = 'wss:'
  url.searchParams.set('access_token', ticket.access_token)
  return url
}

class Test {
  readonly #ticket: Ticket
  readonly #options: TestOptions
  readonly outcome: TestOutcome
  #waited_ms = 0

  constructor(ticket: Ticket, options: TestOptions) {
    this.#ticket = ticket
    this.#options = options
    const nothing = { download: null, upload: null, min_rtt_us: null, cause: null, detail: null }
    this.outcome = { ...nothing, address_family: null, through_proxy: options.way.proxy !== null }
  }

  #noteRoundTrip(...times_us: readonly (number | null)[]): void {
    const known = [this.outcome.min_rtt_us, ...times_us].filter((time) => time !== null)
    if (known.length > 0) this.outcome.min_rtt_us = Math.min(...known)
  }

  /** Opens one direction, waiting for a place as long as the server is busy and the limit allows. */
  async #open(url: URL): Promise<UpgradedConnection> {
    const { way, user_agent, stop, busy_wait_ms } = this.#options
    for (;;) {
      try {
        return await openUpgraded(url, way, user_agent)
      } catch (error) {
        if (!(error instanceof SpeedFailure) || error.cause_code !== 'server_busy') throw this.#afterWaiting(error)
        // More than asked for, and not all at the same moment.
        const wait_ms = (error.retry_after_s ?? BUSY_PAUSE_S) * 1000 * (1 + Math.random() / 2)
        if (this.#waited_ms + wait_ms > busy_wait_ms) throw error
        this.#waited_ms += wait_ms
        await pause(wait_ms, stop)
        if (stop.aborted) throw new SpeedFailure('interrupted', 'told to stop')
      }
    }
  }

  /** A ticket that ran out while we waited for a place was not refused for its own sake. */
  #afterWaiting(error: unknown): unknown {
    const isOutdated = error instanceof SpeedFailure && error.cause_code === 'ticket_refused' && this.#waited_ms > 0
    return isOutdated ? new SpeedFailure('server_busy', 'the ticket ran out while waiting', { cause: error }) : error
  }

  async run(name: 'download' | 'upload', direction: Direction): Promise<void> {
    const connection = await this.#open(addressOf(this.#ticket, name))
    this.outcome.address_family = connection.address_family
    this.#noteRoundTrip(connection.connect_us, connection.upgrade_us)
    const { figures, min_rtt_us } = await direction(
      connection.socket,
      this.#options.limits ?? NDT7_LIMITS,
      this.#options.stop,
    )
    // Behind a proxy the server's TCP knows the way to the proxy only.
    if (!connection.through_proxy) this.#noteRoundTrip(min_rtt_us)
    this.outcome[name] = figures
  }
}

/**
 * Runs both directions of one ndt7 test, download first. Failures of the outside world are outcomes with a cause, never
 * exceptions. A test during which the computer slept or its clock jumped has no figures.
 */
export async function runSpeedTest(ticket: Ticket, options: TestOptions): Promise<TestOutcome> {
  const test = new Test(ticket, options)
  const watch = startSleepWatch(options.clock ?? SYSTEM_CLOCK)
  try {
    await test.run('download', runDownload)
    await test.run('upload', runUpload)
  } catch (error) {
    if (!(error instanceof SpeedFailure)) throw error
    test.outcome.cause = error.cause_code
    test.outcome.detail = error.message
  } finally {
    watch.stop()
  }
  if (!watch.wasInterrupted()) return test.outcome
  const nothing = { download: null, upload: null, min_rtt_us: null }
  return { ...test.outcome, ...nothing, cause: 'interrupted', detail: 'the computer slept or its clock jumped' }
}
