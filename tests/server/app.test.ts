import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../../server/src/app.ts'
import { createTestApp, type TestApp } from '../setup/test-app.ts'

let test: TestApp
beforeAll(async () => (test = await createTestApp()))
afterAll(() => test.close())

const local = { host: 'localhost:8080' }

interface OpenApi {
  paths: Record<string, Record<string, { operationId?: string; summary?: string; tags?: string[]; responses?: object }>>
  components: { schemas: Record<string, unknown> }
}

describe('GET /api/v1/openapi.json', () => {
  it('describes every route completely, with named schemas', async () => {
    const document = (await test.app.inject({ url: '/api/v1/openapi.json', headers: local })).json<OpenApi>()
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, operation })),
    )
    const incomplete = operations.filter(
      ({ operation: { operationId, summary, tags, responses } }) =>
        operationId === undefined || summary === undefined || tags === undefined || responses === undefined,
    )
    expect(incomplete.map(({ name }) => name)).toEqual([])
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(Object.keys(document.components.schemas).filter((name) => /^(def|schema)-/.test(name))).toEqual([])
  })
})

describe('access', () => {
  it('takes no route that declares no capability', async () => {
    const app = await buildApp(test.config, { application_url: test.database.application_url })
    expect(() => app.get('/bare', () => 'x')).toThrow('/bare declares no capability')
    await app.close()
  })
})

describe('an address that is not there', () => {
  it('gets the one error body', async () => {
    const answer = await test.app.inject({ url: '/api/v1/nothing', headers: local })
    expect(answer.statusCode).toBe(404)
    expect(answer.json()).toMatchObject({ code: 'EDU_NOT_FOUND' })
  })
})

describe('GET /metrics', () => {
  it('counts requests by route', async () => {
    await test.app.inject({ url: '/api/v1/health', headers: local })
    const { body } = await test.app.inject({ url: '/metrics', headers: local })
    expect(body).toMatch(/edumon_http_request_duration_seconds_count\{[^}]*route="\/api\/v1\/health"[^}]*\} \d+/)
  })
})
