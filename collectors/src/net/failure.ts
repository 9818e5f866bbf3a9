import type { SiteCause } from '@edumon/server/contract'

/** Where in a probe something went wrong: the same system error means different things in different phases. */
export type Phase = 'connect' | 'tls' | 'first_byte' | 'body'

const UNREACHABLE = new Set([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
])
const RESET = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED'])

/** Our own timers end a phase with this error, so that a timeout is never guessed from a library's wording. */
export class PhaseTimeout extends Error {
  readonly limit: 'phase' | 'total'
  constructor(limit: 'phase' | 'total') {
    super(`time limit of the ${limit}`)
    this.limit = limit
  }
}

/** The other side closed a connection that was still being opened, without any error of the system. */
export class ClosedWhileOpening extends Error {}

const TIMEOUT_CAUSES = {
  connect: 'connect_timeout',
  tls: 'tls_timeout',
  first_byte: 'first_byte_timeout',
  body: 'body_timeout',
} as const satisfies Record<Phase, SiteCause>

/** A close without an answer, per phase: before the request it is the connection, after the first byte it is the answer. */
const CLOSED_CAUSES = {
  connect: 'connect_reset',
  tls: 'tls_handshake_failed',
  first_byte: 'response_cut',
  body: 'response_cut',
} as const satisfies Record<Phase, SiteCause>

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause === undefined ? '' : codeOf(error.cause)
}

/** Whether the outside made this error: a system, TLS or HTTP error has a code, a mistake of ours has none. */
export function isOutsideFailure(error: unknown): boolean {
  return error instanceof PhaseTimeout || error instanceof ClosedWhileOpening || codeOf(error) !== ''
}

/** undici gives one code to a close by the server and to an answer that it will not take (`bad response`). */
function isBadAnswer(error: unknown): boolean {
  return error instanceof Error && /^bad (response|upgrade)/.test(error.message)
}

function causeOfTls(code: string, error: unknown): SiteCause {
  const closed = error instanceof Error && error.message.includes('before secure TLS connection')
  return RESET.has(code) && !closed ? 'connect_reset' : 'tls_handshake_failed'
}

/** Turns anything that a socket, the TLS library or the HTTP parser threw into one cause of the closed list. */
export function classifyFailure(error: unknown, phase: Phase): SiteCause {
  if (error instanceof PhaseTimeout) return error.limit === 'total' ? 'total_timeout' : TIMEOUT_CAUSES[phase]
  const code = codeOf(error)
  if (code === 'ETIMEDOUT') return TIMEOUT_CAUSES[phase]
  if (UNREACHABLE.has(code)) return 'connect_unreachable'
  if (phase === 'tls') return causeOfTls(code, error)
  if (code === 'ECONNREFUSED') return 'connect_refused'
  if (RESET.has(code)) return phase === 'body' ? 'response_cut' : 'connect_reset'
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large'
  if (code === 'HPE_INVALID_EOF_STATE') return 'response_cut'
  if (code.startsWith('HPE_')) return 'protocol_error'
  // The parser's word for two lengths in one head; in a body, that less came than was said.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return phase === 'body' ? 'response_cut' : 'protocol_error'
  if (code === 'UND_ERR_SOCKET') return isBadAnswer(error) ? 'protocol_error' : CLOSED_CAUSES[phase]
  return phase === 'connect' ? 'connect_unreachable' : 'protocol_error'
}
