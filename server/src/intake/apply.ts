import { sql, type Kysely } from 'kysely'
import type { AuditAuthor } from '../db/audit-author.ts'
import { openChangeSet } from '../db/change-set.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { CodedError } from '../errors.ts'
import { settleDecisions } from './decisions.ts'
import { contextOf, requireKind, runDry, type IntakeSettings } from './dry-run.ts'
import { listRawRows, updateJudgedRows, updateRowUnits } from './raw-rows.ts'
import { listStoredMissing, replaceMissingUnits } from './missing.ts'
import type { PreparedImport } from './kinds.ts'
import { lockImport, moveImport } from './states.ts'

/** Whoever changes the registry by a sheet holds this, so that nobody compares with what is about to change. */
const REGISTRY_LOCK_KEY = 20_200_613

export async function takeRegistryLock(tx: WriteExecutor): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${REGISTRY_LOCK_KEY})`.execute(tx)
}

async function isAsShown(tx: WriteExecutor, import_id: number, prepared: PreparedImport): Promise<boolean> {
  const { rows, missing } = prepared
  const shown = await tx
    .selectFrom('import_row')
    .where('import_id', '=', import_id)
    .select(['sheet_no', 'row_no', 'verdict', 'org_unit_id', 'changes'])
    .execute()
  const keyOf = (row: (typeof shown)[number]): string =>
    canonicalJson([row.sheet_no, row.row_no, row.verdict, row.org_unit_id, row.changes])
  const keys = new Set(shown.map(keyOf))
  if (rows.length !== shown.length || !rows.every((row) => keys.has(keyOf(row)))) return false
  return canonicalJson(missing) === canonicalJson(await listStoredMissing(tx, import_id))
}

function countVerdicts({ rows, missing }: PreparedImport): Record<string, number> {
  const counts: Record<string, number> = { withdrawn: missing.filter(({ outcome }) => outcome === 'withdraw').length }
  for (const { verdict } of rows) counts[verdict] = (counts[verdict] ?? 0) + 1
  return counts
}

/**
 * Writes everything that the dry run of an import promised, in one transaction and one change set. Ambiguous and
 * refused rows are left out.
 * @returns false when the registry has changed since: nothing is written then
 */
async function writeImport(
  tx: WriteExecutor,
  import_id: number,
  settings: IntakeSettings,
  by: AuditAuthor,
): Promise<boolean> {
  await takeRegistryLock(tx)
  const locked = await lockImport(tx, import_id, ['validated'])
  const rows = await listRawRows(tx, import_id)
  const prepared = await requireKind(locked.kind).prepare(tx, rows, contextOf(locked, settings))
  if ('reason' in prepared || !(await isAsShown(tx, import_id, prepared))) return false
  await updateJudgedRows(tx, import_id, prepared.rows)
  await replaceMissingUnits(tx, import_id, prepared.missing)
  const write = await prepared.reserve()
  const summary = `Загрузка ${import_id}: ${locked.file_name}`
  const { change_set_no } = await openChangeSet(tx, { kind: 'import', actor: by.actor, summary })
  const units = await write(change_set_no)
  await updateRowUnits(tx, import_id, units)
  await settleDecisions(tx, locked, import_id)
  await moveImport(tx, import_id, { state: 'applied', change_set_no })
  await insertAuditEvent(tx, {
    by,
    category: 'data',
    action: 'import.apply',
    subject: `import ${import_id}`,
    org_unit_id: locked.territory_id,
    change_set_no,
    detail: countVerdicts(prepared),
    before: { state: locked.state },
    after: { state: 'applied' },
  })
  return true
}

/**
 * Applies a validated import.
 * @throws EDU_IMPORT_NOT_FOUND, EDU_IMPORT_STATE: not validated, or the registry changed since it was (it is judged
 * anew then, and the person looks again)
 */
export async function applyImport(
  db: Kysely<DB>,
  import_id: number,
  settings: IntakeSettings,
  by: AuditAuthor,
): Promise<void> {
  const isWritten = await db.transaction().execute((tx) => writeImport(tx, import_id, settings, by))
  if (isWritten) return
  await db.transaction().execute(async (tx) => runDry(tx, await lockImport(tx, import_id, ['validated']), settings))
  const message = 'Реестр изменился после проверки: загрузка проверена заново, посмотрите ещё раз'
  throw new CodedError('EDU_IMPORT_STATE', message, { import_id, state: 'validated' })
}
