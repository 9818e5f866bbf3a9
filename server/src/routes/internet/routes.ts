import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import Type from 'typebox'
import { OrgUnitId } from '../../contract/index.ts'
import type { AccessScope } from '../../db/access-scope.ts'
import { findRegistryView } from '../../db/find-registry-view.ts'
import { readInternetRules } from '../../db/reference-files.ts'
import { requireCoveredUnit } from '../../db/require-unit.ts'
import { parseInstant } from '../../domain/instant.ts'
import { internetRuleOn, SETTLEMENT_KINDS, type InternetRule } from '../../domain/internet-rules.ts'
import {
  countOf,
  quantileOf,
  RELATIVE_ERROR,
  barsOf,
  lowerEdgeOf,
  type LogHistogram,
} from '../../domain/log-histogram.ts'
import { parsePeriod, periodOf, type Period } from '../../domain/periods.ts'
import { CodedError } from '../../errors.ts'
import { describeBuildings } from './describe-buildings.ts'
import { listFilteredPlaces } from './filter-places.ts'
import { INTERNET_SCHEMAS, KnownAtQuery, SpeedSumsQuery, SpeedTestsQuery } from './schemas.ts'
import { listPlaces, listTests } from './school-queries.ts'
import { readBySettlement, readByWeekHour, type SpeedView } from './speed-sums.ts'

interface Settings {
  time_zone: string
}

const OrgUnitParams = Type.Object({ id: OrgUnitId })
const DEFAULT_LIMIT = 100
const KINDS_SHOWN = [...SETTLEMENT_KINDS, 'unknown'] as const

function answers(name: string) {
  return { 200: { $ref: `${name}#` }, 400: { $ref: 'ErrorBody#' }, 404: { $ref: 'ErrorBody#' } }
}

/** @throws EDU_PERIOD_INVALID for a code that names none */
function readPeriod(code: string | undefined, day: string): Period {
  const period = code === undefined ? periodOf('month', day) : parsePeriod(code)
  if (period === null) {
    throw new CodedError('EDU_PERIOD_INVALID', 'Такого периода нет', { field: 'period', found: code })
  }
  return period
}

function describe(settlement_kind: (typeof KINDS_SHOWN)[number], histogram: LogHistogram, { norm }: InternetRule) {
  const norm_kbps = settlement_kind === 'unknown' ? null : norm.kbps[settlement_kind]
  const rounded = (quantile: number): number | null => {
    const value = quantileOf(histogram, quantile)
    return value === null ? null : Math.round(value)
  }
  const fromNorm = norm_kbps === null ? null : [...histogram].filter(([bin]) => lowerEdgeOf(bin) >= norm_kbps)
  return {
    settlement_kind,
    norm_kbps,
    tests: countOf(histogram),
    at_norm: fromNorm === null ? null : countOf(new Map(fromNorm)),
    p10_kbps: rounded(0.1),
    median_kbps: rounded(0.5),
    p90_kbps: rounded(0.9),
    bars: barsOf(histogram).map(({ from, to, count }) => ({ from_kbps: from, to_kbps: to, tests: count })),
  }
}

function serveSums(app: FastifyInstance, { time_zone }: Settings): void {
  const rules = readInternetRules()
  const findView = async (query: SpeedSumsQuery, scope: AccessScope): Promise<SpeedView> => {
    const { known_at, territory_id, settlement, provider, technology } = query
    const today = await findRegistryView(app.db, { scope, known_at, time_zone })
    const period = readPeriod(query.period, today.day)
    const view = { ...today, known_at, territory_id, period }
    // Structure and contracts are those that the verdicts of the period rest on.
    const onDay = { ...view, day: period.last_day < today.day ? period.last_day : today.day }
    return { ...view, place_ids: await listFilteredPlaces(app.db, onDay, { settlement, provider, technology }) }
  }
  app.get<{ Querystring: SpeedSumsQuery }>(
    '/api/v1/internet/distribution',
    {
      config: { capability: 'internet:read' },
      schema: {
        operationId: 'getInternetDistribution',
        summary: 'Downloads of valid tests by kind of settlement, beside the norm of each',
        tags: ['internet'],
        querystring: SpeedSumsQuery,
        response: answers('SpeedDistribution'),
      },
    },
    async ({ query, scope }) => {
      const view = await findView(query, scope)
      const histograms = await readBySettlement(app.db, view)
      const rule = internetRuleOn(view.period.last_day, rules)
      return {
        known_at_change_set_no: view.known_at_change_set_no,
        period: view.period.code,
        relative_error: RELATIVE_ERROR,
        rows: KINDS_SHOWN.map((kind) => describe(kind, histograms.get(kind) ?? new Map<number, number>(), rule)),
      }
    },
  )
  app.get<{ Querystring: SpeedSumsQuery }>(
    '/api/v1/internet/heatmap',
    {
      config: { capability: 'internet:read' },
      schema: {
        operationId: 'getInternetHeatmap',
        summary: 'Median download and number of valid tests by hour and weekday',
        tags: ['internet'],
        querystring: SpeedSumsQuery,
        response: answers('SpeedHeatmap'),
      },
    },
    async ({ query, scope }) => {
      const view = await findView(query, scope)
      const rows = await readByWeekHour(app.db, view)
      return {
        known_at_change_set_no: view.known_at_change_set_no,
        period: view.period.code,
        relative_error: RELATIVE_ERROR,
        rows: rows.map(({ histogram, ...hour }) => ({
          ...hour,
          tests: countOf(histogram),
          median_kbps: Math.round(quantileOf(histogram, 0.5) ?? 0),
        })),
      }
    },
  )
}

/** Reads `next_before` of the page before. @throws EDU_BAD_REQUEST for a time that does not exist */
function readPage(before: string | undefined): { tested_at: string; test_id: string } | undefined {
  if (before === undefined) return undefined
  const [tested_at = '', test_id = ''] = before.split('_')
  if (parseInstant(tested_at) === null) {
    throw new CodedError('EDU_BAD_REQUEST', 'Такой страницы нет', { field: 'before', found: before })
  }
  return { tested_at, test_id }
}

function serveSchool(app: FastifyInstance, { time_zone }: Settings): void {
  app.get<{ Params: { id: number }; Querystring: SpeedTestsQuery }>(
    '/api/v1/org-units/:id/speed-tests',
    {
      config: { capability: 'internet:read' },
      schema: {
        operationId: 'listSpeedTests',
        summary: "Tests of a school's buildings: validity, surroundings, both sides",
        tags: ['internet'],
        params: OrgUnitParams,
        querystring: SpeedTestsQuery,
        response: answers('SpeedTestList'),
      },
    },
    async ({ params: { id }, query, scope }) => {
      const { known_at, building_id, validity, limit = DEFAULT_LIMIT } = query
      const view = await findRegistryView(app.db, { scope, known_at, time_zone })
      await requireCoveredUnit(app.db, scope, id)
      const places = await listPlaces(app.db, view, id)
      const org_unit_ids = places
        .map(({ org_unit_id }) => org_unit_id)
        .filter((place) => building_id === undefined || place === building_id)
      const selection = { org_unit_ids, validity, before: readPage(query.before), limit: limit + 1 }
      const found = await listTests(app.db, view, selection)
      const rows = found.slice(0, limit)
      const last = found.length > limit ? rows.at(-1) : undefined
      return {
        known_at_change_set_no: view.known_at_change_set_no,
        rows,
        next_before: last === undefined ? null : `${last.tested_at}_${last.test_id}`,
      }
    },
  )
  app.get<{ Params: { id: number }; Querystring: KnownAtQuery }>(
    '/api/v1/org-units/:id/internet',
    {
      config: { capability: 'internet:read' },
      schema: {
        operationId: 'getOrgUnitInternet',
        summary: 'Internet of a school by building: newest tests, and what the tests of 30 days are good for',
        tags: ['internet'],
        params: OrgUnitParams,
        querystring: KnownAtQuery,
        response: answers('OrgUnitInternet'),
      },
    },
    async ({ params: { id: org_unit_id }, query: { known_at }, scope }) => {
      const view = { ...(await findRegistryView(app.db, { scope, known_at, time_zone })), known_at }
      await requireCoveredUnit(app.db, scope, org_unit_id)
      const buildings = await describeBuildings(app.db, view, org_unit_id)
      return { known_at_change_set_no: view.known_at_change_set_no, org_unit_id, buildings }
    },
  )
}

/** What people see of the Internet at schools, as measured. */
export default fp<Settings>(
  (app, settings, done) => {
    for (const schema of INTERNET_SCHEMAS) app.addSchema(schema)
    serveSums(app, settings)
    serveSchool(app, settings)
    done()
  },
  { name: 'internet', dependencies: ['database', 'error-body', 'speed-tests'] },
)
