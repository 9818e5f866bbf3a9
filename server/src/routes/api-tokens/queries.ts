import { sql } from 'kysely'
import type { TokenKind } from '../../access/roles.ts'
import type { FounderKind, WorkKind } from '../../contract/index.ts'
import { holdsJurisdiction, type AccessScope } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'

interface TokenRow {
  token_id: number
  kind: TokenKind
  label: string
  prefix: string
  collector: string | null
  vantage: string | null
  work_kinds: WorkKind[] | null
  org_unit_id: number | null
  org_unit_name: string | null
  founder_kinds: FounderKind[] | null
  valid_from: string
  valid_to: string | null
  replaces_token_id: number | null
  created_at: Date
  created_by: string
  last_used_at: Date | null
  last_used_from: string | null
  revoked_at: Date | null
  revoked_by: string | null
}

/**
 * Tokens, those that hold first, then the newest. Whoever manages a part of the region sees those that reach no further;
 * collectors' tokens belong to the whole region.
 */
export async function listTokens(db: ReadExecutor, scope: AccessScope, token_id?: number) {
  const { rows } = await sql<TokenRow>`
    SELECT t.token_id, t.kind, t.label, t.prefix, t.collector, t.vantage, t.work_kinds, t.org_unit_id, u.short_name AS org_unit_name,
           t.founder_kinds, t.valid_from, t.valid_to, t.replaces_token_id, t.created_at, t.created_by, t.last_used_at,
           t.last_used_from, t.revoked_at, t.revoked_by
      FROM api_token t
      LEFT JOIN (SELECT DISTINCT ON (org_unit_id) org_unit_id, short_name FROM org_unit_version
                  WHERE org_unit_id IN (SELECT org_unit_id FROM api_token)
                  ORDER BY org_unit_id, valid_from DESC, change_set_no DESC) u ON u.org_unit_id = t.org_unit_id
     WHERE (${token_id ?? null}::bigint IS NULL OR t.token_id = ${token_id ?? null}::bigint)
       AND ${holdsJurisdiction(scope, sql`t.org_unit_id`, sql`t.founder_kinds`)}
     ORDER BY t.revoked_at IS NOT NULL, t.token_id DESC`.execute(db)
  return rows.map((row) => ({
    ...row,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
  }))
}
