import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { WorkingDayCalendar } from '../contract/index.ts'
import type { AuditAuthor } from '../db/audit-author.ts'
import { storeBlob } from '../db/blobs.ts'
import { openChangeSet } from '../db/change-set.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { findSiteHost } from '../db/find-site-host.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { dueDay, GRANT_MAX_DAYS } from '../domain/objections.ts'
import { addDays, dayInZone, isDay } from '../domain/region-day.ts'
import { CodedError } from '../errors.ts'
import { makeWorkDue } from '../ingest/recheck-work.ts'
import { readAttachedFile } from './attached-file.ts'
import { findFinding, type SeenFinding } from './find-finding.ts'
import { findOpened } from './find-opened.ts'
import type { ObjectionEntry, OpenedObjection } from './objection-entry.ts'

/** By which calendar and within which term objections are decided. */
export interface ObjectionTerms {
  calendar: WorkingDayCalendar
  /** Working days to decide. */
  term_working_days: number
  time_zone: string
}

/** Who opens it, and when. */
export interface Opening {
  author: AuditAuthor
  now: Date
}

function refuseContradictions(entry: ObjectionEntry, today: string): void {
  const refuse = (path: string, message: string): never => {
    throw new CodedError('EDU_BAD_REQUEST', message, { path })
  }
  if ((entry.finding === 'subsection') !== (entry.subsection !== null)) refuse('/subsection', 'Укажите подраздел')
  if (entry.incident_id !== null && entry.finding !== 'availability') {
    refuse('/incident_id', 'Случай бывает только у доступности сайта')
  }
  if (entry.reason.trim().length < 5) refuse('/reason', 'Напишите причину')
  const { kind, asked_until } = entry
  if (kind === 'dispute' && asked_until !== null) refuse('/asked_until', 'У возражения нет срока исключения')
  if (kind === 'mute') {
    if (asked_until === null || !isDay(asked_until)) return refuse('/asked_until', 'Укажите последний день')
    if (asked_until < today) refuse('/asked_until', 'Этот день уже прошёл')
    if (asked_until > addDays(today, GRANT_MAX_DAYS)) refuse('/asked_until', 'Не дольше года')
  }
}

/** One undecided objection a finding: the order lock is held, so nobody else can be opening one now. */
async function refuseSecond(tx: WriteExecutor, entry: ObjectionEntry): Promise<void> {
  const other = await tx
    .selectFrom('objection as o')
    .leftJoin('objection_decision as d', (join) =>
      join.onRef('d.org_unit_id', '=', 'o.org_unit_id').onRef('d.objection_id', '=', 'o.objection_id'),
    )
    .where('o.org_unit_id', '=', entry.org_unit_id)
    .where('o.target_id', '=', entry.target_id)
    .where('o.finding', '=', entry.finding)
    .where('o.subsection', 'is not distinct from', entry.subsection)
    .where('d.objection_id', 'is', null)
    .select('o.objection_id')
    .executeTakeFirst()
  if (other === undefined) return
  throw new CodedError('EDU_OBJECTION_OPEN', 'По этому замечанию обращение уже подано и ещё не решено', {
    objection_id: other.objection_id,
  })
}

async function writeObjection(
  tx: WriteExecutor,
  entry: ObjectionEntry,
  seen: SeenFinding | null,
  opening: Opening & { terms: ObjectionTerms; objection_id: string; summary: string; file_sha256: string | null },
): Promise<OpenedObjection> {
  const { author, now, terms, objection_id, summary, file_sha256 } = opening
  const { change_set_no } = await openChangeSet(tx, { kind: 'edit', actor: author.actor, summary })
  await refuseSecond(tx, entry)
  const today = dayInZone(now, terms.time_zone)
  const due_on = dueDay(today, terms.term_working_days, terms.calendar)
  const { file, reason, ...columns } = entry
  await tx
    .insertInto('objection')
    .values({
      ...columns,
      ...(seen ?? { seen_from: today }),
      objection_id,
      reason: reason.trim(),
      file_name: file?.name ?? null,
      file_sha256,
      opened_at: now,
      opened_by: author.actor,
      opened_by_user_id: author.user_id,
      due_on,
      change_set_no,
    })
    .execute()
  return { objection_id, due_on, change_set_no }
}

/**
 * Opens an objection to a finding. A dispute makes all checks of the site due at once; what the next one says is the
 * recheck. Nothing is taken out of any figure before somebody else decides. Sent again by the same person under the same
 * id, because the answer was lost, it is answered as before and changes nothing.
 * @throws EDU_TARGET_NOT_FOUND; EDU_FINDING_NOT_FOUND for a dispute of what was not found; EDU_OBJECTION_OPEN when one
 * is undecided already; EDU_ID_REUSED when another one has its id; EDU_BAD_REQUEST with the field
 */
export async function openObjection(
  db: Kysely<DB>,
  entry: ObjectionEntry,
  opening: Opening,
  terms: ObjectionTerms,
): Promise<OpenedObjection> {
  refuseContradictions(entry, dayInZone(opening.now, terms.time_zone))
  const content = entry.file === null ? null : readAttachedFile(entry.file.base64)
  const objection_id = entry.objection_id ?? randomUUID()
  return db.transaction().execute(async (tx) => {
    const known = await findOpened(tx, { ...entry, objection_id }, opening.author, content?.bytes ?? null)
    if (known !== null) return known
    const host = await findSiteHost(tx, entry)
    const seen = await findFinding(tx, entry, terms.time_zone)
    if (seen === null && (entry.kind === 'dispute' || entry.incident_id !== null)) {
      throw new CodedError('EDU_FINDING_NOT_FOUND', 'Такого замечания к сайту сейчас нет')
    }
    const file_sha256 = content === null ? null : await storeBlob(tx, content.bytes, content.media_type)
    const summary = `${entry.kind} of ${entry.subsection ?? entry.finding} of ${host}`
    const opened = await writeObjection(tx, entry, seen, { ...opening, terms, objection_id, summary, file_sha256 })
    // Behind the order lock, as batches do: the other way round the two would wait for each other.
    const queued = entry.kind === 'dispute' ? await makeWorkDue(tx, entry.org_unit_id, entry.target_id) : 0
    await insertAuditEvent(tx, {
      by: opening.author,
      category: 'data',
      action: 'open_objection',
      subject: `objection ${opened.objection_id}`,
      org_unit_id: entry.org_unit_id,
      change_set_no: opened.change_set_no,
      detail: { kind: entry.kind, finding: entry.finding, subsection: entry.subsection, queued, file_sha256 },
    })
    return opened
  })
}
