import { setTimeout as delay } from 'node:timers/promises'
import type { ApiClient } from '../../core/api-client.ts'

const POLL_MS = 2000
/** Collectors that do not run must not keep the history away for ever. */
const PATIENCE_MS = 10 * 60_000

interface Queue {
  kind: string
  planned: number
  due: number
  leased: number
}

async function findQueues(api: ApiClient): Promise<Queue[]> {
  const answer = await api.call('GET', '/api/v1/collectors')
  return answer.ok ? (answer.value as { queues: Queue[] }).queues : []
}

/**
 * Waits until the collectors have audited every site once: an audit comes after the first check, so that all of the
 * first real results are there and the history takes no time away from them.
 */
export async function waitForFirstRound(api: ApiClient): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    const audits = (await findQueues(api)).filter(({ kind }) => kind === 'site_audit')
    const waiting = audits.reduce((sum, { due, leased }) => sum + due + leased, 0)
    if (audits.length > 0 && waiting === 0) return
    await delay(POLL_MS)
  }
}
