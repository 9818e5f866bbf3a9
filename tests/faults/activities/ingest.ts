import { createServer, request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import type { Disturbance } from '../disturbance.ts'
import type { Activity } from './browser.ts'
import { Flight } from './flight.ts'

interface Answer {
  status: number
  headers: OutgoingHttpHeaders
  text: Buffer
}

interface BatchAnswer {
  rejected: { index: number; id: string | null; code: string }[]
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function listIds(body: Buffer): string[] {
  const batch = JSON.parse(body.toString()) as { measurements: { id: string }[] }
  return batch.measurements.map((measurement) => measurement.id)
}

/**
 * Stands between collector and API and writes down what was acknowledged. An id counts as acknowledged before its
 * answer is passed on, so that a collector killed in between has been promised nothing more than we know of.
 */
export class IngestProxy implements Activity {
  /** Batches that have left the collector and are not answered. */
  readonly flight = new Flight()
  readonly measurements = new Set<string>()
  readonly refusals: string[] = []
  url = ''
  readonly #apiPort: number
  readonly #disturbance: Disturbance
  readonly #server = createServer((incoming, outgoing) => {
    this.#answer(incoming).then(
      ({ status, headers, text }) => outgoing.writeHead(status, headers).end(text),
      () => outgoing.destroy(),
    )
  })

  private constructor(apiPort: number, disturbance: Disturbance) {
    this.#apiPort = apiPort
    this.#disturbance = disturbance
  }

  static async start(apiPort: number, disturbance: Disturbance): Promise<IngestProxy> {
    const proxy = new IngestProxy(apiPort, disturbance)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    const address = proxy.#server.address()
    if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
    proxy.url = `http://127.0.0.1:${address.port}`
    return proxy
  }

  get acknowledged(): number {
    return this.measurements.size
  }

  async #answer(incoming: IncomingMessage): Promise<Answer> {
    const body = await readAll(incoming)
    const ids = incoming.url === '/api/v1/measurements' ? listIds(body) : []
    const isDisturbed = this.#disturbance.watch()
    const pass = () => this.#pass(incoming, body)
    const answer = await (ids.length === 0 ? pass() : this.flight.track(pass))
    if (answer.status >= 500 && !isDisturbed()) {
      this.#disturbance.faults.push(`${incoming.url ?? ''} failed undisturbed: ${answer.text.toString()}`)
    }
    if (ids.length > 0 && answer.status === 200) this.#record(ids, JSON.parse(answer.text.toString()) as BatchAnswer)
    return answer
  }

  #pass(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const host = '127.0.0.1'
    const port = this.#apiPort
    const headers = { ...incoming.headers, host: `${host}:${port}` }
    return new Promise((resolve, reject) => {
      const onward = request({ host, port, path: incoming.url, method: incoming.method, headers })
      onward.once('error', reject)
      onward.once('response', (answer) => {
        readAll(answer).then((text) => {
          resolve({ status: answer.statusCode ?? 502, headers: answer.headers, text })
        }, reject)
      })
      onward.end(body)
    })
  }

  #record(ids: readonly string[], { rejected }: BatchAnswer): void {
    const codes = new Map(rejected.map((row) => [row.index, row.code]))
    ids.forEach((id, index) => {
      const code = codes.get(index)
      if (code === undefined) this.measurements.add(id)
      else this.refusals.push(`measurement ${id} was refused: ${code}`)
    })
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.closeAllConnections()
      this.#server.close(() => resolve())
    })
  }
}
