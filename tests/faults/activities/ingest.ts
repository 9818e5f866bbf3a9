import { createServer, request, type IncomingMessage, type Server } from 'node:http'

/** What passed between collector and API: every id that was sent, and every id that was acknowledged. */
export interface AcknowledgementLog {
  sent: Set<string>
  acknowledged: Set<string>
  rejected: { id: string; code: string }[]
}

export interface AcknowledgementProxy {
  url: string
  log: AcknowledgementLog
  close: () => Promise<void>
}

interface Answer {
  rejected: { index: number; id: string | null; code: string }[]
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function record(log: AcknowledgementLog, ids: string[], answer: Answer): void {
  const rejected = new Map(answer.rejected.map((row) => [row.index, row.code]))
  ids.forEach((id, index) => {
    const code = rejected.get(index)
    if (code === undefined) log.acknowledged.add(id)
    else log.rejected.push({ id, code })
  })
}

function listIds(body: Buffer): string[] {
  const batch = JSON.parse(body.toString()) as { measurements: { id: string }[] }
  return batch.measurements.map((measurement) => measurement.id)
}

/**
 * Stands between collector and API and writes down what was acknowledged. An id counts as acknowledged before its
 * answer is passed on, so that a collector killed in between has been promised nothing more than we know of.
 */
export async function startAcknowledgementProxy(apiPort: number): Promise<AcknowledgementProxy> {
  const log: AcknowledgementLog = { sent: new Set(), acknowledged: new Set(), rejected: [] }
  const server: Server = createServer((incoming, outgoing) => {
    void readAll(incoming).then(
      (body) => {
        const isBatch = incoming.url === '/api/v1/measurements'
        const ids = isBatch ? listIds(body) : []
        for (const id of ids) log.sent.add(id)
        const headers = { ...incoming.headers, host: `127.0.0.1:${apiPort}` }
        const onward = request({
          host: '127.0.0.1',
          port: apiPort,
          path: incoming.url,
          method: incoming.method,
          headers,
        })
        onward.once('error', () => outgoing.destroy())
        onward.once('response', (answer) => {
          readAll(answer).then(
            (text) => {
              if (isBatch && answer.statusCode === 200) record(log, ids, JSON.parse(text.toString()) as Answer)
              outgoing.writeHead(answer.statusCode ?? 502, answer.headers).end(text)
            },
            () => outgoing.destroy(),
          )
        })
        onward.end(body)
      },
      () => outgoing.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    log,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
