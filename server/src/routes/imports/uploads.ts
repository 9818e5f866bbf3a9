import type { FastifyInstance } from 'fastify'
import { jurisdictionsOf } from '../../db/access-scope.ts'
import { storeBlob } from '../../db/blobs.ts'
import { requireAskableUnit } from '../../db/require-unit.ts'
import { dayInZone, isDay } from '../../domain/region-day.ts'
import { CodedError } from '../../errors.ts'
import { findIntakeKind, INTAKE_KINDS } from '../../intake/kinds.ts'
import { registerImport } from '../../intake/receive.ts'
import { CLASS_LIMITS } from '../../limits/route-class.ts'
import { findImport, findMunicipalityByOktmo } from './queries.ts'
import { UploadQuery } from './schemas.ts'

const MEDIA_TYPE = 'application/octet-stream'

function requireUpload(query: UploadQuery, body: unknown): Buffer {
  if (findIntakeKind(query.kind) === undefined) {
    const expected = INTAKE_KINDS.map((kind) => kind.name).join(', ')
    throw new CodedError('EDU_BAD_REQUEST', 'Нет такого вида таблиц', { field: 'kind', found: query.kind, expected })
  }
  if (query.valid_on !== undefined && !isDay(query.valid_on)) {
    const details = { field: 'valid_on', found: query.valid_on, expected: 'ГГГГ-ММ-ДД' }
    throw new CodedError('EDU_BAD_REQUEST', 'Такого дня нет', details)
  }
  if (Buffer.isBuffer(body) && body.length > 0) return body
  throw new CodedError('EDU_FILE_UNREADABLE', 'Файл пуст', { field: 'body' })
}

/** Upload of a file as raw bytes: it is stored, registered and queued for a sheet collector. */
export function serveUploads(app: FastifyInstance, options: { time_zone: string }): void {
  // In a scope of its own: no other route takes raw bytes.
  void app.register((scoped, _options, done) => {
    scoped.addContentTypeParser(
      MEDIA_TYPE,
      { parseAs: 'buffer', bodyLimit: CLASS_LIMITS.upload.body_bytes },
      (_request, body, parsed) => {
        parsed(null, body)
      },
    )
    scoped.post<{ Querystring: UploadQuery }>(
      '/api/v1/imports',
      {
        config: { capability: 'imports:write', route_class: 'upload' },
        schema: {
          operationId: 'uploadImport',
          summary:
            'Upload a sheet as raw bytes; the same file for the same day again answers with the import that has it',
          tags: ['imports'],
          consumes: [MEDIA_TYPE],
          querystring: UploadQuery,
          response: {
            200: { $ref: 'ImportReceipt#' },
            201: { $ref: 'ImportReceipt#' },
            400: { $ref: 'ErrorBody#' },
            404: { $ref: 'ErrorBody#' },
            413: { $ref: 'ErrorBody#' },
            422: { $ref: 'ErrorBody#' },
          },
        },
      },
      async ({ query, body, actor, author, scope }, reply) => {
        const bytes = requireUpload(query, body)
        const { territory_oktmo } = query
        const territory_id =
          territory_oktmo === undefined ? null : await findMunicipalityByOktmo(app.db, territory_oktmo)
        if (territory_oktmo !== undefined && territory_id === null) {
          const details = { field: 'territory_oktmo', found: territory_oktmo }
          throw new CodedError('EDU_BAD_REQUEST', 'Нет муниципалитета с таким ОКТМО', details)
        }
        if (territory_id !== null) await requireAskableUnit(app.db, scope, territory_id)
        const { kind, file_name, sender = actor } = query
        const jurisdiction = jurisdictionsOf(scope)
        const valid_on = query.valid_on ?? dayInZone(new Date(), options.time_zone)
        const { import_id, is_repeat } = await app.db.transaction().execute(async (tx) => {
          const blob_sha256 = await storeBlob(tx, bytes, MEDIA_TYPE)
          const file = { kind, file_name, sender, valid_on, territory_id, blob_sha256 }
          return registerImport(tx, { ...file, user_id: author.user_id, jurisdiction }, author)
        })
        const stored = await findImport(app.db, { scope, import_id })
        return reply.code(is_repeat ? 200 : 201).send({ ...stored, is_repeat })
      },
    )
    done()
  })
}
