import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Kysely } from 'kysely'
import { issueOwnToken } from '../../server/src/access/own-programs.ts'
import type { PingHour, SpeedBatchAnswer, SpeedTest } from '../../server/src/contract/index.ts'
import { refreshWholeStructure } from '../../server/src/db/org-unit-structure.ts'
import type { DB } from '../../server/src/db/schema.gen.ts'
import { RIGHTS_SINCE } from './people.ts'
import { inChange, insertUnit, type MadeUnit } from './registry.ts'
import { regionDay } from '../setup/region-day.ts'

export interface MadeSchool {
  school: MadeUnit
  buildings: MadeUnit[]
}

export interface SpeedScene {
  region: MadeUnit
  municipality: MadeUnit
  schools: MadeSchool[]
}

/** Where a test is said to have been taken. */
type Place = Pick<MadeUnit, 'org_unit_id'>

interface SchoolFields {
  settlement_kinds: readonly string[]
  founder_kind?: string
}

/** A region with one municipality and schools that have a building in each of the named kinds of settlement. */
export async function insertSpeedScene(db: Kysely<DB>, schools: readonly SchoolFields[]): Promise<SpeedScene> {
  const scene = await inChange(db, async (change) => {
    const region = await insertUnit(change, { kind: 'region', name: 'Область' })
    const municipality = await insertUnit(change, { kind: 'municipality', name: 'Вольский район', parent: region })
    const made: MadeSchool[] = []
    for (const [place, { settlement_kinds, founder_kind = 'municipal' }] of schools.entries()) {
      const described = { kind: 'organisation', org_kind: 'school', founder_kind, parent: municipality } as const
      const school = await insertUnit(change, { ...described, name: `Школа № ${place + 1}` })
      const buildings: MadeUnit[] = []
      for (const settlement_kind of settlement_kinds) {
        const building = { kind: 'building', parent: school, settlement_kind } as const
        buildings.push(await insertUnit(change, { ...building, name: `Здание в ${settlement_kind}` }))
      }
      made.push({ school, buildings })
    }
    return { region, municipality, schools: made }
  })
  await db.transaction().execute((tx) => refreshWholeStructure(tx, regionDay()))
  return scene
}

/** Speaks as the agent of one school. */
export class TestAgent {
  readonly #app: FastifyInstance
  readonly #authorization: string
  readonly agent_id = randomUUID()

  private constructor(app: FastifyInstance, token: string) {
    this.#app = app
    this.#authorization = `Bearer ${token}`
  }

  static async of(app: FastifyInstance, { org_unit_id }: MadeUnit): Promise<TestAgent> {
    const jurisdiction = { org_unit_id, founder_kinds: null }
    const purpose = { kind: 'school', label: `agent ${org_unit_id}`, collector: null, jurisdiction } as const
    return new TestAgent(app, await issueOwnToken(app.db, purpose, RIGHTS_SINCE))
  }

  async send(rows: { tests?: unknown[]; pings?: unknown[]; provenance?: string }) {
    const answer = await this.#app.inject({
      method: 'POST',
      url: '/api/v1/speed-tests',
      headers: { authorization: this.#authorization },
      payload: { agent_id: this.agent_id, tests: [], pings: [], ...rows },
    })
    return { status: answer.statusCode, body: answer.json<SpeedBatchAnswer & { code?: string }>() }
  }

  async submit(rows: { tests?: unknown[]; pings?: unknown[]; provenance?: string }): Promise<SpeedBatchAnswer> {
    const { status, body } = await this.send(rows)
    if (status !== 200) throw new Error(JSON.stringify(body))
    return body
  }
}

function direction(kbps: number) {
  return { kbps, duration_ms: 10_000, bytes: kbps * 1250 }
}

/** A test that came to a result, by cable, with nothing else going on. */
export function makeTest(
  building: Place,
  started_at: string,
  fields: Partial<SpeedTest> & { download_kbps?: number } = {},
): SpeedTest {
  const { download_kbps = 80_000, ...given } = fields
  return {
    id: randomUUID(),
    org_unit_id: building.org_unit_id,
    method: 'agent',
    started_at,
    ticket_id: null,
    download: direction(download_kbps),
    upload: direction(40_000),
    min_rtt_us: 12_000,
    cause: null,
    retest_of: null,
    context: {
      medium: 'wired',
      wifi_signal_percent: null,
      link_kbps: 1_000_000,
      own_received_bytes: 0,
      own_sent_bytes: 0,
      power: 'mains',
      address_family: 'ipv4',
      through_proxy: false,
    },
    agent_version: '1.0.0',
    ...given,
  }
}

export function makePing(building: Place, hour_at: string, answered = 12): PingHour {
  return { id: randomUUID(), org_unit_id: building.org_unit_id, hour_at, sent: 12, answered }
}

/** Leave for a test of a building. */
export async function insertTicket(db: Kysely<DB>, { org_unit_id }: Place, method = 'agent'): Promise<string> {
  const ticket_id = randomUUID()
  const issued_at = new Date()
  const given = { org_unit_id, method, issued_at, expires_at: new Date(issued_at.getTime() + 600_000) }
  const asked = { client_network: '192.0.2.0/24', issued_to: 'test' }
  await db
    .insertInto('measurement_ticket')
    .values({ ticket_id, ...given, ...asked })
    .execute()
  return ticket_id
}

/** What the measurement server saw of a test: the client's own figures unless said otherwise. */
export function recordOf(test: SpeedTest, seen: { download_kbps?: number } = {}) {
  const kbps = seen.download_kbps ?? test.download?.kbps ?? 0
  return {
    ticket_id: test.ticket_id ?? '',
    started_at: new Date(test.started_at),
    ...{ download_end: 'complete', download_bytes: kbps * 1250, download_ms: 10_000 },
    ...{ upload_end: 'complete', upload_bytes: (test.upload?.kbps ?? 0) * 1250, upload_ms: 10_000 },
    client_address: '192.0.2.7',
    received_at: new Date(),
  }
}

/** Makes a test under a ticket of its own, which the measurement server has a record of. */
export async function makeConfirmed(
  db: Kysely<DB>,
  building: Place,
  started_at: string,
  fields: Parameters<typeof makeTest>[2] = {},
): Promise<SpeedTest> {
  const test = makeTest(building, started_at, { ticket_id: await insertTicket(db, building, fields.method), ...fields })
  await db.insertInto('measurement_record').values(recordOf(test)).execute()
  return test
}
