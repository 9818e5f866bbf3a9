import pg from 'pg'
import { systemAuthor } from '../db/audit-author.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import { kyselyOver, poolConfig } from '../db/pool.ts'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.gen.ts'
import type { CollectorRight } from './subject.ts'
import { findRegionId } from './users.ts'
import { revokeTokens, issueToken, type TokenPurpose } from './tokens.ts'

/** Name that tokens of programs are created by which this installation starts itself. */
export const STARTED_HERE = 'started here'

type OwnToken = Pick<TokenPurpose, 'kind' | 'collector' | 'jurisdiction' | 'label'>

/**
 * Issues a token for a program that is started now. It lives in that program's environment alone; what earlier starts
 * issued under the same label is revoked.
 */
export async function issueOwnToken(db: Kysely<DB>, own: OwnToken, today: string): Promise<string> {
  return db.transaction().execute(async (tx) => {
    const earlier = await tx
      .selectFrom('api_token')
      .where('created_by', '=', STARTED_HERE)
      .where('label', '=', own.label)
      .where('revoked_at', 'is', null)
      .select('token_id')
      .execute()
    const earlier_ids = earlier.map((row) => row.token_id)
    const revoked = await revokeTokens(tx, earlier_ids, STARTED_HERE)
    const revoked_token_ids = revoked.map((row) => row.token_id)
    const term = { valid_from: today, valid_to: null, replaces_token_id: null }
    const { token_id, token, prefix } = await issueToken(tx, { ...own, ...term }, STARTED_HERE)
    await insertAuditEvent(tx, {
      by: systemAuthor(STARTED_HERE),
      category: 'grant',
      action: 'token.create',
      subject: `token ${token_id}`,
      org_unit_id: own.jurisdiction?.org_unit_id ?? null,
      detail: { ...own, valid_from: today, prefix, revoked_token_ids },
    })
    return token
  })
}

/** Token of a collector that is started here. */
export function issueCollectorToken(db: Kysely<DB>, collector: CollectorRight, today: string): Promise<string> {
  const label = `collector ${collector.name}, ${collector.vantage}`
  return issueOwnToken(db, { kind: 'collector', label, collector, jurisdiction: null }, today)
}

/** Token of a measurement server that is started here; it measures for the whole region. */
export async function issueMeasurementToken(db: Kysely<DB>, name: string, today: string): Promise<string> {
  const jurisdiction = { org_unit_id: await findRegionId(db), founder_kinds: null }
  const label = `measurement server ${name}`
  return issueOwnToken(db, { kind: 'measurement', label, collector: null, jurisdiction }, today)
}

/** Runs work over a short-lived pool of the application role. */
export async function withApplication<T>(application_url: string, work: (db: Kysely<DB>) => Promise<T>): Promise<T> {
  const pool = new pg.Pool(poolConfig(application_url, 2))
  pool.on('error', (error) => console.error('Database connection lost', error))
  try {
    return await work(kyselyOver(pool))
  } finally {
    await pool.end()
  }
}
