import { onBeforeUnmount, ref } from 'vue'
import { issueBrowserTicket } from '../api/speedtest.ts'
import { describeTest, toKbps, type BrowserTest } from '../speedtest/browser-test.ts'
import { findCause } from '../speedtest/find-cause.ts'
import type { Amount, Direction } from '../speedtest/ndt7-messages.ts'
import { DirectionFailed, runDirection, type Leave } from '../speedtest/run-direction.ts'
import { addWaiting, listWaiting, sendWaiting } from '../speedtest/waiting-results.ts'

/** What is measured just now. */
export interface RunningDirection {
  direction: Direction
  elapsed_ms: number
  kbps: number
}

const DIRECTIONS: readonly Direction[] = ['download', 'upload']

/** One test at a time in this page: both directions, its result kept in the browser first and then sent. */
export function useSpeedTest() {
  const running = ref<RunningDirection | null>(null)
  const result = ref<BrowserTest | null>(null)
  const waiting = ref(listWaiting().length)

  async function send(): Promise<void> {
    waiting.value = await sendWaiting()
  }
  const sendAgain = (): void => void send()
  addEventListener('online', sendAgain)
  onBeforeUnmount(() => removeEventListener('online', sendAgain))
  if (waiting.value > 0) void send()

  function measure(leave: Leave, direction: Direction): Promise<Amount> {
    running.value = { direction, elapsed_ms: 0, kbps: 0 }
    return runDirection(leave, direction, (amount) => {
      running.value = { direction, elapsed_ms: amount.duration_ms, kbps: toKbps(amount) }
    })
  }

  /** @throws ApiProblem when no ticket is given */
  async function run(code: string, org_unit_id: number): Promise<void> {
    result.value = null
    const { ticket_id, ...leave } = await issueBrowserTicket(code, org_unit_id)
    const measured: Record<Direction, Amount | null> = { download: null, upload: null }
    const test = { org_unit_id, ticket_id, started_at: new Date() }
    try {
      for (const direction of DIRECTIONS) measured[direction] = await measure(leave, direction)
      result.value = describeTest({ ...test, ...measured, cause: null })
    } catch (error) {
      if (!(error instanceof DirectionFailed)) throw error
      const cause = await findCause(leave.server_url, error.was_open)
      result.value = describeTest({ ...test, ...measured, cause })
    } finally {
      running.value = null
    }
    addWaiting({ code, test: result.value })
    waiting.value = listWaiting().length
    await send()
  }
  return { running, result, waiting, run, send }
}
