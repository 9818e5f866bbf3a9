import type { FastifyInstance } from 'fastify'
import type { AccessScope } from '../../db/access-scope.ts'
import { CodedError } from '../../errors.ts'
import { findImport } from './queries.ts'

/** One import as answers show it. @throws EDU_IMPORT_NOT_FOUND */
export async function requireImport(app: FastifyInstance, scope: AccessScope, import_id: number) {
  const found = await findImport(app.db, { scope, import_id })
  if (found === null) throw new CodedError('EDU_IMPORT_NOT_FOUND', 'Такой загрузки нет', { import_id })
  return found
}
