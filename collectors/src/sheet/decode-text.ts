import iconv from 'iconv-lite'
import { SheetFaultError } from './parsed-file.ts'

const UTF8 = new TextDecoder('utf-8', { fatal: true })
const RUSSIAN = /[а-яё]/giu

/** Share of bytes that are zero at even and odd places: UTF-16 without a mark has them on one side. */
function guessUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const sample = bytes.subarray(0, 4096)
  const zeros = [0, 0]
  for (const [index, byte] of sample.entries()) if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  if (odd > sample.length / 8 && even * 8 < odd) return 'utf-16le'
  return even > sample.length / 8 && odd * 8 < even ? 'utf-16be' : null
}

/** In Russian text of windows-1251 letters that Russian uses far outnumber the other signs of the upper half. */
function decodeWindows1251(bytes: Uint8Array): string {
  const text = iconv.decode(Buffer.from(bytes), 'windows-1251')
  const upper = text.match(/[^\p{ASCII}]/gu)?.length ?? 0
  const russian = text.match(RUSSIAN)?.length ?? 0
  const control = text.match(/[\x00-\x08\x0e-\x1f]/g)?.length ?? 0
  // Other Cyrillic code pages swap the cases: "пРИВЕТ".
  const swapped = text.match(/[а-яё][А-ЯЁ]/g)?.length ?? 0
  const capitalised = text.match(/[А-ЯЁ][а-яё]/g)?.length ?? 0
  if (swapped > capitalised || control > 0 || text.includes('\ufffd') || russian < upper * 0.7)
    throw new SheetFaultError('unknown_encoding', 'строка 1')
  return text
}

/**
 * Decodes a CSV file by its byte order mark, else as strict UTF-8, UTF-16 without a mark, or windows-1251 if that
 * reads as Russian.
 * @throws SheetFaultError unknown_encoding
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second, third] = bytes
  if (first === 0xef && second === 0xbb && third === 0xbf) return decodeUtf8(bytes.subarray(3))
  if (first === 0xff && second === 0xfe) return iconv.decode(Buffer.from(bytes.subarray(2)), 'utf-16le')
  if (first === 0xfe && second === 0xff) return iconv.decode(Buffer.from(bytes.subarray(2)), 'utf-16be')
  const utf16 = guessUtf16(bytes)
  if (utf16 !== null) return iconv.decode(Buffer.from(bytes), utf16)
  try {
    return UTF8.decode(bytes)
  } catch {
    // Not UTF-8: what is left of everyday files is windows-1251, and that is checked.
    return decodeWindows1251(bytes)
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes)
  } catch (error) {
    throw new SheetFaultError('unknown_encoding', 'метка UTF-8 есть, а текст — не UTF-8', { cause: error })
  }
}
