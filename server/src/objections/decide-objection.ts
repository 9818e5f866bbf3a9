import { sql, type Kysely } from 'kysely'
import type { AuditAuthor } from '../db/audit-author.ts'
import { openChangeSet } from '../db/change-set.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { findDayFault, type DayFault, type ObjectionKind, type ObjectionOutcome } from '../domain/objections.ts'
import { dayInZone, isDay } from '../domain/region-day.ts'
import { CodedError } from '../errors.ts'
import { isOpenersSide } from './openers-side.ts'

export interface ObjectionKey {
  org_unit_id: number
  objection_id: string
}

/** What is decided; the days are those on which the finding does not count, null when it is rejected. */
export interface DecisionEntry {
  outcome: ObjectionOutcome
  reason: string
  valid_from: string | null
  valid_to: string | null
}

export interface Deciding {
  author: AuditAuthor
  now: Date
  time_zone: string
}

const DAY_FAULTS: Readonly<Record<DayFault, readonly [string, string]>> = {
  order: ['/valid_to', 'Последний день раньше первого'],
  too_early: ['/valid_from', 'Раньше, чем появилось замечание или подано обращение'],
  too_long: ['/valid_to', 'Не дольше года'],
}

function refuse(path: string, message: string): never {
  throw new CodedError('EDU_BAD_REQUEST', message, { path })
}

function checkDays(
  entry: DecisionEntry,
  objection: { kind: string; seen_from: string; opened_at: Date; asked_until: string | null },
  zone: string,
): void {
  const { valid_from, valid_to } = entry
  if (entry.outcome === 'rejected') {
    if (valid_from !== null || valid_to !== null) refuse('/valid_from', 'Дни указывают, когда обращение удовлетворено')
    return
  }
  if (valid_from === null || !isDay(valid_from)) refuse('/valid_from', 'Укажите первый день')
  if (valid_to === null || !isDay(valid_to)) refuse('/valid_to', 'Укажите последний день')
  const opened_on = dayInZone(objection.opened_at, zone)
  const days = { ...objection, kind: objection.kind as ObjectionKind, opened_on }
  const fault = findDayFault(days, { valid_from, valid_to })
  if (fault !== null) refuse(...DAY_FAULTS[fault])
}

async function findOpen(tx: WriteExecutor, key: ObjectionKey, { author, now, time_zone }: Deciding) {
  const opener = { user_id: sql`o.opened_by_user_id`, at: sql`o.opened_at` }
  const decider = { user_id: sql`${author.user_id}`, at: sql`${now}` }
  const objection = await tx
    .selectFrom('objection as o')
    .leftJoin('objection_decision as d', (join) =>
      join.onRef('d.org_unit_id', '=', 'o.org_unit_id').onRef('d.objection_id', '=', 'o.objection_id'),
    )
    .where('o.org_unit_id', '=', key.org_unit_id)
    .where('o.objection_id', '=', key.objection_id)
    .select(['o.kind', 'o.seen_from', 'o.opened_at', 'o.asked_until', 'd.decided_by'])
    .select(isOpenersSide(opener, decider, time_zone).as('is_own'))
    .executeTakeFirst()
  if (objection === undefined) {
    throw new CodedError('EDU_OBJECTION_NOT_FOUND', 'Такого обращения нет', { objection_id: key.objection_id })
  }
  if (objection.decided_by !== null) {
    throw new CodedError('EDU_OBJECTION_DECIDED', `Решение уже принято: ${objection.decided_by}`)
  }
  return objection
}

/**
 * Decides an objection, once and for good. The order lock is taken first, so of two who decide at once the second one
 * sees the first one's decision.
 * @throws EDU_OBJECTION_NOT_FOUND, EDU_OBJECTION_DECIDED, EDU_OBJECTION_OWN, EDU_BAD_REQUEST with the field
 */
export async function decideObjection(
  db: Kysely<DB>,
  key: ObjectionKey,
  entry: DecisionEntry,
  deciding: Deciding,
): Promise<{ change_set_no: number }> {
  const { author, now, time_zone } = deciding
  if (entry.reason.trim().length < 5) refuse('/reason', 'Напишите причину решения')
  return db.transaction().execute(async (tx) => {
    const summary = `objection ${key.objection_id}: ${entry.outcome}`
    const { change_set_no } = await openChangeSet(tx, { kind: 'edit', actor: author.actor, summary })
    const objection = await findOpen(tx, key, deciding)
    if (author.user_id === null || objection.is_own) {
      throw new CodedError(
        'EDU_OBJECTION_OWN',
        'Решение принимает не тот, кто подал обращение, и не тот, кто его замещает',
      )
    }
    checkDays(entry, objection, time_zone)
    await tx
      .insertInto('objection_decision')
      .values({
        ...key,
        ...entry,
        reason: entry.reason.trim(),
        decided_at: now,
        decided_by: author.actor,
        decided_by_user_id: author.user_id,
        change_set_no,
      })
      .execute()
    await insertAuditEvent(tx, {
      by: author,
      category: 'data',
      action: 'decide_objection',
      subject: `objection ${key.objection_id}`,
      org_unit_id: key.org_unit_id,
      change_set_no,
      after: { outcome: entry.outcome, valid_from: entry.valid_from, valid_to: entry.valid_to },
    })
    return { change_set_no }
  })
}
