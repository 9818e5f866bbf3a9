export const PICTURE_MAX_BYTES = 5 * 1024 * 1024

/** A chosen picture, ready to be sent. */
export interface DraftPicture {
  name: string
  base64: string
}
export type PictureFault = 'picture_too_large' | 'picture_unknown' | 'picture_unreadable'

/** First bytes of PNG and of JPEG: the name of a file says nothing. */
const SIGNS = [
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

/** Reads a chosen file; a file that the API would refuse is told apart here, before it is sent. */
export async function readPictureFile(file: File): Promise<DraftPicture | PictureFault> {
  if (file.size > PICTURE_MAX_BYTES) return 'picture_too_large'
  try {
    const bytes = new Uint8Array(await file.arrayBuffer())
    const isPicture = SIGNS.some((sign) => sign.every((byte, place) => bytes[place] === byte))
    return isPicture ? { name: file.name, base64: encodeBase64(bytes) } : 'picture_unknown'
  } catch {
    return 'picture_unreadable'
  }
}
