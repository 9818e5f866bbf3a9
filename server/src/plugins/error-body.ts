import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import pg from 'pg'
import Type from 'typebox'
import { CodedError, type ErrorCode } from '../errors.ts'

/** The one error body of the API. */
export const ErrorBody = Type.Object(
  {
    code: Type.String({ description: 'Code to branch on' }),
    message: Type.String({ description: 'For people' }),
    request_id: Type.String(),
    details: Type.Optional(Type.Unknown({ description: 'Place of the fault: field, cell, index' })),
  },
  { $id: 'ErrorBody' },
)

/** PostgreSQL's "come back later": connection trouble, shutdown, too many connections, and being let in nowhere. */
const UNAVAILABLE = /^(08|28|3D|53|57P0|55000)/
/** A query of ours that was ended because it took too long. */
const QUERY_CANCELED = '57014'
/** What Node and pg say when no connection can be had; pg gives some of these no code. */
const NO_CONNECTION = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN)$/
const NO_CONNECTION_TEXT = /^(Connection terminated|timeout exceeded when trying to connect|Client was closed)/

const HIDDEN_TEXTS: Partial<Record<ErrorCode, string>> = {
  EDU_INTERNAL: 'Внутренняя ошибка, она записана в журнал',
  EDU_DATABASE_UNAVAILABLE: 'База данных временно недоступна',
  EDU_OVERLOADED: 'Сервер останавливается или перегружен, повторите позже',
  EDU_TOO_SLOW: 'Ответ не успел подготовиться, повторите позже или сузьте запрос',
}

function codeOf(error: FastifyError): ErrorCode {
  if (error.validation !== undefined) return 'EDU_BAD_REQUEST'
  if (error.statusCode === 413) return 'EDU_BODY_TOO_LARGE'
  if (error.statusCode === 429) return 'EDU_RATE_LIMITED'
  if (error.statusCode !== undefined && error.statusCode < 500) return 'EDU_BAD_REQUEST'
  if (error.code === 'FST_ERR_HANDLER_TIMEOUT' || error.code === QUERY_CANCELED) return 'EDU_TOO_SLOW'
  if (error.statusCode === 503) return 'EDU_OVERLOADED'
  const isDatabase = error instanceof pg.DatabaseError && UNAVAILABLE.test(error.code)
  if (isDatabase || NO_CONNECTION.test(error.code) || NO_CONNECTION_TEXT.test(error.message)) {
    return 'EDU_DATABASE_UNAVAILABLE'
  }
  return 'EDU_INTERNAL'
}

function toCodedError(error: FastifyError | CodedError): CodedError {
  if (error instanceof CodedError) return error
  const code = codeOf(error)
  const hidden = HIDDEN_TEXTS[code]
  if (hidden !== undefined) return new CodedError(code, hidden)
  const [fault] = error.validation ?? []
  const place =
    fault === undefined ? undefined : { part: error.validationContext, path: fault.instancePath, params: fault.params }
  return new CodedError(code, error.message, place)
}

/** When it is worth while to ask again, in seconds; null: nothing was said of that. */
function retryAfterOf({ details }: CodedError): number | null {
  const isSaid = typeof details === 'object' && details !== null && 'retry_after_s' in details
  return isSaid && typeof details.retry_after_s === 'number' ? details.retry_after_s : null
}

/** Answers with the one error body; the text of our own faults is hidden and logged. */
export function sendError(
  error: FastifyError | CodedError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const coded = toCodedError(error)
  if (coded.status >= 500 && coded !== error) request.log.error({ err: error }, 'request failed')
  const again_s = retryAfterOf(coded)
  if (again_s !== null) reply.header('retry-after', again_s)
  const body = { code: coded.code, message: coded.message, request_id: request.id }
  return reply
    .code(coded.status)
    .type('application/json; charset=utf-8')
    .send(coded.details === undefined ? body : { ...body, details: coded.details })
}

/** Turns everything thrown into the one error body. */
export default fp(
  (app, _options, done) => {
    app.addSchema(ErrorBody)
    app.setErrorHandler<FastifyError | CodedError>((error, request, reply) => sendError(error, request, reply))
    app.setNotFoundHandler((request, reply) =>
      reply.code(404).send({ code: 'EDU_NOT_FOUND', message: 'Нет такого адреса', request_id: request.id }),
    )
    done()
  },
  { name: 'error-body' },
)
