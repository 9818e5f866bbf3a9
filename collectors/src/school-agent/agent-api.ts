import type {
  AgentPlan,
  SpeedBatch,
  SpeedBatchAnswer,
  SpeedCause,
  Ticket,
  TicketRequest,
} from '@edumon/server/contract'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { classifyStreamError, SpeedFailure } from '../speedtest/failure.ts'
import { openConnection, type Way } from '../speedtest/open-connection.ts'
import { readRetryAfter } from '../speedtest/upgrade.ts'

/** An answer of the API by what the agent has to do about it. */
export type AgentAnswer<T> =
  | { ok: true; value: T }
  /** The way to the server is broken; the cause is what a test would say. */
  | { ok: false; problem: 'unreachable'; cause: SpeedCause; detail: string }
  /** The server, or something before it, cannot now. */
  | { ok: false; problem: 'later'; retry_after_s: number | null; detail: string }
  /** It does not know us. */
  | { ok: false; problem: 'refused'; detail: string }
  /** It will never take this. */
  | { ok: false; problem: 'unreadable'; detail: string }

export interface AgentApi {
  ping: () => Promise<AgentAnswer<unknown>>
  getPlan: () => Promise<AgentAnswer<AgentPlan>>
  getTicket: (body: TicketRequest) => Promise<AgentAnswer<Ticket>>
  submit: (batch: SpeedBatch) => Promise<AgentAnswer<SpeedBatchAnswer>>
}

export interface AgentApiOptions {
  server: URL
  token: string
  way: Way
  user_agent: string
  /** Called with the time that each answer of the API bears, milliseconds since the epoch. */
  onTime: (server_ms: number) => void
}

const ANSWER_LIMIT_MS = 60_000
const ANSWER_MAX_BYTES = 4_194_304

interface Answer {
  status: number
  headers: IncomingMessage['headers']
  body: Buffer
}

async function readBody(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > ANSWER_MAX_BYTES)
      throw new SpeedFailure('other', `the answer is larger than ${ANSWER_MAX_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** One request on a connection of its own. Rejects with a SpeedFailure. */
async function ask(options: AgentApiOptions, method: 'GET' | 'POST', path: string, body: unknown): Promise<Answer> {
  const url = new URL(path, options.server)
  const { socket } = await openConnection(url, options.way)
  const text = body === undefined ? null : JSON.stringify(body)
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new SpeedFailure('connection_timed_out', `no answer within ${ANSWER_LIMIT_MS} ms`))
      }, ANSWER_LIMIT_MS)
      const fail = (error: unknown) => {
        clearTimeout(timer)
        const detail = error instanceof Error ? error.message : String(error)
        reject(
          error instanceof SpeedFailure
            ? error
            : new SpeedFailure(classifyStreamError(error), detail, { cause: error }),
        )
      }
      const asked = httpRequest({
        createConnection: () => socket,
        method,
        path: `${url.pathname}${url.search}`,
        headers: {
          host: url.host,
          'user-agent': options.user_agent,
          authorization: `Bearer ${options.token}`,
          ...(text === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      })
      asked.on('error', fail)
      asked.on('response', (answer) => {
        readBody(answer).then((bytes) => {
          clearTimeout(timer)
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: bytes })
        }, fail)
      })
      asked.end(text ?? undefined)
    })
  } finally {
    socket.destroy()
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object'
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

/**
 * Judges an answer by its status, if it is our server's: each of its errors has a code. A filter's page, whatever its
 * status, says nothing about us.
 */
function judge<T>({ status, headers, body }: Answer, isExpected: (value: unknown) => value is T): AgentAnswer<T> {
  const value = parse(body)
  const detail = `HTTP ${status} ${body.toString('utf8').slice(0, 300)}`
  if (status >= 200 && status < 300 && isExpected(value)) return { ok: true, value }
  const isOurs = isRecord(value) && typeof value['code'] === 'string'
  const later = { ok: false, problem: 'later', retry_after_s: readRetryAfter(headers['retry-after']), detail } as const
  if (!isOurs || status >= 500 || [408, 425, 429].includes(status)) return later
  if (status === 401 || status === 403) return { ok: false, problem: 'refused', detail }
  return status >= 400 ? { ok: false, problem: 'unreadable', detail } : later
}

const isPlan = (value: unknown): value is AgentPlan => isRecord(value) && Array.isArray(value['buildings'])
const isTicket = (value: unknown): value is Ticket => isRecord(value) && typeof value['access_token'] === 'string'
const isBatchAnswer = (value: unknown): value is SpeedBatchAnswer =>
  isRecord(value) && typeof value['accepted'] === 'number' && Array.isArray(value['rejected'])

/** Talks to the API for one school. Failures are answers with a problem, never exceptions. */
export function createAgentApi(options: AgentApiOptions): AgentApi {
  const call = async <T>(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    isExpected: (value: unknown) => value is T,
  ): Promise<AgentAnswer<T>> => {
    try {
      const answer = await ask(options, method, path, body)
      const judged = judge(answer, isExpected)
      const time = Date.parse(answer.headers.date ?? '')
      // A page of a filter has a clock of its own.
      if (judged.ok && !Number.isNaN(time)) options.onTime(time)
      return judged
    } catch (error) {
      if (!(error instanceof SpeedFailure)) throw error
      return { ok: false, problem: 'unreachable', cause: error.cause_code, detail: error.message }
    }
  }
  return {
    ping: () => call('GET', '/api/v1/health', undefined, isRecord),
    getPlan: () => call('GET', '/api/v1/agent/plan', undefined, isPlan),
    getTicket: (body) => call('POST', '/api/v1/speed-tickets', body, isTicket),
    submit: (batch) => call('POST', '/api/v1/speed-tests', batch, isBatchAnswer),
  }
}
