export type PictureType = 'image/png' | 'image/jpeg'

const SIGNS: readonly (readonly [PictureType, Buffer])[] = [
  ['image/png', Buffer.from('89504e470d0a1a0a', 'hex')],
  ['image/jpeg', Buffer.from('ffd8ff', 'hex')],
]

/** Type of a picture by its first bytes: its name or declared type says nothing. Null when it is neither kind. */
export function findPictureType(bytes: Buffer): PictureType | null {
  return SIGNS.find(([, sign]) => bytes.subarray(0, sign.length).equals(sign))?.[0] ?? null
}
