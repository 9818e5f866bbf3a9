import type { FastifyInstance } from 'fastify'
import { findRegistryView } from '../../db/find-registry-view.ts'
import { recordDisclosure } from '../../db/record-disclosure.ts'
import { requireAskableUnit } from '../../db/require-unit.ts'
import { CSV_MEDIA_TYPE, writeCsvTable } from '../../exports/csv.ts'
import type { ExportTable } from '../../exports/export-table.ts'
import { writeWorkbook, XLSX_MEDIA_TYPE } from '../../exports/workbook.ts'
import { listOrgUnits, type OrgUnitRow } from './list-queries.ts'
import { OrgUnitListQuery } from './schemas.ts'

const EXPORT_LIMIT = 50_000

const ORG_KINDS: Readonly<Record<string, string>> = {
  school: 'школа',
  college: 'колледж',
  additional: 'дополнительное образование',
  preschool: 'детский сад',
  centre: 'центр',
}
const FOUNDERS: Readonly<Record<string, string>> = {
  municipal: 'муниципалитет',
  regional: 'область',
  federal: 'федерация',
  private: 'частный',
}

function orgUnitTable(day: string, known_at_change_set_no: number, units: readonly OrgUnitRow[]): ExportTable {
  const [year, month, dayOfMonth] = day.split('-')
  return {
    sheet_name: 'Организации',
    heading: [
      'Организации',
      `Состояние на ${dayOfMonth ?? ''}.${month ?? ''}.${year ?? ''} (набор изменений № ${known_at_change_set_no})`,
      `Строк: ${units.length}`,
    ],
    columns: [
      { title: 'Краткое наименование', format: 'text', width: 36 },
      { title: 'Полное наименование', format: 'text', width: 60 },
      { title: 'Муниципалитет', format: 'text', width: 28 },
      { title: 'Район города', format: 'text', width: 18 },
      { title: 'Тип', format: 'text', width: 16 },
      { title: 'Учредитель', format: 'text', width: 16 },
      { title: 'ИНН', format: 'text', width: 14 },
      { title: 'ОГРН', format: 'text', width: 16 },
      { title: 'Адрес', format: 'text', width: 50 },
      { title: 'Сайт', format: 'text', width: 36 },
      { title: 'Филиалы', format: 'integer', width: 10 },
      { title: 'Здания', format: 'integer', width: 10 },
    ],
    rows: units.map((unit) => [
      unit.short_name,
      unit.full_name,
      unit.municipality_name,
      unit.city_district_name,
      unit.org_kind === null ? null : (ORG_KINDS[unit.org_kind] ?? unit.org_kind),
      unit.founder_kind === null ? null : (FOUNDERS[unit.founder_kind] ?? unit.founder_kind),
      unit.inn,
      unit.ogrn,
      unit.address,
      unit.site_url,
      unit.branches,
      unit.buildings,
    ]),
  }
}

/** The list of organisations as a file: exactly what the list's own filter shows. */
export function serveOrgUnitExport(app: FastifyInstance, time_zone: string, extension: 'xlsx' | 'csv'): void {
  const media_type = extension === 'xlsx' ? XLSX_MEDIA_TYPE : CSV_MEDIA_TYPE
  app.get<{ Querystring: OrgUnitListQuery }>(
    `/api/v1/org-units/export.${extension}`,
    {
      config: { capability: 'registry:read', route_class: 'export' },
      schema: {
        operationId: extension === 'xlsx' ? 'exportOrgUnitsWorkbook' : 'exportOrgUnitsCsv',
        summary: `The filtered list of organisations as ${extension.toUpperCase()}`,
        tags: ['registry'],
        querystring: OrgUnitListQuery,
        response: {
          200: { content: { [media_type]: { schema: { type: 'string', format: 'binary' } } } },
          400: { $ref: 'ErrorBody#' },
          404: { $ref: 'ErrorBody#' },
        },
      },
    },
    async ({ query, scope, author }, reply) => {
      if (query.territory_id !== undefined) await requireAskableUnit(app.db, scope, query.territory_id)
      const view = await findRegistryView(app.db, { ...query, scope, time_zone })
      const units = await listOrgUnits(app.db, view, query, { limit: EXPORT_LIMIT, offset: 0 })
      await recordDisclosure(app.db, {
        by: author,
        category: 'export',
        action: 'org_unit.export',
        subject: `org_units ${view.day}`,
        org_unit_id: query.territory_id ?? null,
        detail: { extension, rows: units.length, known_at_change_set_no: view.known_at_change_set_no },
      })
      const table = orgUnitTable(view.day, view.known_at_change_set_no, units)
      const file = extension === 'xlsx' ? await writeWorkbook(table) : writeCsvTable(table)
      return reply
        .type(media_type)
        .header('content-disposition', `attachment; filename="org-units-${view.day}.${extension}"`)
        .send(Buffer.from(file))
    },
  )
}
