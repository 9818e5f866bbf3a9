import { listCapabilities } from '../../access/decide-access.ts'
import type { Subject } from '../../access/subject.ts'
import type { ReadExecutor } from '../../db/executor.ts'

/** Newest known names of the units that grants are for. */
async function nameUnits(db: ReadExecutor, org_unit_ids: number[]) {
  if (org_unit_ids.length === 0) return new Map<number, { short_name: string; kind: string }>()
  const rows = await db
    .selectFrom('org_unit_version as v')
    .innerJoin('org_unit as o', 'o.org_unit_id', 'v.org_unit_id')
    .where('v.org_unit_id', 'in', org_unit_ids)
    .distinctOn('v.org_unit_id')
    .select(['v.org_unit_id', 'v.short_name', 'o.kind'])
    .orderBy('v.org_unit_id')
    .orderBy('v.valid_from', 'desc')
    .orderBy('v.change_set_no', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.org_unit_id, row]))
}

/** Who is signed in, for the pages; null for nobody and for programs. */
export async function viewPerson(db: ReadExecutor, subject: Subject) {
  if (subject.kind !== 'person') return null
  const { login, display_name, state, grants } = subject
  const units = await nameUnits(db, [...new Set(grants.map(({ org_unit_id }) => org_unit_id))])
  return {
    login,
    display_name,
    state,
    capabilities: listCapabilities(subject),
    grants: grants.map(({ role, org_unit_id, founder_kinds, stand_in_for }) => ({
      role,
      org_unit_id,
      org_unit_name: units.get(org_unit_id)?.short_name ?? null,
      org_unit_kind: units.get(org_unit_id)?.kind ?? null,
      founder_kinds: founder_kinds === null ? null : [...founder_kinds],
      stand_in_for,
    })),
  }
}
