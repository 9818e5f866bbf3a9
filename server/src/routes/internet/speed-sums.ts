import { sql, type RawBuilder } from 'kysely'
import { isCovered } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { orgUnitsOn, type RegistryView } from '../../db/registry-as-known.ts'
import type { LogHistogram } from '../../domain/log-histogram.ts'
import type { Period } from '../../domain/periods.ts'
import type { TerritoryPart } from '../../domain/territory-parts.ts'
import { findParts } from './find-parts.ts'

/** Downloads of valid tests of a territory in a period; `known_at` absent means now, when kept sums can be used. */
export interface SpeedView extends RegistryView {
  known_at: string | undefined
  territory_id: number | undefined
  period: Period
  /** Only these places, all of which the scope shows; absent: all of the territory. */
  place_ids?: readonly number[] | undefined
}

/** One kind of sums: its table, its columns beside territory, month and founder, and what of the ledger they are. */
interface SumKind {
  table: 'speed_month' | 'speed_week_hour'
  columns: readonly string[]
  /** The same columns from `late`, rows of the ledger. */
  readLate: (db: ReadExecutor, view: SpeedView) => RawBuilder<unknown>
}

const BY_SETTLEMENT: SumKind = {
  table: 'speed_month',
  columns: ['settlement_kind'],
  readLate: (db, view) => sql`
    SELECT coalesce(v.settlement_kind, 'unknown') AS settlement_kind, late.download_bins, late.sign
      FROM late LEFT JOIN (${orgUnitsOn(db, view, sql<number>`(SELECT org_unit_id FROM late)`)}) v
        ON v.org_unit_id = late.org_unit_id`,
}
const BY_WEEK_HOUR: SumKind = {
  table: 'speed_week_hour',
  columns: ['weekday', 'local_hour'],
  readLate: () => sql`
    SELECT extract(isodow FROM late.local_day)::smallint AS weekday, late.local_hour, late.download_bins, late.sign FROM late`,
}

function isInParts(parts: readonly TerritoryPart[]): RawBuilder<unknown> {
  if (parts.length === 0) return sql`false`
  const each = parts.map(
    ({ territory_id, founder_kinds }) =>
      sql`(territory_id = ${territory_id} AND founder_kind = ANY(${founder_kinds}::text[]))`,
  )
  return sql`(${sql.join(each, sql` OR `)})`
}

/** Whether the view shows a unit: it is covered, and lies in the territory. */
function isShown({ scope, territory_id }: SpeedView, org_unit_id: RawBuilder<unknown>): RawBuilder<unknown> {
  const isInTerritory =
    territory_id === undefined
      ? sql`true`
      : sql`${org_unit_id} IN (SELECT org_unit_id FROM org_unit WHERE path @> ARRAY[${territory_id}::bigint])`
  return sql`(${isCovered(scope, org_unit_id)} AND ${isInTerritory})`
}

/** Units that the view is about, so that the ledger is read by its key: how few they are, the planner cannot know. */
async function listShownUnits(db: ReadExecutor, view: SpeedView): Promise<readonly number[]> {
  if (view.place_ids !== undefined) return view.place_ids
  const { rows } = await sql<{ org_unit_id: number }>`
    SELECT u.org_unit_id FROM org_unit u WHERE ${isShown(view, sql`u.org_unit_id`)}`.execute(db)
  return rows.map(({ org_unit_id }) => org_unit_id)
}

/** Rows of the ledger after a change set, of units that a condition on `h.org_unit_id` names. */
function ledgerRows(
  { period, known_at_change_set_no }: SpeedView,
  after: RawBuilder<unknown>,
  units: RawBuilder<unknown>,
): RawBuilder<unknown> {
  return sql`
    SELECT h.org_unit_id, h.local_day, h.local_hour, sign(h.tests)::int AS sign, h.download_bins
      FROM speed_hour h
     WHERE h.validity = 'valid' AND h.local_day BETWEEN ${period.first_day} AND ${period.last_day}
       AND h.change_set_no > ${after} AND h.change_set_no <= ${known_at_change_set_no}
       AND ${units}`
}

type SumRow<Key> = Key & { bins: number[]; tests: number[] }

/**
 * Sums of a period: kept ones and, of the ledger, what came after them, read as one moment of the database. About the
 * past, of some places, and for scopes that no sums are kept of, the ledger alone.
 */
async function readSums<Key>(db: ReadExecutor, view: SpeedView, kind: SumKind): Promise<SumRow<Key>[]> {
  const { period, known_at, scope, territory_id, place_ids } = view
  const parts = known_at === undefined && place_ids === undefined ? await findParts(db, scope, territory_id) : null
  const columns = sql.join(kind.columns.map((column) => sql.ref(column)))
  const kept = sql`
    SELECT ${columns}, b.bin, b.tests
      FROM ${sql.table(kind.table)} k CROSS JOIN unnest(k.bins, k.tests) AS b (bin, tests)
     WHERE k.month BETWEEN ${period.first_day} AND ${period.last_day} AND ${isInParts(parts ?? [])}`
  const units =
    parts === null
      ? sql`h.org_unit_id = ANY(${await listShownUnits(db, view)}::bigint[])`
      : isShown(view, sql`h.org_unit_id`)
  const after = parts === null ? sql`0` : sql`(SELECT coalesce(max(through_change_set_no), 0) FROM speed_summary)`
  const { rows } = await sql<SumRow<Key>>`
    WITH late AS MATERIALIZED (${ledgerRows(view, after, units)}),
    parts AS (
      ${kept} UNION ALL
      SELECT ${columns}, bin, l.sign FROM (${kind.readLate(db, view)}) l CROSS JOIN unnest(l.download_bins) AS bin),
    merged AS (SELECT ${columns}, bin, sum(tests)::int AS tests FROM parts GROUP BY ${columns}, bin)
    SELECT ${columns}, array_agg(bin ORDER BY bin) AS bins, array_agg(tests ORDER BY bin) AS tests
      FROM merged WHERE tests <> 0 GROUP BY ${columns} ORDER BY ${columns}`.execute(db)
  return rows
}

function histogramOf({ bins, tests }: { bins: number[]; tests: number[] }): LogHistogram {
  return new Map(bins.map((bin, place) => [bin, tests[place] ?? 0]))
}

/** Histograms by kind of settlement; a kind without a test is absent. */
export async function readBySettlement(db: ReadExecutor, view: SpeedView): Promise<Map<string, LogHistogram>> {
  const rows = await readSums<{ settlement_kind: string }>(db, view, BY_SETTLEMENT)
  return new Map(rows.map((row) => [row.settlement_kind, histogramOf(row)]))
}

export interface WeekHour {
  /** Monday 1 to Sunday 7. */
  weekday: number
  local_hour: number
}

/** Histograms by hour of the week; an hour without a test is absent. */
export async function readByWeekHour(
  db: ReadExecutor,
  view: SpeedView,
): Promise<(WeekHour & { histogram: LogHistogram })[]> {
  const rows = await readSums<WeekHour>(db, view, BY_WEEK_HOUR)
  return rows.map((row) => ({ weekday: row.weekday, local_hour: row.local_hour, histogram: histogramOf(row) }))
}
