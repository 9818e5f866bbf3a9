import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { findRegistryView } from '../../db/find-registry-view.ts'
import { requireCoveredUnit } from '../../db/require-unit.ts'
import { formatPeriod } from '../../domain/periods.ts'
import {
  findStandpoint,
  placePeriod,
  type EvaluationRequest,
  type PlacedPeriod,
  type Standpoint,
} from '../../indicators/evaluation-context.ts'
import { judgeContextPlaces, listContextPlaces } from '../../indicators/place-judgements.ts'
import { summariseProviders } from '../../speed-verdicts/by-provider.ts'
import { judgeSilences } from '../../speed-verdicts/place-silence.ts'
import { listOrganisations, organisationViews } from './answers.ts'
import { listContracts } from './contracts.ts'
import { ContractParams, ContractQuery, INTERNET_VERDICT_SCHEMAS, InternetQuery, VerdictPageQuery } from './schemas.ts'
import { silentAnswer } from './silent.ts'

const DEFAULT_PAGE = 500
const config = { capability: 'internet:read' } as const

interface Placed extends PlacedPeriod {
  standpoint: Standpoint
  kind: 'month' | 'quarter'
}

/** A quarter when one is asked for, else the month that is shown at the standpoint. */
async function placeAt(app: FastifyInstance, request: EvaluationRequest): Promise<Placed> {
  const standpoint = await findStandpoint(app.db, request)
  const kind = standpoint.asked?.kind === 'quarter' ? 'quarter' : 'month'
  return { standpoint, kind, ...placePeriod(kind, standpoint) }
}

function headOf({ standpoint, period, is_running, context }: Placed) {
  const { territory, request, known_at_change_set_no } = standpoint
  return {
    ...{ territory, known_at_change_set_no, founder_kind: request.founder_kind ?? null, is_approved: false },
    period: { ...period, title: formatPeriod(period), is_running, as_of: context.as_of },
  }
}

function schemaOf(operationId: string, summary: string, answer: string, querystring: object = InternetQuery) {
  const refusals = { 400: { $ref: 'ErrorBody#' }, 404: { $ref: 'ErrorBody#' } }
  return {
    operationId,
    summary,
    tags: ['internet'],
    querystring,
    response: { 200: { $ref: `${answer}#` }, ...refusals },
  }
}

function serveContracts(app: FastifyInstance, time_zone: string): void {
  app.get<{ Params: ContractParams; Querystring: ContractQuery }>(
    '/api/v1/org-units/:id/connection-contracts',
    {
      config,
      schema: {
        ...schemaOf(
          'listConnectionContracts',
          'Contracts of a unit and its buildings, with the days on which two hold at once or none does',
          'ConnectionContractList',
          ContractQuery,
        ),
        params: ContractParams,
      },
    },
    async ({ params: { id }, query: { known_at }, scope }) => {
      await requireCoveredUnit(app.db, scope, id)
      const view = await findRegistryView(app.db, { scope, known_at, time_zone })
      const { known_at_change_set_no } = view
      return { known_at_change_set_no, ...(await listContracts(app.db, view, id)) }
    },
  )
}

/** Verdicts on the Internet of buildings: norm, contract, capacity and silence. */
export default fp<{ time_zone: string }>(
  (app, { time_zone }, done) => {
    for (const schema of INTERNET_VERDICT_SCHEMAS) app.addSchema(schema)
    app.get<{ Querystring: VerdictPageQuery }>(
      '/api/v1/internet/verdicts',
      {
        config,
        schema: schemaOf(
          'listInternetVerdicts',
          'Organisations with every building: norm, contract, measured, self-reported, capacity and silence apart',
          'InternetVerdicts',
          VerdictPageQuery,
        ),
      },
      async ({ query: { limit = DEFAULT_PAGE, offset = 0, ...query }, scope }) => {
        const placed = await placeAt(app, { ...query, scope, time_zone })
        const all = listOrganisations(await judgeContextPlaces(app.db, placed.context, placed.kind))
        const page = all.slice(offset, offset + limit)
        const places = page.flatMap((buildings) => buildings.map(({ place }) => place))
        const silences = await judgeSilences(app.db, places, placed.context)
        return { ...headOf(placed), organisations: all.length, rows: organisationViews(page, silences) }
      },
    )
    app.get<{ Querystring: InternetQuery }>(
      '/api/v1/internet/by-provider',
      {
        config,
        schema: schemaOf(
          'listInternetProviders',
          'Buildings by provider and technology of their contract, counted by verdict',
          'InternetByProvider',
        ),
      },
      async ({ query, scope }) => {
        const placed = await placeAt(app, { ...query, scope, time_zone })
        const judged = await judgeContextPlaces(app.db, placed.context, placed.kind)
        return { ...headOf(placed), rows: summariseProviders(judged) }
      },
    )
    app.get<{ Querystring: InternetQuery }>(
      '/api/v1/internet/silent',
      {
        config,
        schema: schemaOf(
          'listSilentBuildings',
          'Buildings that are not heard of, with the likely cause: a list to work through',
          'SilentBuildings',
        ),
      },
      async ({ query, scope }) => {
        const placed = await placeAt(app, { ...query, scope, time_zone })
        const places = await listContextPlaces(app.db, placed.context)
        const silences = await judgeSilences(app.db, places, placed.context)
        return { ...headOf(placed), ...silentAnswer(places, silences) }
      },
    )
    serveContracts(app, time_zone)
    done()
  },
  { name: 'internet-verdicts', dependencies: ['database', 'error-body', 'access', 'indicators'] },
)
