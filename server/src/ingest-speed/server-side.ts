import type { WriteExecutor } from '../db/executor.ts'
import type { ServerSide } from '../domain/test-validity.ts'

/** What the measurement server saw, with the start by its own clock. */
export type RecordedSide = Omit<ServerSide, 'clock_difference_ms'> & { started_at: Date }

function speedOf(bytes: number | null, duration_ms: number | null): ServerSide['download'] {
  if (bytes === null || duration_ms === null || duration_ms === 0) return null
  return { kbps: Math.round((bytes * 8) / duration_ms), duration_ms }
}

/** Records under these tickets, by ticket. */
export async function findRecords(
  tx: WriteExecutor,
  ticket_ids: readonly string[],
): Promise<Map<string, RecordedSide>> {
  if (ticket_ids.length === 0) return new Map()
  const records = await tx
    .selectFrom('measurement_record')
    .where('ticket_id', 'in', ticket_ids)
    .select(['ticket_id', 'started_at', 'download_bytes', 'download_ms', 'upload_bytes', 'upload_ms'])
    .execute()
  return new Map(
    records.map(({ ticket_id, started_at, download_bytes, download_ms, upload_bytes, upload_ms }) => [
      ticket_id,
      { started_at, download: speedOf(download_bytes, download_ms), upload: speedOf(upload_bytes, upload_ms) },
    ]),
  )
}

/** The server's side of a test that began at `tested_at` by the client's clock. */
export function besideClient(record: RecordedSide, tested_at: Date): ServerSide {
  const { started_at, download, upload } = record
  return { download, upload, clock_difference_ms: tested_at.getTime() - started_at.getTime() }
}
