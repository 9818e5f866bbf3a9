import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Change, MadeUnit } from './registry.ts'

/** Room for tests of months that have no partition of their own. Needs the owner. */
export async function makeRoomForTests(owner_url: string): Promise<void> {
  const client = new pg.Client({ connectionString: owner_url })
  await client.connect()
  try {
    await client.query('CREATE TABLE IF NOT EXISTS speed_test_rest PARTITION OF speed_test DEFAULT')
  } finally {
    await client.end()
  }
}

interface TestFields {
  at: string | Date
  mbit?: number
  upload_mbit?: number
  validity?: string
  cause?: string
  retest_of?: string
  method?: 'agent' | 'browser'
}

/** One test of a building; returns its id. With a cause it has no figures. */
export async function insertTest({ tx, change_set_no }: Change, unit: MadeUnit, fact: TestFields): Promise<string> {
  const test_id = randomUUID()
  const kbps = (mbit: number): number | null => (fact.cause === undefined ? Math.round(mbit * 1000) : null)
  await tx
    .insertInto('speed_test')
    .values({
      org_unit_id: unit.org_unit_id,
      tested_at: new Date(fact.at),
      test_id,
      ticket_id: randomUUID(),
      method: fact.method ?? 'agent',
      agent_id: randomUUID(),
      agent_version: 'agent/1',
      download_kbps: kbps(fact.mbit ?? 100),
      upload_kbps: kbps(fact.upload_mbit ?? fact.mbit ?? 100),
      cause: fact.cause ?? null,
      validity: fact.validity ?? (fact.cause === undefined ? 'valid' : 'failed'),
      rule_version: 1,
      retest_of: fact.retest_of ?? null,
      medium: 'wired',
      power: 'mains',
      change_set_no,
    })
    .execute()
  return test_id
}

/** Tests of one speed, each with a retest that agrees, on days of September 2026 from the 7th on, a few a day. */
export async function insertLooks(change: Change, unit: MadeUnit, mbit: number, count: number): Promise<void> {
  const PER_DAY = 8
  for (let look = 0; look < count; look += 1) {
    const day = 7 + Math.floor(look / PER_DAY)
    const at = new Date(Date.UTC(2026, 8, day, 5 + (look % PER_DAY)))
    const retest_of = await insertTest(change, unit, { at, mbit })
    await insertTest(change, unit, { at: new Date(at.getTime() + 600_000), mbit, retest_of })
  }
}

/** What the measurement server said later of a test. */
export async function insertConfirmation(
  { tx, change_set_no }: Change,
  unit: MadeUnit,
  fact: { at: string; test_id: string; validity: string },
): Promise<void> {
  const key = { org_unit_id: unit.org_unit_id, tested_at: new Date(fact.at), test_id: fact.test_id }
  await tx
    .insertInto('speed_confirmation')
    .values({ ...key, validity: fact.validity, rule_version: 1, change_set_no })
    .execute()
}

export async function insertPings(
  { tx, change_set_no }: Change,
  unit: MadeUnit,
  fact: { at: string; answered: number },
): Promise<void> {
  const ids = { org_unit_id: unit.org_unit_id, ping_id: randomUUID(), agent_id: randomUUID() }
  const hour = { hour_at: new Date(fact.at), sent: 12, answered: fact.answered }
  await tx
    .insertInto('agent_hour')
    .values({ ...ids, ...hour, change_set_no })
    .execute()
}

interface ContractFields {
  mbit: number | null
  upload_mbit?: number
  technology?: string
  valid_from?: string
  valid_to?: string
  number?: string
}

export async function insertContract(
  { tx, change_set_no, source_id }: Change,
  unit: MadeUnit,
  fact: ContractFields,
): Promise<void> {
  await tx
    .insertInto('connection_contract')
    .values({
      org_unit_id: unit.org_unit_id,
      valid_from: fact.valid_from ?? '2026-01-01',
      valid_to: fact.valid_to ?? null,
      contract_key: fact.number ?? '',
      contract_number: fact.number ?? null,
      provider: 'ПАО «Ростелеком»',
      technology: fact.technology ?? (fact.mbit === null ? 'none' : 'fibre'),
      download_kbps: fact.mbit === null ? null : fact.mbit * 1000,
      upload_kbps: fact.upload_mbit === undefined ? null : fact.upload_mbit * 1000,
      source_kind: 'import',
      source_id,
      change_set_no,
    })
    .execute()
}

export async function insertComputers(
  { tx, change_set_no, source_id }: Change,
  unit: MadeUnit,
  computers: number | null,
  as_of_day = '2025-12-31',
): Promise<void> {
  const source = { source_kind: 'import', source_id, change_set_no }
  await tx
    .insertInto('capacity_report')
    .values({ org_unit_id: unit.org_unit_id, as_of_day, computers, ...source })
    .execute()
}
