import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sumSchoolHours } from '../../../server/src/indicators/school-hours.ts'
import { sumSchoolDays } from '../../../server/src/jobs/sum-school-days.ts'
import { inChange, insertUnit } from '../../factories/registry.ts'
import { insertHour, type MadeSite } from '../../factories/site-facts.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'

const DAYS = ['2026-09-01', '2026-09-02', '2026-09-03']
/** Working days up to the fourth, a day that nothing is known of. */
const SEPTEMBER = [...DAYS, '2026-09-04']
const NOON = Date.parse('2026-09-04T12:00:00Z')
const VALIDITIES = ['counted', 'cannot_tell', 'excluded'] as const

let database: TestDatabase
let sites: MadeSite[]
beforeAll(async () => {
  database = await createTestDatabase()
  const unit = await inChange(database.db, (change) => insertUnit(change, { kind: 'region', name: 'Область' }))
  sites = Array.from({ length: 3 }, () => ({ unit, target_id: randomUUID() }))
})
afterAll(() => database.drop())

/** A change set with rows of the ledger for every site, at hours within and outside school; some take time back. */
function addHours(no: number): Promise<number> {
  return inChange(database.db, async (change) => {
    for (const [place, site] of sites.entries()) {
      const day = DAYS[(no + place) % DAYS.length] ?? ''
      const validity = VALIDITIES[(no * 7 + place) % VALIDITIES.length] ?? 'counted'
      const observed_s = (no % 5 === 4 ? -1 : 1) * (100 + no)
      const up_s = validity === 'counted' ? observed_s : 0
      await insertHour(change, site, { day, hour: (no * 5) % 24, validity, observed_s, up_s })
    }
    return change.change_set_no
  })
}

/** The sums straight from the ledger. */
async function sumLedger(days: string[], known_at: number) {
  const { rows } = await sql<Record<string, unknown>>`
    SELECT org_unit_id, target_id, coalesce(sum(observed_s) FILTER (WHERE validity = 'counted'), 0) AS counted_s,
           coalesce(sum(up_s) FILTER (WHERE validity = 'counted'), 0) AS up_s,
           coalesce(sum(observed_s) FILTER (WHERE validity = 'excluded'), 0) AS excluded_s,
           coalesce(sum(observed_s) FILTER (WHERE validity = 'cannot_tell'), 0) AS cannot_tell_s, max(local_day) AS last_day
      FROM site_hour WHERE local_day = ANY(${days}::date[]) AND local_hour BETWEEN 8 AND 17 AND change_set_no <= ${known_at}
     GROUP BY org_unit_id, target_id ORDER BY target_id`.execute(database.db)
  return rows
}

describe('sums of school days', () => {
  it('equal the ledger as known at every change set, whenever a summary was made', async () => {
    const known = [await addHours(0)]
    for (let no = 1; no < 24; no += 1) {
      known.push(await addHours(no))
      if (no % 9 === 0) {
        const now = new Date(NOON + no * 86_400_000)
        expect(await sumSchoolDays(database.db, now)).not.toEqual({ ledger_rows: 0 })
      }
    }
    const runs = await database.db.selectFrom('site_school_day_run').select('ledger_rows').execute()
    expect(runs.map((run) => run.ledger_rows)).toEqual([30, 27])
    const months = await database.db.selectFrom('site_school_month_run').select('month').execute()
    expect(months).toEqual([{ month: '2026-09-01' }, { month: '2026-09-01' }])
    for (const days of [DAYS, SEPTEMBER, DAYS.slice(0, 2), DAYS.slice(1, 2), [...DAYS, '2026-09-05']]) {
      for (const known_at of known) {
        const sums = await sumSchoolHours(database.db, days, known_at).orderBy('target_id').execute()
        const ledger = await sumLedger(days, known_at)
        expect(sums).toEqual(ledger.map((row) => ({ ...row, set_aside_reason: null })))
      }
    }
  })

  it('are left alone while little has come since the last summary', async () => {
    const now = new Date(NOON + 30 * 86_400_000)
    await sumSchoolDays(database.db, now)
    await addHours(100)
    expect(await sumSchoolDays(database.db, new Date(now.getTime() + 3_600_000))).toEqual({ ledger_rows: 0 })
    expect(await sumSchoolDays(database.db, new Date(now.getTime() + 7 * 3_600_000))).toEqual({ ledger_rows: 3 })
  })
})
