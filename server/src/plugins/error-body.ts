import type { FastifyError } from 'fastify'
import fp from 'fastify-plugin'
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

/** PostgreSQL's classes of "come back later": connection trouble, shutdown, too many connections. */
const UNAVAILABLE = /^(08|53|57P0)/

function codeOf(error: FastifyError): ErrorCode {
  if (error.validation !== undefined) return 'EDU_BAD_REQUEST'
  if (error.statusCode === 413) return 'EDU_BODY_TOO_LARGE'
  if (error.statusCode === 429) return 'EDU_RATE_LIMITED'
  if (error.statusCode !== undefined && error.statusCode < 500) return 'EDU_BAD_REQUEST'
  if (UNAVAILABLE.test(error.code) || error.code === 'ECONNREFUSED') return 'EDU_DATABASE_UNAVAILABLE'
  return 'EDU_INTERNAL'
}

function toCodedError(error: FastifyError | CodedError): CodedError {
  if (error instanceof CodedError) return error
  const code = codeOf(error)
  if (code === 'EDU_INTERNAL') return new CodedError(code, 'Внутренняя ошибка, она записана в журнал')
  if (code === 'EDU_DATABASE_UNAVAILABLE') return new CodedError(code, 'База данных временно недоступна')
  const [fault] = error.validation ?? []
  const place =
    fault === undefined ? undefined : { part: error.validationContext, path: fault.instancePath, params: fault.params }
  return new CodedError(code, error.message, place)
}

/** Turns everything thrown into the one error body; the text of our own faults is hidden and logged. */
export default fp(
  (app, _options, done) => {
    app.addSchema(ErrorBody)
    app.setErrorHandler<FastifyError | CodedError>((error, request, reply) => {
      const coded = toCodedError(error)
      if (coded.status >= 500) request.log.error({ err: error }, 'request failed')
      const body = { code: coded.code, message: coded.message, request_id: request.id }
      return reply.code(coded.status).send(coded.details === undefined ? body : { ...body, details: coded.details })
    })
    app.setNotFoundHandler((request, reply) =>
      reply.code(404).send({ code: 'EDU_NOT_FOUND', message: 'Нет такого адреса', request_id: request.id }),
    )
    done()
  },
  { name: 'error-body' },
)
