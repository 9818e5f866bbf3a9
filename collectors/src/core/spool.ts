import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MEASUREMENTS_PER_BATCH } from '@edumon/server/contract'
import type { Logger } from 'pino'

/** Measurements of one or several files that go to the server in one request. */
export interface Segment {
  /** File names, oldest first. */
  names: string[]
  measurements: unknown[]
}

export interface Spool {
  /**
   * Keeps a measurement. Resolves when it is on the disk for good: from then on it is sent until the server has
   * answered for it, whatever happens to this process.
   */
  add: (measurement: unknown) => Promise<void>
  /**
   * What waits longest: at most so many files, as far as one request can carry them. Null when nothing waits.
   * A file that the disk has damaged is set aside with a line in the log, so that it does not block the others.
   */
  findOldest: (max_files: number) => Promise<Segment | null>
  remove: (segment: Segment) => Promise<void>
  /** Keeps rows that will never be sent again, with the reason, for a person to look at. */
  setAside: (rows: readonly { measurement: unknown; reason: string }[]) => Promise<void>
  /** Measurements and bytes that wait. */
  size: () => { measurements: number; bytes: number }
  /** Sets aside segments older than the limit. Returns how many measurements they held. */
  expire: (max_age_ms: number) => Promise<number>
  /** Deletes the oldest segments until the rest fits. Returns how many measurements they held. */
  shrink: (max_bytes: number) => Promise<number>
  /** Whether the disk takes a file now: begin nothing whose result could not be kept. */
  canKeep: () => Promise<boolean>
}

export interface SpoolOptions {
  /** Most measurements of one file, as many as one request may carry. */
  rows_per_file?: number
  /** Measurements that come within this time share one file and one flush to the disk. */
  gather_ms?: number
  /** Clock of names and ages, milliseconds since the epoch. */
  now?: () => number
}

/** Below the server's body limit of 8 MB, with room for the batch's envelope. */
const SEGMENT_BYTES = 6_000_000
const GATHER_MS = 100
/** More than one measurement with its file takes. */
const ROOM_BYTES = 65_536

const SEGMENT_NAME = /^(\d{15})-(\d{1,4})-[0-9a-f-]{36}\.jsonl$/

interface Waiting {
  line: string
  resolve: () => void
  reject: (error: unknown) => void
}

async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folder as a file; its file systems keep names in their journal.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeFlushed(path: string, text: string): Promise<void> {
  const handle = await open(path, 'w')
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * A file is there whole or not at all: written under another name, flushed, renamed, and the folder flushed. A draft
 * that could not be finished is removed, so that it takes no room on a full disk.
 */
export async function writeWhole(folder: string, name: string, text: string): Promise<void> {
  const draft = join(folder, `${name}.draft`)
  try {
    await writeFlushed(draft, text)
    await rename(draft, join(folder, name))
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(folder)
}

/** Splits lines into runs that one request can carry. */
function chunkLines(waiting: readonly Waiting[], rows_per_file: number): Waiting[][] {
  const chunks: Waiting[][] = []
  let chunk: Waiting[] = []
  let bytes = 0
  for (const item of waiting) {
    const length = Buffer.byteLength(item.line) + 1
    if (chunk.length > 0 && (chunk.length === rows_per_file || bytes + length > SEGMENT_BYTES)) {
      chunks.push(chunk)
      chunk = []
      bytes = 0
    }
    chunk.push(item)
    bytes += length
  }
  return chunk.length === 0 ? chunks : [...chunks, chunk]
}

class DiskSpool implements Spool {
  readonly #folder: string
  readonly #aside: string
  readonly #log: Logger
  /** Names of segments on the disk, with their size. */
  readonly #segments = new Map<string, { count: number; bytes: number }>()
  #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | null = null
  readonly #rows_per_file: number
  readonly #gather_ms: number
  readonly #now: () => number
  /** Names grow also when the clock is put back, so that the order of the files is that of the measurements. */
  #last_key = 0

  constructor(folder: string, log: Logger, options: SpoolOptions) {
    this.#folder = folder
    this.#log = log
    this.#rows_per_file = options.rows_per_file ?? MEASUREMENTS_PER_BATCH
    this.#gather_ms = options.gather_ms ?? GATHER_MS
    this.#now = options.now ?? Date.now
    this.#aside = join(folder, 'set-aside')
  }

  async load(): Promise<void> {
    await mkdir(this.#aside, { recursive: true, mode: 0o700 })
    for (const name of await readdir(this.#folder)) {
      const match = SEGMENT_NAME.exec(name)
      if (match !== null) {
        this.#last_key = Math.max(this.#last_key, Number(match[1]))
        this.#segments.set(name, { count: Number(match[2]), bytes: (await stat(join(this.#folder, name))).size })
      } else if (name.endsWith('.draft')) await rm(join(this.#folder, name), { force: true })
    }
  }

  add(measurement: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line: JSON.stringify(measurement), resolve, reject })
      this.#timer ??= setTimeout(() => void this.#flush(), this.#gather_ms)
    })
  }

  async #flush(): Promise<void> {
    this.#timer = null
    const waiting = this.#waiting
    this.#waiting = []
    for (const chunk of chunkLines(waiting, this.#rows_per_file)) {
      const text = `${chunk.map((item) => item.line).join('\n')}\n`
      this.#last_key = Math.max(this.#last_key + 1, Math.floor(this.#now()))
      const name = `${String(this.#last_key).padStart(15, '0')}-${chunk.length}-${randomUUID()}.jsonl`
      try {
        await writeWhole(this.#folder, name, text)
        this.#segments.set(name, { count: chunk.length, bytes: Buffer.byteLength(text) })
        for (const item of chunk) item.resolve()
      } catch (error) {
        for (const item of chunk) item.reject(error)
      }
    }
  }

  /** Names of the oldest files that fit into one request together; empty when nothing waits. */
  #listOldest(max_files: number): string[] {
    const names: string[] = []
    let measurements = 0
    let total_bytes = 0
    for (const [name, { count, bytes }] of [...this.#segments].sort(([a], [b]) => (a < b ? -1 : 1))) {
      measurements += count
      total_bytes += bytes
      const fits = measurements <= this.#rows_per_file && total_bytes <= SEGMENT_BYTES && names.length < max_files
      if (names.length > 0 && !fits) break
      names.push(name)
    }
    return names
  }

  async findOldest(max_files: number): Promise<Segment | null> {
    for (;;) {
      const listed = this.#listOldest(max_files)
      if (listed.length === 0) return null
      const segment: Segment = { names: [], measurements: [] }
      for (const name of listed) {
        const measurements = await this.#read(name)
        if (measurements === null) continue
        segment.names.push(name)
        segment.measurements.push(...measurements)
      }
      if (segment.names.length > 0) return segment
    }
  }

  /** Measurements of one file; null when it is not as it was written, and then it waits no longer. */
  async #read(name: string): Promise<unknown[] | null> {
    try {
      const lines = (await readFile(join(this.#folder, name), 'utf8')).split('\n').filter((line) => line !== '')
      const expected = this.#segments.get(name)?.count
      if (lines.length !== expected) throw new Error(`${lines.length} rows instead of ${expected ?? 'none'}`)
      return lines.map((line): unknown => JSON.parse(line))
    } catch (error) {
      this.#log.error({ err: error, segment: name }, 'damaged spool file, set aside')
      this.#segments.delete(name)
      await rename(join(this.#folder, name), join(this.#aside, name)).catch((failure: unknown) =>
        this.#log.error({ err: failure, segment: name }, 'damaged spool file stays where it is'),
      )
      return null
    }
  }

  async remove({ names }: Segment): Promise<void> {
    for (const name of names) {
      await rm(join(this.#folder, name), { force: true })
      this.#segments.delete(name)
    }
  }

  async setAside(rows: readonly { measurement: unknown; reason: string }[]): Promise<void> {
    if (rows.length === 0) return
    const name = `${new Date().toISOString().slice(0, 10)}-${randomUUID()}.jsonl`
    await writeWhole(this.#aside, name, `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`)
  }

  size(): { measurements: number; bytes: number } {
    let measurements = this.#waiting.length
    let bytes = 0
    for (const segment of this.#segments.values()) {
      measurements += segment.count
      bytes += segment.bytes
    }
    return { measurements, bytes }
  }

  async expire(max_age_ms: number): Promise<number> {
    let expired = 0
    for (const [name, segment] of this.#segments) {
      if (this.#now() - Number(name.slice(0, 15)) <= max_age_ms) continue
      await rename(join(this.#folder, name), join(this.#aside, name))
      this.#segments.delete(name)
      expired += segment.count
    }
    return expired
  }

  async shrink(max_bytes: number): Promise<number> {
    let { bytes } = this.size()
    let dropped = 0
    if (bytes <= max_bytes) return dropped
    for (const [name, segment] of [...this.#segments].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (bytes <= max_bytes) break
      await this.remove({ names: [name], measurements: [] })
      bytes -= segment.bytes
      dropped += segment.count
    }
    return dropped
  }

  async canKeep(): Promise<boolean> {
    const path = join(this.#folder, 'room.draft')
    try {
      await writeFlushed(path, ' '.repeat(ROOM_BYTES))
      return true
    } catch {
      return false
    } finally {
      await rm(path, { force: true })
    }
  }
}

/** Opens the queue in a folder of its own, with everything that an earlier process left there. */
export async function openSpool(folder: string, log: Logger, options: SpoolOptions = {}): Promise<Spool> {
  const spool = new DiskSpool(folder, log, options)
  await spool.load()
  return spool
}
