import Type from 'typebox'
import { Instant, nullable } from '../contract/index.ts'
import type { FileState } from './attached-files.ts'

/** How JSON tells where a file with personal data stands. */
export const FileStateView = Type.Object({
  expires_at: nullable({ ...Instant, description: 'From when on it is read no more; null: no term runs' }),
  removed_at: nullable({ ...Instant, description: 'When its bytes were removed; null: they are there' }),
  unreadable_since: nullable({ ...Instant, description: 'The first of the two that has come; null: it may be read' }),
})

/** Null: there is no file. */
export function describeFileState(state: FileState | undefined): Type.Static<typeof FileStateView> | null {
  if (state === undefined) return null
  const { expires_at, removed_at, unreadable_since } = state
  return {
    expires_at: expires_at?.toISOString() ?? null,
    removed_at: removed_at?.toISOString() ?? null,
    unreadable_since: unreadable_since?.toISOString() ?? null,
  }
}
