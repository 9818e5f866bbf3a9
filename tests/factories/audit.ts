import type { Kysely } from 'kysely'
import pg from 'pg'
import { systemAuthor } from '../../server/src/db/audit-author.ts'
import { insertAuditEvent } from '../../server/src/db/insert-audit-event.ts'
import type { DB } from '../../server/src/db/schema.gen.ts'

/** Writes events of their own transactions, as many commands would. */
export async function insertEvents(db: Kysely<DB>, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    await db.transaction().execute((tx) =>
      insertAuditEvent(tx, {
        by: systemAuthor('test'),
        category: 'operation',
        action: 'retention.delete',
        subject: `thing ${number}`,
        detail: { number },
      }),
    )
  }
}

/** Does as the owner of the database what the application role may not. */
export async function asOwner<Row extends object>(
  owner_url: string,
  statement: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: owner_url })
  await client.connect()
  try {
    return (await client.query<Row>(statement, values)).rows
  } finally {
    await client.end()
  }
}
