import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { issueMeasurementToken } from '../../../server/src/access/own-programs.ts'
import { NDT7_SUBPROTOCOL } from '../../../server/src/measurement-server/ndt7.ts'
import { issueTicket } from '../../../server/src/speed-tickets/issue-ticket.ts'
import { RIGHTS_SINCE } from '../../factories/people.ts'
import { inChange, insertUnit } from '../../factories/registry.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

const ROOT = join(import.meta.dirname, '../../..')
const SERVER_URL = 'ws://measure.example'

let test: TestApp
let api: Server
let program: ChildProcess
let port: number
let org_unit_id: number
/** Posts of records that are left without an answer, as by an API that is down. */
let silences = 2

/** Passes requests on to the real API, and is silent now and then. */
function serveApi(): Server {
  return createServer((request, response) => {
    if (request.method === 'POST' && silences > 0) {
      silences -= 1
      response.destroy()
      return
    }
    void text(request).then(async (payload) => {
      const { method, url = '/', headers } = request
      const asked = { method: method === 'POST' ? 'POST' : 'GET', url, headers } as const
      const answer = await test.app.inject(method === 'POST' ? { ...asked, payload } : asked)
      response.writeHead(answer.statusCode, { 'content-type': 'application/json' }).end(answer.body)
    })
  })
}

beforeAll(async () => {
  test = await createTestApp()
  const { db } = test.database
  const region = await inChange(db, (change) => insertUnit(change, { kind: 'region', name: 'Область' }))
  org_unit_id = region.org_unit_id
  api = serveApi().listen(0, '127.0.0.1')
  await once(api, 'listening')
  program = spawn(process.execPath, ['server/src/measurement-server/main.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      EDUMON_API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
      EDUMON_MEASUREMENT_PORT: '0',
      EDUMON_MEASUREMENT_URL: SERVER_URL,
      EDUMON_TOKEN: await issueMeasurementToken(db, 'test', RIGHTS_SINCE),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (program.stdout === null) throw new Error('no output')
  const [line] = (await once(createInterface({ input: program.stdout }), 'line')) as [string]
  port = (JSON.parse(line) as { port: number }).port
})
afterAll(async () => {
  if (program.exitCode === null) {
    program.kill('SIGTERM')
    await once(program, 'exit')
  }
  api.closeAllConnections()
  api.close()
  await test.close()
})

async function download(access_token: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ndt/v7/download?access_token=${access_token}`, NDT7_SUBPROTOCOL)
  await once(socket, 'message')
  return socket
}

const wish = (remote_address: string) =>
  ({ org_unit_id, method: 'agent', remote_address, issued_to: 'token 1' }) as const
const terms = { server_url: SERVER_URL, tests_per_network: 1 }
const listRecords = () =>
  test.database.db.selectFrom('measurement_record').select(['ticket_id', 'download_end']).execute()

describe('the measurement server’s process', () => {
  it('tells the API’s tickets, and hands in what it saw once the API answers again', async () => {
    const { ticket_id, access_token } = await issueTicket(test.database.db, wish('203.0.113.1'), terms)
    const socket = await download(access_token)
    socket.close(1000)
    await expect.poll(listRecords, { timeout: 20_000 }).toEqual([{ ticket_id, download_end: 'closed_early' }])
    expect(silences).toBe(0)
  })

  it('hands in the tests that it cuts when it is told to stop', async () => {
    const { ticket_id, access_token } = await issueTicket(test.database.db, wish('203.0.113.2'), terms)
    await download(access_token)
    program.kill('SIGTERM')
    expect(await once(program, 'exit')).toEqual([0, null])
    expect(await listRecords()).toContainEqual({ ticket_id, download_end: 'broken' })
  })
})
