import { Secret, TOTP } from 'otpauth'

/** So long one code is shown. */
export const STEP_MS = 30_000

/** What an authenticator with this secret shows at a moment. @param secret base32, as it is typed over */
export function codeOf(secret: string, at: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) }).generate({ timestamp: at })
}
