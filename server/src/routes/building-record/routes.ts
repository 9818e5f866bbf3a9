import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import Type from 'typebox'
import { readBuildingRecord } from '../../building-record/read-record.ts'
import { describeRecord, type RecordContent } from '../../building-record/record-content.ts'
import { DOCX_MEDIA_TYPE, writeRecordDocx } from '../../building-record/write-docx.ts'
import { PDF_MEDIA_TYPE, writeRecordPdf } from '../../building-record/write-pdf.ts'
import { OrgUnitId } from '../../contract/index.ts'
import { recordDisclosure } from '../../db/record-disclosure.ts'
import { requireCoveredUnit } from '../../db/require-unit.ts'

const RecordQuery = Type.Object({
  period: Type.Optional(Type.String({ maxLength: 20, description: 'A month or a quarter; absent: the running month' })),
  known_at: Type.Optional(Type.String({ maxLength: 40, description: 'As known on, RFC 3339; absent: known now' })),
})
type RecordQuery = Type.Static<typeof RecordQuery>

interface Format {
  operationId: string
  media_type: string
  write: (content: RecordContent, created_at: Date) => Promise<Buffer>
}

const FORMATS: Readonly<Record<'pdf' | 'docx', Format>> = {
  pdf: { operationId: 'getMeasurementRecordPdf', media_type: PDF_MEDIA_TYPE, write: writeRecordPdf },
  docx: { operationId: 'getMeasurementRecordDocx', media_type: DOCX_MEDIA_TYPE, write: writeRecordDocx },
}

function serveRecord(app: FastifyInstance, time_zone: string, extension: 'pdf' | 'docx'): void {
  const { media_type, operationId, write } = FORMATS[extension]
  app.get<{ Params: { id: number }; Querystring: RecordQuery }>(
    `/api/v1/org-units/:id/measurement-record.${extension}`,
    {
      config: { capability: 'internet:read', route_class: 'export' },
      schema: {
        operationId,
        summary: `Measurement record of a building as ${extension.toUpperCase()}, an annex for an appeal to the operator`,
        tags: ['internet'],
        params: Type.Object({ id: OrgUnitId }),
        querystring: RecordQuery,
        response: {
          200: { content: { [media_type]: { schema: { type: 'string', format: 'binary' } } } },
          400: { $ref: 'ErrorBody#' },
          404: { $ref: 'ErrorBody#' },
        },
      },
    },
    async ({ params: { id }, query, scope, author }, reply) => {
      await requireCoveredUnit(app.db, scope, id)
      const record = await readBuildingRecord(app.db, { ...query, scope, time_zone, territory_id: id })
      const { day, known_at_change_set_no, tests } = record
      await recordDisclosure(app.db, {
        by: author,
        category: 'export',
        action: 'measurement_record.export',
        subject: `org_unit ${id}`,
        org_unit_id: id,
        detail: { extension, day, tests: tests.length, known_at_change_set_no },
      })
      const file = await write(describeRecord(record), new Date(`${day}T00:00:00Z`))
      return reply
        .type(media_type)
        .header('content-disposition', `attachment; filename="measurement-record-${id}-${day}.${extension}"`)
        .send(file)
    },
  )
}

/** The measurement record of a building as a file. */
export default fp<{ time_zone: string }>(
  (app, { time_zone }, done) => {
    serveRecord(app, time_zone, 'pdf')
    serveRecord(app, time_zone, 'docx')
    done()
  },
  { name: 'building-record', dependencies: ['database', 'error-body', 'access', 'indicators'] },
)
