import type pg from 'pg'
import type { AppliedMigration } from '../db/migrate.ts'
import type { BackupGrant, BackupManifest, BackupPartition, BackupSequence } from './backup-manifest.ts'

const TABLES = `
  SELECT c.relname AS name,
         array(SELECT a.attname::text FROM pg_attribute a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
                ORDER BY a.attnum) AS columns,
         array(SELECT r.relname::text FROM pg_constraint k JOIN pg_class r ON r.oid = k.confrelid
                WHERE k.contype = 'f' AND k.conrelid = c.oid AND k.confrelid <> c.oid AND k.conparentid = 0) AS needs
    FROM pg_class c
   WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
   ORDER BY c.relname`

const PARTITIONS = `
  SELECT c.relname AS name, p.relname AS parent, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent
   WHERE c.relnamespace = 'public'::regnamespace AND c.relispartition AND c.relkind = 'r'
   ORDER BY c.relname`

const GRANTS = `
  SELECT kind, object, "column", coalesce(r.rolname, 'PUBLIC') AS grantee, privilege_type AS privilege
    FROM (
      SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, c.relname AS object,
             NULL AS "column", c.relowner AS owner, a.grantee, a.privilege_type
        FROM pg_class c CROSS JOIN aclexplode(c.relacl) a
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S')
      UNION ALL
      SELECT 'TABLE', c.relname, t.attname, c.relowner, a.grantee, a.privilege_type
        FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped
        CROSS JOIN aclexplode(t.attacl) a
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
    ) granted LEFT JOIN pg_roles r ON r.oid = granted.grantee
   WHERE granted.grantee <> granted.owner
   ORDER BY kind, object, "column" NULLS FIRST, grantee, privilege`

interface NamedTable {
  name: string
  columns: string[]
}

async function read<Row extends object>(client: pg.ClientBase, text: string): Promise<Row[]> {
  return (await client.query<Row>(text)).rows
}

/** Tables after all those that their foreign keys lead to. */
function inLoadingOrder(tables: readonly (NamedTable & { needs: string[] })[]): NamedTable[] {
  const ordered: NamedTable[] = []
  const waiting = [...tables]
  while (waiting.length > 0) {
    const place = waiting.findIndex(({ needs }) => needs.every((name) => !waiting.some((table) => table.name === name)))
    const [next] = waiting.splice(place, 1)
    if (place < 0 || next === undefined) {
      throw new Error(`Foreign keys lead in a circle: ${waiting.map(({ name }) => name).join(', ')}`)
    }
    ordered.push({ name: next.name, columns: next.columns })
  }
  return ordered
}

/** Tables with their columns, in the order in which foreign keys allow to load them. */
export async function listTables(client: pg.ClientBase): Promise<NamedTable[]> {
  return inLoadingOrder(await read<NamedTable & { needs: string[] }>(client, TABLES))
}

/** Rights of roles other than the owner. */
export function listGrants(client: pg.ClientBase): Promise<BackupGrant[]> {
  return read<BackupGrant>(client, GRANTS)
}

export async function listSequences(client: pg.ClientBase): Promise<BackupSequence[]> {
  const names = await read<{ name: string }>(
    client,
    `SELECT relname AS name FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'S' ORDER BY relname`,
  )
  const sequences: BackupSequence[] = []
  for (const { name } of names) {
    const [state] = await read<Omit<BackupSequence, 'name'>>(
      client,
      `SELECT last_value::text AS last_value, is_called FROM "${name}"`,
    )
    if (state !== undefined) sequences.push({ name, ...state })
  }
  return sequences
}

async function exists(client: pg.ClientBase, table: string): Promise<boolean> {
  const { rows } = await client.query<{ is_there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS is_there', [table])
  return rows[0]?.is_there === true
}

async function findAuditHead(client: pg.ClientBase): Promise<BackupManifest['audit_head']> {
  if (!(await exists(client, 'audit_seal'))) return null
  const [head] = await read<{ seal_no: number; to_event_id: number; sha256: string }>(
    client,
    `SELECT seal_no::float8 AS seal_no, to_event_id::float8 AS to_event_id, sha256
       FROM audit_seal ORDER BY seal_no DESC LIMIT 1`,
  )
  return head ?? null
}

/** All that a manifest says besides the rows, as of the transaction that the client is in. */
export async function describeDatabase(
  client: pg.ClientBase,
): Promise<Omit<BackupManifest, 'format' | 'tables' | 'sequences'>> {
  if (!(await exists(client, 'schema_migration'))) throw new Error('This is no database of Edumon: nothing to back up')
  const [state] = await read<{ change_set_no: number; made_at: Date; server_version: string }>(
    client,
    `SELECT (SELECT coalesce(max(change_set_no), 0)::float8 FROM change_set) AS change_set_no, now() AS made_at,
            current_setting('server_version') AS server_version`,
  )
  if (state === undefined) throw new Error('The database did not say its state')
  return {
    made_at: state.made_at.toISOString(),
    server_version: state.server_version,
    change_set_no: state.change_set_no,
    migrations: await read<AppliedMigration>(client, 'SELECT name, sha256 FROM schema_migration ORDER BY name'),
    audit_head: await findAuditHead(client),
    partitions: await read<BackupPartition>(client, PARTITIONS),
    grants: await listGrants(client),
  }
}
