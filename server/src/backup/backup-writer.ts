import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createZstdCompress } from 'node:zlib'
import { FIRST_LINE, writeLastLine } from './backup-file.ts'
import type { BackupManifest } from './backup-manifest.ts'

/** Where the rows of a table have come to lie, and what they hash to before compression. */
export interface WrittenSection {
  offset: number
  bytes: number
  sha256: string
}

/**
 * Writes a backup under a temporary name beside the wanted one. Only `finish` gives it its name, after everything is
 * on the disk: whatever ends the program before, no file looks like a backup.
 */
export class BackupWriter {
  readonly #path: string
  readonly #temporary: string
  readonly #file: FileHandle
  readonly #hash = createHash('sha256')
  #bytes = 0

  private constructor(path: string, temporary: string, file: FileHandle) {
    this.#path = path
    this.#temporary = temporary
    this.#file = file
  }

  /** @throws when there is a file of that name: a backup never replaces another */
  static async create(path: string): Promise<BackupWriter> {
    if (existsSync(path)) throw new Error(`${path} is there already: a backup never replaces another file`)
    const temporary = `${path}.${process.pid}.partial`
    const writer = new BackupWriter(path, temporary, await open(temporary, 'w', 0o600))
    await writer.#write(FIRST_LINE)
    return writer
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes)
    for (let written = 0; written < bytes.length;) {
      written += (await this.#file.write(bytes, written)).bytesWritten
    }
    this.#bytes += bytes.length
  }

  /** Appends one table's rows, compressed, as they come. */
  async addSection(rows: Readable): Promise<WrittenSection> {
    const offset = this.#bytes
    const hash = createHash('sha256')
    await pipeline(
      rows,
      async function* (chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          hash.update(chunk)
          yield chunk
        }
      },
      createZstdCompress(),
      async (chunks: AsyncIterable<Buffer>) => {
        for await (const chunk of chunks) await this.#write(chunk)
      },
    )
    return { offset, bytes: this.#bytes - offset, sha256: hash.digest('hex') }
  }

  /** Ends the file and gives it its name. @returns its size and the hash in its last line */
  async finish(manifest: BackupManifest): Promise<{ bytes: number; sha256: string }> {
    const manifest_offset = this.#bytes
    await this.#write(Buffer.from(JSON.stringify(manifest)))
    const sha256 = this.#hash.copy().digest('hex')
    await this.#write(writeLastLine(manifest_offset, sha256))
    await this.#file.sync()
    await this.#file.close()
    await rename(this.#temporary, this.#path)
    const folder = await open(dirname(this.#path), 'r')
    await folder.sync()
    await folder.close()
    return { bytes: this.#bytes, sha256 }
  }

  /** Takes away what was written. */
  async abandon(): Promise<void> {
    await this.#file.close()
    await rm(this.#temporary, { force: true })
  }
}
