import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll } from 'vitest'

export interface ApiRequest {
  method: string
  path: string
  /** Null without one. */
  body: unknown
}
export type ApiAnswer = [status: number, body?: object]

/**
 * A server on loopback stands in for the API while the tests of a file run, and the page comes from its address.
 * Components are to be imported after that: the client keeps the address that it finds.
 */
export function serveApi(answer: (request: ApiRequest) => ApiAnswer): void {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const text = Buffer.concat(parts).toString()
      const sent: unknown = text === '' ? null : JSON.parse(text)
      const [status, body] = answer({ method: request.method ?? '', path: request.url ?? '', body: sent })
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(body === undefined ? undefined : JSON.stringify(body))
    })
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const page = Reflect.get(window, 'happyDOM') as { setURL: (url: string) => void }
    page.setURL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  })
  afterAll(() => server.close())
}

/** An answer with a coded error, as the API forms it. */
export function refuse(status: number, code: string, message: string, details?: object): ApiAnswer {
  return [status, { code, message, request_id: '1', ...(details === undefined ? {} : { details }) }]
}
