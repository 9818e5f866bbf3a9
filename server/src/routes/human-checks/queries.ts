import { sql } from 'kysely'
import { isCovered, type AccessScope } from '../../db/access-scope.ts'
import { readBlob } from '../../db/blobs.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { findFileType } from '../../domain/file-type.ts'
import { PICTURE_TYPES, type PictureType } from './picture-types.ts'
import type { PictureParams } from './schemas.ts'

export interface PicturePlace extends PictureParams {
  scope: AccessScope
}

/** The picture of one check; null when there is no such check, it has none, or what is kept is no PNG or JPEG. */
export async function findPicture(
  db: ReadExecutor,
  place: PicturePlace,
): Promise<{ bytes: Buffer; media_type: PictureType } | null> {
  const check = await db
    .selectFrom('human_check')
    .where('org_unit_id', '=', place.id)
    .where('target_id', '=', place.target_id)
    .where('human_check_id', '=', place.human_check_id)
    .where(isCovered(place.scope, sql`human_check.org_unit_id`))
    .select('picture_sha256')
    .executeTakeFirst()
  if (check === undefined || check.picture_sha256 === null) return null
  const blob = await readBlob(db, check.picture_sha256)
  const media_type = blob === null ? null : findFileType(blob.bytes, PICTURE_TYPES)
  return blob === null || media_type === null ? null : { bytes: blob.bytes, media_type }
}
