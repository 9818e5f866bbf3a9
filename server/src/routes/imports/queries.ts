import { sql } from 'kysely'
import { coversKept, type AccessScope } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import type { ImportMapping } from '../../intake/kinds.ts'
import { findIntakeKind } from '../../intake/kinds.ts'
import { countMissing } from './missing-queries.ts'
import type { CellIssue, FieldChange, RowCandidate, RowVerdict } from '../../intake/sheet-rows.ts'

/** Whose imports, and which part of the list. */
interface Page {
  scope: AccessScope
  limit: number
  offset: number
}

function selectImports(db: ReadExecutor, scope: AccessScope) {
  return db
    .selectFrom('import as i')
    .where(coversKept(scope, sql`i.jurisdiction`))
    .innerJoin('blob as b', 'b.sha256', 'i.blob_sha256')
    .select([
      'i.import_id',
      'i.kind',
      'i.file_name',
      'i.sender',
      'i.valid_on',
      'i.territory_id',
      'b.sha256',
      'b.size_bytes',
    ])
    .select(['i.state', 'i.state_reason', 'i.state_place', 'i.received_at', 'i.state_changed_at'])
    .select(['i.change_set_no', 'i.void_change_set_no', 'i.mapping'])
}

type ImportRecord = Awaited<ReturnType<ReturnType<typeof selectImports>['execute']>>[number]

const NO_ROWS = { new: 0, changed: 0, same: 0, ambiguous: 0, refused: 0, skipped: 0, pending: 0 }

async function withCounts(db: ReadExecutor, records: ImportRecord[]) {
  const ids = records.map(({ import_id }) => import_id)
  const counted = await db
    .selectFrom('import_row')
    .where('import_id', '=', sql<number>`ANY(${ids}::bigint[])`)
    .groupBy(['import_id', 'verdict'])
    .select((eb) => ['import_id', 'verdict', eb.fn.countAll<number>().as('rows')])
    .execute()
  const missingOf = await countMissing(db, ids)
  return records.map((record) => {
    const counts = { ...NO_ROWS }
    for (const { import_id, verdict, rows } of counted) {
      if (import_id === record.import_id) counts[(verdict ?? 'pending') as keyof typeof counts] = rows
    }
    const mapping = record.mapping as ImportMapping[] | null
    const missing = missingOf(record.import_id)
    return { ...record, mapping, counts, missing, kind_title: findIntakeKind(record.kind)?.title ?? record.kind }
  })
}

/** One import with the counts of its rows by verdict; null when there is none. */
export async function findImport(db: ReadExecutor, wanted: { scope: AccessScope; import_id: number }) {
  const records = await selectImports(db, wanted.scope).where('i.import_id', '=', wanted.import_id).execute()
  const [found] = await withCounts(db, records)
  return found ?? null
}

/** Imports, the newest first. */
export async function listImports(db: ReadExecutor, page: Page) {
  const records = await selectImports(db, page.scope)
    .orderBy('i.import_id', 'desc')
    .limit(page.limit)
    .offset(page.offset)
    .execute()
  const { total } = await db
    .selectFrom('import as i')
    .where(coversKept(page.scope, sql`i.jurisdiction`))
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  return { total, rows: await withCounts(db, records) }
}

interface RowFilter extends Page {
  import_id: number
  verdict: RowVerdict[] | undefined
}

/** Names of candidates: of the unit today, or of the other row as it stands in the file. */
async function nameCandidates(db: ReadExecutor, import_id: number, candidates: readonly RowCandidate[]) {
  const ids = candidates.flatMap(({ org_unit_id }) => (org_unit_id === null ? [] : [org_unit_id]))
  const units = await db
    .selectFrom('org_unit_version')
    .where('org_unit_id', '=', sql<number>`ANY(${ids}::bigint[])`)
    .distinctOn('org_unit_id')
    .select(['org_unit_id', 'full_name'])
    .orderBy('org_unit_id')
    .orderBy('valid_from', 'desc')
    .orderBy('change_set_no', 'desc')
    .execute()
  const places = candidates.flatMap(({ row_no }) => (row_no === null ? [] : [row_no]))
  const rows = await db
    .selectFrom('import_row')
    .where('import_id', '=', import_id)
    .where('row_no', '=', sql<number>`ANY(${places}::int[])`)
    .select(['sheet_no', 'row_no', 'changes'])
    .execute()
  const names = new Map<string, string>(units.map((unit) => [`unit ${unit.org_unit_id}`, unit.full_name]))
  for (const row of rows) {
    const name = (row.changes as Record<string, FieldChange> | null)?.['full_name']?.to
    if (typeof name === 'string') names.set(`row ${row.sheet_no}:${row.row_no}`, name)
  }
  return (candidate: RowCandidate): string | null =>
    names.get(
      candidate.org_unit_id === null
        ? `row ${candidate.sheet_no ?? 0}:${candidate.row_no ?? 0}`
        : `unit ${candidate.org_unit_id}`,
    ) ?? null
}

/** Rows of an import in the order of the file; empty lists where the dry run has nothing to say yet. */
export async function listImportRows(db: ReadExecutor, filter: RowFilter) {
  const { import_id, verdict } = filter
  let query = db.selectFrom('import_row').where('import_id', '=', import_id)
  if (verdict !== undefined) query = query.where('verdict', 'in', verdict)
  const { total } = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const found = await query
    .select(['sheet_no', 'row_no', 'sheet_name', 'verdict', 'org_unit_id', 'identified_by', 'candidates', 'issues'])
    .select(['changes', 'cells'])
    .orderBy('sheet_no')
    .orderBy('row_no')
    .limit(filter.limit)
    .offset(filter.offset)
    .execute()
  const candidatesOf = (row: { candidates: unknown }) => (row.candidates ?? []) as RowCandidate[]
  const nameOf = await nameCandidates(db, import_id, found.flatMap(candidatesOf))
  const rows = found.map((row) => ({
    ...row,
    candidates: candidatesOf(row).map((candidate) => ({ ...candidate, name: nameOf(candidate) })),
    issues: (row.issues ?? []) as CellIssue[],
    changes: (row.changes ?? {}) as Record<string, FieldChange>,
  }))
  return { total, rows }
}

/** Municipality with this ОКТМО on any day; null when there is none. */
export async function findMunicipalityByOktmo(db: ReadExecutor, oktmo: string): Promise<number | null> {
  const row = await db
    .selectFrom('org_unit_version as v')
    .innerJoin('org_unit as o', 'o.org_unit_id', 'v.org_unit_id')
    .where('o.kind', '=', 'municipality')
    .where('v.oktmo', '=', oktmo)
    .select('v.org_unit_id')
    .executeTakeFirst()
  return row?.org_unit_id ?? null
}
