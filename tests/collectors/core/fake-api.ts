import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Batch, Lease } from '@edumon/server/contract'

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

/**
 * The routes of the API that a collector needs, on real HTTP: leases from a list and back, and measurements kept once
 * per id.
 * `answerBatch` may spoil the answer after the rows were kept, as a crash of the way back does.
 */
export class FakeApi {
  readonly leases: Lease[] = []
  readonly kept = new Map<string, string>()
  readonly batches: Batch[] = []
  /** Leases that were handed back. */
  readonly returned: string[] = []
  duplicates = 0
  /** Ids that came again with another content: must stay 0. */
  reused = 0
  answerBatch: (batch: Batch) => 'answer' | 'hang_up' | number = () => 'answer'
  rejectRow: (id: string) => string | null = () => null
  readonly #server: Server
  url = ''

  constructor() {
    this.#server = createServer((request, answer) => {
      void readJson(request).then((body) => {
        const reply = (status: number, value: unknown) =>
          answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
        if (request.url === '/api/v1/leases') {
          const { max } = body as { max: number }
          reply(200, { leases: this.leases.splice(0, Math.min(max, 20)), next_due_at: null })
          return
        }
        if (request.url === '/api/v1/leases/return') {
          const { lease_ids } = body as { lease_ids: string[] }
          this.returned.push(...lease_ids)
          reply(200, { returned: lease_ids.length })
          return
        }
        const batch = body as Batch
        this.batches.push(batch)
        const kind = this.answerBatch(batch)
        if (typeof kind === 'number') {
          reply(kind, { code: 'EDU_TEST', message: 'refused for the test', request_id: '1' })
          return
        }
        const outcome = this.#keep(batch)
        if (kind === 'hang_up') request.socket.destroy()
        else reply(200, outcome)
      })
    })
  }

  #keep(batch: Batch): { accepted: number; duplicate: number; rejected: object[] } {
    const outcome = { accepted: 0, duplicate: 0, rejected: [] as object[] }
    for (const [index, row] of batch.measurements.entries()) {
      const { id } = row as { id: string }
      const content = JSON.stringify(row)
      const before = this.kept.get(id)
      const refusal = this.rejectRow(id)
      if (refusal !== null) outcome.rejected.push({ index, id, code: refusal, message: 'for the test' })
      else if (before === undefined) {
        this.kept.set(id, content)
        outcome.accepted += 1
      } else {
        outcome.duplicate += 1
        this.duplicates += 1
        if (before !== content) this.reused += 1
      }
    }
    return outcome
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
