import type { MissingUnit } from '../missing.ts'
import type { RegistryPlan, SiteDraft, UnitDraft } from './plan.ts'
import { fieldsOf, type KnownUnitHistory, type RegistrySnapshot, type UnitVersion } from './snapshot.ts'

/** Where a closing version comes from: no row, that is the point. */
const SOURCE_PLACE = 'нет в файле'

function lastOf(unit: KnownUnitHistory): UnitVersion {
  const last = unit.versions.at(-1)
  if (last === undefined) throw new Error(`Org unit ${unit.org_unit_id} has no version`)
  return last
}

/** Of the missing units those that still are, and of which nothing is known of a later day than the file's. */
export function dropEnded(missing: readonly MissingUnit[], snapshot: RegistrySnapshot, valid_on: string) {
  return missing.filter(({ org_unit_id }) => {
    const unit = snapshot.units.get(org_unit_id)
    if (unit === undefined) return false
    const { is_closed, valid_from } = lastOf(unit)
    return !is_closed && valid_from <= valid_on
  })
}

function closing(unit: KnownUnitHistory, valid_on: string): UnitDraft {
  const last = lastOf(unit)
  const isOrganisation = unit.level === 'organisation'
  return {
    ref: unit.org_unit_id,
    level: unit.level,
    head_ref: isOrganisation ? null : last.parent_id,
    territory_id: isOrganisation ? last.parent_id : null,
    valid_from: last.valid_from > valid_on ? last.valid_from : valid_on,
    fields: { ...fieldsOf(last), is_closed: true },
    source_place: SOURCE_PLACE,
    is_changed: true,
  }
}

/**
 * Ends the units that a person withdrew on the file's day, with their branches and buildings; their sites are not
 * probed any more. What was before stays, and undoing the import brings them back.
 */
export function withdrawUnits(
  plan: RegistryPlan,
  missing: readonly MissingUnit[],
  snapshot: RegistrySnapshot,
  valid_on: string,
): RegistryPlan {
  const withdrawn = new Set(
    missing.flatMap(({ org_unit_id, outcome }) => (outcome === 'withdraw' ? [org_unit_id] : [])),
  )
  if (withdrawn.size === 0) return plan
  const units = [...snapshot.units.values()].filter((unit) => {
    const { parent_id, is_closed } = lastOf(unit)
    const goesWithHead = unit.level !== 'organisation' && parent_id !== null && withdrawn.has(parent_id)
    return !is_closed && (withdrawn.has(unit.org_unit_id) || goesWithHead)
  })
  const sites = units.flatMap(({ org_unit_id }): SiteDraft[] => {
    const live = snapshot.sites.get(org_unit_id)
    if (live === undefined) return []
    const none = { ref: org_unit_id, url: null, host: null, valid_from: valid_on }
    return [{ ...none, predecessor_target_id: live.target_id, retirement_reason: 'Организации нет в новом файле' }]
  })
  const drafts = units.map((unit) => closing(unit, valid_on))
  return { ...plan, drafts: [...plan.drafts, ...drafts], sites: [...plan.sites, ...sites] }
}
