import type {
  Batch,
  BatchAnswer,
  LeaseAnswer,
  LeaseRequest,
  LeaseReturn,
  LeaseReturnAnswer,
} from '@edumon/server/contract'
import { Agent, request } from 'undici'
import type { Dispatcher } from 'undici'

/** An answer of the API by what the collector has to do about it. */
export type ApiAnswer<T> =
  | { ok: true; value: T }
  /** `retry`: the server or the way to it is down. `refused`: it does not know us. `unreadable`: it will never take this. */
  | { ok: false; problem: 'retry' | 'refused' | 'unreadable'; detail: string }

export interface ApiClient {
  lease: (body: LeaseRequest) => Promise<ApiAnswer<LeaseAnswer>>
  /** Hands back leases that will not be done. */
  giveBack: (body: LeaseReturn) => Promise<ApiAnswer<LeaseReturnAnswer>>
  submit: (batch: Batch) => Promise<ApiAnswer<BatchAnswer>>
  /** A call for collectors with routes of their own; `path` begins with /api/v1/. A body goes as JSON. */
  call: (method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown) => Promise<ApiAnswer<unknown>>
  /** The bytes of a file, at most `max_bytes`. */
  download: (path: string, max_bytes: number) => Promise<ApiAnswer<Buffer>>
  close: () => Promise<void>
}

const TIMEOUT_MS = 60_000
const ANSWER_MAX_BYTES = 16_777_216

function problemOf(status: number): 'retry' | 'refused' | 'unreadable' {
  if (status === 401 || status === 403) return 'refused'
  return status >= 500 || status === 408 || status === 425 || status === 429 ? 'retry' : 'unreadable'
}

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? `${error.message} (${String(error.code)})` : error.message
}

async function readLimited(body: Dispatcher.ResponseData['body'], max_bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > max_bytes) throw new RangeError(`the answer is larger than ${max_bytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object'
}

function isLeaseAnswer(value: unknown): value is LeaseAnswer {
  return isRecord(value) && Array.isArray(value['leases'])
}

function isReturnAnswer(value: unknown): value is LeaseReturnAnswer {
  return isRecord(value) && typeof value['returned'] === 'number'
}

function isBatchAnswer(value: unknown): value is BatchAnswer {
  return isRecord(value) && typeof value['accepted'] === 'number' && Array.isArray(value['rejected'])
}

/** Talks to the one API that collectors write through. Failures are answers with a problem, never exceptions. */
export function createApiClient(api_url: URL, token: string | null): ApiClient {
  const agent = new Agent({ headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS, connections: 4 })

  const send = async (
    method: Dispatcher.HttpMethod,
    path: string,
    body: unknown,
    max_bytes: number,
  ): Promise<ApiAnswer<Buffer>> => {
    try {
      const answer = await request(new URL(path, api_url), {
        method,
        dispatcher: agent,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const bytes = await readLimited(answer.body, max_bytes)
      if (answer.statusCode >= 200 && answer.statusCode < 300) return { ok: true, value: bytes }
      const detail = `HTTP ${answer.statusCode} ${bytes.toString('utf8').slice(0, 500)}`
      return { ok: false, problem: problemOf(answer.statusCode), detail }
    } catch (error) {
      return { ok: false, problem: 'retry', detail: explain(error) }
    }
  }
  const call = async (method: Dispatcher.HttpMethod, path: string, body?: unknown): Promise<ApiAnswer<unknown>> => {
    const answer = await send(method, path, body, ANSWER_MAX_BYTES)
    if (!answer.ok) return answer
    try {
      return {
        ok: true,
        value: answer.value.length === 0 ? null : (JSON.parse(answer.value.toString('utf8')) as unknown),
      }
    } catch (error) {
      // Something else than our server answered 200: a portal page of the network, a proxy.
      return { ok: false, problem: 'retry', detail: explain(error) }
    }
  }
  const expecting = async <T>(
    path: string,
    body: unknown,
    isExpected: (value: unknown) => value is T,
  ): Promise<ApiAnswer<T>> => {
    const answer = await call('POST', path, body)
    if (!answer.ok) return answer
    if (isExpected(answer.value)) return { ok: true, value: answer.value }
    return { ok: false, problem: 'retry', detail: `unexpected answer of ${path}` }
  }
  return {
    lease: (body) => expecting('/api/v1/leases', body, isLeaseAnswer),
    giveBack: (body) => expecting('/api/v1/leases/return', body, isReturnAnswer),
    submit: (batch) => expecting('/api/v1/measurements', batch, isBatchAnswer),
    call,
    download: (path, max_bytes) => send('GET', path, undefined, max_bytes),
    close: () => agent.close(),
  }
}
