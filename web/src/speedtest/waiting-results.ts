import { findBrowserId, type BrowserTest } from './browser-test.ts'

/** A result with the code that it is handed in by. */
export interface WaitingResult {
  code: string
  test: BrowserTest
}

const KEY = 'edumon-speed-results'
/** Beyond, the oldest goes: the page is for a test now and then. */
const MOST = 50
/** The API understood the result and will not take it later either; the school's code may have been replaced meanwhile. */
const FINAL = new Set([400, 404, 409, 413, 422])
const SEND_LIMIT_MS = 15_000

/** Results that wait in this browser until they can be sent, oldest first. */
export function listWaiting(): WaitingResult[] {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]') as unknown
    return Array.isArray(kept) ? (kept as WaitingResult[]) : []
  } catch {
    return []
  }
}

function keep(results: readonly WaitingResult[]): void {
  localStorage.setItem(KEY, JSON.stringify(results.slice(-MOST)))
}

/** Keeps a result before it is sent, so that a closed page loses nothing. */
export function addWaiting(result: WaitingResult): void {
  keep([...listWaiting(), result])
}

/** @returns whether it need not be sent again */
async function send({ code, test }: WaitingResult): Promise<boolean> {
  try {
    const answer = await fetch('/api/v1/speed-tests/browser', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code, agent_id: findBrowserId(), test }),
      signal: AbortSignal.timeout(SEND_LIMIT_MS),
    })
    return answer.ok || FINAL.has(answer.status)
  } catch {
    return false
  }
}

/** Sends what waits; the first that cannot be sent ends it. @returns how many are left */
export async function sendWaiting(): Promise<number> {
  for (const result of listWaiting()) {
    if (!(await send(result))) break
    keep(listWaiting().filter(({ test }) => test.id !== result.test.id))
  }
  return listWaiting().length
}
