import type pg from 'pg'

/** Tables that take nearly all of the rows of a fill of sites. */
const SITE_TABLES = ['site_check', 'site_verdict', 'site_hour', 'site_evidence']

/**
 * Takes keys, foreign keys and indexes off tables, because building them once over sorted rows
 * costs a fraction of keeping them up row by row.
 * @returns statements that put all of them back
 */
export async function dropKeys(client: pg.Client, tables: readonly string[] = SITE_TABLES): Promise<string[]> {
  const { rows } = await client.query<{ undo: string; redo: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS undo,
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS redo
       FROM pg_constraint WHERE contype IN ('p', 'f') AND conrelid = ANY($1::text[]::regclass[])
     UNION ALL
     SELECT format('DROP INDEX %s', indexrelid::regclass), replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
       FROM pg_index WHERE NOT indisprimary AND indrelid = ANY($1::text[]::regclass[])`,
    [tables],
  )
  for (const { undo } of rows) await client.query(undo)
  return rows.map(({ redo }) => redo)
}
