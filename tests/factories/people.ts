import { randomBytes } from 'node:crypto'
import type { Kysely } from 'kysely'
import { issueCollectorToken, issueOwnToken } from '../../server/src/access/own-programs.ts'
import { startSession } from '../../server/src/access/sessions.ts'
import { findRegionId } from '../../server/src/access/users.ts'
import type { Role } from '../../server/src/access/roles.ts'
import { WORK_KINDS, type WorkKind } from '../../server/src/contract/index.ts'
import type { Jurisdiction } from '../../server/src/db/access-scope.ts'
import type { DB } from '../../server/src/db/schema.gen.ts'
import { SESSION_COOKIE } from '../../server/src/plugins/own-cookies.ts'
import { inChange, insertUnit } from './registry.ts'

/** First day of all rights that tests give. */
export const RIGHTS_SINCE = '2020-01-01'

/** What a person may do somewhere. */
export interface TestGrant extends Jurisdiction {
  role: Role
}

/** A signed-in person: headers that a browser of theirs sends. */
export interface TestPerson {
  user_id: number
  login: string
  headers: { cookie: string; 'sec-fetch-site': 'same-origin' }
}

/** Makes a person with these grants, signed in. */
export async function insertPerson(db: Kysely<DB>, grants: readonly TestGrant[], name = 'Проба'): Promise<TestPerson> {
  const login = `person-${randomBytes(4).toString('hex')}`
  return db.transaction().execute(async (tx) => {
    const { user_id } = await tx
      .insertInto('app_user')
      .values({ login, display_name: name, is_disabled: false, created_by: 'test' })
      .returning('user_id')
      .executeTakeFirstOrThrow()
    for (const { role, org_unit_id, founder_kinds } of grants) {
      const kinds = founder_kinds === null ? null : [...founder_kinds]
      const given = { role, org_unit_id, founder_kinds: kinds, valid_from: RIGHTS_SINCE, origin: 'person' }
      await tx
        .insertInto('user_grant')
        .values({ ...given, user_id, granted_by: 'test' })
        .execute()
    }
    const secret = await startSession(
      tx,
      user_id,
      { remote_address: '127.0.0.1', user_agent: 'test' },
      { means: 'password' },
    )
    return { user_id, login, headers: headersOf(secret) }
  })
}

/** Makes a region and a person who may do everything that people may do there, signed in. */
export async function insertRegionPerson(db: Kysely<DB>): Promise<TestPerson> {
  const { org_unit_id } = await inChange(db, (change) => insertUnit(change, { kind: 'region', name: 'Область' }))
  const roles = ['ministry_analyst', 'institute_staff', 'administrator'] as const
  return insertPerson(
    db,
    roles.map((role) => ({ role, org_unit_id, founder_kinds: null })),
  )
}

/** Headers of a browser with a session. */
export function headersOf(session_secret: string): TestPerson['headers'] {
  return { cookie: `${SESSION_COOKIE}=${session_secret}`, 'sec-fetch-site': 'same-origin' }
}

/** Headers of a collector with a token of its own, for all kinds of work unless said otherwise. */
export async function collectorHeaders(
  db: Kysely<DB>,
  collector: { name: string; vantage: string; work_kinds?: readonly WorkKind[] },
): Promise<{ authorization: string }> {
  const right = { work_kinds: WORK_KINDS, ...collector }
  return { authorization: `Bearer ${await issueCollectorToken(db, right, RIGHTS_SINCE)}` }
}

/** A token that may read everything of the first region. */
export async function issueReadingToken(db: Kysely<DB>): Promise<string> {
  const jurisdiction = { org_unit_id: await findRegionId(db), founder_kinds: null }
  return issueOwnToken(db, { kind: 'export', label: 'reading', collector: null, jurisdiction }, RIGHTS_SINCE)
}

/** A token of the demo's modelled history. */
export function issueHistoryToken(db: Kysely<DB>, vantage: string): Promise<string> {
  return issueCollectorToken(db, { name: 'demo-history', vantage, work_kinds: ['site_check'] }, RIGHTS_SINCE)
}
