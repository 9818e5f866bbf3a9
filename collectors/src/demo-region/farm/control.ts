import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { FAULT_NAMES, type FaultName } from '../faults.ts'
import { HOSTER_CODES, type HosterCode } from '../hosters.ts'
import type { Site } from '../sites.ts'
import { canSetFault, type FarmState } from './farm-state.ts'

export interface Control {
  url: string
  /** Every request carries it: `Authorization: Bearer …`. */
  token: string
  close: () => Promise<void>
}

interface ControlOptions {
  state: FarmState
  sites: ReadonlyMap<string, Site>
  /** Brings listeners into line with the state. */
  applyState: () => Promise<void>
}

const MAX_BODY_BYTES = 10_000

/** `fault: null` makes the site work; without `fault` the plan holds again. */
interface Order {
  host?: string
  fault?: FaultName | null
  hoster?: HosterCode
  state?: 'up' | 'down' | 'by_timetable'
}

async function readOrder(request: IncomingMessage): Promise<Order> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) throw new RangeError('the order is too long')
    chunks.push(chunk)
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Order
}

function setFault({ state, sites }: ControlOptions, { host, fault }: Order): void {
  if (host === undefined || !sites.has(host)) throw new RangeError(`no site "${host ?? ''}"`)
  if (fault === undefined) {
    state.fault_overrides.delete(host)
    return
  }
  const isKnown = fault === null || (FAULT_NAMES.includes(fault) && canSetFault(fault))
  if (!isKnown) throw new RangeError(`fault "${fault}" is unknown or belongs to a name or address`)
  state.fault_overrides.set(host, fault)
}

function setHoster({ state }: ControlOptions, { hoster, state: wanted }: Order): void {
  if (hoster === undefined || !HOSTER_CODES.includes(hoster)) throw new RangeError(`no hoster "${hoster ?? ''}"`)
  if (wanted === 'up' || wanted === 'down') state.hoster_overrides.set(hoster, wanted)
  else state.hoster_overrides.delete(hoster)
}

function obey(options: ControlOptions, path: string, order: Order): void {
  if (path === '/fault') setFault(options, order)
  else if (path === '/hoster') setHoster(options, order)
  else if (path === '/witness' && (order.state === 'up' || order.state === 'down')) options.state.witness = order.state
  else throw new RangeError(`no order "${path}"`)
}

function isAllowed(request: IncomingMessage, token: string): boolean {
  const shown = Buffer.from(request.headers.authorization ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return shown.length === wanted.length && timingSafeEqual(shown, wanted)
}

async function answerOrder(options: ControlOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    obey(options, request.url ?? '', await readOrder(request))
    await options.applyState()
    response.writeHead(204).end()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ message }))
  }
}

/**
 * Lets tests turn the simulated world while it runs, on loopback and by a random token:
 * `POST /fault {host, fault}`, `POST /hoster {hoster, state}`, `POST /witness {state}`. Answers 204 once it holds.
 */
export async function openControl(options: ControlOptions): Promise<Control> {
  const token = randomBytes(24).toString('hex')
  const server = createServer((request, response) => {
    if (request.method === 'POST' && isAllowed(request, token)) void answerOrder(options, request, response)
    else response.writeHead(403).end()
  })
  server.listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const bound = server.address()
  const port = bound !== null && typeof bound === 'object' ? bound.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
