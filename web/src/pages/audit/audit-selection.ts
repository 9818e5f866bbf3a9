import type { AuditSelection } from '../../api/audit.ts'
import { endOfRegionDay, startOfRegionDay } from '../../format/region-time-zone.ts'
import { CATEGORIES, listActions } from './audit-actions.ts'

/** The conditions as words of the URL; null: not asked for. */
export const AUDIT_FILTERS = ['from', 'to', 'category', 'action', 'actor', 'intake'] as const
export type AuditFilter = (typeof AUDIT_FILTERS)[number]
type Filters = Readonly<Record<AuditFilter, string | null>>

/** Collectors hand in measurements all day long: people's deeds would drown in these events. */
const INTAKE = 'take_in_batch'

const isDay = (word: string | null): word is string =>
  word !== null && /^\d{4}-\d{2}-\d{2}$/.test(word) && Number.isFinite(Date.parse(word))

/** Whether events of intake are left out: unless they, or all, are asked for. */
export function isIntakeLeftOut({ intake, action }: Pick<Filters, 'intake' | 'action'>): boolean {
  return intake !== 'shown' && action === null
}

/** The first day is after the last: nothing can be found. */
export function isPeriodWrong({ from, to }: Pick<Filters, 'from' | 'to'>): boolean {
  return isDay(from) && isDay(to) && from > to
}

/**
 * The conditions as the API takes them, both days included. A word that means nothing is left out: anybody may have
 * written the address.
 * @param org_unit_id territory of the page; null: the whole region
 */
export function selectAudit(filters: Filters, org_unit_id: number | null): AuditSelection {
  const { from, to, actor } = filters
  const category = CATEGORIES.find((known) => known === filters.category)
  const action = listActions(null).find((known) => known === filters.action)
  return {
    ...(isDay(from) ? { from: startOfRegionDay(from) } : {}),
    // The API leaves its end out.
    ...(isDay(to) ? { to: new Date(Date.parse(endOfRegionDay(to)) + 1).toISOString() } : {}),
    ...(category === undefined ? {} : { category: [category] }),
    ...(action === undefined ? {} : { action }),
    ...(isIntakeLeftOut({ ...filters, action: action ?? null }) ? { except_action: INTAKE } : {}),
    ...(actor === null ? {} : { actor }),
    ...(org_unit_id === null ? {} : { org_unit_id }),
  }
}
