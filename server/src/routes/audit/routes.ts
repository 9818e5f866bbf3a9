import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { recordDisclosure } from '../../db/record-disclosure.ts'
import { requireAskableUnit } from '../../db/require-unit.ts'
import { CSV_MEDIA_TYPE, writeCsvTable } from '../../exports/csv.ts'
import { writeWorkbook, XLSX_MEDIA_TYPE } from '../../exports/workbook.ts'
import { auditTable } from './export-rows.ts'
import { listAuditEvents } from './queries.ts'
import { AuditEvent, AuditEventList, AuditExportQuery, AuditQuery, AuditSealState } from './schemas.ts'
import { findSealState } from './seal-state.ts'

const DEFAULT_LIMIT = 100
const EXPORT_LIMIT = 50_000

const config = { capability: 'audit:read' } as const
const tags = ['audit']

function serveList(app: FastifyInstance): void {
  app.get<{ Querystring: AuditQuery }>(
    '/api/v1/audit/events',
    {
      config,
      schema: {
        operationId: 'listAuditEvents',
        summary: 'Who did what, when, from where: the newest first, paged by number',
        tags,
        querystring: AuditQuery,
        response: { 200: { $ref: 'AuditEventList#' }, 400: { $ref: 'ErrorBody#' } },
      },
    },
    async ({ query: { limit = DEFAULT_LIMIT, ...query }, scope }) => {
      const found = await listAuditEvents(app.db, { ...query, scope, limit: limit + 1 })
      const rows = found.slice(0, limit)
      return { rows, next_before_id: found.length > limit ? (rows.at(-1)?.audit_event_id ?? null) : null }
    },
  )
}

function serveSeal(app: FastifyInstance): void {
  app.get(
    '/api/v1/audit/seal',
    {
      config,
      schema: {
        operationId: 'getAuditSeal',
        summary: 'How far the audit is sealed, and the head of its chain',
        tags,
        response: { 200: { $ref: 'AuditSealState#' } },
      },
    },
    () => findSealState(app.db),
  )
}

function serveExport(app: FastifyInstance, time_zone: string, extension: 'xlsx' | 'csv'): void {
  const media_type = extension === 'xlsx' ? XLSX_MEDIA_TYPE : CSV_MEDIA_TYPE
  app.get<{ Querystring: AuditExportQuery }>(
    `/api/v1/audit/events/export.${extension}`,
    {
      config: { ...config, route_class: 'export' },
      schema: {
        operationId: extension === 'xlsx' ? 'exportAuditWorkbook' : 'exportAuditCsv',
        summary: `The filtered audit as ${extension.toUpperCase()}, the newest 50,000 events`,
        tags,
        querystring: AuditExportQuery,
        response: {
          200: { content: { [media_type]: { schema: { type: 'string', format: 'binary' } } } },
          400: { $ref: 'ErrorBody#' },
          404: { $ref: 'ErrorBody#' },
        },
      },
    },
    async ({ query, scope, author }, reply) => {
      if (query.org_unit_id !== undefined) await requireAskableUnit(app.db, scope, query.org_unit_id)
      const events = await listAuditEvents(app.db, { ...query, scope, limit: EXPORT_LIMIT })
      await recordDisclosure(app.db, {
        by: author,
        category: 'export',
        action: 'audit.export',
        subject: 'audit',
        org_unit_id: query.org_unit_id ?? null,
        detail: { extension, rows: events.length, filter: query },
      })
      const table = auditTable(events, time_zone)
      const file = extension === 'xlsx' ? await writeWorkbook(table) : writeCsvTable(table)
      return reply
        .type(media_type)
        .header('content-disposition', `attachment; filename="audit.${extension}"`)
        .send(Buffer.from(file))
    },
  )
}

/** The audit as people read it. */
export default fp<{ time_zone: string }>(
  (app, { time_zone }, done) => {
    app.addSchema(AuditEvent)
    app.addSchema(AuditEventList)
    app.addSchema(AuditSealState)
    serveList(app)
    serveSeal(app)
    serveExport(app, time_zone, 'xlsx')
    serveExport(app, time_zone, 'csv')
    done()
  },
  { name: 'audit', dependencies: ['database', 'error-body', 'access'] },
)
