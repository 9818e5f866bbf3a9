import { ROWS_PER_CHUNK, type SheetRow } from '@edumon/server/contract'

/** Well below the server's limit of a body, 16 MiB. */
const CHUNK_BYTES = 4 * 1024 * 1024

/** Splits rows into runs that one request can carry; a row that is larger than a run goes alone. None for no rows. */
export function chunkRows(rows: readonly SheetRow[]): SheetRow[][] {
  const chunks: SheetRow[][] = []
  let bytes = 0
  for (const row of rows) {
    const length = Buffer.byteLength(JSON.stringify(row))
    const chunk = chunks.at(-1)
    if (chunk === undefined || chunk.length === ROWS_PER_CHUNK || bytes + length > CHUNK_BYTES) {
      chunks.push([row])
      bytes = length
    } else {
      chunk.push(row)
      bytes += length
    }
  }
  return chunks
}
