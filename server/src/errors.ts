/** Catalogue of coded errors: clients branch on the code, people read the message. */
const CATALOGUE = {
  EDU_BAD_REQUEST: 400,
  EDU_BODY_TOO_LARGE: 413,
  EDU_UNAUTHENTICATED: 401,
  EDU_SIGN_IN_REFUSED: 401,
  EDU_SECOND_FACTOR_REQUIRED: 401,
  EDU_SECOND_FACTOR_WRONG: 401,
  EDU_FORBIDDEN: 403,
  EDU_OPENID_CONNECT_REFUSED: 401,
  EDU_OPENID_CONNECT_INTERRUPTED: 401,
  EDU_OPENID_CONNECT_NO_RIGHTS: 403,
  EDU_OPENID_CONNECT_DISABLED: 403,
  EDU_OPENID_CONNECT_UNAVAILABLE: 503,
  EDU_NOT_FOUND: 404,
  EDU_ORG_UNIT_NOT_FOUND: 404,
  EDU_TARGET_NOT_FOUND: 404,
  EDU_INDICATOR_NOT_FOUND: 404,
  EDU_EVIDENCE_NOT_FOUND: 404,
  EDU_FILE_EXPIRED: 410,
  EDU_INCIDENT_NOT_FOUND: 404,
  EDU_FINDING_NOT_FOUND: 404,
  EDU_OBJECTION_NOT_FOUND: 404,
  EDU_OBJECTION_OPEN: 409,
  EDU_OBJECTION_DECIDED: 409,
  EDU_OBJECTION_OWN: 403,
  EDU_ID_REUSED: 409,
  EDU_IMPORT_NOT_FOUND: 404,
  EDU_LEASE_NOT_FOUND: 404,
  EDU_LINK_NOT_FOUND: 404,
  EDU_USER_NOT_FOUND: 404,
  EDU_GRANT_NOT_FOUND: 404,
  EDU_TOKEN_NOT_FOUND: 404,
  EDU_SESSION_NOT_FOUND: 404,
  EDU_LOGIN_TAKEN: 409,
  EDU_LAST_ADMINISTRATOR: 409,
  EDU_SIGNS_IN_ELSEWHERE: 409,
  EDU_PASSWORD_REFUSED: 422,
  EDU_IMPORT_STATE: 409,
  EDU_IMPORT_HAS_DEPENDENTS: 409,
  EDU_CHUNK_CHANGED: 409,
  EDU_PERIOD_INVALID: 400,
  EDU_KNOWN_AT_INVALID: 400,
  EDU_FILE_UNREADABLE: 422,
  EDU_RATE_LIMITED: 429,
  EDU_DATABASE_UNAVAILABLE: 503,
  EDU_NOT_READY: 503,
  EDU_OVERLOADED: 503,
  EDU_TOO_SLOW: 503,
  EDU_INTERNAL: 500,
} as const

export type ErrorCode = keyof typeof CATALOGUE
export const ERROR_CODES = Object.keys(CATALOGUE) as readonly ErrorCode[]

/** An error that a client is told of. `details` names the place of the fault (field, cell, index). */
export class CodedError extends Error {
  readonly code: ErrorCode
  readonly status: number
  readonly details: unknown

  constructor(code: ErrorCode, message: string, details?: unknown, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CodedError'
    this.code = code
    this.status = CATALOGUE[code]
    this.details = details
  }
}
