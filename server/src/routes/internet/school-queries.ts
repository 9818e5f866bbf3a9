import { sql } from 'kysely'
import type { ReadExecutor } from '../../db/executor.ts'
import { orgUnitsOn, unitIdsEverWithin, type RegistryView } from '../../db/registry-as-known.ts'
import { speedTestsAsKnown } from '../../db/speed-tests-as-known.ts'
import type { TestValidity } from '../../domain/test-validity.ts'
import { foldSpeedStates } from '../../ingest-speed/fold-speed-states.ts'
import type { SpeedState } from '../../ingest-speed/speed-state-row.ts'

/** A place of a school where tests are made. */
export interface SchoolPlace {
  org_unit_id: number
  name: string
  kind: string
  settlement_kind: string | null
}

/** The organisation itself, its branches and buildings, on the view's day; closed ones are left out. */
export async function listPlaces(db: ReadExecutor, view: RegistryView, org_unit_id: number): Promise<SchoolPlace[]> {
  return db
    .selectFrom(orgUnitsOn(db, view, unitIdsEverWithin([org_unit_id])).as('v'))
    .innerJoin('org_unit as u', 'u.org_unit_id', 'v.org_unit_id')
    .where('u.kind', 'in', ['organisation', 'branch', 'building'])
    .where('v.is_closed', '=', false)
    .where(sql<boolean>`v.path @> ARRAY[${org_unit_id}::bigint]`)
    .select(['v.org_unit_id', 'v.short_name as name', 'u.kind', 'v.settlement_kind'])
    .orderBy('v.org_unit_id')
    .execute()
}

export interface TestSelection {
  org_unit_ids: readonly number[]
  validity?: TestValidity | undefined
  /** Older than this test: the next page. */
  before?: { tested_at: string; test_id: string } | undefined
  limit: number
}

interface TestFacts {
  org_unit_id: number
  tested_at: Date
}

/** Tests of the places as known, newest first. */
export async function listTests(db: ReadExecutor, view: RegistryView, selection: TestSelection) {
  const { org_unit_ids, validity, before, limit } = selection
  const isOlder =
    before === undefined
      ? sql`true`
      : sql`tested_at <= ${before.tested_at} AND (tested_at, test_id) < (${before.tested_at}::timestamptz, ${before.test_id}::uuid)`
  const { rows } = await sql<TestFacts & { test_id: string }>`
    SELECT org_unit_id, tested_at, test_id, method, validity, cause, download_kbps, upload_kbps, min_rtt_us,
           server_download_kbps, server_upload_kbps, retest_of, medium, wifi_signal_percent, link_kbps,
           own_received_bytes, own_sent_bytes, power, address_family, through_proxy, agent_version, provenance,
           change_set_no
      FROM ${speedTestsAsKnown(view.known_at_change_set_no)} t
     WHERE org_unit_id = ANY(${org_unit_ids}::bigint[]) AND ${isOlder}
       AND ${validity === undefined ? sql`true` : sql`validity = ${validity}`}
     ORDER BY tested_at DESC, test_id DESC LIMIT ${limit}`.execute(db)
  return rows.map((row) => ({ ...row, tested_at: row.tested_at.toISOString() }))
}

export interface ValidityCount {
  org_unit_id: number
  validity: TestValidity
  tests: number
}

/** How many tests of each validity the places have from a day on, up to the view's day. */
export async function countByValidity(
  db: ReadExecutor,
  view: RegistryView,
  { org_unit_ids, from_day }: { org_unit_ids: readonly number[]; from_day: string },
): Promise<ValidityCount[]> {
  const { rows } = await sql<ValidityCount>`
    SELECT org_unit_id, validity, sum(tests)::int AS tests FROM speed_hour
     WHERE org_unit_id = ANY(${org_unit_ids}::bigint[]) AND local_day >= ${from_day} AND local_day <= ${view.day}
       AND change_set_no <= ${view.known_at_change_set_no}
     GROUP BY org_unit_id, validity HAVING sum(tests) <> 0 ORDER BY org_unit_id, validity`.execute(db)
  return rows
}

function toMilliseconds(at: Date | null): number | null {
  return at?.getTime() ?? null
}

/** The newest of each place: the kept one for now, else from the facts that were known. */
export async function findStates(
  db: ReadExecutor,
  view: RegistryView & { known_at: string | undefined },
  org_unit_ids: readonly number[],
): Promise<Map<number, SpeedState>> {
  const { known_at, known_at_change_set_no } = view
  if (known_at !== undefined) {
    const folded = await foldSpeedStates(db, { org_unit_ids, known_at_change_set_no })
    return new Map(folded.map((state) => [state.org_unit_id, state]))
  }
  const rows = await db
    .selectFrom('speed_state')
    .where('org_unit_id', '=', sql<number>`ANY(${org_unit_ids}::bigint[])`)
    .select([
      'org_unit_id',
      'last_tested_at',
      'last_test_id',
      'last_validity',
      'last_cause',
      'heard_at',
      'agent_version',
    ])
    .select(['valid_tested_at', 'valid_test_id', 'download_kbps', 'upload_kbps', 'min_rtt_us'])
    .execute()
  return new Map(
    rows.map((row) => [
      row.org_unit_id,
      {
        ...row,
        last_validity: row.last_validity as TestValidity | null,
        last_tested_at: toMilliseconds(row.last_tested_at),
        valid_tested_at: toMilliseconds(row.valid_tested_at),
        heard_at: toMilliseconds(row.heard_at),
      },
    ]),
  )
}
