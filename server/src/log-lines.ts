import pg from 'pg'
import type { LoggerOptions } from 'pino'
import { withoutPassword } from './settings/secrets.ts'

type LoggedError = {
  type: string
  message: string
  stack: string
  code?: string
  constraint?: string
  table?: string
  column?: string
  routine?: string
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

const DATABASE_FIELDS = ['constraint', 'table', 'column', 'routine'] as const

/**
 * PostgreSQL's texts may quote values of rows and of requests, which may be personal: what is kept is where in the
 * schema, and in PostgreSQL itself, the fault arose, and where in our own code.
 */
function describeDatabaseError(error: pg.DatabaseError): LoggedError {
  const calls = (error.stack ?? '').split('\n').filter((line) => line.startsWith('    at '))
  const described: LoggedError = {
    type: error.name,
    message: `PostgreSQL ${error.code ?? ''}`,
    stack: calls.join('\n'),
  }
  for (const field of DATABASE_FIELDS) if (error[field] !== undefined) described[field] = error[field]
  return described
}

/** An error as the log keeps it: without passwords and tokens, and one of PostgreSQL without the values of rows. */
export function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: hide(String(error)), stack: '' }
  const { name, message, stack = '', cause } = error
  const described =
    error instanceof pg.DatabaseError
      ? describeDatabaseError(error)
      : { type: name, message: hide(message), stack: hide(stack) }
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
