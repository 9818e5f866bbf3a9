import type { BlobContent } from '../db/blobs.ts'
import { findFileType, isBase64, type FileType } from '../domain/file-type.ts'
import { CodedError } from '../errors.ts'

/** What can be sent with an objection. */
export const ATTACHED_TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const satisfies readonly FileType[]

export const FILE_MAX_BYTES = 5 * 1024 * 1024
/** So many bytes as base64. */
export const FILE_MAX_CHARACTERS = 4 * Math.ceil(FILE_MAX_BYTES / 3)

/** @throws EDU_BAD_REQUEST when it is not what is taken, or too large */
export function readAttachedFile(base64: string): Omit<BlobContent, 'sha256'> {
  const bytes = Buffer.from(base64, 'base64')
  const media_type = findFileType(bytes, ATTACHED_TYPES)
  if (media_type === null || !isBase64(base64)) {
    throw new CodedError('EDU_BAD_REQUEST', 'Файл не похож на PDF, PNG или JPEG', { path: '/file/base64' })
  }
  if (bytes.length > FILE_MAX_BYTES) {
    throw new CodedError('EDU_BAD_REQUEST', 'Файл больше 5 МБ', { path: '/file/base64' })
  }
  return { bytes, media_type }
}
