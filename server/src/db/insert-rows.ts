import type { Insertable } from 'kysely'
import type { WriteExecutor } from './executor.ts'
import type { DB } from './schema.gen.ts'

/** PostgreSQL takes 65,535 parameters a statement; the widest table here has under 30 columns. */
const ROWS_PER_STATEMENT = 2000

/** Inserts any number of rows, none included, in as few statements as PostgreSQL allows. */
export async function insertRows<T extends keyof DB>(
  tx: WriteExecutor,
  table: T,
  rows: readonly Insertable<DB[T]>[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    await tx
      .insertInto(table)
      .values(rows.slice(start, start + ROWS_PER_STATEMENT))
      .execute()
  }
}
