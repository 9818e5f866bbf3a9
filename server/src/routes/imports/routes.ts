import type { FastifyInstance, FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { SheetCell, SheetChunk, SheetChunkAnswer, SheetParsed, SheetRow } from '../../contract/index.ts'
import { systemScope } from '../../db/access-scope.ts'
import { readBlob } from '../../db/blobs.ts'
import { recordDisclosure } from '../../db/record-disclosure.ts'
import { dayInZone } from '../../domain/region-day.ts'
import { applyImport } from '../../intake/apply.ts'
import { decideRows } from '../../intake/decide.ts'
import type { IntakeSettings } from '../../intake/dry-run.ts'
import { receiveChunk, receiveParsed } from '../../intake/receive.ts'
import { voidImport } from '../../intake/void.ts'
import { serveMissing } from './missing-routes.ts'
import { requireParseLease } from './parse-lease.ts'
import { listImportRows, listImports } from './queries.ts'
import { requireImport } from './require-import.ts'
import {
  ChunkParams,
  DEFAULT_LIMIT,
  IMPORT_SCHEMAS,
  ImportParams,
  PageQuery,
  RowsQuery,
  type ImportDecisions,
  type ImportVoid,
} from './schemas.ts'
import { serveUploads } from './uploads.ts'

interface ImportOptions {
  time_zone: string
  vantages: string[]
}

const COLLECTOR_SCHEMAS = [SheetCell, SheetRow, SheetChunk, SheetChunkAnswer, SheetParsed]
const error = { $ref: 'ErrorBody#' }

function serveReads(app: FastifyInstance): void {
  app.get<{ Querystring: PageQuery }>(
    '/api/v1/imports',
    {
      config: { capability: 'imports:read' },
      schema: {
        operationId: 'listImports',
        summary: 'Uploaded sheets, the newest first',
        tags: ['imports'],
        querystring: PageQuery,
        response: { 200: { $ref: 'ImportList#' }, 400: error },
      },
    },
    ({ query, scope }) =>
      listImports(app.db, { scope, limit: query.limit ?? DEFAULT_LIMIT, offset: query.offset ?? 0 }),
  )
  app.get<{ Params: ImportParams }>(
    '/api/v1/imports/:id',
    {
      config: { capability: 'imports:read' },
      schema: {
        operationId: 'getImport',
        summary: 'One import: state, columns as read, counts of rows by verdict',
        tags: ['imports'],
        params: ImportParams,
        response: { 200: { $ref: 'Import#' }, 404: error },
      },
    },
    ({ params, scope }) => requireImport(app, scope, params.id),
  )
  app.get<{ Params: ImportParams; Querystring: RowsQuery }>(
    '/api/v1/imports/:id/rows',
    {
      config: { capability: 'imports:read' },
      schema: {
        operationId: 'listImportRows',
        summary: 'Rows of an import with verdicts, issues at their cells, and candidates',
        tags: ['imports'],
        params: ImportParams,
        querystring: RowsQuery,
        response: { 200: { $ref: 'ImportRowList#' }, 400: error, 404: error },
      },
    },
    async ({ params, query, scope }) => {
      await requireImport(app, scope, params.id)
      const { verdict, limit = DEFAULT_LIMIT, offset = 0 } = query
      return listImportRows(app.db, { scope, import_id: params.id, verdict, limit, offset })
    },
  )
  app.get<{ Params: ImportParams }>(
    '/api/v1/imports/:id/original',
    {
      config: { capability: 'imports:read', route_class: 'export' },
      schema: {
        operationId: 'getImportOriginal',
        summary: 'The uploaded file, byte by byte',
        tags: ['imports'],
        params: ImportParams,
        response: {
          200: { content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } },
          404: error,
        },
      },
    },
    async ({ params, scope, author }, reply) => {
      const found = await requireImport(app, scope, params.id)
      await recordDisclosure(app.db, {
        by: author,
        category: 'disclosure',
        action: 'import.original',
        subject: `import ${params.id}`,
        org_unit_id: found.territory_id,
      })
      return sendOriginal(app, found, reply)
    },
  )
}

async function sendOriginal(
  app: FastifyInstance,
  { import_id, sha256, file_name }: { import_id: number; sha256: string; file_name: string },
  reply: FastifyReply,
) {
  const blob = await readBlob(app.db, sha256)
  if (blob === null) throw new Error(`The original of import ${import_id} is not stored`)
  return reply
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file_name)}`)
    .type('application/octet-stream')
    .send(blob.bytes)
}

function serveCollector(app: FastifyInstance, settingsNow: () => IntakeSettings): void {
  app.get<{ Params: ImportParams }>(
    '/api/v1/imports/:id/leased-file',
    {
      config: { capability: 'collect' },
      schema: {
        operationId: 'getLeasedFile',
        summary: 'The uploaded file, for the collector that has leased its parsing',
        tags: ['collection'],
        params: ImportParams,
        response: { 200: { type: 'string', format: 'binary' }, 404: error },
      },
    },
    async ({ params, subject }, reply) => {
      await requireParseLease(app.db, subject, params.id)
      return sendOriginal(app, await requireImport(app, systemScope('sheet'), params.id), reply)
    },
  )
  app.put<{ Params: ChunkParams; Body: SheetChunk }>(
    '/api/v1/imports/:id/chunks/:chunk_no',
    {
      config: { capability: 'collect', judges_own_texts: true },
      schema: {
        operationId: 'putImportChunk',
        summary: 'Parsed rows of an import; the same chunk again changes nothing',
        tags: ['collection'],
        params: ChunkParams,
        body: { $ref: 'SheetChunk#' },
        response: { 200: { $ref: 'SheetChunkAnswer#' }, 400: error, 404: error, 409: error },
      },
    },
    async ({ params, body, subject }) => {
      await requireParseLease(app.db, subject, params.id)
      return receiveChunk(app.db, params.id, params.chunk_no, body)
    },
  )
  app.post<{ Params: ImportParams; Body: SheetParsed }>(
    '/api/v1/imports/:id/parsed',
    {
      config: { capability: 'collect' },
      schema: {
        operationId: 'finishImportParsing',
        summary: 'All chunks are there, or the file cannot be read; the dry run follows at once',
        tags: ['collection'],
        params: ImportParams,
        body: { $ref: 'SheetParsed#' },
        response: { 200: { $ref: 'Import#' }, 400: error, 404: error, 409: error },
      },
    },
    async ({ params, body, subject }) => {
      await requireParseLease(app.db, subject, params.id)
      await receiveParsed(app.db, params.id, body, settingsNow())
      return requireImport(app, systemScope('sheet'), params.id)
    },
  )
}

function serveCommands(app: FastifyInstance, settingsNow: () => IntakeSettings): void {
  const answers = { 200: { $ref: 'Import#' }, 400: error, 404: error, 409: error }
  app.post<{ Params: ImportParams; Body: ImportDecisions }>(
    '/api/v1/imports/:id/decisions',
    {
      config: { capability: 'imports:write' },
      schema: {
        operationId: 'decideImportRows',
        summary: 'Say which unit rows mean; remembered for later files',
        tags: ['imports'],
        params: ImportParams,
        body: { $ref: 'ImportDecisions#' },
        response: answers,
      },
    },
    async ({ params, body, scope, author }) => {
      await requireImport(app, scope, params.id)
      await decideRows(app.db, params.id, body.decisions, settingsNow(), { author, scope })
      return requireImport(app, scope, params.id)
    },
  )
  app.post<{ Params: ImportParams }>(
    '/api/v1/imports/:id/apply',
    {
      config: { capability: 'imports:write' },
      schema: {
        operationId: 'applyImport',
        summary: 'Write what the dry run promised; ambiguous and refused rows are left out',
        tags: ['imports'],
        params: ImportParams,
        response: answers,
      },
    },
    async ({ params, scope, author }) => {
      await requireImport(app, scope, params.id)
      await applyImport(app.db, params.id, settingsNow(), author)
      return requireImport(app, scope, params.id)
    },
  )
  app.post<{ Params: ImportParams; Body: ImportVoid }>(
    '/api/v1/imports/:id/void',
    {
      config: { capability: 'imports:write' },
      schema: {
        operationId: 'voidImport',
        summary: 'Undo an applied import; refused with the list of what rests on it unless that goes too',
        tags: ['imports'],
        params: ImportParams,
        body: { $ref: 'ImportVoid#' },
        response: answers,
      },
    },
    async ({ params, body, scope, author }) => {
      await requireImport(app, scope, params.id)
      await voidImport(app.db, { ...body, import_id: params.id }, settingsNow(), { author, scope })
      return requireImport(app, scope, params.id)
    },
  )
}

/** The one way of all sheets: upload, parsed rows from a collector, dry run, decisions, apply, void. */
export default fp<ImportOptions>(
  (app, options, done) => {
    for (const schema of [...COLLECTOR_SCHEMAS, ...IMPORT_SCHEMAS]) app.addSchema(schema)
    const settingsNow = (): IntakeSettings => ({
      today: dayInZone(new Date(), options.time_zone),
      vantages: options.vantages,
    })
    serveUploads(app, options)
    serveReads(app)
    serveCollector(app, settingsNow)
    serveCommands(app, settingsNow)
    serveMissing(app, settingsNow)
    done()
  },
  { name: 'imports', dependencies: ['database', 'error-body', 'access'] },
)
