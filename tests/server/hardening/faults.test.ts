import { connect } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertRegionPerson, type TestPerson } from '../../factories/people.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'
import { startServer, waitUntilReady, type ServerProcess } from './server-process.ts'

let database: TestDatabase
let server: ServerProcess
let signedIn: TestPerson['headers']
beforeAll(async () => {
  database = await createTestDatabase()
  signedIn = (await insertRegionPerson(database.db)).headers
  server = await startServer({ DATABASE_URL: database.application_url })
  await waitUntilReady(server)
})
afterAll(async () => {
  server.child.kill('SIGTERM')
  await server.ended
  await database.drop()
})

const LEAKS = /node_modules|\.ts:\d+|\bat .+\(|SELECT|INSERT|relation "|edumon-test|postgres:\/\//i

async function askAsOwner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.owner_url })
  await client.connect()
  await client.query(statement)
  await client.end()
}

interface Answer {
  status: number
  body: { code: string; request_id: string }
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${server.url}${path}`, init)
  const text = await answer.text()
  expect(text).not.toMatch(LEAKS)
  return { status: answer.status, body: JSON.parse(text) as Answer['body'] }
}

/** Sends bytes that are no request that a client would make. */
function sendRaw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.end(bytes))
    let received = ''
    socket.on('data', (part) => (received += part.toString()))
    socket.on('close', () => resolve(received))
    socket.on('error', reject)
  })
}

describe('a fault of ours', () => {
  it('is answered without a word of how it came, and is found in the log by the request', async () => {
    await askAsOwner('ALTER TABLE import RENAME TO import_away')
    const { status, body } = await ask('/api/v1/imports', { headers: signedIn })
    await askAsOwner('ALTER TABLE import_away RENAME TO import')
    expect(status).toBe(500)
    expect(body).toEqual({ code: 'EDU_INTERNAL', message: expect.any(String) as string, request_id: body.request_id })
    await expect
      .poll(() => server.lines().filter((line) => line['request_id'] === body.request_id))
      .toEqual([
        expect.objectContaining({
          msg: 'request failed',
          err: expect.objectContaining({ type: 'error', code: '42P01' }) as object,
        }),
        expect.objectContaining({
          msg: 'request finished',
          method: 'GET',
          route: '/api/v1/imports',
          status: 500,
          duration_ms: expect.any(Number) as number,
          subject: expect.stringMatching(/^user \d+$/) as string,
        }),
      ])
  })

  it('is said to be one of the database when that is away', async () => {
    const name = new URL(database.owner_url).pathname.slice(1)
    const admin = new URL(database.owner_url)
    admin.pathname = '/postgres'
    const client = new pg.Client({ connectionString: admin.href })
    await client.connect()
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`)
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
    const { status, body } = await ask('/api/v1/imports', { headers: signedIn })
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`)
    await client.end()
    expect(status).toBe(503)
    expect(body.code).toBe('EDU_DATABASE_UNAVAILABLE')
    await waitUntilReady(server)
  })
})

describe('a request that cannot be read', () => {
  it.each([
    ['an address that is no text', '/api/v1/org-units/%zz'],
    ['a parameter that is far too long', `/api/v1/org-units/${'9'.repeat(300)}`],
  ])('gets the one error body: %s', async (_name, path) => {
    const { status, body } = await ask(path)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
    expect(body).toMatchObject({
      code: expect.stringMatching(/^EDU_/) as string,
      request_id: expect.any(String) as string,
    })
  })

  it.each([
    ['no HTTP', 'GARBAGE\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`, 431],
  ])('gets the one error body even if it is %s', async (_name, bytes, status) => {
    const received = await sendRaw(bytes)
    expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(JSON.parse(received.slice(received.indexOf('\r\n\r\n')))).toMatchObject({ code: 'EDU_BAD_REQUEST' })
  })
})

describe('the log of a process', () => {
  it('holds no secret that a request carries', async () => {
    const secrets = { authorization: 'Bearer edu_abcdefghijklmnop', cookie: 'edumon_session=qrstuvwxyz' }
    await ask('/api/v1/nothing', { headers: secrets })
    await ask('/api/v1/leases', { method: 'POST', headers: secrets, body: 'password=swordfish' })
    await expect.poll(() => server.lines().filter((line) => line['route'] === '/api/v1/leases')).toHaveLength(1)
    expect(server.output()).not.toMatch(/abcdefghijklmnop|qrstuvwxyz|swordfish|edumon-test/)
  })

  it('holds no password when the database cannot be reached at the start', async () => {
    const away = new URL(database.application_url)
    away.password = 'open-sesame'
    // Nobody's role: a server that trusts whoever connects would not ask for the password.
    away.username = 'edumon_nobody'
    const wrong = await startServer({ DATABASE_URL: away.href })
    expect(await wrong.ended).toBe(1)
    away.port = '1'
    const closed = await startServer({ DATABASE_URL: away.href })
    expect(await closed.ended).toBe(1)
    const bad = await startServer({ DATABASE_URL: away.href.replace('postgres', 'mysql') })
    expect(await bad.ended).toBe(1)
    for (const { output, lines } of [wrong, closed, bad]) {
      expect(lines().at(-1)).toMatchObject({ level: 60, msg: 'the API did not start' })
      expect(output()).not.toContain('open-sesame')
    }
  })
})
