import { sql } from 'kysely'
import { findLatestChangeSetNo } from '../../db/change-set.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { findSchemaFault } from '../../db/schema-version.ts'

const ANSWER_LIMIT_MS = 2000

/** Why requests cannot be served now. */
export type Unreadiness = 'database_unreachable' | 'schema_differs' | 'stopping'

interface ServedDatabase {
  postgres_version: string
  change_set_no: number
}

async function askDatabase(db: ReadExecutor): Promise<ServedDatabase | 'schema_differs'> {
  const { rows } = await sql<{ version: string }>`SELECT current_setting('server_version') AS version`.execute(db)
  if ((await findSchemaFault(db)) !== null) return 'schema_differs'
  return { postgres_version: rows[0]?.version ?? 'unknown', change_set_no: await findLatestChangeSetNo(db) }
}

/**
 * Asks the database for its version and schema.
 * @returns what is served; or why nothing can be: no answer in two seconds, or the schema of another program's version
 */
export async function findReadiness(db: ReadExecutor): Promise<ServedDatabase | Unreadiness> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Unreadiness>((resolve) => {
    timer = setTimeout(() => resolve('database_unreachable'), ANSWER_LIMIT_MS)
  })
  try {
    return await Promise.race([askDatabase(db).catch(() => 'database_unreachable' as const), late])
  } finally {
    clearTimeout(timer)
  }
}
