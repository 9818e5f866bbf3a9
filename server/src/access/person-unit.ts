import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'

/** The lowest unit under which all of these lie today; null when there is none, as for no units. */
export async function findCommonUnit(db: ReadExecutor, org_unit_ids: readonly number[]): Promise<number | null> {
  const { rows } = await sql<{ org_unit_id: number }>`
    SELECT above.org_unit_id
      FROM org_unit place CROSS JOIN unnest(place.path) WITH ORDINALITY AS above(org_unit_id, depth)
     WHERE place.org_unit_id = ANY(${org_unit_ids}::bigint[])
     GROUP BY above.org_unit_id
    HAVING count(*) = (SELECT count(*) FROM org_unit WHERE org_unit_id = ANY(${org_unit_ids}::bigint[]))
     ORDER BY max(above.depth) DESC LIMIT 1`.execute(db)
  return rows[0]?.org_unit_id ?? null
}

/**
 * Unit that an event about a person belongs to: whoever may see all of what the person has rights to sees the event. Of
 * somebody without any right left, by the rights there were.
 */
export async function findPersonUnit(db: ReadExecutor, user_id: number): Promise<number | null> {
  const grants = await db
    .selectFrom('user_grant')
    .where('user_id', '=', user_id)
    .select(['org_unit_id', 'revoked_at'])
    .execute()
  const held = grants.filter((grant) => grant.revoked_at === null)
  const places = (held.length > 0 ? held : grants).map((grant) => grant.org_unit_id)
  return findCommonUnit(db, [...new Set(places)])
}
