import { parseCsv } from './parse-csv.ts'
import { parseXlsx } from './parse-xlsx.ts'
import { RowCollector, SheetFaultError, type ParsedFile } from './parsed-file.ts'

function startsWith(bytes: Uint8Array, ...signature: number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte)
}

/** An OLE2 file is an old workbook, or an encrypted new one: that has a stream of this name. */
function faultOfOle2(bytes: Uint8Array): SheetFaultError {
  const name = Buffer.from('EncryptedPackage', 'utf16le')
  const isEncrypted = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(name)
  return new SheetFaultError(isEncrypted ? 'encrypted_workbook' : 'old_workbook', null)
}

async function readInto(collector: RowCollector, bytes: Uint8Array): Promise<void> {
  if (bytes.length === 0) throw new SheetFaultError('empty_file', null)
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) throw faultOfOle2(bytes)
  if (startsWith(bytes, 0x50, 0x4b)) return parseXlsx(bytes, collector)
  const head = Buffer.from(bytes.subarray(0, 512)).toString('latin1').trimStart().toLowerCase()
  if (/^(<!doctype|<html|<table|%pdf|\{\\rtf)/.test(head)) throw new SheetFaultError('not_a_sheet', null)
  parseCsv(bytes, collector)
}

/** Reads a file of any supported kind, by its bytes and not its name. A fault of the file is an answer. */
export async function parseFile(bytes: Uint8Array): Promise<ParsedFile> {
  const collector = new RowCollector()
  try {
    await readInto(collector, bytes)
    if (collector.rows.length === 0) throw new SheetFaultError('no_rows', null)
    return { ok: true, sheets: collector.sheets, rows: collector.rows }
  } catch (error) {
    if (error instanceof SheetFaultError) return { ok: false, fault: error.fault, place: error.place }
    throw error
  }
}
