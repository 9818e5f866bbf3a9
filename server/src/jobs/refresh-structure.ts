import type { Kysely } from 'kysely'
import { refreshWholeStructure } from '../db/org-unit-structure.ts'
import type { DB } from '../db/schema.gen.ts'
import { takeRegistryLock } from '../intake/apply.ts'

/** Versions that were recorded in advance take effect with their day, and rights with them. */
export async function refreshStructure(db: Kysely<DB>, today: string): Promise<{ changed: number }> {
  const changed = await db.transaction().execute(async (tx) => {
    await takeRegistryLock(tx)
    return refreshWholeStructure(tx, today)
  })
  return { changed }
}
