import type { Kysely } from 'kysely'
import type { AuditAuthor } from '../../db/audit-author.ts'
import { openChangeSet } from '../../db/change-set.ts'
import { insertAuditEvent } from '../../db/insert-audit-event.ts'
import type { DB } from '../../db/schema.gen.ts'
import { dayInZone, isDay } from '../../domain/region-day.ts'
import { CodedError } from '../../errors.ts'
import type { OperatorAppealEntry } from './schemas.ts'

/** Who enters an appeal, when, and where the day is counted. */
export interface AppealEntering {
  author: AuditAuthor
  now: Date
  time_zone: string
}

function refuse(field: string, message: string, found: unknown): never {
  throw new CodedError('EDU_BAD_REQUEST', message, { field, found })
}

function refuseContradictions({ sent_on, answer, answered_on }: OperatorAppealEntry, today: string): void {
  if (!isDay(sent_on) || sent_on > today)
    refuse('/sent_on', 'Дата обращения не существует или ещё не наступила', sent_on)
  if ((answer === null) !== (answered_on === null)) {
    refuse('/answered_on', 'Текст ответа и его дата указываются вместе', answered_on)
  }
  if (answered_on === null) return
  if (!isDay(answered_on) || answered_on > today || answered_on < sent_on) {
    refuse('/answered_on', 'Дата ответа не существует, раньше обращения или ещё не наступила', answered_on)
  }
}

/**
 * Enters an appeal to the operator of a line, or a further version of it: its answer, a correction.
 * @throws EDU_BAD_REQUEST with the field
 */
export async function enterAppeal(
  db: Kysely<DB>,
  org_unit_id: number,
  entry: OperatorAppealEntry,
  { author, now, time_zone }: AppealEntering,
): Promise<{ change_set_no: number; entered_at: Date }> {
  refuseContradictions(entry, dayInZone(now, time_zone))
  const appeal_number = entry.appeal_number.trim()
  return db.transaction().execute(async (tx) => {
    const before = await tx
      .selectFrom('operator_appeal')
      .where('org_unit_id', '=', org_unit_id)
      .where('appeal_number', '=', appeal_number)
      .select(['sent_on', 'operator', 'subject', 'answer', 'answered_on'])
      .orderBy('change_set_no', 'desc')
      .limit(1)
      .executeTakeFirst()
    const summary = `Обращение к оператору № ${appeal_number}`
    const { change_set_no } = await openChangeSet(tx, { kind: 'edit', actor: author.actor, summary })
    const entered = { entered_at: now, entered_by: author.actor, entered_by_user_id: author.user_id }
    await tx
      .insertInto('operator_appeal')
      .values({ ...entry, ...entered, org_unit_id, appeal_number, change_set_no })
      .execute()
    await insertAuditEvent(tx, {
      by: author,
      category: 'data',
      action: 'operator_appeal.enter',
      subject: `operator appeal ${appeal_number}`,
      org_unit_id,
      change_set_no,
      before: before ?? null,
      after: { ...entry, appeal_number },
    })
    return { change_set_no, entered_at: now }
  })
}
