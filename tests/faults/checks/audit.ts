import { sql, type Kysely } from 'kysely'
import type { AuditHead } from '../../../server/src/audit/audit-head.ts'
import { verifyChain } from '../../../server/src/audit/verify-chain.ts'
import type { ReadExecutor } from '../../../server/src/db/executor.ts'
import type { DB } from '../../../server/src/db/schema.gen.ts'
import { summarise, type Pledge } from './pledge.ts'

/** Change sets of the rig itself, which made the region without a command. */
const RIG_ACTOR = 'test'

async function listNames(db: ReadExecutor, query: ReturnType<typeof sql<{ name: string }>>): Promise<string[]> {
  return (await query.execute(db)).rows.map(({ name }) => name)
}

/**
 * What was done has one event, and every event was done: batches, openings and decisions by their change set, sign-ins
 * and sign-outs by their number for each person.
 * @param restored_at when the database was restored, which ends sessions without a sign-out; null: it never was
 */
export async function checkEvents(db: ReadExecutor, restored_at: Date | null): Promise<string[]> {
  const changes = await listNames(
    db,
    sql`SELECT c.kind || ' ' || c.change_set_no || ' has ' || count(e.audit_event_id) AS name
          FROM change_set c LEFT JOIN audit_event e ON e.change_set_no = c.change_set_no
         WHERE c.actor <> ${RIG_ACTOR} GROUP BY c.change_set_no HAVING count(e.audit_event_id) <> 1`,
  )
  const commands = await listNames(
    db,
    sql`SELECT coalesce(made.action, event.action) || ' of ' || coalesce(made.subject, event.subject) AS name
          FROM (SELECT 'open_objection' AS action, 'objection ' || objection_id AS subject FROM objection
                UNION ALL SELECT 'decide_objection', 'objection ' || objection_id FROM objection_decision) made
          FULL JOIN (SELECT action, subject, count(*) AS times FROM audit_event
                      WHERE action IN ('open_objection', 'decide_objection') GROUP BY action, subject) event
            ON event.action = made.action AND event.subject = made.subject
         WHERE event.times IS DISTINCT FROM 1 OR made.subject IS NULL`,
  )
  const people = await listNames(
    db,
    sql`SELECT u.login || ' ' || said.sign_ins || ' of ' || done.sign_ins || ', ' || said.sign_outs || ' of ' || done.sign_outs AS name
          FROM app_user u
          CROSS JOIN LATERAL (SELECT count(*) AS sign_ins, count(*) FILTER (WHERE ended_at < coalesce(${restored_at}, 'infinity'::timestamptz)) AS sign_outs
                                FROM user_session
                               WHERE user_id = u.user_id AND user_agent <> 'test') done
          CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE action = 'sign_in') AS sign_ins,
                                     count(*) FILTER (WHERE action = 'sign_out') AS sign_outs
                                FROM audit_event WHERE user_id = u.user_id) said
         WHERE said.sign_ins <> done.sign_ins OR said.sign_outs <> done.sign_outs`,
  )
  return [
    ...summarise('change sets without exactly one event', changes),
    ...summarise('objections without exactly one event for each step', commands),
    ...summarise('people with other numbers of events than of sessions begun and ended', people),
  ]
}

/**
 * Every backup that reported success has one event, and no event speaks of a file that was never whole.
 * @param whole hashes of all files that were whole; null while a backup may be under way
 */
export async function checkBackupEvents(
  db: ReadExecutor,
  pledge: Pledge,
  whole: ReadonlySet<string> | null,
): Promise<string[]> {
  const rows = await db.selectFrom('audit_event').where('action', '=', 'backup').select('subject').execute()
  const said = rows.map(({ subject }) => subject.replace('backup ', ''))
  const times = (sha256: string): number => said.filter((other) => other === sha256).length
  return [
    ...summarise(
      'backups without exactly one event',
      pledge.backups.filter((sha256) => times(sha256) !== 1),
    ),
    ...summarise(
      'events of backups that were never whole',
      whole === null ? [] : said.filter((sha256) => !whole.has(sha256)),
    ),
  ]
}

/** The chain is whole, and still holds a head that was seen before. */
export async function checkChain(db: Kysely<DB>, head: AuditHead | null): Promise<string[]> {
  const { findings } = await verifyChain(db, head)
  return summarise(
    'findings in the audit',
    findings.map(({ fault, audit_event_id }) => `${fault} ${audit_event_id ?? ''}`),
  )
}
