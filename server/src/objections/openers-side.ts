import { sql, type RawBuilder } from 'kysely'

/** Somebody who acts, and when; both are columns or values of the query that they stand in. */
export interface Acting {
  user_id: RawBuilder<unknown>
  at: RawBuilder<unknown>
}

/** The person and everybody that the person stood in for on that day. */
function personsBehind({ user_id, at }: Acting, time_zone: string): RawBuilder<unknown> {
  return sql`(SELECT array_agg(person) FROM (
    SELECT ${user_id}::bigint AS person
    UNION
    SELECT g.stand_in_for_user_id FROM user_grant g
     WHERE g.user_id = ${user_id}::bigint AND g.stand_in_for_user_id IS NOT NULL
       AND (g.revoked_at IS NULL OR g.revoked_at > ${at}::timestamptz)
       AND g.valid_from <= (${at}::timestamptz AT TIME ZONE ${time_zone})::date
       AND (g.valid_to IS NULL OR g.valid_to >= (${at}::timestamptz AT TIME ZONE ${time_zone})::date)) behind)`
}

/**
 * Whether the one who asks stands on the side of the opener, and so does not decide: the same person, a stand-in of the
 * opener, the one the opener stood in for, or two who stand in for the same.
 */
export function isOpenersSide(opener: Acting, asker: Acting, time_zone: string): RawBuilder<boolean> {
  return sql<boolean>`coalesce(${personsBehind(opener, time_zone)} && ${personsBehind(asker, time_zone)}, false)`
}
