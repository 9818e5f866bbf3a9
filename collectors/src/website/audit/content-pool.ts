import { createWorkerPool } from '../../core/worker-pool.ts'
import type { JobAnswer } from '../../core/worker-pool.ts'
import { findHeader } from '../../net/guarded-fetch.ts'
import type { FetchResult } from '../../net/guarded-fetch.ts'
import type { PageInput } from '../page/page-reading.ts'
import type { PageContent } from './page-content.ts'

export interface ContentPool {
  /** Reads the body of an answer off the event loop. A page that cannot be read in its limits has a failure. */
  read: (answer: FetchResult) => Promise<JobAnswer<PageContent>>
  close: () => Promise<void>
}

/** More of a page is a document of its own; a hostile one only costs time. */
const READ_BYTES = 4_194_304

const LIMITS = { workers: 1, time_limit_ms: 8_000, memory_limit_mb: 512 }

export function createContentPool(): ContentPool {
  const pool = createWorkerPool<PageInput, PageContent>({
    ...LIMITS,
    file: new URL('./content-worker.ts', import.meta.url),
  })
  return {
    read: (answer) => {
      // A copy of the part that is read: cloning a Buffer would take along the whole memory pool that it lies in.
      const bytes = new Uint8Array(answer.body.subarray(0, READ_BYTES))
      return pool.run({ bytes, content_type: findHeader(answer.headers, 'content-type'), url: answer.url })
    },
    close: () => pool.close(),
  }
}
