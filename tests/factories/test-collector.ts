import type { FastifyInstance } from 'fastify'
import { sql, type Kysely } from 'kysely'
import type { BatchAnswer, Lease, LeaseAnswer, Provenance, WorkKind } from '../../server/src/contract/index.ts'
import type { DB } from '../../server/src/db/schema.gen.ts'
import { collectorHeaders } from './people.ts'

const OWN_ROUTES = /^(leases|measurements)/

/** Speaks the collector's part of the API, as a program outside would. */
export class TestCollector {
  readonly #app: FastifyInstance
  readonly identity: { name: string; version: string; vantage: string }

  #headers: { authorization: string } | null = null

  constructor(app: FastifyInstance, vantage = 'local', name = 'test') {
    this.#app = app
    this.identity = { name, version: '1', vantage }
  }

  /** With the collector's token on its own routes, as a person elsewhere. */
  async post(path: string, payload: object): Promise<{ status: number; body: unknown }> {
    if (OWN_ROUTES.test(path)) this.#headers ??= await collectorHeaders(this.#app.db, this.identity)
    const answer = await this.#app.inject({
      method: 'POST',
      url: `/api/v1/${path}`,
      headers: { host: 'localhost', ...(OWN_ROUTES.test(path) ? this.#headers : null) },
      payload,
    })
    return { status: answer.statusCode, body: answer.json() }
  }

  async lease(max = 1000, kinds: WorkKind[] = ['site_check']): Promise<Lease[]> {
    const { status, body } = await this.post('leases', { collector: this.identity, kinds, max })
    if (status !== 200) throw new Error(JSON.stringify(body))
    return (body as LeaseAnswer).leases
  }

  async submit(measurements: unknown[], provenance?: Provenance): Promise<BatchAnswer> {
    const batch = { collector: this.identity, witness: null, health: null, measurements }
    const { status, body } = await this.post(
      'measurements',
      provenance === undefined ? batch : { ...batch, provenance },
    )
    if (status !== 200) throw new Error(JSON.stringify(body))
    return body as BatchAnswer
  }
}

/** Lets all waiting work be due now, instead of waiting for it. */
export async function makeAllDue(db: Kysely<DB>): Promise<void> {
  await sql`UPDATE due_work SET due_at = clock_timestamp() - interval '1 second'`.execute(db)
}

/** Lets all leases run out now. */
export async function expireLeases(db: Kysely<DB>): Promise<void> {
  await sql`UPDATE due_work SET leased_until = clock_timestamp() - interval '1 second' WHERE lease_id IS NOT NULL`.execute(
    db,
  )
}
