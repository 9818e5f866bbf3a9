import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { subjectKey } from '../../access/subject.ts'
import type { Config } from '../../config.ts'
import {
  MeasurementRecord,
  RecordedDirection,
  RecordBatch,
  RecordBatchAnswer,
  Ticket,
  TicketKey,
  TicketRequest,
} from '../../contract/index.ts'
import { requireCoveredUnit } from '../../db/require-unit.ts'
import { CodedError } from '../../errors.ts'
import { issueTicket, type TicketTerms } from '../../speed-tickets/issue-ticket.ts'
import { listPlaces } from '../../speed-tickets/list-places.ts'
import { requireSchoolCode } from '../../speed-tickets/school-code.ts'
import { storeRecords } from '../../speed-tickets/store-records.ts'
import { findPublicKey } from '../../speed-tickets/ticket-key.ts'
import { BrowserTicketRequest, PlacesRequest, SchoolPlaces } from './schemas.ts'

type Settings = Pick<Config, 'measurement' | 'time_zone'>

const SCHEMAS = [
  ...[TicketRequest, Ticket, TicketKey, RecordedDirection, MeasurementRecord, RecordBatch, RecordBatchAnswer],
  ...[PlacesRequest, SchoolPlaces, BrowserTicketRequest],
]
const error = { $ref: 'ErrorBody#' }
const tags = ['speed tests']

function termsOf({ measurement }: Settings): TicketTerms {
  return { server_url: measurement.url, tests_per_network: measurement.tests_per_network }
}

function serveAgents(app: FastifyInstance, settings: Settings): void {
  app.post<{ Body: TicketRequest }>(
    '/api/v1/speed-tickets',
    {
      config: { capability: 'speed:submit' },
      schema: {
        operationId: 'issueSpeedTicket',
        summary: 'Leave for one speed test of a building of the own school',
        tags,
        body: { $ref: 'TicketRequest#' },
        response: { 200: { $ref: 'Ticket#' }, 400: error, 404: error, 429: error },
      },
    },
    async ({ body: { org_unit_id }, subject, scope, ip }) => {
      await requireCoveredUnit(app.db, scope, org_unit_id)
      const wish = { org_unit_id, method: 'agent', remote_address: ip, issued_to: subjectKey(subject) ?? '' } as const
      return issueTicket(app.db, wish, termsOf(settings))
    },
  )
}

/** What a page in a browser asks for that has a school's code and nothing else. */
function serveBrowsers(app: FastifyInstance, settings: Settings): void {
  const config = { capability: 'public', route_class: 'sign_in' } as const
  const { time_zone } = settings
  app.post<{ Body: PlacesRequest }>(
    '/api/v1/speed-tickets/browser/places',
    {
      config,
      schema: {
        operationId: 'listTestPlaces',
        summary: 'Buildings that a school code may test',
        tags,
        body: { $ref: 'PlacesRequest#' },
        response: { 200: { $ref: 'SchoolPlaces#' }, 400: error, 404: error, 429: error },
      },
    },
    async ({ body: { code }, author }) => {
      const org_unit_id = await requireSchoolCode(app.db, code, author)
      const school = await listPlaces(app.db, { org_unit_id, time_zone })
      if (school.places.length > 0) return school
      throw new CodedError('EDU_SCHOOL_CODE_UNKNOWN', 'Школа с этим кодом закрыта', { field: 'code' })
    },
  )
  app.post<{ Body: BrowserTicketRequest }>(
    '/api/v1/speed-tickets/browser',
    {
      config,
      schema: {
        operationId: 'issueBrowserTicket',
        summary: 'Leave for one speed test in a browser, by school code',
        tags,
        body: { $ref: 'BrowserTicketRequest#' },
        response: { 200: { $ref: 'Ticket#' }, 400: error, 404: error, 429: error },
      },
    },
    async ({ body: { code, org_unit_id }, author, ip }) => {
      const school_id = await requireSchoolCode(app.db, code, author)
      const { places } = await listPlaces(app.db, { org_unit_id: school_id, time_zone })
      if (!places.some((place) => place.org_unit_id === org_unit_id)) {
        throw new CodedError('EDU_ORG_UNIT_NOT_FOUND', 'У школы нет такого здания', { field: 'org_unit_id' })
      }
      const issued_to = `school code of ${school_id}`
      return issueTicket(app.db, { org_unit_id, method: 'browser', remote_address: ip, issued_to }, termsOf(settings))
    },
  )
}

function serveMeasurementServers(app: FastifyInstance): void {
  const config = { capability: 'speed:record' } as const
  app.get(
    '/api/v1/speed-tickets/key',
    {
      config,
      schema: {
        operationId: 'getTicketKey',
        summary: 'The public key that tickets are told by',
        tags,
        response: { 200: { $ref: 'TicketKey#' } },
      },
    },
    () => findPublicKey(app.db),
  )
  app.post<{ Body: RecordBatch }>(
    '/api/v1/measurement-records',
    {
      config: { ...config, route_class: 'collect' },
      schema: {
        operationId: 'submitMeasurementRecords',
        summary: 'Hand in what a measurement server saw of tests',
        tags,
        body: { $ref: 'RecordBatch#' },
        response: { 200: { $ref: 'RecordBatchAnswer#' }, 400: error },
      },
    },
    ({ body: { records }, author }) => storeRecords(app.db, records, author),
  )
}

/** Leave for speed tests, and the measurement server's side of them. */
export default fp<Settings>(
  (app, settings, done) => {
    for (const schema of SCHEMAS) app.addSchema(schema)
    serveAgents(app, settings)
    serveBrowsers(app, settings)
    serveMeasurementServers(app)
    done()
  },
  { name: 'speed-tickets', dependencies: ['database', 'error-body', 'access'] },
)
