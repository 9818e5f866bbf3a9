import { sql, type Kysely } from 'kysely'
import type { Jurisdiction } from '../db/access-scope.ts'
import type { WriteExecutor } from '../db/executor.ts'
import type { DB } from '../db/schema.gen.ts'
import type { TokenKind } from './roles.ts'
import { hashSecret, makeSecret } from './secrets.ts'
import type { CollectorRight } from './subject.ts'

const PREFIX_CHARACTERS = 12

/** What a token is for. */
export interface TokenPurpose {
  kind: TokenKind
  label: string
  /** Exactly for collectors. */
  collector: CollectorRight | null
  /** Exactly for all others. */
  jurisdiction: Jurisdiction | null
  /** First and last day, YYYY-MM-DD; null: no end. */
  valid_from: string
  valid_to: string | null
  replaces_token_id: number | null
}

/** Issues a token. @returns the token itself, which is shown once and kept nowhere */
export async function issueToken(
  tx: WriteExecutor,
  purpose: TokenPurpose,
  created_by: string,
): Promise<{ token_id: number; token: string; prefix: string }> {
  const { collector, jurisdiction, ...given } = purpose
  const token = `edu_${purpose.kind}_${makeSecret()}`
  const prefix = token.slice(0, `edu_${purpose.kind}_`.length + PREFIX_CHARACTERS - 8)
  const { token_id } = await tx
    .insertInto('api_token')
    .values({
      ...given,
      prefix,
      secret_sha256: hashSecret(token),
      collector: collector?.name ?? null,
      vantage: collector?.vantage ?? null,
      work_kinds: collector === null ? null : [...collector.work_kinds],
      org_unit_id: jurisdiction?.org_unit_id ?? null,
      founder_kinds: jurisdiction?.founder_kinds == null ? null : [...jurisdiction.founder_kinds],
      created_by,
    })
    .returning('token_id')
    .executeTakeFirstOrThrow()
  return { token_id, token, prefix }
}

/** Revokes tokens at once. @returns those that held until now */
export async function revokeTokens(
  tx: WriteExecutor,
  token_ids: readonly number[],
  revoked_by: string,
): Promise<{ token_id: number; org_unit_id: number | null }[]> {
  return tx
    .updateTable('api_token')
    .set({ revoked_at: sql<Date>`clock_timestamp()`, revoked_by })
    .where('token_id', '=', sql<number>`ANY(${token_ids}::bigint[])`)
    .where('revoked_at', 'is', null)
    .returning(['token_id', 'org_unit_id'])
    .execute()
}

/** Notes that a token was used; called once a minute at most. */
export async function touchToken(db: Kysely<DB>, token_id: number, remote_address: string): Promise<void> {
  await db
    .updateTable('api_token')
    .set({ last_used_at: sql<Date>`clock_timestamp()`, last_used_from: remote_address })
    .where('token_id', '=', token_id)
    .execute()
}
