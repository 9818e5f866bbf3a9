import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { AuditAuthor } from '../../db/audit-author.ts'
import { storeBlob } from '../../db/blobs.ts'
import { openChangeSet } from '../../db/change-set.ts'
import { findSiteHost } from '../../db/find-site-host.ts'
import { insertAuditEvent } from '../../db/insert-audit-event.ts'
import { insertRows } from '../../db/insert-rows.ts'
import type { DB } from '../../db/schema.gen.ts'
import { findUnstorableText } from '../../domain/canonical-json.ts'
import { findFileType, isBase64 } from '../../domain/file-type.ts'
import { isDay } from '../../domain/region-day.ts'
import { CodedError } from '../../errors.ts'
import { PICTURE_TYPES } from './picture-types.ts'
import type { HumanCheckEntry } from './schemas.ts'

function readPicture(base64: string | null): { bytes: Buffer; media_type: string } | null {
  if (base64 === null) return null
  const bytes = Buffer.from(base64, 'base64')
  const media_type = findFileType(bytes, PICTURE_TYPES)
  if (media_type === null || !isBase64(base64)) {
    throw new CodedError('EDU_BAD_REQUEST', 'Снимок не похож на PNG или JPEG', { path: '/picture_base64' })
  }
  return { bytes, media_type }
}

function refuseContradictions(entry: HumanCheckEntry, today: string): void {
  const refuse = (path: string, message: string): never => {
    throw new CodedError('EDU_BAD_REQUEST', message, { path })
  }
  if (!isDay(entry.checked_on)) refuse('/checked_on', 'Такого дня нет')
  if (entry.checked_on > today) refuse('/checked_on', 'Этот день ещё не наступил')
  const wrong = entry.judgements.findIndex(({ dated_on }) => dated_on !== null && !isDay(dated_on))
  if (wrong !== -1) refuse(`/judgements/${wrong}/dated_on`, 'Такого дня нет')
  const names = entry.judgements.map((judgement) => judgement.subsection)
  if (new Set(names).size !== names.length) refuse('/judgements', 'Подраздел назван дважды')
  const unstorable = findUnstorableText({ ...entry, picture_base64: null })
  if (unstorable !== null) refuse(unstorable, 'Недопустимый знак')
}

export interface HumanCheckPlace {
  org_unit_id: number
  target_id: string
  by: AuditAuthor
  /** Whoever enters it may decide objections about the unit: the check may overrule an audit. */
  is_decisive: boolean
  /** The region's day, YYYY-MM-DD: a check cannot be made after it. */
  today: string
}

/**
 * Keeps a person's look at a site: its judgements stand beside the collector's as a source of their own grade.
 * @throws EDU_TARGET_NOT_FOUND, EDU_BAD_REQUEST with the field
 */
export async function insertHumanCheck(db: Kysely<DB>, place: HumanCheckPlace, entry: HumanCheckEntry) {
  refuseContradictions(entry, place.today)
  const picture = readPicture(entry.picture_base64)
  const { org_unit_id, target_id, by, is_decisive } = place
  const human_check_id = randomUUID()
  const { checked_on, person, note } = entry
  return db.transaction().execute(async (tx) => {
    const host = await findSiteHost(tx, place)
    const picture_sha256 = picture === null ? null : await storeBlob(tx, picture.bytes, picture.media_type)
    const summary = `checklist for ${host}`
    const { change_set_no, recorded_at } = await openChangeSet(tx, { kind: 'edit', actor: by.actor, summary })
    const key = { org_unit_id, target_id, change_set_no }
    await tx
      .insertInto('human_check')
      .values({ ...key, human_check_id, checked_on, person, note, picture_sha256, recorded_at, is_decisive })
      .execute()
    await insertRows(
      tx,
      'site_subsection',
      entry.judgements.map((judgement) => ({
        ...key,
        ...judgement,
        audit_id: human_check_id,
        audited_at: recorded_at,
        source_grade: 'person',
        found_by: null,
        items_present: 0,
        items_expected: 0,
        items_marked: 0,
        findings: '[]',
      })),
    )
    await insertAuditEvent(tx, {
      by,
      category: 'data',
      action: 'human_check',
      subject: `target ${target_id}`,
      org_unit_id,
      change_set_no,
      detail: { human_check_id, judgements: entry.judgements.length, is_decisive },
    })
    return { human_check_id, change_set_no }
  })
}
