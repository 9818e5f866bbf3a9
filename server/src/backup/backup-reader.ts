import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { FIRST_LINE, LAST_LINE_BYTES, parseLastLine } from './backup-file.ts'
import { parseManifest, type BackupManifest, type BackupTable } from './backup-manifest.ts'

const MANIFEST_MAX_BYTES = 32 * 1024 * 1024
const READ_BYTES = 256 * 1024

/** Bytes of a file from `start` and before `end`, a piece at a time. */
async function* readRange(file: FileHandle, start: number, end: number): AsyncGenerator<Buffer> {
  for (let position = start; position < end;) {
    const wanted = Math.min(READ_BYTES, end - position)
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, position)
    if (bytesRead === 0) throw new Error('The backup has become shorter while it was read')
    position += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** A backup file whose first line, last line and manifest are sound. */
export class BackupReader {
  readonly #file: FileHandle
  readonly #end: number
  readonly sha256: string
  readonly manifest: BackupManifest

  private constructor(file: FileHandle, parts: { end: number; sha256: string; manifest: BackupManifest }) {
    this.#file = file
    this.#end = parts.end
    this.sha256 = parts.sha256
    this.manifest = parts.manifest
  }

  /** @throws when it is no whole backup, or one of a form that is not known here */
  static async open(path: string): Promise<BackupReader> {
    const file = await open(path, 'r')
    try {
      const { size } = await file.stat()
      const read = async (position: number, length: number): Promise<Buffer> => {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, length)), 0, length, position)
        return buffer.subarray(0, bytesRead)
      }
      const end = size - LAST_LINE_BYTES
      const last = end < FIRST_LINE.length ? null : parseLastLine((await read(end, LAST_LINE_BYTES)).toString('latin1'))
      if (last === null || !(await read(0, FIRST_LINE.length)).equals(FIRST_LINE)) {
        throw new Error('it is no backup, or was cut off')
      }
      const length = end - last.manifest_offset
      if (length <= 0 || length > MANIFEST_MAX_BYTES) throw new Error('its last line is wrong')
      const manifest = parseManifest((await read(last.manifest_offset, length)).toString('utf8'))
      return new BackupReader(file, { end, sha256: last.sha256, manifest })
    } catch (error) {
      await file.close()
      throw new Error(`${path} cannot be used: ${error instanceof Error ? error.message : ''}`, { cause: error })
    }
  }

  /** Reads the whole file once. @throws when a byte of it is not as it was written */
  async requireSound(): Promise<void> {
    const hash = createHash('sha256')
    for await (const bytes of readRange(this.#file, 0, this.#end)) hash.update(bytes)
    if (hash.digest('hex') !== this.sha256) throw new Error('The backup is damaged: its bytes are not those written')
  }

  /** The zstd frame with the rows of a table. */
  readSection({ offset, bytes }: BackupTable): AsyncGenerator<Buffer> {
    return readRange(this.#file, offset, offset + bytes)
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}
