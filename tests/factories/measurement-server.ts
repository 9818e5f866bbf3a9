import { randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import type { MeasurementRecord } from '../../server/src/contract/index.ts'
import {
  startMeasurementServer,
  type MeasurementServer,
  type MeasurementServerOptions,
} from '../../server/src/measurement-server/measurement-server.ts'
import { TicketReader } from '../../server/src/measurement-server/ticket-reader.ts'
import { signTicket, type NamedKey } from '../../server/src/speed-tickets/ticket-token.ts'

/** Address that the tickets of these servers name; clients connect to the port that was free. */
const SERVER_URL = 'ws://measure.example'

/** A signing key with its public half. */
interface KeyPair {
  signing: NamedKey
  verifying: NamedKey
}

export async function makeKeyPair(): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const jwk = await exportJWK(publicKey)
  const key_id = await calculateJwkThumbprint(jwk)
  return { signing: { key_id, key: privateKey }, verifying: { key_id, key: jwk } }
}

/** A measurement server on a free port of loopback with a key of its own, without an API. */
export class TestMeasurementServer {
  /** Records of the tests that are over. */
  readonly records: MeasurementRecord[] = []
  readonly #keys: KeyPair
  readonly #waiting = new Map<string, (record: MeasurementRecord) => void>()
  #server: MeasurementServer | null = null

  private constructor(keys: KeyPair) {
    this.#keys = keys
  }

  static async start(options: Partial<MeasurementServerOptions> = {}): Promise<TestMeasurementServer> {
    const made = new TestMeasurementServer(await makeKeyPair())
    const tickets = new TicketReader({
      server_url: SERVER_URL,
      fetchKey: () => Promise.resolve(made.#keys.verifying),
      onTrouble: (error) => {
        throw error
      },
    })
    made.#server = await startMeasurementServer({
      ...{ host: '127.0.0.1', port: 0, tls: null, places: 4, between_ms: 500, trusted_proxies: [] },
      readTicket: (text) => tickets.read(text),
      onOver: (record) => made.#take(record),
      ...options,
    })
    return made
  }

  get port(): number {
    return this.#server?.port ?? 0
  }

  /** A ticket as the API would give it, with what a test changes in it. */
  async ticket(
    changes: { ticket_id?: string; server_url?: string; issued_ago_s?: number; valid_s?: number; key?: NamedKey } = {},
  ): Promise<{ ticket_id: string; access_token: string }> {
    const { ticket_id = randomUUID(), server_url = SERVER_URL, issued_ago_s = 0, valid_s = 60 } = changes
    const issued_at = new Date(Date.now() - issued_ago_s * 1000)
    const expires_at = new Date(issued_at.getTime() + valid_s * 1000)
    const key = changes.key ?? this.#keys.signing
    return { ticket_id, access_token: await signTicket(key, { ticket_id, server_url, issued_at, expires_at }) }
  }

  url(direction: 'download' | 'upload', access_token: string, scheme = 'ws'): string {
    return `${scheme}://127.0.0.1:${this.port}/ndt/v7/${direction}?access_token=${access_token}`
  }

  /** The record of a test, once it is over. */
  record(ticket_id: string): Promise<MeasurementRecord> {
    const known = this.records.find((record) => record.ticket_id === ticket_id)
    if (known !== undefined) return Promise.resolve(known)
    return new Promise((resolve) => this.#waiting.set(ticket_id, resolve))
  }

  async close(): Promise<void> {
    const server = this.#server
    this.#server = null
    await server?.close()
  }

  #take(record: MeasurementRecord): void {
    this.records.push(record)
    this.#waiting.get(record.ticket_id)?.(record)
  }
}
