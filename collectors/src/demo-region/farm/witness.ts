import { createServer, type Server } from 'node:http'

export const WITNESS_PATH = '/witness'

/** What a collector asks to learn whether its own link is up. It is down by not listening at all. */
export function createWitnessServer(): Server {
  return createServer((request, response) => {
    const isAsked = request.url === WITNESS_PATH
    response.writeHead(isAsked ? 200 : 404, { 'content-type': 'text/plain; charset=utf-8' })
    response.end(isAsked ? 'ok\n' : 'not found\n')
  })
}
