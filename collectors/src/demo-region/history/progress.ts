import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** How far the history of one data folder is: it is made once, and up to one moment. */
export interface HistoryProgress {
  /** End of the modelled past, milliseconds since the epoch. */
  until_ms: number
  /** Units up to this number are answered for. */
  sent_to_org_unit_id: number
  is_done: boolean
}

const SITES_FILE = 'history.json'

function isProgress(value: unknown): value is HistoryProgress {
  if (value === null || typeof value !== 'object') return false
  const found = value as Partial<Record<keyof HistoryProgress, unknown>>
  return (
    Number.isInteger(found.until_ms) &&
    Number.isInteger(found.sent_to_org_unit_id) &&
    typeof found.is_done === 'boolean'
  )
}

/** Progress of an earlier start, or the beginning of a history that ends at `now_ms`. */
export function readProgress(folder: string, now_ms: number, name = SITES_FILE): HistoryProgress {
  const file = join(folder, name)
  if (!existsSync(file)) return { until_ms: now_ms, sent_to_org_unit_id: 0, is_done: false }
  const found: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!isProgress(found)) throw new Error(`${file} is not what "history" writes; remove it together with the database`)
  return found
}

export function writeProgress(folder: string, progress: HistoryProgress, name = SITES_FILE): void {
  const file = join(folder, name)
  writeFileSync(`${file}.new`, `${JSON.stringify(progress)}\n`)
  renameSync(`${file}.new`, file)
}
