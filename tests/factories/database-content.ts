import pg from 'pg'

/** All that is in a database, told apart from how our backup tells it. */
export interface DatabaseContent {
  /** Table to count of rows and hash of their texts in order. */
  tables: Record<string, string>
  /** Next values. */
  sequences: Record<string, string>
  grants: string[]
  partitions: string[]
}

const SESSION = `SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET bytea_output = 'hex'`

async function listTexts(client: pg.Client, query: string): Promise<string[]> {
  return (await client.query<{ text: string }>(query)).rows.map((row) => row.text)
}

/** Reads everything through the owner's connection. */
export async function readContent(owner_url: string): Promise<DatabaseContent> {
  const client = new pg.Client({ connectionString: owner_url })
  await client.connect()
  try {
    await client.query(SESSION)
    const tables: Record<string, string> = {}
    const names = `SELECT relname AS text FROM pg_class WHERE relnamespace = 'public'::regnamespace`
    for (const name of await listTexts(client, `${names} AND relkind IN ('r', 'p') AND NOT relispartition`)) {
      const [digest] = await listTexts(
        client,
        `SELECT count(*) || ' ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text) COLLATE "C")), '') AS text FROM "${name}" t`,
      )
      tables[name] = digest ?? ''
    }
    const sequences: Record<string, string> = {}
    for (const name of await listTexts(client, `${names} AND relkind = 'S'`)) {
      const [state] = await listTexts(client, `SELECT last_value || ' ' || is_called AS text FROM "${name}"`)
      sequences[name] = state ?? ''
    }
    const grants = await listTexts(
      client,
      `SELECT concat_ws(' ', table_name, column_name, grantee, privilege_type) AS text
         FROM information_schema.column_privileges WHERE table_schema = 'public' AND grantee <> current_user
       UNION SELECT concat_ws(' ', table_name, grantee, privilege_type)
         FROM information_schema.role_table_grants WHERE table_schema = 'public' AND grantee <> current_user
       UNION SELECT concat_ws(' ', object_name, grantee, privilege_type)
         FROM information_schema.role_usage_grants WHERE object_schema = 'public' AND grantee <> current_user
       ORDER BY 1`,
    )
    const partitions = await listTexts(
      client,
      `SELECT relname || ' ' || pg_get_expr(relpartbound, oid) AS text FROM pg_class
        WHERE relispartition AND relkind = 'r' ORDER BY 1`,
    )
    return { tables, sequences, grants, partitions }
  } finally {
    await client.end()
  }
}
