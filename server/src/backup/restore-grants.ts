import type pg from 'pg'
import type { BackupGrant } from './backup-manifest.ts'
import { listGrants } from './describe-database.ts'

function keyOf(grant: BackupGrant): string {
  return JSON.stringify([grant.kind, grant.object, grant.column, grant.grantee, grant.privilege])
}

function writeStatement(verb: 'GRANT' | 'REVOKE', { kind, object, column, grantee, privilege }: BackupGrant): string {
  const what = column === null ? privilege : `${privilege} ("${column}")`
  const whom = grantee === 'PUBLIC' ? 'PUBLIC' : `"${grantee.replaceAll('"', '""')}"`
  return `${verb} ${what} ON ${kind} "${object}" ${verb === 'GRANT' ? 'TO' : 'FROM'} ${whom}`
}

/**
 * Makes the rights of roles those of the backup.
 * @returns roles that this server does not have: their rights could not be given
 */
export async function restoreGrants(client: pg.ClientBase, wanted: readonly BackupGrant[]): Promise<string[]> {
  const present = new Map((await listGrants(client)).map((grant) => [keyOf(grant), grant]))
  const isWanted = new Set(wanted.map(keyOf))
  const { rows } = await client.query<{ rolname: string }>('SELECT rolname FROM pg_roles')
  const roles = new Set(['PUBLIC', ...rows.map((row) => row.rolname)])
  for (const [key, grant] of present) {
    if (!isWanted.has(key)) await client.query(writeStatement('REVOKE', grant))
  }
  const absent = new Set<string>()
  for (const grant of wanted) {
    if (present.has(keyOf(grant))) continue
    if (roles.has(grant.grantee)) await client.query(writeStatement('GRANT', grant))
    else absent.add(grant.grantee)
  }
  return [...absent]
}
