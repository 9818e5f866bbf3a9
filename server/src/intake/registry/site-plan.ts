import type { UnitLevel } from '../../domain/registry-index.ts'
import type { Changes, SiteDraft } from './plan.ts'
import type { RegistryRow } from './row.ts'
import type { LiveTarget } from './snapshot.ts'

interface SiteRequest {
  ref: number
  level: UnitLevel
  head_ref: number | null
  row: RegistryRow
}

/** An address without a scheme means the known one of that host and path. */
function isSameAddress(site: Exclude<RegistryRow['site'], 'none' | null>, current: LiveTarget): boolean {
  if (site.url === current.url) return true
  if (site.has_scheme || site.host !== current.host) return false
  return new URL(site.url).pathname === new URL(current.url).pathname
}

function hostOf(
  ref: number | null,
  sites: ReadonlyMap<number, LiveTarget>,
  drafts: ReadonlyMap<number, SiteDraft>,
): string | null {
  if (ref === null) return null
  return drafts.get(ref)?.host ?? sites.get(ref)?.host ?? null
}

/**
 * What a row changes about the unit's site; adds to `drafts` when it changes something. A building has no site of its
 * own, and a branch that names its head's site has none either: one site is probed once.
 */
export function planSite(
  { ref, level, head_ref, row }: SiteRequest,
  sites: ReadonlyMap<number, LiveTarget>,
  drafts: Map<number, SiteDraft>,
): { changes: Changes; note: string | null } {
  const { site, valid_from } = row
  if (site === null) return { changes: {}, note: null }
  if (level === 'building') return { changes: {}, note: 'Сайт здания не учитывается: сайт есть у организации' }
  const current = sites.get(ref)
  const predecessor_target_id = current?.target_id ?? null
  if (site === 'none') {
    if (current === undefined) return { changes: {}, note: null }
    const retirement_reason = 'В реестре указано, что сайта нет'
    drafts.set(ref, { ref, url: null, host: null, valid_from, predecessor_target_id, retirement_reason })
    return { changes: { site: { from: current.url, to: null } }, note: null }
  }
  if (level === 'branch' && hostOf(head_ref, sites, drafts) === site.host) {
    return { changes: {}, note: 'Сайт головной организации: у филиала своего нет' }
  }
  if (current !== undefined && isSameAddress(site, current)) return { changes: {}, note: null }
  if (drafts.has(ref)) return { changes: {}, note: null }
  const retirement_reason = 'В реестре другой адрес'
  drafts.set(ref, { ref, url: site.url, host: site.host, valid_from, predecessor_target_id, retirement_reason })
  return { changes: { site: { from: current?.url ?? null, to: site.url } }, note: null }
}
