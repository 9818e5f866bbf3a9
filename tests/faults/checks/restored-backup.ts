import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import pg from 'pg'
import { withApplication } from '../../../server/src/access/own-programs.ts'
import { BackupReader } from '../../../server/src/backup/backup-reader.ts'
import type { ReportedBackup } from '../activities/backup.ts'
import type { Installation } from '../installation.ts'
import { checkChain } from './audit.ts'
import { atOneMoment, checkStored } from './stored.ts'

const ROOT = join(import.meta.dirname, '../../..')
const RESTORED = 'restored'

function addressOf(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href
}

async function createDatabase(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  await client.query(`CREATE DATABASE ${RESTORED}`).finally(() => client.end())
}

/** Restores a backup by the command, into a database of its own: it holds what was acknowledged before it was begun. */
export async function restoreAndCheck(
  { database, environment }: Installation,
  { file, pledge }: ReportedBackup,
): Promise<string[]> {
  await createDatabase(database.ownerUrl)
  const applicationUrl = addressOf(database.applicationUrl, RESTORED)
  const restored_at = new Date()
  const { status, stderr } = spawnSync(process.execPath, ['server/src/cli.ts', 'restore', file], {
    cwd: ROOT,
    env: {
      ...environment,
      DATABASE_URL: applicationUrl,
      EDUMON_OWNER_DATABASE_URL: addressOf(database.ownerUrl, RESTORED),
    },
    encoding: 'utf8',
  })
  if (status !== 0) return [`the newest backup is not restored: ${stderr}`]
  const reader = await BackupReader.open(file)
  await reader.close()
  const head = reader.manifest.audit_head
  const faults = await withApplication(applicationUrl, async (db) => [
    ...(await atOneMoment(db, (tx) => checkStored(tx, pledge, restored_at))),
    ...(await checkChain(db, head)),
  ])
  return faults.map((fault) => `in the restored backup: ${fault}`)
}
