import { decodeProtectedHeader, jwtVerify, SignJWT, type CryptoKey, type JWK } from 'jose'

const ISSUER = 'edumon'
const ALGORITHM = 'EdDSA'
/** For the second direction of a test that began at the last moment, and for clocks that differ. */
const LEEWAY_S = 20

/** A ticket as it is signed. */
export interface TicketClaims {
  ticket_id: string
  /** Address of the one measurement server that it is for. */
  server_url: string
  issued_at: Date
  /** The test has to begin before. */
  expires_at: Date
}

/** A ticket that was found good. */
export interface AdmittedTicket {
  ticket_id: string
  issued_at_ms: number
  /** It is refused from then on, the leeway included. */
  expires_at_ms: number
}

/** A key with its name, by which a token says what it was signed with. */
export interface NamedKey {
  key_id: string
  key: CryptoKey | JWK
}

/** Times are whole seconds in a token: it begins no later and ends no earlier than was said. */
export function signTicket({ key_id, key }: NamedKey, claims: TicketClaims): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM, kid: key_id })
    .setIssuer(ISSUER)
    .setAudience(claims.server_url)
    .setJti(claims.ticket_id)
    .setIssuedAt(Math.floor(claims.issued_at.getTime() / 1000))
    .setExpirationTime(Math.ceil(claims.expires_at.getTime() / 1000))
    .sign(key)
}

/** Name of the key that a token says it was signed with; null: it is no token. */
export function findKeyId(text: string): string | null {
  try {
    return decodeProtectedHeader(text).kid ?? null
  } catch {
    return null
  }
}

/** Reads a ticket by the public key; null: forged, for another server, or too late. */
export async function readTicket(
  key: NamedKey['key'],
  text: string,
  server_url: string,
): Promise<AdmittedTicket | null> {
  try {
    const { payload } = await jwtVerify(text, key, {
      ...{ issuer: ISSUER, audience: server_url, algorithms: [ALGORITHM] },
      requiredClaims: ['jti', 'iat', 'exp'],
      clockTolerance: LEEWAY_S,
    })
    const { jti = '', iat = 0, exp = 0 } = payload
    return { ticket_id: jti, issued_at_ms: iat * 1000, expires_at_ms: (exp + LEEWAY_S) * 1000 }
  } catch {
    return null
  }
}
