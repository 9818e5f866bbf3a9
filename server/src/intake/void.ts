import { sql, type Kysely } from 'kysely'
import { systemScope, type AccessScope } from '../db/access-scope.ts'
import type { AuditAuthor } from '../db/audit-author.ts'
import { openChangeSet } from '../db/change-set.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import { refreshTodaysStructure } from '../db/org-unit-structure.ts'
import { targetsOn } from '../db/registry-as-known.ts'
import type { DB } from '../db/schema.gen.ts'
import { CodedError } from '../errors.ts'
import { scheduleTargets, unscheduleTargets } from '../jobs/schedule.ts'
import { takeRegistryLock } from './apply.ts'
import { findTouchedUnits, listDependents, listOwnSources, type Dependent, type Source } from './dependents.ts'
import type { IntakeSettings } from './dry-run.ts'
import { lockImport, moveImport } from './states.ts'

export interface VoidRequest {
  import_id: number
  /** Why, in a person's words. */
  reason: string
  /** Dependents that the person has seen and undoes along with it. */
  with: readonly Source[]
}

function keyOf(source: Source): string {
  return `${source.source_kind}/${source.source_id}`
}

/**
 * Whoever undoes an import may undo with it what lies in their own scope. Of the rest they learn that it is there: who
 * answers for it undoes it first.
 */
async function requireOwn(tx: WriteExecutor, dependents: readonly Dependent[], scope: AccessScope): Promise<void> {
  const own = new Set((await listOwnSources(tx, scope, dependents)).map(keyOf))
  const foreign = dependents.length - own.size
  if (foreign === 0) return
  const message = `На загрузке основаны записи тех, кто отвечает за большее (${foreign}): отменить её могут только они`
  const shown = dependents.filter((dependent) => own.has(keyOf(dependent)))
  throw new CodedError('EDU_IMPORT_HAS_DEPENDENTS', message, { dependents: shown, foreign })
}

function requireAllNamed(dependents: readonly Dependent[], named: readonly Source[]): void {
  const keys = new Set(named.map(keyOf))
  const missing = dependents.filter((dependent) => !keys.has(keyOf(dependent)))
  if (missing.length === 0) return
  const message = `На загрузке основаны более поздние записи (${missing.length}): отмените их вместе с ней`
  throw new CodedError('EDU_IMPORT_HAS_DEPENDENTS', message, { dependents: missing })
}

/** Work follows what is probed now: targets of undone sources go, targets that an undone source had retired return. */
async function rescheduleTargets(
  tx: WriteExecutor,
  sources: readonly Source[],
  units: number[],
  view: { day: string; change_set_no: number },
  vantages: string[],
) {
  const { rows: gone } = await sql<{ target_id: string }>`
    SELECT target_id FROM target
    JOIN jsonb_to_recordset(${JSON.stringify(sources)}::jsonb) AS s(source_kind text, source_id text)
      USING (source_kind, source_id)`.execute(tx)
  await unscheduleTargets(
    tx,
    gone.map(({ target_id }) => target_id),
  )
  const live = await targetsOn(tx, {
    scope: systemScope('void'),
    day: view.day,
    known_at_change_set_no: view.change_set_no,
  })
    .where('t.org_unit_id', '=', sql<number>`ANY(${units}::bigint[])`)
    .execute()
  await scheduleTargets(tx, live, { vantages })
}

async function voidSources(
  tx: WriteExecutor,
  sources: readonly Source[],
  request: VoidRequest & { territory_id: number | null },
  settings: IntakeSettings,
  by: AuditAuthor,
): Promise<number> {
  const units = await findTouchedUnits(tx, sources)
  const summary = `Отмена загрузки ${request.import_id}`
  const { change_set_no } = await openChangeSet(tx, { kind: 'void', actor: by.actor, summary })
  const rows = sources.map(({ source_kind, source_id }) => ({
    source_kind,
    source_id,
    change_set_no,
    reason: request.reason,
  }))
  await tx.insertInto('source_void').values(rows).execute()
  await refreshTodaysStructure(tx, units, settings.today)
  await rescheduleTargets(tx, sources, units, { day: settings.today, change_set_no }, settings.vantages)
  for (const source of sources) {
    if (source.source_kind !== 'import') continue
    await moveImport(tx, Number(source.source_id), {
      state: 'voided',
      void_change_set_no: change_set_no,
      reason: request.reason,
    })
  }
  const detail = { sources: sources.length, org_units: units.length, reason: request.reason }
  await insertAuditEvent(tx, {
    by,
    category: 'data',
    action: 'import.void',
    subject: `import ${request.import_id}`,
    org_unit_id: request.territory_id,
    change_set_no,
    detail,
    before: { state: 'applied' },
    after: { state: 'voided' },
  })
  return change_set_no
}

/**
 * Undoes an applied import: its facts stay, and what was known before is valid again.
 * @throws EDU_IMPORT_NOT_FOUND, EDU_IMPORT_STATE; EDU_IMPORT_HAS_DEPENDENTS with the later sources that rest on it,
 * unless the request names them all, or with those that are not of this scope, which nobody names
 */
export async function voidImport(
  db: Kysely<DB>,
  request: VoidRequest,
  settings: IntakeSettings,
  { author, scope }: { author: AuditAuthor; scope: AccessScope },
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await takeRegistryLock(tx)
    const { import_id, territory_id } = await lockImport(tx, request.import_id, ['applied'])
    const applied = await tx
      .selectFrom('import')
      .where('import_id', '=', import_id)
      .select('change_set_no')
      .executeTakeFirstOrThrow()
    if (applied.change_set_no === null) throw new Error('An applied import has no change set')
    const source = { source_kind: 'import', source_id: String(import_id) }
    const dependents = await listDependents(tx, source, applied.change_set_no)
    await requireOwn(tx, dependents, scope)
    requireAllNamed(dependents, request.with)
    return voidSources(tx, [source, ...dependents], { ...request, territory_id }, settings, author)
  })
}
