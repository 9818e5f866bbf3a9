import { sql, type Kysely } from 'kysely'
import { isCovered, type AccessScope } from '../db/access-scope.ts'
import type { AuditAuthor } from '../db/audit-author.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { CodedError } from '../errors.ts'
import { storedJurisdiction, type RowDecision } from './decisions.ts'
import { runDry, type IntakeSettings } from './dry-run.ts'
import { lockImport, type LockedImport } from './states.ts'

interface RowPlace {
  sheet_no: number
  row_no: number
}

/** Who decides, and about which units. */
export interface Decider {
  author: AuditAuthor
  scope: AccessScope
}

/** A person's word on one row. */
export interface DecisionRequest extends RowPlace {
  outcome: RowDecision['outcome']
  /** The unit, for outcome "unit". */
  org_unit_id: number | null
  /** The other row, for outcome "same_as_row". */
  same_as: RowPlace | null
  reason: string
}

async function findMatchKey(tx: WriteExecutor, import_id: number, place: RowPlace): Promise<string> {
  const row = await tx
    .selectFrom('import_row')
    .where('import_id', '=', import_id)
    .where('sheet_no', '=', place.sheet_no)
    .where('row_no', '=', place.row_no)
    .select('match_key')
    .executeTakeFirst()
  if (row?.match_key === null || row === undefined) {
    throw new CodedError('EDU_BAD_REQUEST', 'В загрузке нет строки данных с этими координатами', place)
  }
  return row.match_key
}

async function requireUnit(tx: WriteExecutor, decision: DecisionRequest, scope: AccessScope): Promise<void> {
  const { org_unit_id } = decision
  const unit =
    org_unit_id === null
      ? undefined
      : await tx
          .selectFrom('org_unit')
          .where('org_unit_id', '=', org_unit_id)
          .where(isCovered(scope, sql`org_unit.org_unit_id`))
          .select('kind')
          .executeTakeFirst()
  if (unit === undefined || !['organisation', 'branch', 'building'].includes(unit.kind)) {
    throw new CodedError('EDU_ORG_UNIT_NOT_FOUND', 'Решение называет организацию, которой нет', { ...decision })
  }
}

async function insertDecision(
  tx: WriteExecutor,
  locked: LockedImport,
  decision: DecisionRequest,
  by: Decider,
): Promise<void> {
  const { import_id, kind, jurisdiction } = locked
  const { outcome, reason } = decision
  const match_key = await findMatchKey(tx, import_id, decision)
  if (outcome === 'unit') await requireUnit(tx, decision, by.scope)
  const same_as_match_key =
    outcome === 'same_as_row' && decision.same_as !== null ? await findMatchKey(tx, import_id, decision.same_as) : null
  if (outcome === 'same_as_row' && (same_as_match_key === null || same_as_match_key === match_key)) {
    throw new CodedError('EDU_BAD_REQUEST', 'Нужна другая строка, к которой относится эта', { ...decision })
  }
  await tx
    .insertInto('identity_decision')
    .values({
      kind,
      match_key,
      decided_at: sql<Date>`clock_timestamp()`,
      outcome,
      org_unit_id: outcome === 'unit' ? decision.org_unit_id : null,
      same_as_match_key,
      decided_by: by.author.actor,
      reason,
      jurisdiction: storedJurisdiction(jurisdiction),
    })
    .execute()
}

/**
 * Records decisions about rows of a validated import, for this file and later ones of the same jurisdiction, and judges
 * the rows anew.
 * @throws EDU_IMPORT_NOT_FOUND, EDU_IMPORT_STATE, EDU_BAD_REQUEST, EDU_ORG_UNIT_NOT_FOUND
 */
export async function decideRows(
  db: Kysely<DB>,
  import_id: number,
  decisions: readonly DecisionRequest[],
  settings: IntakeSettings,
  by: Decider,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const locked = await lockImport(tx, import_id, ['validated'])
    for (const decision of decisions) await insertDecision(tx, locked, decision, by)
    await runDry(tx, locked, settings)
    await insertAuditEvent(tx, {
      by: by.author,
      category: 'data',
      action: 'import.decide',
      subject: `import ${import_id}`,
      org_unit_id: locked.territory_id,
      detail: { decisions: decisions.length },
      after: { decisions },
    })
  })
}
