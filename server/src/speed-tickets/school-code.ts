import { randomInt } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import { beginAttempt, forgiveAttempt } from '../access/sign-in-limits.ts'
import type { AuditAuthor } from '../db/audit-author.ts'
import type { ReadExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { CodedError } from '../errors.ts'

/** Without letters and digits that are mistaken for one another. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const LETTERS = 8

/** A code as it is given out. */
export interface SchoolCode {
  code: string
  issued_at: Date
  issued_by: string
}

function makeCode(): string {
  return Array.from({ length: LETTERS }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}

/** The school's code; null: none was issued. */
export async function findSchoolCode(db: ReadExecutor, org_unit_id: number): Promise<SchoolCode | null> {
  const found = await db
    .selectFrom('school_code')
    .where('org_unit_id', '=', org_unit_id)
    .select(['code', 'issued_at', 'issued_by'])
    .executeTakeFirst()
  return found ?? null
}

/** Issues a code; the one of before works no more. */
export async function issueSchoolCode(db: Kysely<DB>, org_unit_id: number, by: AuditAuthor): Promise<SchoolCode> {
  return db.transaction().execute(async (tx) => {
    const made = { code: makeCode(), issued_by: by.actor, issued_at: sql<Date>`clock_timestamp()` }
    const issued = await tx
      .insertInto('school_code')
      .values({ org_unit_id, ...made })
      .onConflict((conflict) => conflict.column('org_unit_id').doUpdateSet(made))
      .returning(['code', 'issued_at', 'issued_by'])
      .executeTakeFirstOrThrow()
    const event = { action: 'school_code.issue', subject: `school code of ${org_unit_id}`, org_unit_id } as const
    await insertAuditEvent(tx, { by, category: 'grant', ...event })
    return issued
  })
}

/** As people write it down: in capitals, with a stroke or spaces. */
export function normalizeSchoolCode(text: string): string {
  return text.toLowerCase().replace(/[\s-]/g, '')
}

/**
 * Organisation that a code is of. Wrong codes of one network are counted and soon refused.
 * @throws EDU_SCHOOL_CODE_UNKNOWN, EDU_RATE_LIMITED
 */
export async function requireSchoolCode(db: Kysely<DB>, text: string, by: AuditAuthor): Promise<number> {
  const attempt = { subject: 'school code', remote_address: by.remote_address ?? '', known_place: null }
  const failure_ids = await beginAttempt(db, { ...attempt, counts_everywhere: false, by })
  const found = await db
    .selectFrom('school_code')
    .where('code', '=', normalizeSchoolCode(text))
    .select('org_unit_id')
    .executeTakeFirst()
  if (found === undefined) throw new CodedError('EDU_SCHOOL_CODE_UNKNOWN', 'Такого кода школы нет', { field: 'code' })
  await db.transaction().execute((tx) => forgiveAttempt(tx, failure_ids))
  return found.org_unit_id
}
