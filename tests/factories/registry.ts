import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { openChangeSet } from '../../server/src/db/change-set.ts'
import type { WriteExecutor } from '../../server/src/db/executor.ts'
import type { DB } from '../../server/src/db/schema.gen.ts'

/** A unit made for a test, with what its children need to know. */
export interface MadeUnit {
  org_unit_id: number
  path: number[]
  municipality_id: number | null
}

/** One change set of a test. Its facts have the source `import`/`source_id`, so that it can be undone alone. */
export interface Change {
  tx: WriteExecutor
  change_set_no: number
  recorded_at: Date
  source_id: string
}

/** Runs `work` in a transaction of its own change set, as one applied file would. */
export function inChange<T>(db: Kysely<DB>, work: (change: Change) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (tx) => {
    const changeSet = await openChangeSet(tx, { kind: 'import', actor: 'test', summary: 'made for a test' })
    return work({ tx, ...changeSet, source_id: `change-${changeSet.change_set_no}` })
  })
}

interface UnitFields {
  kind: 'region' | 'municipality' | 'city_district' | 'organisation' | 'branch' | 'building'
  name: string
  parent?: MadeUnit
  valid_from?: string
  founder_kind?: string
  org_kind?: string
  settlement_kind?: string | null
  address?: string
  latitude?: number
  longitude?: number
}

export async function insertUnit({ tx, change_set_no, source_id }: Change, fields: UnitFields): Promise<MadeUnit> {
  const { org_unit_id } = await tx
    .insertInto('org_unit')
    .values({ kind: fields.kind, region_id: 0, municipality_id: null, path: [], created_change_set_no: change_set_no })
    .returning('org_unit_id')
    .executeTakeFirstOrThrow()
  const path = [...(fields.parent?.path ?? []), org_unit_id]
  const municipality_id = fields.kind === 'municipality' ? org_unit_id : (fields.parent?.municipality_id ?? null)
  await insertVersion({ tx, change_set_no, source_id }, { ...fields, unit: { org_unit_id, path, municipality_id } })
  return { org_unit_id, path, municipality_id }
}

/** Says how a unit is from a day on: also its move under another parent, or its end. */
export async function insertVersion(
  { tx, change_set_no, source_id }: Omit<Change, 'recorded_at'>,
  fields: Omit<UnitFields, 'kind'> & { unit: MadeUnit; is_closed?: boolean },
): Promise<void> {
  const { unit, parent } = fields
  await tx
    .insertInto('org_unit_version')
    .values({
      org_unit_id: unit.org_unit_id,
      valid_from: fields.valid_from ?? '2020-01-01',
      change_set_no,
      source_kind: 'import',
      source_id,
      parent_id: parent?.org_unit_id ?? null,
      region_id: unit.path[0] ?? unit.org_unit_id,
      municipality_id: unit.municipality_id,
      path: unit.path,
      full_name: fields.name,
      short_name: fields.name,
      founder_kind: fields.founder_kind ?? null,
      org_kind: fields.org_kind ?? null,
      settlement_kind: fields.settlement_kind ?? null,
      address: fields.address ?? null,
      latitude: fields.latitude ?? null,
      longitude: fields.longitude ?? null,
      is_closed: fields.is_closed ?? false,
    })
    .execute()
}

export async function insertSite(
  { tx, change_set_no, source_id }: Change,
  unit: MadeUnit,
  valid_from = '2020-01-01',
): Promise<string> {
  const target_id = randomUUID()
  const host = `school-${unit.org_unit_id}.example`
  await tx
    .insertInto('target')
    .values({
      org_unit_id: unit.org_unit_id,
      target_id,
      kind: 'site',
      url: `https://${host}/`,
      host,
      valid_from,
      change_set_no,
      source_kind: 'import',
      source_id,
    })
    .execute()
  return target_id
}

export async function insertStatus(
  { tx, change_set_no, source_id }: Change,
  unit: MadeUnit,
  status: { status: string; valid_from: string; valid_to?: string },
): Promise<void> {
  await tx
    .insertInto('org_unit_status')
    .values({
      org_unit_id: unit.org_unit_id,
      change_set_no,
      source_kind: 'import',
      source_id,
      valid_to: null,
      ...status,
    })
    .execute()
}

/** Undoes a source, as the voiding of an import does. */
export function voidSource(db: Kysely<DB>, source_id: string): Promise<number> {
  return inChange(db, async ({ tx, change_set_no }) => {
    const row = { source_kind: 'import', source_id, change_set_no, reason: 'test' }
    await tx.insertInto('source_void').values(row).execute()
    return change_set_no
  })
}
