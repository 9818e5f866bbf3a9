import { createHash, randomBytes } from 'node:crypto'

/** A new secret for a cookie, a link or a token: 256 random bits, base64url. Only its hash is ever stored. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** SHA-256 of a secret, hexadecimal. Secrets of ours are long and random: no slow hash is needed. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
