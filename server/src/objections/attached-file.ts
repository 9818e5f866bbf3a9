import type { BlobContent } from '../db/blobs.ts'
import { CodedError } from '../errors.ts'

/** Kinds of files that can be sent with an objection, by their first bytes: a name or declared type says nothing. */
const FILE_SIGNS = [
  ['application/pdf', Buffer.from('%PDF-')],
  ['image/png', Buffer.from('89504e470d0a1a0a', 'hex')],
  ['image/jpeg', Buffer.from('ffd8ff', 'hex')],
] as const
export type FileType = (typeof FILE_SIGNS)[number][0]

export const FILE_MAX_BYTES = 5 * 1024 * 1024
/** So many bytes as base64. */
export const FILE_MAX_CHARACTERS = 4 * Math.ceil(FILE_MAX_BYTES / 3)

/** Type of a file by its first bytes; null when it is none that is taken. */
export function findFileType(bytes: Buffer): FileType | null {
  return FILE_SIGNS.find(([, sign]) => bytes.subarray(0, sign.length).equals(sign))?.[0] ?? null
}

/** @throws EDU_BAD_REQUEST when it is not what is taken, or too large */
export function readAttachedFile(base64: string): Omit<BlobContent, 'sha256'> {
  const bytes = Buffer.from(base64, 'base64')
  const media_type = findFileType(bytes)
  if (media_type === null || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    throw new CodedError('EDU_BAD_REQUEST', 'Файл не похож на PDF, PNG или JPEG', { path: '/file/base64' })
  }
  if (bytes.length > FILE_MAX_BYTES) {
    throw new CodedError('EDU_BAD_REQUEST', 'Файл больше 5 МБ', { path: '/file/base64' })
  }
  return { bytes, media_type }
}
