import type { Kysely } from 'kysely'
import type { AuditAuthor } from '../db/audit-author.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import { insertRows } from '../db/insert-rows.ts'
import type { DB } from '../db/schema.gen.ts'
import { CodedError } from '../errors.ts'
import { storedJurisdiction } from './decisions.ts'
import { runDry, type IntakeSettings } from './dry-run.ts'
import { listStoredMissing, type MissingUnit } from './missing.ts'
import { lockImport } from './states.ts'

/** A person's word on units that a file lacks. */
export interface MissingDecision {
  outcome: 'keep' | 'withdraw'
  /** The units; null: all that nobody has decided about yet. */
  org_unit_ids: number[] | null
  reason: string
}

function chooseUnits(missing: readonly MissingUnit[], decision: MissingDecision): number[] {
  const { org_unit_ids } = decision
  if (org_unit_ids === null) {
    return missing.filter(({ outcome }) => outcome === null).map(({ org_unit_id }) => org_unit_id)
  }
  const known = new Set(missing.map(({ org_unit_id }) => org_unit_id))
  const unknown = org_unit_ids.filter((id) => !known.has(id))
  if (unknown.length === 0) return [...new Set(org_unit_ids)]
  const details = { field: 'org_unit_ids', found: unknown }
  throw new CodedError('EDU_BAD_REQUEST', 'Этих организаций нет среди пропавших из файла', details)
}

/**
 * Records what becomes of units that a validated import lacks, for this file and, once it is applied, later ones of its
 * sender and jurisdiction, and judges the import anew.
 * @throws EDU_IMPORT_NOT_FOUND, EDU_IMPORT_STATE; EDU_BAD_REQUEST for a unit that the file does not lack
 */
export async function decideMissing(
  db: Kysely<DB>,
  import_id: number,
  decision: MissingDecision,
  settings: IntakeSettings,
  by: AuditAuthor,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const locked = await lockImport(tx, import_id, ['validated'])
    const units = chooseUnits(await listStoredMissing(tx, import_id), decision)
    const { kind, sender } = locked
    const jurisdiction = storedJurisdiction(locked.jurisdiction)
    const { outcome, reason } = decision
    const word = { kind, sender, jurisdiction, import_id, outcome, decided_by: by.actor, reason }
    await insertRows(
      tx,
      'missing_decision',
      units.map((org_unit_id) => ({ ...word, org_unit_id })),
    )
    await runDry(tx, locked, settings)
    await insertAuditEvent(tx, {
      by,
      category: 'data',
      action: 'import.decide_missing',
      subject: `import ${import_id}`,
      org_unit_id: locked.territory_id,
      detail: { outcome, org_units: units.length, reason },
      after: { org_unit_ids: units },
    })
  })
}
