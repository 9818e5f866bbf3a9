import type { WriteExecutor } from '../db/executor.ts'
import type { ServerDirection, ServerSide } from '../domain/test-validity.ts'

/** What the measurement server saw, with the start by its own clock. */
export type RecordedSide = Omit<ServerSide, 'clock_difference_ms'> & { started_at: Date }

function speedOf(bytes: number | null, duration_ms: number | null, end: string | null): ServerDirection | null {
  if (bytes === null || duration_ms === null || duration_ms === 0) return null
  return { kbps: Math.round((bytes * 8) / duration_ms), duration_ms, was_cut_off: end === 'cut_off' }
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
    .select(['ticket_id', 'started_at', 'download_end', 'download_bytes', 'download_ms'])
    .select(['upload_end', 'upload_bytes', 'upload_ms'])
    .execute()
  return new Map(
    records.map((record) => [
      record.ticket_id,
      {
        started_at: record.started_at,
        download: speedOf(record.download_bytes, record.download_ms, record.download_end),
        upload: speedOf(record.upload_bytes, record.upload_ms, record.upload_end),
      },
    ]),
  )
}

/** The server's side of a test that began at `tested_at` by the client's clock. */
export function besideClient(record: RecordedSide, tested_at: Date): ServerSide {
  const { started_at, download, upload } = record
  return { download, upload, clock_difference_ms: tested_at.getTime() - started_at.getTime() }
}
