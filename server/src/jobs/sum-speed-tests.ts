import { sql, type Kysely, type RawBuilder } from 'kysely'
import { systemScope } from '../db/access-scope.ts'
import { findLatestChangeSetNo } from '../db/change-set.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { orgUnitsOn } from '../db/registry-as-known.ts'
import type { DB } from '../db/schema.gen.ts'
import { dayInZone } from '../domain/region-day.ts'

const SCOPE = systemScope('sums of speed tests')
const GROUP_COLUMNS = sql.raw('municipality_id, region_id, founder_kind, settlement_kind')

interface SummaryCounts {
  ledger_rows: number
  moved_units: number
}

/** Up to which change set of the ledger the sums go, and the registry that says where a building is counted. */
interface SummaryStep {
  after: number
  through: number
  today: string
}

/** Under what the registry counts each building that has tests, today. */
function currentGroups(tx: WriteExecutor, { through, today }: SummaryStep): RawBuilder<unknown> {
  const view = { scope: SCOPE, day: today, known_at_change_set_no: through }
  const measured = sql<number>`(SELECT org_unit_id FROM speed_state)`
  return sql`
    SELECT u.org_unit_id, u.municipality_id, u.region_id, coalesce(u.founder_kind, 'unknown') AS founder_kind,
           coalesce(v.settlement_kind, 'unknown') AS settlement_kind
      FROM org_unit u LEFT JOIN (${orgUnitsOn(tx, view, measured)}) v ON v.org_unit_id = u.org_unit_id
     WHERE u.org_unit_id IN ${measured}`
}

/** Buildings that the registry now counts elsewhere than their sums stand. */
function movedGroups(groups: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    SELECT kept.org_unit_id FROM speed_group kept JOIN (${groups}) now ON now.org_unit_id = kept.org_unit_id
     WHERE (kept.municipality_id, kept.region_id, kept.founder_kind, kept.settlement_kind)
           IS DISTINCT FROM (now.municipality_id, now.region_id, now.founder_kind, now.settlement_kind)`
}

/** What the sums gain and lose: new rows of the ledger, and all rows of buildings that have moved. */
function findGains(groups: RawBuilder<unknown>, { after, through }: SummaryStep): RawBuilder<unknown> {
  return sql`
    SELECT ${GROUP_COLUMNS}, h.local_day, h.local_hour, sign(h.tests)::int AS sign, h.download_bins
      FROM speed_hour h JOIN (${groups}) g ON g.org_unit_id = h.org_unit_id
     WHERE h.validity = 'valid' AND h.change_set_no > ${after} AND h.change_set_no <= ${through}
    UNION ALL
    SELECT ${GROUP_COLUMNS}, h.local_day, h.local_hour, sign(h.tests)::int, h.download_bins
      FROM speed_hour h JOIN (${groups}) g ON g.org_unit_id = h.org_unit_id
     WHERE h.validity = 'valid' AND h.change_set_no <= ${after}
       AND h.org_unit_id IN (${movedGroups(groups)})
    UNION ALL
    SELECT ${GROUP_COLUMNS}, h.local_day, h.local_hour, -sign(h.tests)::int, h.download_bins
      FROM speed_hour h JOIN speed_group g ON g.org_unit_id = h.org_unit_id
     WHERE h.validity = 'valid' AND h.change_set_no <= ${after}
       AND h.org_unit_id IN (${movedGroups(groups)})`
}

/** Adds gains to a table of sums, bin by bin. `key` names its columns, and what of a gain each of them is. */
async function addGains(
  tx: WriteExecutor,
  table: 'speed_month' | 'speed_week_hour',
  key: Readonly<Record<string, RawBuilder<unknown>>>,
  gains: RawBuilder<unknown>,
): Promise<void> {
  const columns = sql.join(Object.keys(key).map((column) => sql.ref(column)))
  const places = sql.join(Object.keys(key).map((_, index) => sql.lit(index + 1)))
  await sql`
    WITH gained AS MATERIALIZED (
      SELECT ${sql.join(Object.entries(key).map(([column, value]) => sql`${value} AS ${sql.ref(column)}`))},
             bin, sum(g.sign)::int AS tests
        FROM (${gains}) g
        CROSS JOIN unnest(g.download_bins) AS bin
        CROSS JOIN unnest(ARRAY[g.region_id, g.municipality_id]) AS territory_id
       WHERE territory_id IS NOT NULL
       GROUP BY ${places}, bin),
    keys AS (SELECT DISTINCT ${columns} FROM gained),
    former AS (
      SELECT ${columns}, b.bin, b.tests FROM ${sql.table(table)} JOIN keys USING (${columns})
       CROSS JOIN unnest(${sql.ref(`${table}.bins`)}, ${sql.ref(`${table}.tests`)}) AS b (bin, tests)),
    merged AS (
      SELECT ${columns}, bin, sum(tests)::int AS tests
        FROM (SELECT * FROM gained UNION ALL SELECT * FROM former) parts GROUP BY ${columns}, bin)
    INSERT INTO ${sql.table(table)} (${columns}, bins, tests)
    SELECT ${columns}, coalesce(array_agg(bin ORDER BY bin) FILTER (WHERE tests <> 0), '{}'),
           coalesce(array_agg(tests ORDER BY bin) FILTER (WHERE tests <> 0), '{}')
      FROM merged GROUP BY ${columns}
    ON CONFLICT (${columns}) DO UPDATE SET bins = excluded.bins, tests = excluded.tests`.execute(tx)
}

async function countMoved(tx: WriteExecutor, groups: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql`${movedGroups(groups)}`.execute(tx)
  return rows.length
}

async function countLedgerRows(tx: WriteExecutor, { after, through }: SummaryStep): Promise<number> {
  const { ledger_rows } = await tx
    .selectFrom('speed_hour')
    .where('change_set_no', '>', after)
    .where('change_set_no', '<=', through)
    .select((eb) => eb.fn.countAll<number>().as('ledger_rows'))
    .executeTakeFirstOrThrow()
  return ledger_rows
}

/** Brings the sums of territories from one change set to another. */
async function summarise(tx: WriteExecutor, step: SummaryStep, counts: SummaryCounts, made_at: Date): Promise<void> {
  const groups = currentGroups(tx, step)
  const gains = findGains(groups, step)
  const month = sql`date_trunc('month', g.local_day::timestamp)::date`
  const [territory_id, founder_kind] = [sql`territory_id`, sql`g.founder_kind`]
  await addGains(
    tx,
    'speed_month',
    { territory_id, month, founder_kind, settlement_kind: sql`g.settlement_kind` },
    gains,
  )
  const hour = { weekday: sql`extract(isodow FROM g.local_day)::smallint`, local_hour: sql`g.local_hour` }
  await addGains(tx, 'speed_week_hour', { territory_id, month, founder_kind, ...hour }, gains)
  await sql`
    INSERT INTO speed_group (org_unit_id, ${GROUP_COLUMNS}) SELECT org_unit_id, ${GROUP_COLUMNS} FROM (${groups}) now
    ON CONFLICT (org_unit_id) DO UPDATE SET municipality_id = excluded.municipality_id, region_id = excluded.region_id,
       founder_kind = excluded.founder_kind, settlement_kind = excluded.settlement_kind`.execute(tx)
  await tx
    .insertInto('speed_summary')
    .values({ through_change_set_no: step.through, made_at, ...counts })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/**
 * Adds to the sums of territories what the ledger of hours has gained since the last summary, and moves buildings whose
 * municipality, founder or settlement the registry has changed. Numbers of change sets follow the order of commits, so
 * everything up to the newest one is there; what comes later goes into the next summary.
 */
export async function sumSpeedTests(
  db: Kysely<DB>,
  { now, time_zone }: { now: Date; time_zone: string },
): Promise<SummaryCounts> {
  const through = await findLatestChangeSetNo(db)
  return db.transaction().execute(async (tx) => {
    const last = await tx
      .selectFrom('speed_summary')
      .select((eb) => eb.fn.max('through_change_set_no').as('through'))
      .executeTakeFirst()
    const step = { after: last?.through ?? 0, through, today: dayInZone(now, time_zone) }
    if (step.after >= through) return { ledger_rows: 0, moved_units: 0 }
    const counts = {
      ledger_rows: await countLedgerRows(tx, step),
      moved_units: await countMoved(tx, currentGroups(tx, step)),
    }
    if (counts.ledger_rows + counts.moved_units > 0) await summarise(tx, step, counts, now)
    return counts
  })
}

/** Makes the sums of territories anew from the ledger alone, up to the newest change set. */
export async function rebuildSpeedSums(
  db: Kysely<DB>,
  { now, time_zone }: { now: Date; time_zone: string },
): Promise<SummaryCounts> {
  const through = await findLatestChangeSetNo(db)
  return db.transaction().execute(async (tx) => {
    for (const table of ['speed_month', 'speed_week_hour', 'speed_group'] as const) {
      await tx.deleteFrom(table).execute()
    }
    const step = { after: 0, through, today: dayInZone(now, time_zone) }
    const counts = { ledger_rows: await countLedgerRows(tx, step), moved_units: 0 }
    await summarise(tx, step, counts, now)
    return counts
  })
}
