import type { Kysely } from 'kysely'
import type { ReadExecutor } from '../../../server/src/db/executor.ts'
import type { DB } from '../../../server/src/db/schema.gen.ts'
import { checkEvents } from './audit.ts'
import { checkMeasurements } from './measurements.ts'
import { checkObjections } from './objections.ts'
import type { Pledge } from './pledge.ts'
import { checkSessions } from './sessions.ts'

/** Looks at everything at one moment, while all goes on. */
export function atOneMoment<T>(db: Kysely<DB>, look: (tx: ReadExecutor) => Promise<T>): Promise<T> {
  return db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(look)
}

/**
 * Whether a database holds what was promised, once, and tells it in the audit.
 * @param restored_at when it was restored; null: it is the one that it was promised by
 */
export async function checkStored(
  db: ReadExecutor,
  pledge: Pledge,
  restored_at: Date | null = null,
): Promise<string[]> {
  return [
    ...(await checkMeasurements(db, pledge)),
    ...(await checkSessions(db, pledge, restored_at)),
    ...(await checkObjections(db, pledge)),
    ...(await checkEvents(db, restored_at)),
  ]
}
