import { createHash } from 'node:crypto'
import type { ReadExecutor, WriteExecutor } from './executor.ts'

const CHUNK_BYTES = 1024 * 1024
const BLOBS_PER_STATEMENT = 500

/** Bytes to keep, known by their hash. */
export interface BlobContent {
  sha256: string
  bytes: Buffer
  media_type: string
}

export function hashBytes(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function chunksOf(content: BlobContent): { sha256: string; chunk_no: number; bytes: Buffer }[] {
  return Array.from({ length: Math.ceil(content.bytes.length / CHUNK_BYTES) }, (_, chunk_no) => ({
    sha256: content.sha256,
    chunk_no,
    bytes: content.bytes.subarray(chunk_no * CHUNK_BYTES, (chunk_no + 1) * CHUNK_BYTES),
  }))
}

/**
 * Keeps contents that are not there yet, in chunks of 1 MiB at most. They are taken in the order of their hashes, so
 * that two writers of the same contents wait for each other and never block each other.
 */
export async function storeBlobs(tx: WriteExecutor, contents: readonly BlobContent[]): Promise<void> {
  const unique = [...new Map(contents.map((content) => [content.sha256, content])).values()]
  unique.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1))
  for (let start = 0; start < unique.length; start += BLOBS_PER_STATEMENT) {
    const part = unique.slice(start, start + BLOBS_PER_STATEMENT)
    const inserted = await tx
      .insertInto('blob')
      .values(part.map(({ sha256, bytes, media_type }) => ({ sha256, size_bytes: bytes.length, media_type })))
      .onConflict((conflict) => conflict.column('sha256').doNothing())
      .returning('sha256')
      .execute()
    const isNew = new Set(inserted.map((row) => row.sha256))
    const chunks = part.filter((content) => isNew.has(content.sha256)).flatMap(chunksOf)
    for (let from = 0; from < chunks.length; from += BLOBS_PER_STATEMENT) {
      await tx
        .insertInto('blob_chunk')
        .values(chunks.slice(from, from + BLOBS_PER_STATEMENT))
        .execute()
    }
  }
}

/** Keeps one content. @returns its SHA-256 */
export async function storeBlob(tx: WriteExecutor, bytes: Buffer, media_type: string): Promise<string> {
  const sha256 = hashBytes(bytes)
  await storeBlobs(tx, [{ sha256, bytes, media_type }])
  return sha256
}

/** Reads one content; null when there is none under this hash. */
export async function readBlob(db: ReadExecutor, sha256: string): Promise<BlobContent | null> {
  const rows = await db
    .selectFrom('blob')
    .leftJoin('blob_chunk', 'blob_chunk.sha256', 'blob.sha256')
    .select(['blob.media_type', 'blob_chunk.bytes'])
    .where('blob.sha256', '=', sha256)
    .orderBy('blob_chunk.chunk_no')
    .execute()
  const [first] = rows
  if (first === undefined) return null
  const bytes = Buffer.concat(rows.flatMap((row) => (row.bytes === null ? [] : [row.bytes])))
  return { sha256, bytes, media_type: first.media_type }
}
