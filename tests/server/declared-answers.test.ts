import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { SiteCertificate } from '../../server/src/contract/site-check.ts'
import { issueOwnToken } from '../../server/src/access/own-programs.ts'
import { findRegionId } from '../../server/src/access/users.ts'
import { fillEveryTable } from '../factories/fill-every-table.ts'
import { createIntakeClient, type IntakeClient } from '../factories/intake-client.ts'
import { RIGHTS_SINCE } from '../factories/people.ts'
import { makeCheck } from '../factories/school-sites.ts'
import { makeAllDue, TestCollector } from '../factories/test-collector.ts'
import { listOperations, type ApiDocument, type Operation, type Schema } from './fuzz/api-document.ts'
import { createJudge } from './fuzz/judge-answer.ts'

/** Answers whose lists may be empty here, each with the reason. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set([
  // Nothing of theirs is asked for: the caller stands in nobody's stead.
  'listTasks',
])

const CERTIFICATE: SiteCertificate = {
  ...{ issuer: 'CN=Test', subject: 'CN=school.example', fingerprint_sha256: 'c'.repeat(64) },
  ...{ not_before: '2026-01-01T00:00:00Z', not_after: '2027-01-01T00:00:00Z' },
  ...{ name_matches: true, chain_trusted: false, trust_store: null, chain_fault: 'CERT_UNTRUSTED' },
}

/** Bytes of a file, for the collector that leased it. */
const LEASED_FILE = 'getLeasedFile'

/** What programs of one kind alone may read. */
const READ_BY = { getAgentPlan: 'school', getTicketKey: 'measurement' } as const

let client: IntakeClient
let document: ApiDocument
let values: Record<string, string>
const programs: Record<string, { authorization: string }> = {}
beforeAll(async () => {
  client = await createIntakeClient()
  await fillEveryTable(client)
  await showCertificate()
  document = client.app.swagger() as unknown as ApiDocument
  values = await findValues()
  const { db } = client.database
  const jurisdiction = { org_unit_id: await findRegionId(db), founder_kinds: null }
  for (const [operation, kind] of Object.entries(READ_BY)) {
    const purpose = { kind, label: kind, collector: null, jurisdiction } as const
    programs[operation] = { authorization: `Bearer ${await issueOwnToken(db, purpose, RIGHTS_SINCE)}` }
  }
})
afterAll(() => client.close())

/** A check that ends in an answer by TLS: no list of certificates is filled otherwise. */
async function showCertificate(): Promise<void> {
  await makeAllDue(client.database.db)
  const collector = new TestCollector(client.app)
  const leases = await collector.lease()
  await collector.submit(leases.map((lease) => makeCheck(lease, null, { certificate: CERTIFICATE })))
}

/** Ids of what the filled database has, by the names that paths and queries give them. */
async function findValues(): Promise<Record<string, string>> {
  const { db } = client.database
  const objection = await db.selectFrom('objection').selectAll().executeTakeFirstOrThrow()
  const { org_unit_id, objection_id, target_id } = objection
  const { evidence_id } = await db
    .selectFrom('site_evidence')
    .where('org_unit_id', '=', org_unit_id)
    .select('evidence_id')
    .executeTakeFirstOrThrow()
  const { incident_id } = await db.selectFrom('incident').select('incident_id').executeTakeFirstOrThrow()
  const missing = await db.selectFrom('import_missing').select('import_id').executeTakeFirstOrThrow()
  return {
    ...{ org_unit_id: `${org_unit_id}`, evidence_id, target_id, objection_id, incident_id: `${incident_id}` },
    ...{ code: 'working_sites', territory_id: `${await findRegionId(db)}`, import_id: `${missing.import_id}` },
    known_at: await findKnownMoment(),
  }
}

/** A moment at which all that was recorded is known: times of change sets may be ahead of the clock by a little. */
async function findKnownMoment(): Promise<string> {
  const { latest } = await client.database.db
    .selectFrom('change_set')
    .select((eb) => eb.fn.max('recorded_at').as('latest'))
    .executeTakeFirstOrThrow()
  await vi.waitUntil(() => Date.now() > latest.getTime())
  return latest.toISOString()
}

/** The value of a parameter of a path or query; `id` says whose by the path. */
function valueOf(name: string, path: string): string {
  const value = values[name === 'id' ? (path.includes('/imports/') ? 'import_id' : 'org_unit_id') : name]
  if (value === undefined) throw new Error(`${path}: no value for ${name}`)
  return value
}

/** An object whose fields are listed has no others: what is written past the serialiser could show more than it may. */
function closeObjects(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closeObjects)
  if (typeof schema !== 'object' || schema === null) return schema
  const closed = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, closeObjects(part)]))
  const { properties, additionalProperties } = schema as Schema
  const isList = typeof properties === 'object' && additionalProperties === undefined && 'type' in schema
  return isList ? { ...closed, additionalProperties: false } : closed
}

function listReads(): Operation[] {
  return listOperations(document).filter(
    ({ method, name, responses }) =>
      method === 'GET' && name !== LEASED_FILE && responses.get(200)?.media_type === 'application/json',
  )
}

/** Each read as it is asked without filters, and of those that know it, as known on an instant. */
function urlsOf({ path, parameters }: Operation): string[] {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => valueOf(name, path))
  const asked = parameters.filter((parameter) => parameter.in === 'query' && parameter.required === true)
  const known = parameters.some(({ name }) => name === 'known_at') ? [['known_at']] : []
  return [[], ...known].map((more) => {
    const names = [...asked.map(({ name }) => name), ...more]
    return `${filled}?${new URLSearchParams(names.map((name) => [name, valueOf(name, path)])).toString()}`
  })
}

/** Lists of the answer that show nothing. */
function findEmptyLists(body: unknown): string[] {
  const lists = Object.entries(body as object).filter(([, part]) => Array.isArray(part) && part.length === 0)
  return lists.map(([name]) => name)
}

describe('every answer that reads', () => {
  it('is as its schema declares, field by field and with none more, on a database with rows in every table', async () => {
    const judge = createJudge(closeObjects(document) as ApiDocument)
    const faults: Record<string, unknown> = {}
    const empty: Record<string, string[]> = {}
    const reads = listReads()
    for (const operation of reads) {
      for (const url of urlsOf(operation)) {
        const headers = { host: 'localhost', ...programs[operation.name] }
        const answer = await client.app.inject({ url, headers })
        const { statusCode: status, rawPayload: body } = answer
        const media_type = String(answer.headers['content-type'])
        const fault = status === 200 ? judge(operation, { status, media_type, body }) : `${status} ${answer.body}`
        if (fault !== null) faults[url] = fault
        else if (!MAY_BE_EMPTY.has(operation.name) && findEmptyLists(answer.json()).includes('rows'))
          empty[url] = findEmptyLists(answer.json())
      }
    }
    expect(faults).toEqual({})
    expect(empty).toEqual({})
    expect(reads.length).toBeGreaterThan(25)
  })

  it('would be found with a field too many, too few, or of another type', () => {
    const judge = createJudge(closeObjects(document) as ApiDocument)
    const operation = listReads().find(({ name }) => name === 'listTerritories')
    if (operation === undefined) throw new Error('no such operation')
    const whole = { known_at_change_set_no: 1, day: '2026-11-21', rows: [] }
    const judged = (body: object) =>
      judge(operation, { status: 200, media_type: 'application/json', body: Buffer.from(JSON.stringify(body)) })
    expect(judged({ ...whole, secret: randomUUID() })).toContain('must NOT have additional properties')
    expect(judged({ ...whole, day: undefined })).toContain('must have required property')
    expect(judged({ ...whole, rows: null })).toContain('must be array')
  })
})
