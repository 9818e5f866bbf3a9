import type { ApiAnswer, ApiClient } from '../../core/api-client.ts'
import type { HistoryTarget } from './model-check.ts'

const LIST = '/api/v1/org-units?kind=organisation&kind=branch'

/** A target with the host that the simulated region knows its site by. */
export interface NamedTarget extends HistoryTarget {
  host: string
}

function toTarget(row: unknown): NamedTarget[] {
  const { org_unit_id, target_id, site_url, site_host } = row as Record<string, unknown>
  if (typeof org_unit_id !== 'number' || typeof target_id !== 'string') return []
  if (typeof site_url !== 'string' || typeof site_host !== 'string') return []
  return [{ org_unit_id, target_id, url: site_url, host: site_host }]
}

/** The API's value; a failure is an error with what the API said. */
export function expectAnswer<T>(answer: ApiAnswer<T>, path: string): T {
  if (answer.ok) return answer.value
  throw new Error(`${path}: ${answer.detail}`)
}

/** Sites of all organisations and branches as the registry knows them now, by the units' numbers. */
export async function findTargets(api: ApiClient): Promise<NamedTarget[]> {
  const { rows } = expectAnswer(await api.call('GET', LIST), LIST) as { rows: unknown[] }
  return rows.flatMap(toTarget).sort((a, b) => a.org_unit_id - b.org_unit_id)
}
