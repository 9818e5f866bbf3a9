import { sql } from 'kysely'
import { isCovered, type AccessScope } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { findFileType } from '../../domain/file-type.ts'
import { readAttachedFile, type FileTerm } from '../../files/attached-files.ts'
import { PICTURE_TYPES, type PictureType } from './picture-types.ts'
import type { PictureParams } from './schemas.ts'

export interface PicturePlace extends PictureParams {
  scope: AccessScope
}

/**
 * The picture of one check; null when there is no such check, it has none, or what is kept is no PNG or JPEG.
 * @throws EDU_FILE_EXPIRED
 */
export async function findPicture(
  db: ReadExecutor,
  place: PicturePlace,
  term: FileTerm,
): Promise<{ bytes: Buffer; media_type: PictureType } | null> {
  const check = await db
    .selectFrom('human_check')
    .where('org_unit_id', '=', place.id)
    .where('target_id', '=', place.target_id)
    .where('human_check_id', '=', place.human_check_id)
    .where(isCovered(place.scope, sql`human_check.org_unit_id`))
    .select('human_check_id')
    .executeTakeFirst()
  if (check === undefined) return null
  const picture = await readAttachedFile(db, { org_unit_id: place.id, fact_id: check.human_check_id }, term)
  const media_type = picture === null ? null : findFileType(picture.bytes, PICTURE_TYPES)
  return picture === null || media_type === null ? null : { bytes: picture.bytes, media_type }
}
