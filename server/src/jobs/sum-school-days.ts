import { sql, type Kysely } from 'kysely'
import { findLatestChangeSetNo } from '../db/change-set.ts'
import type { DB } from '../db/schema.gen.ts'
import { SCHOOL_HOURS, SCHOOL_HOURS_RULE_VERSION } from '../domain/schedule.ts'

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

/**
 * Adds to the sums by day what the ledger of hours has gained since the last summary, when that is due. Numbers of
 * change sets follow the order of commits, so everything up to the newest one is there, and a summary never has to be
 * corrected: what comes later, of whatever day, goes into the next one.
 * @returns how many rows of the ledger were summed; 0 when it is not due
 */
export async function sumSchoolDays(db: Kysely<DB>, now: Date): Promise<{ ledger_rows: number }> {
  const through = await findLatestChangeSetNo(db)
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
  })
  return { ledger_rows: backlog.ledger_rows }
}
