import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { WriteExecutor } from '../../db/executor.ts'
import { insertRows } from '../../db/insert-rows.ts'
import { refreshTodaysStructure } from '../../db/org-unit-structure.ts'
import { scheduleTargets, unscheduleTargets } from '../../jobs/schedule.ts'
import type { RegistryPlan, SiteDraft, UnitDraft } from './plan.ts'
import type { RegistrySnapshot } from './snapshot.ts'
import { TerritoryIndex } from './territories.ts'
import { placeDrafts, type PlacedVersion } from './timelines.ts'

export interface WriteContext {
  snapshot: RegistrySnapshot
  import_id: number
  change_set_no: number
  /** Today in the region's calendar. */
  today: string
  vantages: string[]
}

/** Ids for the units that the import makes, by their refs. */
export async function allocateIds(tx: WriteExecutor, drafts: readonly UnitDraft[]): Promise<Map<number, number>> {
  const fresh = drafts.filter(({ ref }) => ref < 0)
  const { rows } = await sql<{ org_unit_id: number }>`
    SELECT nextval('org_unit_org_unit_id_seq') AS org_unit_id FROM generate_series(1, ${fresh.length})`.execute(tx)
  return new Map(fresh.map(({ ref }, index) => [ref, rows[index]?.org_unit_id ?? 0]))
}

async function writeUnits(
  tx: WriteExecutor,
  plan: RegistryPlan,
  placed: PlacedVersion[],
  ids: Map<number, number>,
  context: WriteContext,
) {
  const { change_set_no, import_id } = context
  const [region] = context.snapshot.territories.filter((territory) => territory.kind === 'region')
  if (region === undefined) throw new Error('The registry has no region: load the reference data first')
  const region_id = region.org_unit_id
  const first = new Map(placed.toReversed().map((version) => [version.org_unit_id, version]))
  const units = plan.drafts.flatMap(({ ref, level }) => {
    const org_unit_id = ids.get(ref)
    const version = org_unit_id === undefined ? undefined : first.get(org_unit_id)
    if (org_unit_id === undefined || version === undefined) return []
    const { municipality_id, path } = version
    return [{ org_unit_id, kind: level, region_id, municipality_id, path, created_change_set_no: change_set_no }]
  })
  await insertRows(tx, 'org_unit', units)
  const source = { source_kind: 'import', source_id: String(import_id) }
  await insertRows(
    tx,
    'org_unit_version',
    placed.map(({ fields, ...standing }) => ({ ...standing, ...fields, ...source, region_id, change_set_no })),
  )
  const touched = [...new Set(placed.map(({ org_unit_id }) => org_unit_id))]
  await refreshTodaysStructure(tx, touched, context.today)
}

async function writeSites(
  tx: WriteExecutor,
  drafts: readonly SiteDraft[],
  idOf: (ref: number) => number,
  context: WriteContext,
) {
  const { change_set_no, import_id } = context
  const source = { source_kind: 'import', source_id: String(import_id), change_set_no }
  const targets = drafts.flatMap(({ ref, url, host, valid_from, predecessor_target_id }) =>
    url === null || host === null
      ? []
      : [
          {
            ...source,
            org_unit_id: idOf(ref),
            target_id: randomUUID(),
            kind: 'site',
            url,
            host,
            valid_from,
            predecessor_target_id,
          },
        ],
  )
  const retired = drafts.flatMap(({ ref, valid_from, predecessor_target_id, retirement_reason }) =>
    predecessor_target_id === null
      ? []
      : [
          {
            ...source,
            org_unit_id: idOf(ref),
            target_id: predecessor_target_id,
            retired_on: valid_from,
            reason: retirement_reason,
          },
        ],
  )
  await insertRows(tx, 'target', targets)
  await insertRows(tx, 'target_retirement', retired)
  await unscheduleTargets(
    tx,
    retired.map(({ target_id }) => target_id),
  )
  await scheduleTargets(tx, targets, context)
}

/** Writes what a plan decided, under one change set. */
export async function writeRegistryPlan(
  tx: WriteExecutor,
  plan: RegistryPlan,
  ids: Map<number, number>,
  context: WriteContext,
): Promise<void> {
  const idOf = (ref: number): number => {
    const id = ref > 0 ? ref : ids.get(ref)
    if (id === undefined) throw new Error(`No id was allocated for ${ref}`)
    return id
  }
  const territories = new TerritoryIndex(context.snapshot.territories)
  const placed = placeDrafts(plan.drafts, { snapshot: context.snapshot, territories, idOf })
  await writeUnits(tx, plan, placed, ids, context)
  await writeSites(tx, plan.sites, idOf, context)
}
