import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  PingHour,
  SpeedBatch,
  SpeedTest,
  TicketRequest,
  type AgentPlan,
  type SpeedBatchAnswer,
  type SpeedRejectionCode,
} from '@edumon/server/contract'
import Value from 'typebox/value'

export const TOKEN = 'edu_school_test'
export const BUILDING = 7

type Row = SpeedTest | PingHour

export const makePlan = (tests_at: readonly string[], changes: Partial<AgentPlan> = {}): AgentPlan => ({
  issued_at: new Date().toISOString(),
  buildings: [{ org_unit_id: BUILDING, name: 'Корпус 1', tests_at: [...tests_at], low_below_kbps: null }],
  ping_interval_s: 3600,
  retest_after_s: { from: 300, to: 1500 },
  late_limit_s: 900,
  ...changes,
})

/** What a request gets instead of its answer: a status with headers and body, or a line that breaks after the work. */
export type Spoiled = { status: number; headers?: Record<string, string>; body?: string } | 'hang_up' | null

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return chunks.length === 0 ? null : JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

/** The routes of the API that a school's agent needs, on real HTTP; every row is held against the contract's schemas. */
export class SchoolServer {
  plan: AgentPlan = makePlan([])
  measurement_url = 'ws://127.0.0.1:1'
  spoil: (path: string) => Spoiled = () => null
  rejectRow: (row: Row) => SpeedRejectionCode | null = () => null
  /** Milliseconds since the epoch. */
  now: () => number = Date.now
  /** Rows by id, in the order that they first came. */
  readonly kept = new Map<string, string>()
  readonly tests: SpeedTest[] = []
  readonly pings: PingHour[] = []
  readonly tickets: string[] = []
  readonly requests: string[] = []
  /** Ids that came again with another content: must stay 0. */
  reused = 0
  #server: Server | null = null
  #port = 0

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  #keepRow(list: 'tests' | 'pings', index: number, row: unknown, answer: SpeedBatchAnswer): void {
    const schema = list === 'tests' ? SpeedTest : PingHour
    const reject = (code: SpeedRejectionCode) =>
      answer.rejected.push({ list, index, id: null, code, message: 'for the test' })
    if (!Value.Check(schema, row)) {
      reject('EDU_ROW_INVALID')
      return
    }
    const refusal = this.rejectRow(row)
    if (refusal !== null) {
      reject(refusal)
      return
    }
    const content = JSON.stringify(row)
    const before = this.kept.get(row.id)
    if (before !== undefined) {
      answer.duplicate += 1
      if (before !== content) this.reused += 1
      return
    }
    this.kept.set(row.id, content)
    if (Value.Check(SpeedTest, row)) this.tests.push(row)
    else this.pings.push(row)
    answer.accepted += 1
  }

  #work(path: string, body: unknown): unknown {
    if (path === '/api/v1/health') return { status: 'ok', uptime_s: 1 }
    if (path === '/api/v1/agent/plan') return this.plan
    if (path === '/api/v1/speed-tickets') {
      Value.Assert(TicketRequest, body)
      const ticket_id = randomUUID()
      this.tickets.push(ticket_id)
      const expires_at = new Date(this.now() + 60_000).toISOString()
      return { ticket_id, access_token: ticket_id, server_url: this.measurement_url, expires_at }
    }
    Value.Assert(SpeedBatch, body)
    const batch: SpeedBatch = body
    const answer: SpeedBatchAnswer = { accepted: 0, duplicate: 0, rejected: [] }
    for (const [index, row] of batch.tests.entries()) this.#keepRow('tests', index, row, answer)
    for (const [index, row] of batch.pings.entries()) this.#keepRow('pings', index, row, answer)
    return answer
  }

  async #answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    this.requests.push(path)
    const body = await readBody(request)
    reply.setHeader('date', new Date(this.now()).toUTCString())
    const spoiled = this.spoil(path)
    if (spoiled !== null && spoiled !== 'hang_up') {
      reply.writeHead(spoiled.status, spoiled.headers).end(spoiled.body)
      return
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      reply.writeHead(401, { 'content-type': 'application/json' }).end('{"code":"EDU_UNAUTHENTICATED"}')
      return
    }
    const value = this.#work(path, body)
    if (spoiled === 'hang_up') request.socket.destroy()
    else reply.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }

  /** Begins to listen; a second time on the port of the first, as after an outage. */
  async start(): Promise<void> {
    const server = createServer((request, reply) => {
      this.#answer(request, reply).catch((error: unknown) => {
        reply
          .writeHead(400, { 'content-type': 'application/json' })
          .end(`{"code":"EDU_TEST","message":"${String(error)}"}`)
      })
    })
    await new Promise<void>((done) => server.listen(this.#port, '127.0.0.1', done))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (server === null) return
    this.#server = null
    await new Promise<void>((done) => {
      server.close(() => done())
      server.closeAllConnections()
    })
  }
}
