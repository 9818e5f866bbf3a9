export const FILE_MAX_BYTES = 5 * 1024 * 1024

/** A chosen file, ready to be sent. */
export interface ChosenFile {
  name: string
  base64: string
}
export type FileFault = 'too_large' | 'unknown' | 'unreadable'

/** What a file may be; told by its first bytes, since its name says nothing. */
const KINDS = {
  PDF: { media_type: 'application/pdf', sign: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  PNG: { media_type: 'image/png', sign: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  JPEG: { media_type: 'image/jpeg', sign: [0xff, 0xd8, 0xff] },
} as const
export type FileKind = keyof typeof KINDS

const NAME_MAX_LENGTH = 200

function encodeBase64(bytes: Uint8Array): string {
  const PART = 0x8000
  let text = ''
  for (let start = 0; start < bytes.length; start += PART) {
    text += String.fromCharCode(...bytes.subarray(start, start + PART))
  }
  return btoa(text)
}

/** The kinds as the `accept` of a file input takes them. */
export function listMediaTypes(kinds: readonly FileKind[]): string {
  return kinds.map((kind) => KINDS[kind].media_type).join()
}

/** Reads a chosen file; one that the API would refuse is told apart here, before it is sent. */
export async function readChosenFile(file: File, kinds: readonly FileKind[]): Promise<ChosenFile | FileFault> {
  if (file.size > FILE_MAX_BYTES) return 'too_large'
  try {
    const bytes = new Uint8Array(await file.arrayBuffer())
    const isKnown = kinds.some((kind) => KINDS[kind].sign.every((byte, place) => bytes[place] === byte))
    return isKnown ? { name: file.name.slice(-NAME_MAX_LENGTH), base64: encodeBase64(bytes) } : 'unknown'
  } catch {
    return 'unreadable'
  }
}
