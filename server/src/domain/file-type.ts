/** Kinds of files that people send in, by their first bytes: a name or declared type says nothing. */
const SIGNS = {
  'application/pdf': Buffer.from('%PDF-'),
  'image/png': Buffer.from('89504e470d0a1a0a', 'hex'),
  'image/jpeg': Buffer.from('ffd8ff', 'hex'),
} as const
export type FileType = keyof typeof SIGNS

/** Which of some types a file is; null when it is none of them. */
export function findFileType<T extends FileType>(bytes: Buffer, among: readonly T[]): T | null {
  return among.find((type) => bytes.subarray(0, SIGNS[type].length).equals(SIGNS[type])) ?? null
}

/** Whether a text is base64 throughout: Node decodes what it can of any text. */
export function isBase64(text: string): boolean {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}
