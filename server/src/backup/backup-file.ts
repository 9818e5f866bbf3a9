/**
 * The form of a backup: a first line, one zstd frame a table, the manifest as JSON, and a last line of fixed length
 * that says where the manifest is and what all bytes before hash to. A file without its last line is no backup.
 */
export const FIRST_LINE = Buffer.from('EDUMON-BACKUP 1\n')

const LAST_LINE = /^\nEDUMON-BACKUP-END (\d{16}) ([0-9a-f]{64})\n$/
export const LAST_LINE_BYTES = '\nEDUMON-BACKUP-END '.length + 16 + 1 + 64 + 1

/** @param sha256 of all bytes before the last line */
export function writeLastLine(manifest_offset: number, sha256: string): Buffer {
  return Buffer.from(`\nEDUMON-BACKUP-END ${String(manifest_offset).padStart(16, '0')} ${sha256}\n`)
}

/** Null: this is no last line. */
export function parseLastLine(text: string): { manifest_offset: number; sha256: string } | null {
  const [, offset, sha256] = LAST_LINE.exec(text) ?? []
  return offset === undefined || sha256 === undefined ? null : { manifest_offset: Number(offset), sha256 }
}
