import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { DB } from '../../server/src/db/schema.gen.ts'
import type { FindingKind, ObjectionKind } from '../../server/src/domain/objections.ts'
import { inChange } from './registry.ts'
import type { MadeSite } from './site-facts.ts'

interface ObjectionFields {
  kind: ObjectionKind
  finding: FindingKind
  subsection?: string
  /** Days of a grant; absent: undecided. */
  valid_from?: string
  valid_to?: string
}

/** An objection of any day, granted when it has days. @returns its id */
export function insertObjection(
  db: Kysely<DB>,
  { unit, target_id }: MadeSite,
  fields: ObjectionFields,
): Promise<string> {
  const { kind, finding, subsection = null, valid_from, valid_to } = fields
  const key = { org_unit_id: unit.org_unit_id, objection_id: randomUUID() }
  return inChange(db, async ({ tx, change_set_no, recorded_at }) => {
    await tx
      .insertInto('objection')
      .values({
        ...{ ...key, target_id, kind, finding, subsection, change_set_no, reason: 'made for a test' },
        ...{ seen_from: '2026-09-01', opened_at: recorded_at, opened_by: 'test', due_on: '2026-10-05' },
        asked_until: kind === 'mute' ? (valid_to ?? '2026-12-31') : null,
      })
      .execute()
    if (valid_from !== undefined && valid_to !== undefined) {
      const decision = { outcome: 'granted', reason: 'made for a test', decided_at: recorded_at, decided_by: 'test' }
      await tx
        .insertInto('objection_decision')
        .values({ ...key, ...decision, valid_from, valid_to, change_set_no })
        .execute()
    }
    return key.objection_id
  })
}
