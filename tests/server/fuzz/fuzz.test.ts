import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../../server/src/access/roles.ts'
import { readConfig } from '../../../server/src/config.ts'
import type { Jurisdiction } from '../../../server/src/db/access-scope.ts'
import { loadReference } from '../../../server/src/db/load-reference.ts'
import { collectorHeaders, insertPerson } from '../../factories/people.ts'
import { COLLECTOR_ROUTES, createTestApp, type TestApp } from '../../setup/test-app.ts'
import type { ApiDocument, Operation } from './api-document.ts'
import { fuzzApi } from './fuzz-api.ts'

const minutes = Number(process.env['EDUMON_FUZZ_MINUTES'] ?? '0')
const time_ms = minutes > 0 ? minutes * 60_000 : 20_000
const seed = Number(process.env['EDUMON_FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const NO_LIMIT = 10_000_000

let test: TestApp
let url: string
beforeAll(async () => {
  const { limits } = readConfig({})
  const rates = Object.fromEntries(Object.keys(limits.rates).map((name) => [name, NO_LIMIT])) as typeof limits.rates
  test = await createTestApp({ limits: { ...limits, rates, address_rate: NO_LIMIT, pressure_delay_ms: 0 } })
  await loadReference(test.database.db, { vantages: ['local'], today: '2026-11-21' })
  url = await test.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => test.close())

/** Requests until somebody new asks: they may have signed the last one out or taken away what he may do. */
const REQUESTS_OF_ONE = 4
/** Units that one person answers for. */
const HELD_UNITS = 3

/** Who asks: the roles of somebody, and the units that they are held in. */
interface Who {
  roles: readonly Role[]
  kind: 'region' | 'municipality'
  founder_kinds: Jurisdiction['founder_kinds']
}
const ALL: Who = {
  roles: ['ministry_analyst', 'institute_staff', 'administrator'],
  kind: 'region',
  founder_kinds: null,
}
const SCOPED: Who = { roles: ['municipal_specialist'], kind: 'municipality', founder_kinds: ['municipal'] }

/** Signs in for each request: the token of a collector on collectors' routes, otherwise somebody. */
function signInAnew(who: Who): (operation: Operation) => Promise<Record<string, string>> {
  const { db } = test.database
  const { roles, kind, founder_kinds } = who
  const renew = async (no: number) => {
    await db.updateTable('setting').set({ value: '[]' }).where('name', '=', 'second_factor_roles').execute()
    const units = db.selectFrom('org_unit').select('org_unit_id').where('kind', '=', kind).orderBy('org_unit_id')
    const held = await units.limit(HELD_UNITS).execute()
    const grants = held.flatMap(({ org_unit_id }) => roles.map((role) => ({ role, org_unit_id, founder_kinds })))
    const person = await insertPerson(db, grants)
    return { person: person.headers, collector: await collectorHeaders(db, { name: `test-${no}`, vantage: 'local' }) }
  }
  let requests = 0
  let current = renew(0)
  return async ({ path }) => {
    requests += 1
    if (requests % REQUESTS_OF_ONE === 0) current = renew(requests)
    const { person, collector } = await current
    return COLLECTOR_ROUTES.test(path) ? collector : person
  }
}

describe('every route', () => {
  it.each([
    ['nobody', time_ms / 4, null],
    ['a municipal specialist', time_ms / 2, SCOPED],
    ['somebody who may do everything', time_ms, ALL],
  ])(
    'answers whatever comes of %s with no fault of ours, in the one error body or as it declares',
    async (_name, time_ms, who) => {
      const document = test.app.swagger() as unknown as ApiDocument
      console.log(`fuzzing for ${time_ms / 1000} s with seed ${seed}`)
      const authenticate = who === null ? () => Promise.resolve({}) : signInAnew(who)
      const report = await fuzzApi({ url, document, seed, time_ms, authenticate })
      const statuses = [...report.answers].map(
        ([name, counts]) => `${name} ${[...counts].map(([status, count]) => `${status}×${count}`).join(' ')}`,
      )
      console.log(`${report.requests} requests\n${statuses.join('\n')}`)
      expect(report.faults).toEqual([])
      const operations = Object.values(document.paths).flatMap((methods) => Object.keys(methods)).length
      expect(report.answers.size).toBe(operations)
    },
    120_000 + time_ms * 2,
  )
})

describe('the fuzzer', () => {
  it('finds a fault, another error body and an answer unlike its schema', async () => {
    const answers = [
      [500, '{}'],
      [404, '{"error":"x"}'],
      [200, '{"status":5}'],
      [201, '{}'],
    ] as const
    let no = 0
    const server = createServer((_request, reply) => {
      const [status, body] = answers[no++ % answers.length] ?? [200, '']
      reply.writeHead(status, { 'content-type': 'application/json' }).end(body)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const schema = { type: 'object', properties: { status: { type: 'string' } } }
    const document: ApiDocument = {
      paths: {
        '/x': { get: { operationId: 'x', responses: { 200: { content: { 'application/json': { schema } } } } } },
      },
      components: { schemas: {} },
    }
    const broken = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const report = await fuzzApi({
      url: broken,
      document,
      seed: 1,
      time_ms: 1,
      authenticate: () => Promise.resolve({}),
    })
    server.close()
    expect(report.faults.map(({ fault }) => fault).sort()).toEqual([
      '201 is not declared',
      '500: {}',
      'an answer unlike its schema: data/status must be string',
      'no error body: {"error":"x"}',
    ])
  })
})
