import { sql } from 'kysely'
import { coversKept, isCovered, type AccessScope } from '../db/access-scope.ts'
import type { ReadExecutor } from '../db/executor.ts'

/** Something that facts came from. */
export interface Source {
  source_kind: string
  source_id: string
}

/** A later source that rests on an import's units. */
export interface Dependent extends Source {
  change_set_no: number
  recorded_at: Date
  summary: string
  actor: string
  org_units: number
}

/**
 * Units that these sources speak of in the registry. Facts about a place change no unit: what is said of it later does
 * not rest on them.
 */
export async function findTouchedUnits(db: ReadExecutor, sources: readonly Source[]): Promise<number[]> {
  const { rows } = await sql<{ org_unit_id: number }>`
    WITH source AS (SELECT * FROM jsonb_to_recordset(${JSON.stringify(sources)}::jsonb) AS s(source_kind text, source_id text))
    SELECT org_unit_id FROM org_unit_version JOIN source USING (source_kind, source_id)
    UNION SELECT org_unit_id FROM org_unit_status JOIN source USING (source_kind, source_id)
    UNION SELECT org_unit_id FROM target JOIN source USING (source_kind, source_id)
    UNION SELECT org_unit_id FROM target_retirement JOIN source USING (source_kind, source_id)
    UNION SELECT predecessor_id FROM org_unit_succession JOIN source USING (source_kind, source_id)
    UNION SELECT successor_id FROM org_unit_succession JOIN source USING (source_kind, source_id)`.execute(db)
  return rows.map((row) => row.org_unit_id)
}

/** Sources, not undone, that said something of these units after `change_set_no`, or hung something below them. */
async function listLaterSources(
  db: ReadExecutor,
  units: readonly number[],
  change_set_no: number,
): Promise<Dependent[]> {
  const { rows } = await sql<Dependent>`
    WITH touched AS (SELECT unnest(${units}::bigint[]) AS org_unit_id),
    fact AS (
      SELECT org_unit_id, source_kind, source_id, change_set_no FROM org_unit_version
      UNION ALL SELECT parent_id, source_kind, source_id, change_set_no FROM org_unit_version
      UNION ALL SELECT org_unit_id, source_kind, source_id, change_set_no FROM org_unit_status
      UNION ALL SELECT org_unit_id, source_kind, source_id, change_set_no FROM target
      UNION ALL SELECT org_unit_id, source_kind, source_id, change_set_no FROM target_retirement
      UNION ALL SELECT predecessor_id, source_kind, source_id, change_set_no FROM org_unit_succession
      UNION ALL SELECT successor_id, source_kind, source_id, change_set_no FROM org_unit_succession
      UNION ALL SELECT org_unit_id, source_kind, source_id, change_set_no FROM connection_contract
      UNION ALL SELECT org_unit_id, source_kind, source_id, change_set_no FROM self_reported_speed
      UNION ALL SELECT org_unit_id, source_kind, source_id, change_set_no FROM capacity_report
    )
    SELECT fact.source_kind, fact.source_id, fact.change_set_no, c.recorded_at, c.summary, c.actor,
           count(DISTINCT fact.org_unit_id)::int AS org_units
    FROM fact
    JOIN touched ON touched.org_unit_id = fact.org_unit_id
    JOIN change_set c ON c.change_set_no = fact.change_set_no
    LEFT JOIN source_void void ON void.source_kind = fact.source_kind AND void.source_id = fact.source_id
    WHERE fact.change_set_no > ${change_set_no} AND void.source_id IS NULL
    GROUP BY fact.source_kind, fact.source_id, fact.change_set_no, c.recorded_at, c.summary, c.actor
    ORDER BY fact.change_set_no`.execute(db)
  return rows
}

/** Sources, of these, that the scope may undo: imports within it, and other edits of units that it covers alone. */
export async function listOwnSources(
  db: ReadExecutor,
  scope: AccessScope,
  sources: readonly Source[],
): Promise<Source[]> {
  const own: Source[] = []
  for (const source of sources) {
    const { rows } =
      source.source_kind === 'import'
        ? await sql`SELECT 1 FROM import i
                     WHERE i.import_id::text = ${source.source_id} AND ${coversKept(scope, sql`i.jurisdiction`)}`.execute(
            db,
          )
        : await sql`SELECT 1 FROM (SELECT bool_and(${isCovered(scope, sql`touched.org_unit_id`)}) AS is_own
              FROM unnest(${await findTouchedUnits(db, [source])}::bigint[]) AS touched(org_unit_id)) judged
             WHERE judged.is_own`.execute(db)
    if (rows.length > 0) own.push(source)
  }
  return own
}

/** Every later source that rests on this one, directly or through another; empty when nothing does. */
export async function listDependents(db: ReadExecutor, source: Source, change_set_no: number): Promise<Dependent[]> {
  const found = new Map<string, Dependent>()
  let sources: Source[] = [source]
  while (sources.length > 0) {
    const later = await listLaterSources(db, await findTouchedUnits(db, sources), change_set_no)
    const fresh = later.filter((dependent) => !found.has(`${dependent.source_kind}/${dependent.source_id}`))
    for (const dependent of fresh) found.set(`${dependent.source_kind}/${dependent.source_id}`, dependent)
    sources = fresh
  }
  return [...found.values()].sort((a, b) => a.change_set_no - b.change_set_no)
}
