import { hash, verify } from '@node-rs/argon2'

/** OWASP's Argon2id parameters: 19 MiB, two passes, one lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const LEAST_CHARACTERS = 12
const MOST_CHARACTERS = 200
const LEAST_DIFFERENT = 6
const KEYBOARD_ROWS = [
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'йцукенгшщзхъ',
  'фывапролджэ',
  'ячсмитьбю',
  '01234567890',
  '09876543210',
]
const ROW_RUN = 6
/** What guessers put together first, also typed on the other layout of the keyboard. */
const COMMON_WORDS = [
  ...['password', 'passw0rd', 'welcome', 'admin', 'administrator', 'letmein', 'secret', 'login', 'user', 'root'],
  ...['пароль', 'привет', 'админ', 'администратор', 'секрет', 'логин', 'учитель', 'директор', 'школа', 'саратов'],
  ...['parol', 'privet', 'saratov', 'shkola', 'school', 'edumon', 'monitoring', 'мониторинг'],
  ...['gfhjkm', 'ghbdtn', 'flvby', 'irjkf', 'cfhfnjd', 'зфыыцщкв', 'фвьшт', 'йцу', 'qwe', 'asd', 'zxc'],
].sort((one, other) => other.length - one.length)
/** Letters that a password has besides common words. */
const LEAST_OWN_LETTERS = 5

/** What is wrong with a new password; null when nothing is. */
export type PasswordFault =
  | 'too_short'
  | 'too_long'
  | 'too_plain'
  | 'keyboard_row'
  | 'repeated'
  | 'common_words'
  | 'names_the_person'

/**
 * Judges a new password: long, of several different characters, no run along the keyboard, no part said over and over,
 * not of common words alone, without the person's own names. No demands on kinds of characters, no expiry: they make
 * passwords worse (NIST SP 800-63B).
 * @param names login and name of the person
 */
export function findPasswordFault(password: string, names: readonly string[]): PasswordFault | null {
  if (password.length < LEAST_CHARACTERS) return 'too_short'
  if (password.length > MOST_CHARACTERS) return 'too_long'
  const lower = password.toLowerCase()
  if (new Set(lower).size < LEAST_DIFFERENT) return 'too_plain'
  if (KEYBOARD_ROWS.some((row) => hasRun(lower, row))) return 'keyboard_row'
  if (isRepeated(lower)) return 'repeated'
  if (hasCommonWordsAlone(lower)) return 'common_words'
  const words = names.flatMap((name) => name.toLowerCase().split(/[^\p{L}\p{N}]+/u)).filter((word) => word.length >= 4)
  return words.some((word) => lower.includes(word)) ? 'names_the_person' : null
}

/** One part, over and over, whatever stands between: "тайна-2-тайна-2", "horse1 horse2". */
function isRepeated(text: string): boolean {
  const letters = text.replaceAll(/[^\p{L}]+/gu, '')
  const parts = letters.length * 2 > text.length ? [text, letters] : [text]
  return parts.some((part) => /^(.+?)\1+$/su.test(part))
}

/**
 * Without common words, digits and signs next to nothing is left of it; what never had a common word is another matter.
 */
function hasCommonWordsAlone(text: string): boolean {
  const rest = COMMON_WORDS.reduce((left, word) => left.replaceAll(word, ' '), text)
  return rest !== text && rest.replaceAll(/[^\p{L}]+/gu, '').length < LEAST_OWN_LETTERS
}

function hasRun(text: string, row: string): boolean {
  for (let start = 0; start + ROW_RUN <= row.length; start += 1) {
    if (text.includes(row.slice(start, start + ROW_RUN))) return true
  }
  return false
}

/** Argon2id hash with its parameters and salt, as stored. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2ID)
}

let decoy: Promise<string> | null = null

/**
 * Whether the password is the stored one. For an account that does not exist, or has no password, it takes the same
 * time and says no.
 */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password')
  const isSame = await verify(stored ?? (await decoy), password)
  return stored !== null && isSame
}
