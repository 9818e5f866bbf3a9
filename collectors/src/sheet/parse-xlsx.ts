import { EncryptedFileError, ParseError, readXlsx, streamXlsxRows, XmlError, ZipError } from 'hucre'
import { UNPACKED_MAX_BYTES } from './limits.ts'
import { SheetFaultError, type RowCollector } from './parsed-file.ts'

const CENTRAL_ENTRY = 0x02014b50
const END_OF_DIRECTORY = 0x06054b50

/** Sum of the sizes that the archive's directory declares. They may lie: the thread's memory bound is behind it. */
function sumDeclaredBytes(bytes: Uint8Array): number {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const from = Math.max(0, view.length - 65_557)
  let end = view.length - 22
  while (end >= from && view.readUInt32LE(end) !== END_OF_DIRECTORY) end--
  if (end < from) throw new SheetFaultError('broken_workbook', 'нет оглавления архива')
  let offset = view.readUInt32LE(end + 16)
  let total = 0
  while (offset + 46 <= view.length && view.readUInt32LE(offset) === CENTRAL_ENTRY) {
    total += view.readUInt32LE(offset + 24)
    offset += 46 + view.readUInt16LE(offset + 28) + view.readUInt16LE(offset + 30) + view.readUInt16LE(offset + 32)
  }
  return total
}

async function listSheetNames(bytes: Uint8Array): Promise<string[]> {
  const names: string[] = []
  await readXlsx(bytes, {
    sheets: (info) => {
      names.push(info.name)
      return false
    },
  })
  return names
}

function toFault(error: unknown, place: string | null): unknown {
  if (error instanceof EncryptedFileError) return new SheetFaultError('encrypted_workbook', null, { cause: error })
  if (error instanceof ParseError || error instanceof ZipError || error instanceof XmlError) {
    const fault = /decompress|too large|exceed/i.test(error.message) ? 'unpacks_too_large' : 'broken_workbook'
    return new SheetFaultError(fault, place, { cause: error })
  }
  return error
}

/** Reads every sheet of a workbook row by row. The one place that knows the library. */
export async function parseXlsx(bytes: Uint8Array, collector: RowCollector): Promise<void> {
  if (sumDeclaredBytes(bytes) > UNPACKED_MAX_BYTES) throw new SheetFaultError('unpacks_too_large', null)
  let place: string | null = null
  try {
    for (const [sheet, name] of (await listSheetNames(bytes)).entries()) {
      place = name
      collector.startSheet(name)
      for await (const row of streamXlsxRows(bytes, { sheet })) {
        place = `${name}, строка ${row.index + 1}`
        collector.add(row.index + 1, row.values)
      }
    }
  } catch (error) {
    throw toFault(error, place)
  }
}
