import { createHash } from 'node:crypto'
import type { Lease, SheetParsed, SheetRow } from '@edumon/server/contract'
import type { ApiAnswer, ApiClient } from '../core/api-client.ts'
import type { CollectorDeps } from '../core/collector.ts'
import { createWorkerPool, type JobAnswer } from '../core/worker-pool.ts'
import { chunkRows } from './chunk-rows.ts'
import { FILE_MAX_BYTES, PARSE_MEMORY_MB, PARSE_TIME_LIMIT_MS } from './limits.ts'
import type { ParsedFile } from './parsed-file.ts'

/** How threads are bounded; tests use tighter bounds. */
export interface ParseLimits {
  time_limit_ms: number
  memory_limit_mb: number
}

const LIMITS: ParseLimits = { time_limit_ms: PARSE_TIME_LIMIT_MS, memory_limit_mb: PARSE_MEMORY_MB }
const WORKER = new URL('./parse-worker.ts', import.meta.url)

function required<T>(answer: ApiAnswer<T>, what: string): T {
  if (answer.ok) return answer.value
  // The lease runs out and the work is given again: nothing is lost.
  throw new Error(`${what}: ${answer.problem}, ${answer.detail}`)
}

function settle(answer: JobAnswer<ParsedFile>): ParsedFile {
  if (answer.ok) return answer.value
  if (answer.failure === 'crashed') return { ok: false, fault: 'broken_workbook', place: null }
  return { ok: false, fault: answer.failure, place: null }
}

/** Reads a file in a thread of its own that ends with it. */
export async function parseInThread(bytes: Uint8Array, limits: ParseLimits = LIMITS): Promise<ParsedFile> {
  const pool = createWorkerPool<Uint8Array, ParsedFile>({ file: WORKER, workers: 1, ...limits })
  try {
    return settle(await pool.run(bytes))
  } finally {
    await pool.close()
  }
}

async function sendRows(api: ApiClient, import_id: number, rows: readonly SheetRow[]): Promise<number> {
  const chunks = chunkRows(rows)
  for (const [chunk_no, part] of chunks.entries()) {
    const content_sha256 = createHash('sha256').update(JSON.stringify(part)).digest('hex')
    const path = `/api/v1/imports/${import_id}/chunks/${chunk_no}`
    required(await api.call('PUT', path, { content_sha256, rows: part }), `chunk ${chunk_no} of import ${import_id}`)
  }
  return chunks.length
}

/** Downloads an uploaded file, reads it, and hands in its rows or the reason why there are none. */
export async function collectSheet(lease: Lease, { api, log }: Pick<CollectorDeps, 'api' | 'log'>): Promise<null> {
  const { import_id } = lease
  if (import_id === null) throw new Error('A lease to parse a sheet names no import')
  const bytes = required(await api.download(`/api/v1/imports/${import_id}/leased-file`, FILE_MAX_BYTES), 'original')
  const parsed = await parseInThread(bytes)
  const chunks = parsed.ok ? await sendRows(api, import_id, parsed.rows) : 0
  const end: SheetParsed = parsed.ok
    ? { sheets: parsed.sheets, chunks, fault: null, fault_place: null }
    : { sheets: [], chunks, fault: parsed.fault, fault_place: parsed.place }
  required(await api.call('POST', `/api/v1/imports/${import_id}/parsed`, end), 'end of parsing')
  log.info({ import_id, chunks, fault: end.fault }, 'sheet parsed')
  return null
}
