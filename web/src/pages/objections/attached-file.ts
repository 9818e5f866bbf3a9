export const FILE_MAX_BYTES = 5 * 1024 * 1024

/** A chosen file, ready to be sent. */
export interface DraftFile {
  name: string
  base64: string
}
export type FileFault = 'file_too_large' | 'file_unknown' | 'file_unreadable'

/** First bytes of PDF, PNG and JPEG: the name of a file says nothing. */
const SIGNS = [
  [0x25, 0x50, 0x44, 0x46, 0x2d],
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  [0xff, 0xd8, 0xff],
] as const

function encodeBase64(bytes: Uint8Array): string {
  const PART = 0x8000
  let text = ''
  for (let start = 0; start < bytes.length; start += PART) {
    text += String.fromCharCode(...bytes.subarray(start, start + PART))
  }
  return btoa(text)
}

/** Reads a chosen file; one that the API would refuse is told apart here, before it is sent. */
export async function readAttachedFile(file: File): Promise<DraftFile | FileFault> {
  if (file.size > FILE_MAX_BYTES) return 'file_too_large'
  try {
    const bytes = new Uint8Array(await file.arrayBuffer())
    const isKnown = SIGNS.some((sign) => sign.every((byte, place) => bytes[place] === byte))
    return isKnown ? { name: file.name.slice(-200), base64: encodeBase64(bytes) } : 'file_unknown'
  } catch {
    return 'file_unreadable'
  }
}
