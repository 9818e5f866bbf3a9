import { request as httpRequest } from 'node:http'
import fc from 'fast-check'
import { listOperations, type ApiDocument, type Operation } from './api-document.ts'
import { requestsTo, type FuzzRequest } from './generate-requests.ts'
import { createJudge, type FuzzAnswer } from './judge-answer.ts'

export interface FuzzOptions {
  /** Where the API listens. */
  url: string
  document: ApiDocument
  seed: number
  time_ms: number
  /** Headers by which a request is somebody's; called before each request. */
  authenticate: (operation: Operation) => Promise<Record<string, string>>
}

export interface FuzzReport {
  requests: number
  /** Answers by operation and status. */
  answers: Map<string, Map<number, number>>
  faults: { operation: string; request: string; fault: string }[]
}

const REQUESTS_AT_ONCE = 4
const SEEN_VALUES = 20

function send(url: string, { method, path, body, ...request }: FuzzRequest): Promise<FuzzAnswer> {
  // Node tells no length of a body of GET and DELETE: what follows would be a second request on a closed connection.
  const headers = body === null ? request.headers : { ...request.headers, 'content-length': `${body.byteLength}` }
  return new Promise((resolve, reject) => {
    const sent = httpRequest(new URL(url), { method, path, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          media_type: answer.headers['content-type'] ?? '',
          body: Buffer.concat(chunks),
        }),
      )
    })
    sent.on('error', reject)
    sent.end(body ?? undefined)
  })
}

function remember(value: unknown, seen: Map<string, unknown[]>, field = ''): void {
  if (value === null) return
  if (typeof value === 'object') {
    for (const [key, part] of Object.entries(value)) remember(part, seen, Array.isArray(value) ? field : key)
    return
  }
  const values = seen.get(field) ?? []
  if (!/(_id|_no|^code|^id)$/.test(field) || values.includes(value)) return
  seen.set(field, [...values, value].slice(-SEEN_VALUES))
}

function show({ method, path, headers, body }: FuzzRequest): string {
  return `${method} ${path} ${JSON.stringify(headers)} ${body?.toString('utf8').slice(0, 2000) ?? ''}`
}

/** Sends requests to every route in turn, and again, until the time is over. The same seed begins with the same ones. */
export async function fuzzApi(options: FuzzOptions): Promise<FuzzReport> {
  const { url, document, seed, time_ms, authenticate } = options
  const operations = listOperations(document)
  const judge = createJudge(document)
  const report: FuzzReport = { requests: 0, answers: new Map(), faults: [] }
  const seen = new Map<string, unknown[]>()
  const deadline = performance.now() + time_ms

  const tryOne = async (operation: Operation, request: FuzzRequest): Promise<void> => {
    const headers = { ...request.headers, ...(await authenticate(operation)) }
    const answer = await send(url, { ...request, headers })
    report.requests += 1
    const counts = report.answers.get(operation.name) ?? new Map<number, number>()
    report.answers.set(operation.name, counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1))
    const fault = judge(operation, answer)
    if (fault !== null) report.faults.push({ operation: operation.name, request: show(request), fault })
    else if (answer.status < 300 && answer.media_type.startsWith('application/json')) {
      remember(JSON.parse(answer.body.toString('utf8')), seen)
    }
  }
  for (let round = 0; performance.now() < deadline; round += 1) {
    for (const [no, operation] of operations.entries()) {
      if (performance.now() > deadline && round > 0) return report
      const requests = fc.sample(requestsTo(operation, document, seen), {
        seed: seed + round * operations.length + no,
        numRuns: REQUESTS_AT_ONCE,
      })
      await Promise.all(requests.map((request) => tryOne(operation, request)))
    }
  }
  return report
}
