import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import type { Exclusion } from './exclusions.ts'
import { grantedObjections } from './set-aside.ts'
import { SCHOOL_HOURS, SCHOOL_HOURS_RULE_VERSION } from '../domain/schedule.ts'

/**
 * Hours that count no more, as negative rows: those of days for which a granted objection sets a site's verdicts aside.
 * Of objections to the same day the hours are taken off once.
 */
function setAsideHours(db: ReadExecutor, days: readonly string[], known_at_change_set_no: number) {
  return db
    .selectFrom(grantedObjections(db, known_at_change_set_no).as('granted'))
    .innerJoin('site_hour as hour', (join) =>
      join
        .onRef('hour.org_unit_id', '=', 'granted.org_unit_id')
        .onRef('hour.target_id', '=', 'granted.target_id')
        .onRef('hour.local_day', '>=', 'granted.valid_from')
        .onRef('hour.local_day', '<=', 'granted.valid_to'),
    )
    .where('granted.finding', '=', 'availability')
    .where('hour.validity', '=', 'counted')
    .where('hour.change_set_no', '<=', known_at_change_set_no)
    .where(sql<boolean>`hour.local_day = any(${days}::date[])`)
    .where(sql<boolean>`hour.local_hour = any(${SCHOOL_HOURS}::smallint[])`)
    .groupBy(['hour.org_unit_id', 'hour.target_id', 'hour.local_day', 'hour.local_hour'])
    .groupBy(['hour.rule_version', 'hour.change_set_no', 'hour.observed_s', 'hour.up_s'])
    .select(['hour.org_unit_id', 'hour.target_id', 'hour.local_day'])
    .select([
      sql<number>`-hour.observed_s`.as('counted_s'),
      sql<number>`-hour.up_s`.as('up_s'),
      sql<number>`0`.as('excluded_s'),
      sql<number>`0`.as('cannot_tell_s'),
      sql<Exclusion | null>`min(granted.reason)`.as('set_aside_reason'),
    ])
}

/**
 * The newest summary whose sums of a month serve these days: all days that have sums are asked for, and no other asked
 * day could have had one. 0 when there is none.
 */
function monthSummary(db: ReadExecutor, days: readonly string[], known_at_change_set_no: number) {
  return db
    .selectFrom('site_school_month_run')
    .where('rule_version', '=', SCHOOL_HOURS_RULE_VERSION)
    .where(sql<boolean>`month = date_trunc('month', ${days[0] ?? null}::date)::date`)
    .where('through_change_set_no', '<=', known_at_change_set_no)
    .where(sql<boolean>`summed_days <@ ${days}::date[] and ${days}::date[] <@ working_days`)
    .select(sql<number>`coalesce(max(through_change_set_no), 0)`.as('change_set_no'))
}

/**
 * Sums school hours by target as known at a change set: from the running sums of the month where they hold the same days,
 * from the sums by day of the summaries after them, and from the ledger of hours for the change sets after the last
 * summary. A target without a row in any has none here.
 */
export function sumSchoolHours(db: ReadExecutor, days: readonly string[], known_at_change_set_no: number) {
  const month_summary = monthSummary(db, days, known_at_change_set_no)
  const ofMonth = db
    .selectFrom('site_school_month')
    .where('rule_version', '=', SCHOOL_HOURS_RULE_VERSION)
    .where(sql<boolean>`month = date_trunc('month', ${days[0] ?? null}::date)::date`)
    .where('through_change_set_no', '=', month_summary)
    .select(['org_unit_id', 'target_id', 'last_day as local_day', 'counted_s', 'up_s', 'excluded_s', 'cannot_tell_s'])
  const ofDays = db
    .selectFrom('site_school_day')
    .where('rule_version', '=', SCHOOL_HOURS_RULE_VERSION)
    .where('through_change_set_no', '>', month_summary)
    .where('through_change_set_no', '<=', known_at_change_set_no)
    .where(sql<boolean>`local_day = any(${days}::date[])`)
    .select(['org_unit_id', 'target_id', 'local_day', 'counted_s', 'up_s', 'excluded_s', 'cannot_tell_s'])
  const summed_through = db
    .selectFrom('site_school_day_run')
    .where('rule_version', '=', SCHOOL_HOURS_RULE_VERSION)
    .where('through_change_set_no', '<=', known_at_change_set_no)
    .select(sql<number>`coalesce(max(through_change_set_no), 0)`.as('change_set_no'))
  const since = db
    .selectFrom('site_hour')
    .where('change_set_no', '>', summed_through)
    .where('change_set_no', '<=', known_at_change_set_no)
    .where(sql<boolean>`local_day = any(${days}::date[])`)
    .where(sql<boolean>`local_hour = any(${SCHOOL_HOURS}::smallint[])`)
    .select(['org_unit_id', 'target_id', 'local_day'])
    .select([
      sql<number>`case validity when 'counted' then observed_s else 0 end`.as('counted_s'),
      sql<number>`case validity when 'counted' then up_s else 0 end`.as('up_s'),
      sql<number>`case validity when 'excluded' then observed_s else 0 end`.as('excluded_s'),
      sql<number>`case validity when 'cannot_tell' then observed_s else 0 end`.as('cannot_tell_s'),
    ])
  return db
    .selectFrom(
      db
        .selectFrom(ofMonth.unionAll(ofDays).unionAll(since).as('counted'))
        .selectAll()
        .select(sql<Exclusion | null>`null::text`.as('set_aside_reason'))
        .unionAll(setAsideHours(db, days, known_at_change_set_no))
        .as('hours'),
    )
    .groupBy(['org_unit_id', 'target_id'])
    .select((eb) => [
      'org_unit_id',
      'target_id',
      eb.fn.sum<number>('counted_s').as('counted_s'),
      eb.fn.sum<number>('up_s').as('up_s'),
      eb.fn.sum<number>('excluded_s').as('excluded_s'),
      eb.fn.sum<number>('cannot_tell_s').as('cannot_tell_s'),
      eb.fn.max('local_day').as('last_day'),
      eb.fn.min('set_aside_reason').as('set_aside_reason'),
    ])
}
