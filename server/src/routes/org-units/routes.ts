import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type Type from 'typebox'
import type { ReadExecutor } from '../../db/executor.ts'
import { findRegistryView } from '../../db/find-registry-view.ts'
import { writeListAnswer } from '../../db/json-rows.ts'
import type { RegistryView } from '../../db/registry-as-known.ts'
import { requireCoveredUnit } from '../../db/require-unit.ts'
import { isDay } from '../../domain/region-day.ts'
import { CodedError } from '../../errors.ts'
import {
  findChildIds,
  listAncestors,
  listStatuses,
  listSuccessions,
  listTargets,
  listVersions,
} from './card-queries.ts'
import { insertStatus, insertSuccession } from './edits.ts'
import { serveOrgUnitExport } from './export-routes.ts'
import { listOrgUnits, readOrgUnits } from './list-queries.ts'
import {
  ORG_UNIT_KINDS,
  ORG_UNIT_SCHEMAS,
  OrgUnitListQuery,
  OrgUnitParams,
  RegistryViewQuery,
  type StatusEntry,
  type SuccessionEntry,
} from './schemas.ts'
import { listTerritories } from './territory-queries.ts'

interface OrgUnitOptions {
  time_zone: string
}

type ViewQuery = Type.Static<typeof RegistryViewQuery>
type Params = Type.Static<typeof OrgUnitParams>

const LIST_LIMIT = 5000
const ALL_KINDS = [...ORG_UNIT_KINDS]

function serveLists(app: FastifyInstance, { time_zone }: OrgUnitOptions): void {
  app.get<{ Querystring: OrgUnitListQuery }>(
    '/api/v1/org-units',
    {
      config: { capability: 'registry:read' },
      schema: {
        operationId: 'listOrgUnits',
        summary: 'Organisations, branches, buildings and territories of a day, as known on a moment',
        tags: ['registry'],
        querystring: OrgUnitListQuery,
        response: { 200: { $ref: 'OrgUnitList#' }, 400: { $ref: 'ErrorBody#' } },
      },
    },
    async ({ query, scope }) => {
      const view = await findRegistryView(app.db, { ...query, scope, time_zone })
      const page = { limit: query.limit ?? LIST_LIMIT, offset: query.offset ?? 0 }
      const { total, list } = await readOrgUnits(app.db, view, query, page)
      const { day, known_at_change_set_no } = view
      return writeListAnswer({ day, known_at_change_set_no, total }, list)
    },
  )
  app.get<{ Querystring: ViewQuery }>(
    '/api/v1/territories',
    {
      config: { capability: 'registry:read' },
      schema: {
        operationId: 'listTerritories',
        summary: 'The region, its municipalities and city districts of a day',
        tags: ['registry'],
        querystring: RegistryViewQuery,
        response: { 200: { $ref: 'TerritoryList#' }, 400: { $ref: 'ErrorBody#' } },
      },
    },
    async ({ query, scope }) => {
      const view = await findRegistryView(app.db, { ...query, scope, time_zone })
      const rows = await listTerritories(app.db, view)
      return { day: view.day, known_at_change_set_no: view.known_at_change_set_no, rows }
    },
  )
}

/** One unit with everything that its card shows. @throws EDU_ORG_UNIT_NOT_FOUND */
async function readCard(db: ReadExecutor, view: RegistryView, id: number) {
  const everything = { kind: ALL_KINDS, with_closed: true }
  const page = { limit: 10_000, offset: 0 }
  const [unit] = await listOrgUnits(db, view, { ...everything, org_unit_ids: [id] }, page)
  if (unit === undefined) {
    throw new CodedError('EDU_ORG_UNIT_NOT_FOUND', 'На этот день такая организация не известна', {
      org_unit_id: id,
    })
  }
  const child_ids = unit.kind === 'organisation' || unit.kind === 'branch' ? await findChildIds(db, view, id) : []
  return {
    day: view.day,
    known_at_change_set_no: view.known_at_change_set_no,
    unit,
    ancestors: await listAncestors(db, view, id),
    children: await listOrgUnits(db, view, { ...everything, org_unit_ids: child_ids }, page),
    targets: await listTargets(db, view, id),
    versions: await listVersions(db, view, id),
    statuses: await listStatuses(db, view, id),
    successions: await listSuccessions(db, view, id),
  }
}

function serveCard(app: FastifyInstance, { time_zone }: OrgUnitOptions): void {
  app.get<{ Querystring: ViewQuery; Params: Params }>(
    '/api/v1/org-units/:id',
    {
      config: { capability: 'registry:read' },
      schema: {
        operationId: 'getOrgUnit',
        summary: 'One unit of a day with its history, sites, branches and buildings',
        tags: ['registry'],
        params: OrgUnitParams,
        querystring: RegistryViewQuery,
        response: { 200: { $ref: 'OrgUnitCard#' }, 400: { $ref: 'ErrorBody#' }, 404: { $ref: 'ErrorBody#' } },
      },
    },
    async ({ query, params: { id }, scope }) => {
      const view = await findRegistryView(app.db, { ...query, scope, time_zone })
      // Several small reads: one connection for all of them, so that they wait for one only once.
      return app.db.connection().execute((db) => readCard(db, view, id))
    },
  )
}

function requireDays(days: Record<string, string | null>): void {
  for (const [field, day] of Object.entries(days)) {
    if (day !== null && !isDay(day)) {
      throw new CodedError('EDU_PERIOD_INVALID', 'Такого дня нет', { field, found: day, expected: 'ГГГГ-ММ-ДД' })
    }
  }
}

function serveEdits(app: FastifyInstance): void {
  const answers = { 201: { $ref: 'EditAnswer#' }, 400: { $ref: 'ErrorBody#' }, 404: { $ref: 'ErrorBody#' } }
  app.post<{ Body: StatusEntry; Params: Params }>(
    '/api/v1/org-units/:id/statuses',
    {
      config: { capability: 'registry:write' },
      schema: {
        operationId: 'addOrgUnitStatus',
        summary: 'Record a dated state with its order: capital repair, holidays, quarantine',
        tags: ['registry'],
        params: OrgUnitParams,
        body: { $ref: 'StatusEntry#' },
        response: answers,
      },
    },
    async ({ body, params, author, scope }, reply) => {
      await requireCoveredUnit(app.db, scope, params.id)
      requireDays({ valid_from: body.valid_from, valid_to: body.valid_to })
      if (body.valid_to !== null && body.valid_to < body.valid_from) {
        const place = { field: 'valid_to', found: body.valid_to, expected: `не раньше ${body.valid_from}` }
        throw new CodedError('EDU_PERIOD_INVALID', 'Последний день раньше первого', place)
      }
      const edit = { org_unit_id: params.id, by: author, entry: body }
      return reply.code(201).send({ change_set_no: await insertStatus(app.db, edit) })
    },
  )
  app.post<{ Body: SuccessionEntry; Params: Params }>(
    '/api/v1/org-units/:id/successions',
    {
      config: { capability: 'registry:write' },
      schema: {
        operationId: 'addOrgUnitSuccession',
        summary: 'Record that a unit went on as another: merger, split, renaming',
        description:
          'Links the two units in their histories and does nothing else: facts stay with the unit they were measured ' +
          'of, sites are not handed over, and the predecessor is not closed. Close it by the state "closed" or by an ' +
          "import of the registry, and bring the successor's addresses in by an import.",
        tags: ['registry'],
        params: OrgUnitParams,
        body: { $ref: 'SuccessionEntry#' },
        response: answers,
      },
    },
    async ({ body, params, author, scope }, reply) => {
      await requireCoveredUnit(app.db, scope, params.id)
      await requireCoveredUnit(app.db, scope, body.successor_id)
      requireDays({ effective_on: body.effective_on })
      if (body.successor_id === params.id) {
        throw new CodedError('EDU_BAD_REQUEST', 'Организация не может наследовать самой себе', {
          field: 'successor_id',
        })
      }
      const edit = { org_unit_id: params.id, by: author, entry: body }
      return reply.code(201).send({ change_set_no: await insertSuccession(app.db, edit) })
    },
  )
}

/** The registry: units of a day as known on a moment, their history, and entries that people make. */
export default fp<OrgUnitOptions>(
  (app, options, done) => {
    for (const schema of ORG_UNIT_SCHEMAS) app.addSchema(schema)
    serveLists(app, options)
    serveCard(app, options)
    serveOrgUnitExport(app, options.time_zone, 'xlsx')
    serveOrgUnitExport(app, options.time_zone, 'csv')
    serveEdits(app)
    done()
  },
  { name: 'org-units', dependencies: ['database', 'error-body', 'access'] },
)
