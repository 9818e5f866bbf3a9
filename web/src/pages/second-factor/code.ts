/**
 * A code as the API takes it, however it was typed: six digits of an authenticator, or a recovery code such as
 * "abcde-23456". Null: it can be neither.
 */
export function readCode(text: string): string | null {
  const plain = text.replaceAll(/[\s-]/g, '').toLowerCase()
  if (/^\d{6}$/.test(plain)) return plain
  return /^[0-9a-z]{10}$/.test(plain) ? `${plain.slice(0, 5)}-${plain.slice(5)}` : null
}
