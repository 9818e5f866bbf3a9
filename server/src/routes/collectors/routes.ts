import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Subject } from '../../access/subject.ts'
import type { Config } from '../../config.ts'
import {
  Batch,
  BatchAnswer,
  CollectorHealth,
  CollectorIdentity,
  Lease,
  LeaseAnswer,
  LeaseRequest,
  LeaseReturn,
  LeaseReturnAnswer,
  SiteAudit,
  SiteCheck,
  WitnessReport,
  type WorkKind,
} from '../../contract/index.ts'
import { readWorkingDays } from '../../db/reference-files.ts'
import { requireCoveredUnit } from '../../db/require-unit.ts'
import { CodedError } from '../../errors.ts'
import { ingestBatch } from '../../ingest/ingest-batch.ts'
import { leaseWork } from './leases.ts'
import { returnLeases } from './return-leases.ts'
import { findCollection } from './queries.ts'
import { findRecheckProgress } from './recheck-progress.ts'
import { queueRecheck } from './recheck.ts'
import {
  CheckSchedule,
  CollectorRow,
  CollectorsOverview,
  CollectorsQuery,
  RecheckAnswer,
  RecheckParams,
  RecheckProgress,
  WorkQueue,
} from './schemas.ts'

type Settings = Pick<Config, 'accept_days' | 'allow_modelled' | 'schedule' | 'time_zone' | 'vantages'>

const DEFAULT_WINDOW_HOURS = 1
const SCHEMAS = [
  ...[CollectorIdentity, Lease, LeaseRequest, LeaseAnswer, WitnessReport, CollectorHealth, Batch, BatchAnswer],
  ...[LeaseReturn, LeaseReturnAnswer],
  ...[SiteCheck, SiteAudit, CollectorRow, WorkQueue, CheckSchedule, CollectorsOverview, RecheckAnswer, RecheckProgress],
]

/** A token speaks for one collector at one vantage. @throws EDU_FORBIDDEN for another one's name */
function requireOwnCollector(subject: Subject, claimed: CollectorIdentity): void {
  const own = subject.kind === 'program' ? subject.collector : null
  if (own?.name === claimed.name && own.vantage === claimed.vantage) return
  const message = `Токен выдан коллектору ${own?.name ?? '—'} (${own?.vantage ?? '—'})`
  throw new CodedError('EDU_FORBIDDEN', message, { field: 'collector', found: `${claimed.name} (${claimed.vantage})` })
}

/** A token is for some kinds of work: what meets hostile sites reads no spreadsheets. @throws EDU_FORBIDDEN */
function requireOwnWork(subject: Subject, kinds: readonly WorkKind[]): void {
  const own = subject.kind === 'program' ? (subject.collector?.work_kinds ?? []) : []
  const found = kinds.filter((kind) => !own.includes(kind))
  if (found.length === 0) return
  throw new CodedError('EDU_FORBIDDEN', 'Токен выдан для других работ', { field: 'kinds', found, expected: own })
}

function serveWork(app: FastifyInstance, settings: Settings): void {
  const ingestSettings = { ...settings, calendar: readWorkingDays() }
  app.post<{ Body: LeaseRequest }>(
    '/api/v1/leases',
    {
      config: { capability: 'collect' },
      schema: {
        operationId: 'leaseWork',
        summary: 'Take due work for a collector',
        tags: ['collection'],
        body: { $ref: 'LeaseRequest#' },
        response: { 200: { $ref: 'LeaseAnswer#' }, 400: { $ref: 'ErrorBody#' }, 503: { $ref: 'ErrorBody#' } },
      },
    },
    ({ body, subject }) => {
      requireOwnCollector(subject, body.collector)
      requireOwnWork(subject, body.kinds)
      return leaseWork(app.db, body, { lease_s: settings.schedule.lease_s, time_zone: settings.time_zone })
    },
  )
  app.post<{ Body: Batch }>(
    '/api/v1/measurements',
    {
      config: { capability: 'collect', judges_own_texts: true },
      schema: {
        operationId: 'submitMeasurements',
        summary: 'Hand in up to 1,000 measurements (SiteCheck or SiteAudit); an empty batch is a heartbeat',
        tags: ['collection'],
        body: { $ref: 'Batch#' },
        response: {
          200: { $ref: 'BatchAnswer#' },
          400: { $ref: 'ErrorBody#' },
          403: { $ref: 'ErrorBody#' },
          413: { $ref: 'ErrorBody#' },
          503: { $ref: 'ErrorBody#' },
        },
      },
    },
    async ({ body, subject, author }) => {
      requireOwnCollector(subject, body.collector)
      if (body.provenance === 'modelled' && !settings.allow_modelled) {
        throw new CodedError('EDU_FORBIDDEN', 'Смоделированные данные принимает только демонстрация')
      }
      const answer = await ingestBatch(app.db, body, ingestSettings, author)
      app.countIngested(answer)
      return answer
    },
  )
}

function serveReturns(app: FastifyInstance): void {
  app.post<{ Body: LeaseReturn }>(
    '/api/v1/leases/return',
    {
      config: { capability: 'collect' },
      schema: {
        operationId: 'returnLeases',
        summary: 'Hand back leased work that will not be done; leases of others stay as they are',
        tags: ['collection'],
        body: { $ref: 'LeaseReturn#' },
        response: { 200: { $ref: 'LeaseReturnAnswer#' }, 400: { $ref: 'ErrorBody#' }, 503: { $ref: 'ErrorBody#' } },
      },
    },
    async ({ body, subject }) => {
      requireOwnCollector(subject, body.collector)
      return { returned: await returnLeases(app.db, body) }
    },
  )
}

function serveOverview(app: FastifyInstance, settings: Settings): void {
  app.get<{ Querystring: CollectorsQuery }>(
    '/api/v1/collectors',
    {
      config: { capability: 'collectors:read' },
      schema: {
        operationId: 'listCollectors',
        summary: 'How collectors fare: expected and received, last report, queues, schedule',
        tags: ['collection'],
        querystring: CollectorsQuery,
        response: { 200: { $ref: 'CollectorsOverview#' }, 400: { $ref: 'ErrorBody#' } },
      },
    },
    async ({ query, scope }) => {
      const window_hours = query.window_hours ?? DEFAULT_WINDOW_HOURS
      return {
        seen_at: new Date().toISOString(),
        window_hours,
        schedule: { ...settings.schedule, vantages: settings.vantages },
        ...(await findCollection(app.db, { scope, window_hours })),
      }
    },
  )
}

function serveRechecks(app: FastifyInstance): void {
  const path = '/api/v1/targets/:org_unit_id/:target_id/recheck'
  app.post<{ Params: RecheckParams }>(
    path,
    {
      config: { capability: 'sites:recheck' },
      schema: {
        operationId: 'recheckTarget',
        summary: 'Check a site now',
        tags: ['sites'],
        params: RecheckParams,
        response: { 200: { $ref: 'RecheckAnswer#' }, 404: { $ref: 'ErrorBody#' }, 429: { $ref: 'ErrorBody#' } },
      },
    },
    async ({ params, author, scope }) => {
      await requireCoveredUnit(app.db, scope, params.org_unit_id)
      return { queued: await queueRecheck(app.db, { ...params, by: author }) }
    },
  )
  app.get<{ Params: RecheckParams }>(
    path,
    {
      config: { capability: 'sites:recheck' },
      schema: {
        operationId: 'getRecheckProgress',
        summary: 'Whether checks of a site are queued or running, and what the newest ones said',
        tags: ['sites'],
        params: RecheckParams,
        response: { 200: { $ref: 'RecheckProgress#' }, 404: { $ref: 'ErrorBody#' } },
      },
    },
    async ({ params, scope }) => {
      await requireCoveredUnit(app.db, scope, params.org_unit_id)
      return findRecheckProgress(app.db, params)
    },
  )
}

/** What collectors speak with, and what people see of collectors. */
export default fp<Settings>(
  (app, settings, done) => {
    for (const schema of SCHEMAS) app.addSchema(schema)
    serveWork(app, settings)
    serveReturns(app)
    serveOverview(app, settings)
    serveRechecks(app)
    done()
  },
  { name: 'collectors', dependencies: ['database', 'error-body', 'metrics'] },
)
