import { setTimeout as delay } from 'node:timers/promises'
import type { ApiClient } from '../../core/api-client.ts'

const POLL_MS = 2000
/** Collectors that do not run must not keep the history away for ever. */
const PATIENCE_MS = 10 * 60_000

interface RuleMatrix {
  rows: { outcome: string | null }[]
}

async function isEverySiteAudited(api: ApiClient): Promise<boolean> {
  const answer = await api.call('GET', '/api/v1/sites/rule-matrix')
  if (!answer.ok) return false
  const { rows } = answer.value as RuleMatrix
  return rows.length > 0 && rows.every(({ outcome }) => outcome !== null)
}

/**
 * Waits until the collectors have audited every site once: an audit comes after the first check, so that all of the
 * first real results are there and the history takes no time away from them.
 */
export async function waitForFirstRound(api: ApiClient): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    if (await isEverySiteAudited(api)) return
    await delay(POLL_MS)
  }
}
