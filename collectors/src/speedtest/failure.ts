import type { SpeedCause } from '@edumon/server/contract'

/** A test, or a request on the way to one, that came to no result; the cause is what is stored, the message explains. */
export class SpeedFailure extends Error {
  readonly cause_code: SpeedCause
  /** When the other side wants to be asked again, seconds; null: it did not say. */
  readonly retry_after_s: number | null

  constructor(
    cause_code: SpeedCause,
    message: string,
    options: { retry_after_s?: number | null; cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : {})
    this.cause_code = cause_code
    this.retry_after_s = options.retry_after_s ?? null
  }
}

const NO_NETWORK = new Set(['ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'])
const TIMED_OUT = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'EHOSTDOWN'])
const REFUSED = new Set(['ECONNREFUSED', 'EACCES', 'EPERM'])
const LOST = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED'])

/** What OpenSSL says of a chain that does not end in a root that we trust, or of a name that is not the server's. */
const FOREIGN_CERTIFICATE = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** Code of a system error; of several attempts to connect at once that of the last. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors.at(-1))
  if (!(error instanceof Error)) return ''
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function isNameFailure(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'getaddrinfo'
}

/** Cause of an error that met us before a TCP connection stood. */
export function classifyConnectError(error: unknown): SpeedCause {
  const code = codeOf(error)
  if (isNameFailure(error)) return 'dns_failed'
  if (NO_NETWORK.has(code)) return 'no_network'
  if (TIMED_OUT.has(code)) return 'connection_timed_out'
  if (REFUSED.has(code)) return 'connection_refused'
  return LOST.has(code) ? 'connection_lost' : 'other'
}

/**
 * Cause of an error during the TLS handshake. A page of a filter that answers in plain HTTP on the TLS port is no TLS at
 * all; a certificate out of its term is a fault of the server or of this computer's clock, not of a filter.
 */
export function classifyTlsError(error: unknown): SpeedCause {
  const code = codeOf(error)
  if (FOREIGN_CERTIFICATE.has(code)) return 'tls_intercepted'
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER') return 'tls_intercepted'
  return LOST.has(code) ? 'connection_lost' : 'other'
}

/** Cause of an error on a connection that stood. */
export function classifyStreamError(error: unknown): SpeedCause {
  const code = codeOf(error)
  if (NO_NETWORK.has(code)) return 'no_network'
  return TIMED_OUT.has(code) ? 'connection_timed_out' : 'connection_lost'
}
