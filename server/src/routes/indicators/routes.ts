import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { recordDisclosure } from '../../db/record-disclosure.ts'
import { requireVisibleUnit } from '../../db/require-unit.ts'
import { CodedError } from '../../errors.ts'
import { CSV_MEDIA_TYPE, writeCsvTable } from '../../exports/csv.ts'
import { writeWorkbook, XLSX_MEDIA_TYPE } from '../../exports/workbook.ts'
import { evaluate } from '../../indicators/evaluate.ts'
import { findStandpoint, placeIndicator, type EvaluationRequest } from '../../indicators/evaluation-context.ts'
import { EXCLUSION_CODES, EXCLUSIONS } from '../../indicators/exclusions.ts'
import { readLineage } from '../../indicators/lineage.ts'
import { findIndicator, INDICATORS } from '../../indicators/list.ts'
import { withObjections } from '../../indicators/unit-objections.ts'
import { headOf } from './answers.ts'
import { indicatorTable } from './export-rows.ts'
import { overviewOf } from './overview.ts'
import { listFactsWithRecords } from './queries.ts'
import { FactsQuery, INDICATOR_SCHEMAS, IndicatorParams, LineageQuery, StandpointQuery } from './schemas.ts'

interface IndicatorOptions {
  time_zone: string
}

const DEFAULT_PAGE = 50

const refusals = { 400: { $ref: 'ErrorBody#' }, 404: { $ref: 'ErrorBody#' } }
const config = { capability: 'indicators:read' } as const
const tags = ['indicators']

async function placeAt(app: FastifyInstance, code: string, request: EvaluationRequest) {
  const indicator = findIndicator(code)
  if (indicator === undefined) {
    throw new CodedError('EDU_INDICATOR_NOT_FOUND', 'Такого показателя нет', {
      field: 'code',
      found: code,
      expected: INDICATORS.map((known) => known.code),
    })
  }
  const standpoint = await findStandpoint(app.db, request)
  return { standpoint, placed: placeIndicator(indicator, standpoint) }
}

function serveFigures(app: FastifyInstance, { time_zone }: IndicatorOptions): void {
  app.get(
    '/api/v1/indicators',
    {
      config,
      schema: {
        operationId: 'listIndicators',
        summary: 'The dictionary: wording, formula, source and rules of every indicator',
        tags,
        response: { 200: { $ref: 'IndicatorDictionary#' } },
      },
    },
    () => ({
      indicators: INDICATORS,
      exclusions: EXCLUSION_CODES.map((code) => ({ code, ...EXCLUSIONS[code] })),
    }),
  )
  app.get<{ Params: IndicatorParams; Querystring: StandpointQuery }>(
    '/api/v1/indicators/:code/values',
    {
      config,
      schema: {
        operationId: 'getIndicatorValues',
        summary: 'One indicator for a territory and for each unit right below it',
        tags,
        params: IndicatorParams,
        querystring: StandpointQuery,
        response: { 200: { $ref: 'IndicatorValues#' }, ...refusals },
      },
    },
    async ({ params, query, scope }) => {
      const { standpoint, placed } = await placeAt(app, params.code, { ...query, scope, time_zone })
      const evaluation = await evaluate(app.db, placed.indicator, placed.context)
      return { ...headOf(standpoint, placed), ...evaluation }
    },
  )
  app.get<{ Querystring: StandpointQuery }>(
    '/api/v1/sites/overview',
    {
      config,
      schema: {
        operationId: 'getSitesOverview',
        summary: 'All indicators of school sites for a territory and for each unit right below it',
        tags,
        querystring: StandpointQuery,
        response: { 200: { $ref: 'SitesOverview#' }, ...refusals },
      },
    },
    async ({ query, scope }) => overviewOf(app.db, await findStandpoint(app.db, { ...query, scope, time_zone })),
  )
}

function serveLineage(app: FastifyInstance, { time_zone }: IndicatorOptions): void {
  app.get<{ Params: IndicatorParams; Querystring: LineageQuery }>(
    '/api/v1/indicators/:code/lineage',
    {
      config,
      schema: {
        operationId: 'getIndicatorLineage',
        summary: 'Units behind a figure: in the numerator, in the denominator only, left out and why',
        tags,
        params: IndicatorParams,
        querystring: LineageQuery,
        response: { 200: { $ref: 'IndicatorLineage#' }, ...refusals },
      },
    },
    async ({ params, query, scope }) => {
      const { standpoint, placed } = await placeAt(app, params.code, { ...query, scope, time_zone })
      const page = { part: query.part, limit: query.limit ?? DEFAULT_PAGE, offset: query.offset ?? 0 }
      const lineage = await readLineage(app.db, placed.indicator, placed.context, page)
      const rows = await withObjections(app.db, placed.indicator, placed.context, lineage.rows)
      return { ...headOf(standpoint, placed), ...lineage, rows }
    },
  )
  app.get<{ Params: IndicatorParams; Querystring: FactsQuery }>(
    '/api/v1/indicators/:code/facts',
    {
      config,
      schema: {
        operationId: 'getIndicatorFacts',
        summary: "Facts behind one organisation's part of a figure, with source, change set and evidence",
        tags,
        params: IndicatorParams,
        querystring: FactsQuery,
        response: { 200: { $ref: 'IndicatorFacts#' }, ...refusals },
      },
    },
    async ({ params, query: { org_unit_id, ...query }, scope }) => {
      await requireVisibleUnit(app.db, scope, org_unit_id)
      const request = { ...query, territory_id: query.territory_id ?? org_unit_id, scope, time_zone }
      const { standpoint, placed } = await placeAt(app, params.code, request)
      const facts = await placed.indicator.facts(app.db, placed.context, org_unit_id)
      return { ...headOf(standpoint, placed), rows: await listFactsWithRecords(app.db, facts) }
    },
  )
}

function serveExport(app: FastifyInstance, { time_zone }: IndicatorOptions, extension: 'xlsx' | 'csv'): void {
  const media_type = extension === 'xlsx' ? XLSX_MEDIA_TYPE : CSV_MEDIA_TYPE
  app.get<{ Params: IndicatorParams; Querystring: StandpointQuery }>(
    `/api/v1/indicators/:code/export.${extension}`,
    {
      config: { ...config, route_class: 'export' },
      schema: {
        operationId: extension === 'xlsx' ? 'exportIndicatorWorkbook' : 'exportIndicatorCsv',
        summary: `The table of an indicator as ${extension.toUpperCase()}, marked as not approved`,
        tags,
        params: IndicatorParams,
        querystring: StandpointQuery,
        response: {
          200: { content: { [media_type]: { schema: { type: 'string', format: 'binary' } } } },
          ...refusals,
        },
      },
    },
    async ({ params, query, scope, author }, reply) => {
      const { standpoint, placed } = await placeAt(app, params.code, { ...query, scope, time_zone })
      await recordDisclosure(app.db, {
        by: author,
        category: 'export',
        action: 'indicator.export',
        subject: `indicator ${params.code}`,
        org_unit_id: standpoint.territory.org_unit_id,
        detail: { extension, period: placed.period.code },
      })
      const table = indicatorTable(standpoint, placed, await evaluate(app.db, placed.indicator, placed.context))
      const file = extension === 'xlsx' ? await writeWorkbook(table) : writeCsvTable(table)
      const name = `${params.code}-${standpoint.territory.org_unit_id}-${placed.period.code}.${extension}`
      return reply
        .type(media_type)
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(Buffer.from(file))
    },
  )
}

/** Indicators: dictionary, figures, the way from a figure to its facts, and files. */
export default fp<IndicatorOptions>(
  (app, options, done) => {
    for (const schema of INDICATOR_SCHEMAS) app.addSchema(schema)
    serveFigures(app, options)
    serveLineage(app, options)
    serveExport(app, options, 'xlsx')
    serveExport(app, options, 'csv')
    done()
  },
  { name: 'indicators', dependencies: ['database', 'error-body', 'access'] },
)
