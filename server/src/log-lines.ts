import type { LoggerOptions } from 'pino'
import { withoutPassword } from './settings/secrets.ts'

type LoggedError = {
  type: string
  message: string
  stack: string
  code?: string
  cause?: LoggedError
}

const BEARER = /\b(Bearer\s+|edu_)[\w-]{6,}/g
const HIDDEN = '[hidden]'
/** Fields that hold what opens a door, wherever a line may carry them. */
const SECRET_FIELDS = ['authorization', 'cookie', '["set-cookie"]', 'password', 'token', 'secret', 'DATABASE_URL']
const PLACES = ['', 'headers', 'req', 'req.headers', 'res', 'res.headers', 'body', 'config', '*']

function hide(text: string): string {
  return withoutPassword(text).replace(BEARER, `$1${HIDDEN}`)
}

/**
 * An error as the log keeps it. PostgreSQL's errors also carry values of rows, which may be personal: of the rest of
 * their fields only the code is kept.
 */
export function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: hide(String(error)), stack: '' }
  const { name, message, stack = '', cause } = error
  const described: LoggedError = { type: name, message: hide(message), stack: hide(stack) }
  if ('code' in error && typeof error.code === 'string') described.code = error.code
  if (cause !== undefined) described.cause = describeError(cause)
  return described
}

function joinPath(place: string, field: string): string {
  return place === '' || field.startsWith('[') ? `${place}${field}` : `${place}.${field}`
}

/** Settings of the log: fields that hold secrets are hidden, errors are described without the values of rows. */
export function loggerOptions(level: string): LoggerOptions | false {
  if (level === 'silent') return false
  return {
    level,
    redact: {
      paths: PLACES.flatMap((place) => SECRET_FIELDS.map((field) => joinPath(place, field))),
      censor: HIDDEN,
    },
    serializers: { err: describeError },
  }
}
