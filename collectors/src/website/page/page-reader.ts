import { createWorkerPool } from '../../core/worker-pool.ts'
import type { JobAnswer } from '../../core/worker-pool.ts'
import type { FetchResult } from '../../net/guarded-fetch.ts'
import { findHeader } from '../../net/guarded-fetch.ts'
import type { PageInput, PageReading } from './page-reading.ts'

export interface PageReader {
  /** Reads the body of an answer off the event loop. A page that cannot be read in its limits has a failure. */
  read: (answer: FetchResult) => Promise<JobAnswer<PageReading>>
  close: () => Promise<void>
}

export interface PageReaderOptions {
  workers: number
  time_limit_ms: number
  memory_limit_mb: number
}

export const DEFAULT_READER: PageReaderOptions = { workers: 2, time_limit_ms: 4_000, memory_limit_mb: 256 }

const READINGS_KEPT = 20_000
/** More of a page says nothing new, and a hostile one costs time. */
const READ_BYTES = 2_097_152

/** Page reading on worker threads. The same bytes from the same host read the same: those readings are kept. */
export function createPageReader(options: PageReaderOptions): PageReader {
  const pool = createWorkerPool<PageInput, PageReading>({
    ...options,
    file: new URL('./page-worker.ts', import.meta.url),
  })
  const known = new Map<string, JobAnswer<PageReading>>()
  return {
    async read(answer) {
      const content_type = findHeader(answer.headers, 'content-type')
      const key = `${answer.url} ${content_type ?? ''} ${answer.body_sha256 ?? ''}`
      const before = answer.body_sha256 === null ? undefined : known.get(key)
      if (before !== undefined) return before
      // A copy of the part that is read: cloning a Buffer would take along the whole memory pool that it lies in.
      const bytes = new Uint8Array(answer.body.subarray(0, READ_BYTES))
      const reading = await pool.run({ bytes, content_type, url: answer.url })
      if (reading.ok) known.set(key, reading)
      const oldest = known.keys().next()
      if (known.size > READINGS_KEPT && oldest.done !== true) known.delete(oldest.value)
      return reading
    },
    close: () => pool.close(),
  }
}
