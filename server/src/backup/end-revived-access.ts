import { sql } from 'kysely'
import type { WriteExecutor } from '../db/executor.ts'

/** How many of each held again after the restore. */
export interface EndedAccess {
  sessions: number
  links: number
  /** Null: tokens were to go on. */
  tokens: number | null
}

const NOW = sql<Date>`clock_timestamp()`

/** Ends what speaks for people and programs in a database that a backup has just filled. */
export async function endRevivedAccess(
  tx: WriteExecutor,
  { by, keep_tokens }: { by: string; keep_tokens: boolean },
): Promise<EndedAccess> {
  const sessions = await tx
    .updateTable('user_session')
    .set({ ended_at: NOW })
    .where('ended_at', 'is', null)
    .returning('session_id')
    .execute()
  const links = await tx
    .updateTable('one_time_link')
    .set({ used_at: NOW })
    .where('used_at', 'is', null)
    .returning('link_sha256')
    .execute()
  const counts = { sessions: sessions.length, links: links.length }
  if (keep_tokens) return { ...counts, tokens: null }
  const tokens = await tx
    .updateTable('api_token')
    .set({ revoked_at: NOW, revoked_by: by })
    .where('revoked_at', 'is', null)
    .returning('token_id')
    .execute()
  return { ...counts, tokens: tokens.length }
}
