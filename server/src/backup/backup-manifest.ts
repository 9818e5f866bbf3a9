import Type from 'typebox'
import { Value } from 'typebox/value'

export const BACKUP_FORMAT = 1

/** Names of the catalogue stand in statements: only those that need no quoting are taken. */
const Name = Type.String({ pattern: '^[a-z_][a-z0-9_]{0,62}$' })
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })
const count = Type.Integer({ minimum: 0 })
const Instant = `'\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\+00'`

/** A table as it stands in the file: where, how much, and the hash of its rows as COPY writes them. */
export const BackupTable = Type.Object({
  name: Name,
  columns: Type.Array(Name, { minItems: 1 }),
  rows: count,
  sha256: Sha256,
  offset: count,
  bytes: count,
})

export const BackupPartition = Type.Object({
  name: Name,
  parent: Name,
  bound: Type.String({ pattern: `^FOR VALUES FROM \\(${Instant}\\) TO \\(${Instant}\\)$` }),
})

export const BackupSequence = Type.Object({
  name: Name,
  last_value: Type.String({ pattern: '^\\d{1,19}$' }),
  is_called: Type.Boolean(),
})

/** A right of a role other than the owner, on a table, one of its columns, or a sequence. */
export const BackupGrant = Type.Object({
  kind: Type.Enum(['TABLE', 'SEQUENCE']),
  object: Name,
  column: Type.Union([Name, Type.Null()]),
  grantee: Type.String({ minLength: 1, maxLength: 63 }),
  privilege: Type.String({ pattern: '^[A-Z]{3,20}$' }),
})

/** What a backup holds; it stands at the end of the file. */
export const BackupManifest = Type.Object({
  format: Type.Literal(BACKUP_FORMAT),
  made_at: Type.String(),
  server_version: Type.String(),
  migrations: Type.Array(Type.Object({ name: Type.String(), sha256: Sha256 })),
  change_set_no: count,
  audit_head: Type.Union([Type.Object({ seal_no: count, to_event_id: count, sha256: Sha256 }), Type.Null()]),
  tables: Type.Array(BackupTable, { description: 'In the order that foreign keys allow to load them in' }),
  partitions: Type.Array(BackupPartition),
  sequences: Type.Array(BackupSequence),
  grants: Type.Array(BackupGrant),
})

export type BackupTable = Type.Static<typeof BackupTable>
export type BackupPartition = Type.Static<typeof BackupPartition>
export type BackupSequence = Type.Static<typeof BackupSequence>
export type BackupGrant = Type.Static<typeof BackupGrant>
export type BackupManifest = Type.Static<typeof BackupManifest>

/** @throws when it is no manifest that this program understands, with the place of the first fault */
export function parseManifest(text: string): BackupManifest {
  const found: unknown = JSON.parse(text)
  if (Value.Check(BackupManifest, found)) return found
  const [fault] = Value.Errors(BackupManifest, found)
  throw new Error(`the manifest is not understood at ${fault?.instancePath ?? '/'}: ${fault?.message ?? ''}`)
}
