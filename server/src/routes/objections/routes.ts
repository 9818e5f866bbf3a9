import type { FastifyInstance, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { findRegistryView } from '../../db/find-registry-view.ts'
import { readWebsiteRules, readWorkingDays } from '../../db/reference-files.ts'
import { requireCoveredUnit } from '../../db/require-unit.ts'
import { CodedError } from '../../errors.ts'
import type { FileTerm } from '../../files/attached-files.ts'
import { CLASS_LIMITS } from '../../limits/route-class.ts'
import { decideObjection } from '../../objections/decide-objection.ts'
import { listObjections, type ObjectionView } from '../../objections/list-objections.ts'
import { findObjectionEvidence } from '../../objections/objection-evidence.ts'
import { openObjection, type ObjectionTerms } from '../../objections/open-objection.ts'
import { discloseFile } from './file-disclosure.ts'
import {
  DecisionEntry,
  OBJECTION_SCHEMAS,
  ObjectionEntry,
  ObjectionListQuery,
  ObjectionParams,
  ObjectionQuery,
  UnitParams,
} from './schemas.ts'

const PATH = '/api/v1/org-units/:id/objections'
const DEFAULT_LIMIT = 200
const TAGS = ['objections']

/** Files come from users: whatever a browser makes of the bytes, they run nothing; each opening is asked of us anew. */
const FILE_HEADERS = {
  'content-security-policy': 'sandbox',
  'x-content-type-options': 'nosniff',
  'cache-control': 'private, no-store',
} as const

function answers(status: number, name: string, ...refusals: number[]) {
  return {
    [status]: { $ref: `${name}#` },
    ...Object.fromEntries([400, 404, ...refusals].map((code) => [code, { $ref: 'ErrorBody#' }])),
  }
}

type Asker = Pick<FastifyRequest, 'scope' | 'subject'>
type ViewFinder = (asker: Asker, known_at: string | undefined) => Promise<ObjectionView>

function serveReads(app: FastifyInstance, findView: ViewFinder): void {
  const rules = readWebsiteRules()
  app.get<{ Querystring: ObjectionListQuery }>(
    '/api/v1/objections',
    {
      config: { capability: 'objections:read' },
      schema: {
        operationId: 'listObjections',
        summary: 'Objections to findings: undecided ones by term, then the newest decisions',
        tags: TAGS,
        querystring: ObjectionListQuery,
        response: answers(200, 'ObjectionList'),
      },
    },
    async ({ query: { known_at, ...filter }, scope, subject }) => {
      const view = await findView({ scope, subject }, known_at)
      const rows = await listObjections(app.db, view, { ...filter, limit: filter.limit ?? DEFAULT_LIMIT })
      return { known_at_change_set_no: view.known_at_change_set_no, rows }
    },
  )
  app.get<{ Params: ObjectionParams; Querystring: ObjectionQuery }>(
    `${PATH}/:objection_id`,
    {
      config: { capability: 'objections:read' },
      schema: {
        operationId: 'getObjection',
        summary: 'One objection, with what was found before it and by its recheck',
        tags: TAGS,
        params: ObjectionParams,
        querystring: ObjectionQuery,
        response: answers(200, 'ObjectionCard'),
      },
    },
    async ({ params: { id: org_unit_id, objection_id }, query, scope, subject }) => {
      const view = await findView({ scope, subject }, query.known_at)
      const [objection] = await listObjections(app.db, view, { org_unit_id, objection_id, limit: 1 })
      if (objection === undefined) {
        throw new CodedError('EDU_OBJECTION_NOT_FOUND', 'Такого обращения нет', { objection_id })
      }
      const { subsection, seen_measurement_id, recheck } = objection
      const place = { org_unit_id, subsection }
      const [before, after] = await Promise.all([
        findObjectionEvidence(app.db, { ...place, measurement_id: seen_measurement_id }, rules),
        findObjectionEvidence(app.db, { ...place, measurement_id: recheck?.measurement_id ?? null }, rules),
      ])
      return { known_at_change_set_no: view.known_at_change_set_no, objection, before, after }
    },
  )
}

function serveCommands(app: FastifyInstance, terms: ObjectionTerms): void {
  app.post<{ Params: UnitParams; Body: ObjectionEntry }>(
    PATH,
    {
      config: { capability: 'objections:open', route_class: 'upload' },
      // A file within JSON: all of it is parsed at once, so it may not be as large as a file alone.
      bodyLimit: CLASS_LIMITS.write.body_bytes,
      schema: {
        operationId: 'openObjection',
        summary: 'Dispute a finding of a site, which queues a recheck, or ask to mute it for a time',
        tags: TAGS,
        params: UnitParams,
        body: { $ref: 'ObjectionEntry#' },
        response: answers(201, 'ObjectionOpened', 409),
      },
    },
    async ({ params: { id: org_unit_id }, body, scope, author }, reply) => {
      await requireCoveredUnit(app.db, scope, org_unit_id)
      const opening = { author, now: new Date() }
      return reply.code(201).send(await openObjection(app.db, { ...body, org_unit_id }, opening, terms))
    },
  )
  app.post<{ Params: ObjectionParams; Body: DecisionEntry }>(
    `${PATH}/:objection_id/decision`,
    {
      config: { capability: 'objections:decide' },
      schema: {
        operationId: 'decideObjection',
        summary: 'Grant or reject an objection; who opened it does not decide it',
        tags: TAGS,
        params: ObjectionParams,
        body: { $ref: 'DecisionEntry#' },
        response: answers(200, 'DecisionAnswer', 409),
      },
    },
    async ({ params: { id: org_unit_id, objection_id }, body, scope, author }) => {
      await requireCoveredUnit(app.db, scope, org_unit_id)
      const deciding = { author, now: new Date(), time_zone: terms.time_zone }
      return decideObjection(app.db, { org_unit_id, objection_id }, body, deciding)
    },
  )
}

function serveFile(app: FastifyInstance, term: FileTerm): void {
  const file = { schema: { type: 'string', format: 'binary' } }
  app.get<{ Params: ObjectionParams }>(
    `${PATH}/:objection_id/file`,
    {
      config: { capability: 'pictures:read' },
      schema: {
        operationId: 'getObjectionFile',
        summary: 'The file that was sent with an objection, while it is kept; that it was shown is written down',
        tags: TAGS,
        params: ObjectionParams,
        response: {
          200: { content: { 'application/pdf': file, 'image/png': file, 'image/jpeg': file } },
          ...{ 400: { $ref: 'ErrorBody#' }, 404: { $ref: 'ErrorBody#' }, 410: { $ref: 'ErrorBody#' } },
        },
      },
    },
    async ({ params, scope, author }, reply) => {
      const found = await discloseFile(app.db, params, scope, { author, term })
      if (found === null) throw new CodedError('EDU_OBJECTION_NOT_FOUND', 'Файла у этого обращения нет', params)
      const name = encodeURIComponent(found.name).replaceAll("'", '%27')
      return reply
        .headers({ ...FILE_HEADERS, 'content-disposition': `attachment; filename*=UTF-8''${name}` })
        .type(found.media_type)
        .send(found.bytes)
    },
  )
}

/** Objections to findings of sites: disputes and mutes, their files and decisions. */
export default fp<FileTerm & { objection_term_days: number }>(
  (app, { time_zone, objection_term_days, file_term_days }, done) => {
    for (const schema of OBJECTION_SCHEMAS) app.addSchema(schema)
    const terms = { calendar: readWorkingDays(), term_working_days: objection_term_days, time_zone }
    serveReads(app, async ({ scope, subject }, known_at) => ({
      ...(await findRegistryView(app.db, { scope, known_at, time_zone })),
      ...{ calendar: terms.calendar, time_zone, file_term_days },
      ...{ user_id: subject.kind === 'person' ? subject.user_id : null },
    }))
    serveCommands(app, terms)
    serveFile(app, { time_zone, file_term_days })
    done()
  },
  { name: 'objections', dependencies: ['database', 'error-body', 'access'] },
)
