import type { SiteCheck } from '@edumon/server/contract'

export interface DecodedText {
  text: string
  /** Name by the WHATWG Encoding Standard, lower case. */
  charset: string
  source: NonNullable<SiteCheck['charset_source']>
}

type Charset = Omit<DecodedText, 'text'>

/** The part of a page that browsers search for a declaration is 1,024 bytes; old school sites put it lower. */
const META_BYTES = 4096
const SNIFF_BYTES = 65_536

/** The standard's name of a label, null when unknown. */
function nameOf(label: string | undefined): string | null {
  if (label === undefined) return null
  try {
    return new TextDecoder(label.trim()).encoding
  } catch {
    return null
  }
}

function fromBom(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null
}

function fromMeta(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, META_BYTES)).toString('latin1')
  const name = nameOf(/<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(head)?.[1])
  // HTML, 13.2.3.2: a page that could be read so far is not UTF-16, whatever it says.
  return name?.startsWith('utf-16') === true ? 'utf-8' : name
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    // "stream" forgives a character that the cut at the end divides.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

/** Small letters are most of a text: each Cyrillic charset keeps them in another range. */
function sniffCyrillic(bytes: Uint8Array): string {
  let windows = 0
  let koi8 = 0
  let dos = 0
  for (const byte of bytes) {
    if (byte >= 0xe0) windows += 1
    if (byte >= 0xc0 && byte <= 0xdf) koi8 += 1
    if ((byte >= 0xa0 && byte <= 0xaf) || (byte >= 0xe0 && byte <= 0xef)) dos += 1
  }
  if (koi8 > windows && koi8 > dos) return 'koi8-r'
  return dos > windows * 1.2 ? 'ibm866' : 'windows-1251'
}

function findCharset(bytes: Uint8Array, content_type: string | null): Charset {
  const bom = fromBom(bytes)
  if (bom !== null) return { charset: bom, source: 'bom' }
  const header = nameOf(/charset\s*=\s*["']?\s*([\w.:-]{1,40})/i.exec(content_type ?? '')?.[1])
  if (header !== null) return { charset: header, source: 'header' }
  const meta = fromMeta(bytes)
  if (meta !== null) return { charset: meta, source: 'meta' }
  const sample = bytes.subarray(0, SNIFF_BYTES)
  if (sample.every((byte) => byte < 0x80)) return { charset: 'utf-8', source: 'default' }
  return { charset: isUtf8(sample) ? 'utf-8' : sniffCyrillic(sample), source: 'sniffed' }
}

/**
 * Text of a page by byte order mark, then Content-Type, then meta, then sniffing (UTF-8, windows-1251, koi8-r, cp866).
 * `default` is the answer for pure ASCII. Undecodable bytes become U+FFFD.
 */
export function decodeCharset(bytes: Uint8Array, content_type: string | null): DecodedText {
  const found = findCharset(bytes, content_type)
  return { ...found, text: new TextDecoder(found.charset).decode(bytes) }
}
