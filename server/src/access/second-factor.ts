import { randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'

const STEP_S = 30
const CODES = 10
/** Without letters and digits that are mistaken for one another. */
const CODE_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

function totpOf(secret: string, login: string): TOTP {
  return new TOTP({ issuer: 'Edumon', label: login, algorithm: 'SHA1', digits: 6, period: STEP_S, secret })
}

/** A new secret for an authenticator app, base32. */
export function makeTotpSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** Address that an authenticator app reads, mostly as a QR code. */
export function totpAddress(secret: string, login: string): string {
  return totpOf(secret, login).toString()
}

/**
 * Time step that a code belongs to, when it is the code of now or of a step beside it; null for a wrong code.
 * @param after the last step that was taken: it and earlier ones are not taken again
 */
export function findTotpStep(
  secret: string,
  code: string,
  after: number | null,
  now: number = Date.now(),
): number | null {
  const delta = totpOf(secret, '').validate({ token: code, timestamp: now, window: 1 })
  if (delta === null) return null
  const step = Math.floor(now / 1000 / STEP_S) + delta
  return after !== null && step <= after ? null : step
}

/** Codes to write down, each of which stands in once for a lost authenticator. */
export function makeRecoveryCodes(): string[] {
  const letters = (): string => Array.from({ length: 5 }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('')
  return Array.from({ length: CODES }, () => `${letters()}-${letters()}`)
}
