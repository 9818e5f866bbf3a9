import { sql, type Kysely } from 'kysely'
import { isCovered, type AccessScope } from '../../db/access-scope.ts'
import type { AuditAuthor } from '../../db/audit-author.ts'
import { recordDisclosure } from '../../db/record-disclosure.ts'
import type { DB } from '../../db/schema.gen.ts'
import { findFileType, type FileType } from '../../domain/file-type.ts'
import { readAttachedFile, type FileTerm } from '../../files/attached-files.ts'
import { ATTACHED_TYPES } from '../../objections/attached-file.ts'
import type { ObjectionParams } from './schemas.ts'

export interface DisclosedFile {
  name: string
  bytes: Buffer
  media_type: FileType
}

/**
 * The file of an objection, and an audit event that says who was shown it; null when there is none that the scope
 * covers. What is not written down is not shown.
 * @throws EDU_FILE_EXPIRED
 */
export async function discloseFile(
  db: Kysely<DB>,
  place: ObjectionParams,
  scope: AccessScope,
  { author, term }: { author: AuditAuthor; term: FileTerm },
): Promise<DisclosedFile | null> {
  const objection = await db
    .selectFrom('objection as o')
    .where('o.org_unit_id', '=', place.id)
    .where('o.objection_id', '=', place.objection_id)
    .where(isCovered(scope, sql`o.org_unit_id`))
    .select(['o.file_name', 'o.file_sha256'])
    .executeTakeFirst()
  if (objection === undefined || objection.file_sha256 === null || objection.file_name === null) return null
  const blob = await readAttachedFile(db, { org_unit_id: place.id, fact_id: place.objection_id }, term)
  const media_type = blob === null ? null : findFileType(blob.bytes, ATTACHED_TYPES)
  if (blob === null || media_type === null) return null
  const { file_sha256 } = objection
  await recordDisclosure(db, {
    by: author,
    category: 'disclosure',
    action: 'disclose_file',
    subject: `objection ${place.objection_id}`,
    org_unit_id: place.id,
    detail: { file_sha256 },
  })
  return { name: objection.file_name, bytes: blob.bytes, media_type }
}
