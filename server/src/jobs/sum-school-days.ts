import { sql, type Kysely } from 'kysely'
import { isWorkingDay } from '../contract/index.ts'
import { findLatestChangeSetNo } from '../db/change-set.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { readWorkingDays } from '../db/reference-files.ts'
import type { DB } from '../db/schema.gen.ts'
import { daysBetween, periodOf } from '../domain/periods.ts'
import { SCHOOL_HOURS, SCHOOL_HOURS_RULE_VERSION } from '../domain/schedule.ts'
import { sumSchoolHours } from '../indicators/school-hours.ts'

const WORKING_DAYS = readWorkingDays()

const SUMMARY_EVERY_MS = 6 * 3_600_000
/** So many rows of the ledger are still read quickly one by one; more are summed before their time. */
const ROWS_TO_WAIT_FOR = 200_000

interface Backlog {
  through_change_set_no: number
  made_at: Date | null
  ledger_rows: number
}

/** What the sums by day lack up to a change set. */
async function findBacklog(db: Kysely<DB>, through: number): Promise<Backlog> {
  const last = await db
    .selectFrom('site_school_day_run')
    .where('rule_version', '=', SCHOOL_HOURS_RULE_VERSION)
    .select(['through_change_set_no', 'made_at'])
    .orderBy('through_change_set_no', 'desc')
    .limit(1)
    .executeTakeFirst()
  const through_change_set_no = last?.through_change_set_no ?? 0
  const { ledger_rows } = await db
    .selectFrom('site_hour')
    .where('change_set_no', '>', through_change_set_no)
    .where('change_set_no', '<=', through)
    .select((eb) => eb.fn.countAll<number>().as('ledger_rows'))
    .executeTakeFirstOrThrow()
  return { through_change_set_no, made_at: last?.made_at ?? null, ledger_rows }
}

/** Months of the days that a summary added to. */
async function findSummedMonths(tx: WriteExecutor, through: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('site_school_day')
    .where('through_change_set_no', '=', through)
    .select(sql<string>`date_trunc('month', local_day)::date`.as('month'))
    .distinct()
    .execute()
  return rows.map((row) => row.month)
}

/** Writes the running sums of a month through a summary whose sums by day are there already. */
async function sumMonth(tx: WriteExecutor, month: string, through: number): Promise<void> {
  const { first_day, last_day } = periodOf('month', month)
  const working_days = daysBetween(first_day, last_day).filter((day) => isWorkingDay(day, WORKING_DAYS))
  const key = { rule_version: SCHOOL_HOURS_RULE_VERSION, month, through_change_set_no: through }
  const summed = await tx
    .selectFrom('site_school_day')
    .where('rule_version', '=', SCHOOL_HOURS_RULE_VERSION)
    .where(sql<boolean>`local_day = any(${working_days}::date[])`)
    .select('local_day')
    .distinct()
    .execute()
  await sql`
    INSERT INTO site_school_month (org_unit_id, month, target_id, rule_version, through_change_set_no,
           counted_s, up_s, excluded_s, cannot_tell_s, last_day)
    SELECT org_unit_id, ${month}::date, target_id, ${key.rule_version}::smallint, ${through}::bigint,
           counted_s, up_s, excluded_s, cannot_tell_s, last_day
      FROM ${sumSchoolHours(tx, working_days, through)} AS hours`.execute(tx)
  await tx
    .insertInto('site_school_month_run')
    .values({ ...key, working_days, summed_days: summed.map((row) => row.local_day) })
    .execute()
}

/**
 * Adds to the sums by day and by month what the ledger of hours has gained since the last summary, when that is due. Numbers of
 * change sets follow the order of commits, so everything up to the newest one is there, and a summary never has to be
 * corrected: what comes later, of whatever day, goes into the next one.
 * @param up_to the last change set to take in, when it is not the newest
 * @returns how many rows of the ledger were summed; 0 when it is not due
 */
export async function sumSchoolDays(db: Kysely<DB>, now: Date, up_to?: number): Promise<{ ledger_rows: number }> {
  const through = up_to ?? (await findLatestChangeSetNo(db))
  const backlog = await findBacklog(db, through)
  const isOld = backlog.made_at === null || now.getTime() - backlog.made_at.getTime() >= SUMMARY_EVERY_MS
  const isDue = backlog.ledger_rows >= ROWS_TO_WAIT_FOR || (isOld && backlog.ledger_rows > 0)
  if (!isDue) return { ledger_rows: 0 }
  await db.transaction().execute(async (tx) => {
    await sql`
      INSERT INTO site_school_day (org_unit_id, local_day, target_id, rule_version, through_change_set_no,
             counted_s, up_s, excluded_s, cannot_tell_s)
      SELECT org_unit_id, local_day, target_id, ${SCHOOL_HOURS_RULE_VERSION}::smallint, ${through}::bigint,
             coalesce(sum(observed_s) FILTER (WHERE validity = 'counted'), 0),
             coalesce(sum(up_s) FILTER (WHERE validity = 'counted'), 0),
             coalesce(sum(observed_s) FILTER (WHERE validity = 'excluded'), 0),
             coalesce(sum(observed_s) FILTER (WHERE validity = 'cannot_tell'), 0)
        FROM site_hour
       WHERE change_set_no > ${backlog.through_change_set_no} AND change_set_no <= ${through}
         AND local_hour = ANY(${SCHOOL_HOURS}::smallint[])
       GROUP BY org_unit_id, local_day, target_id`.execute(tx)
    await tx
      .insertInto('site_school_day_run')
      .values({
        rule_version: SCHOOL_HOURS_RULE_VERSION,
        through_change_set_no: through,
        ledger_rows: backlog.ledger_rows,
        made_at: now,
      })
      .execute()
    for (const month of await findSummedMonths(tx, through)) await sumMonth(tx, month, through)
  })
  return { ledger_rows: backlog.ledger_rows }
}
