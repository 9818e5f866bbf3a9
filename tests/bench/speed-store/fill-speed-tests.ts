import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { VALIDITY_RULE_VERSION } from '../../../server/src/domain/test-validity.ts'

/** A building whose tests are made up: everything about them follows from its number. */
export interface BenchBuilding {
  org_unit_id: number
  settlement_kind: 'city' | 'village'
}

/** One month of tests, of one change set. */
export interface MonthStage {
  /** First day, YYYY-MM-01. */
  month: string
  tests_per_building: number
  change_set_no: number
}

const AGENT = '00000000-0000-4000-8000-000000000001'
const ROWS_PER_CHUNK = 2000
const SCHOOL_DAYS = 28
const SCHOOL_HOURS = 10
/** 8 o'clock in Saratov. */
const FIRST_HOUR_UTC = 4
const EVERY_NTH_UNCONFIRMED = 12

/** Numbers that look random and are always the same. */
function mix(seed: number): number {
  let value = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b)
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b)
  return (value ^ (value >>> 16)) >>> 0
}

function speedOf({ org_unit_id, settlement_kind }: BenchBuilding, place: number): number {
  const line = (settlement_kind === 'city' ? 60_000 : 30_000) + (mix(org_unit_id) % 80_000)
  return Math.round(line * (0.5 + (mix(org_unit_id * 31 + place) % 1000) / 2000))
}

function uuidOf(org_unit_id: number, stage: MonthStage, place: number): string {
  const high = org_unit_id.toString(16).padStart(8, '0')
  const low = `${stage.change_set_no.toString(16)}${place.toString(16).padStart(5, '0')}`.padStart(12, '0')
  return `${high}-0000-4000-8000-${low.slice(-12)}`
}

function rowOf(building: BenchBuilding, stage: MonthStage, place: number): string {
  const slots = SCHOOL_DAYS * SCHOOL_HOURS
  const slot = Math.floor((place * slots) / stage.tests_per_building)
  const day = String(1 + Math.floor(slot / SCHOOL_HOURS)).padStart(2, '0')
  const hour = String(FIRST_HOUR_UTC + (slot % SCHOOL_HOURS)).padStart(2, '0')
  const minute = String(place % 60).padStart(2, '0')
  const second = String(mix(building.org_unit_id) % 60).padStart(2, '0')
  const id = uuidOf(building.org_unit_id, stage, place)
  const down = speedOf(building, place)
  const up = Math.round(down / 2)
  const isConfirmed = (place + building.org_unit_id) % EVERY_NTH_UNCONFIRMED !== 0
  const server = isConfirmed ? `${down}\t${up}` : '\\N\t\\N'
  return (
    `${building.org_unit_id}\t${stage.month.slice(0, 8)}${day} ${hour}:${minute}:${second}+00\t${id}\t${id}\tagent\t${AGENT}\t1.0.0\t` +
    `modelled\t${down}\t${up}\t${8000 + (mix(place) % 20_000)}\t${server}\t${isConfirmed ? 'valid' : 'unconfirmed'}\t` +
    `${VALIDITY_RULE_VERSION}\twired\t1000000\t0\t0\tmains\tipv4\tf\t${stage.change_set_no}\n`
  )
}

function* chunksOf(buildings: readonly BenchBuilding[], stage: MonthStage): Generator<string> {
  let chunk: string[] = []
  for (const building of buildings) {
    for (let place = 0; place < stage.tests_per_building; place += 1) chunk.push(rowOf(building, stage, place))
    if (chunk.length < ROWS_PER_CHUNK) continue
    yield chunk.join('')
    chunk = []
  }
  yield chunk.join('')
}

/** Copies the tests of one month, by building and time. */
export async function copyMonth(
  client: pg.Client,
  buildings: readonly BenchBuilding[],
  stage: MonthStage,
): Promise<void> {
  const columns = `org_unit_id, tested_at, test_id, ticket_id, method, agent_id, agent_version, provenance, download_kbps,
    upload_kbps, min_rtt_us, server_download_kbps, server_upload_kbps, validity, rule_version, medium, link_kbps,
    own_received_bytes, own_sent_bytes, power, address_family, through_proxy, change_set_no`
  const target = client.query(copyFrom(`COPY speed_test (${columns}) FROM STDIN`))
  await pipeline(Readable.from(chunksOf(buildings, stage)), target)
}

const BIN = (value: string): string => `array_agg(floor(18 * ln(${value} / 100000::float8) / ln(2::float8))::smallint)`

/** The ledger rows that ingest would have written with the month. */
export async function fillLedger(client: pg.Client, { month, change_set_no }: MonthStage): Promise<void> {
  await client.query(
    `INSERT INTO speed_hour
     SELECT org_unit_id, (tested_at AT TIME ZONE 'Europe/Saratov')::date,
            extract(hour FROM tested_at AT TIME ZONE 'Europe/Saratov')::smallint, method, validity, rule_version, change_set_no,
            provenance, count(*), sum(download_kbps), sum(upload_kbps), sum(min_rtt_us),
            ${BIN('download_kbps')}, ${BIN('upload_kbps')}, ${BIN('min_rtt_us')}
       FROM speed_test WHERE tested_at >= $1::timestamptz AND tested_at < $1::timestamptz + interval '1 month' AND change_set_no = $2
      GROUP BY 1, 2, 3, method, validity, rule_version, change_set_no, provenance`,
    [`${month}T00:00:00Z`, change_set_no],
  )
}

/** Newest of each building, which ingest would have kept. */
export async function fillStates(client: pg.Client, { month, change_set_no }: MonthStage): Promise<void> {
  await client.query(
    `INSERT INTO speed_state (org_unit_id, last_tested_at, last_test_id, last_validity, valid_tested_at, valid_test_id,
            download_kbps, upload_kbps, min_rtt_us, heard_at, agent_version, change_set_no)
     SELECT DISTINCT ON (org_unit_id) org_unit_id, tested_at, test_id, validity, tested_at, test_id, download_kbps, upload_kbps,
            min_rtt_us, tested_at, agent_version, change_set_no
       FROM speed_test WHERE tested_at >= $1::timestamptz AND change_set_no = $2 AND validity = 'valid'
      ORDER BY org_unit_id, tested_at DESC`,
    [`${month}T00:00:00Z`, change_set_no],
  )
}
