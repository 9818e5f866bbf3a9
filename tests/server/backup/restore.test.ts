import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { verifyChain } from '../../../server/src/audit/verify-chain.ts'
import { BackupReader } from '../../../server/src/backup/backup-reader.ts'
import { restoreBackup } from '../../../server/src/backup/restore-backup.ts'
import { writeBackup } from '../../../server/src/backup/write-backup.ts'
import { buildApp } from '../../../server/src/app.ts'
import { findRegionId } from '../../../server/src/access/users.ts'
import { systemAuthor } from '../../../server/src/db/audit-author.ts'
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../server/src/db/embedded/embedded-postgres.ts'
import { removePostgresPlace } from '../../../server/src/db/embedded/postgres-place.ts'
import { loadReference } from '../../../server/src/db/load-reference.ts'
import { listMigrations, migrate } from '../../../server/src/db/migrate.ts'
import { kyselyOver, poolConfig } from '../../../server/src/db/pool.ts'
import { checkSchemaVersion } from '../../../server/src/db/schema-version.ts'
import { TABLE_MANIFEST } from '../../../server/src/db/table-manifest.ts'
import { asOwner } from '../../factories/audit.ts'
import { readContent, type DatabaseContent } from '../../factories/database-content.ts'
import { fillEveryTable } from '../../factories/fill-every-table.ts'
import { createIntakeClient, type IntakeClient } from '../../factories/intake-client.ts'
import { insertPerson } from '../../factories/people.ts'
import { createScratchDatabase, type ScratchDatabase } from '../../setup/scratch-database.ts'

const restoring = { by: systemAuthor('test'), keep_tokens: false }
/** Before the audit had categories and seals. */
const EARLIER = '0012_registry_reads.sql'

let client: IntakeClient
let folder: string
let file: string
let saved: DatabaseContent
const scratch: ScratchDatabase[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edumon-backup-'))
  chmodSync(folder, 0o755)
  file = join(folder, 'whole.edumon')
  client = await createIntakeClient()
  await fillEveryTable(client)
  // Rights that somebody gave and took by hand are the installation's too.
  await asOwner(client.database.owner_url, 'REVOKE DELETE ON receipt FROM edumon_app')
  await asOwner(client.database.owner_url, 'GRANT SELECT (name) ON setting TO PUBLIC')
  saved = await readContent(client.database.owner_url)
  await writeBackup(client.database.owner_url, file)
})
afterAll(async () => {
  await client.close()
  for (const database of scratch) await database.drop()
  rmSync(folder, { recursive: true, force: true })
})

async function makeScratch(superuserUrl = inject('superuserUrl'), password?: string): Promise<ScratchDatabase> {
  const database = await createScratchDatabase(superuserUrl, password)
  scratch.push(database)
  return database
}

/** Tables whose rows a restore changes: what spoke for people and programs ends. */
const ACCESS_TABLES = ['user_session', 'one_time_link', 'api_token']

/** The same content, of the tables above the counts of rows alone. */
function withoutAccess(content: DatabaseContent): DatabaseContent {
  const counts = ACCESS_TABLES.map((name): [string, string] => [name, content.tables[name]?.split(' ')[0] ?? ''])
  return { ...content, tables: { ...content.tables, ...Object.fromEntries(counts) } }
}

/** What a restored database must have: the same, access ended, and the event of the restore. */
async function readWithoutRestoreEvents(owner_url: string): Promise<DatabaseContent> {
  await asOwner(owner_url, `DELETE FROM audit_event WHERE action = 'restore'`)
  const content = await readContent(owner_url)
  content.sequences['audit_event_audit_event_id_seq'] = saved.sequences['audit_event_audit_event_id_seq'] ?? ''
  return withoutAccess(content)
}

/** Sessions, links and tokens that nobody has ended. */
async function countHolding(owner_url: string): Promise<{ sessions: number; links: number; tokens: number }> {
  const [counts] = await asOwner<{ sessions: number; links: number; tokens: number }>(
    owner_url,
    `SELECT (SELECT count(*)::int FROM user_session WHERE ended_at IS NULL) AS sessions,
            (SELECT count(*)::int FROM one_time_link WHERE used_at IS NULL) AS links,
            (SELECT count(*)::int FROM api_token WHERE revoked_at IS NULL) AS tokens`,
  )
  if (counts === undefined) throw new Error('Nothing was counted')
  return counts
}

describe('restoring a backup', () => {
  it('brings back every table, sequence, right and partition, and says so in an audit that is whole', async () => {
    expect(Object.keys(saved.tables).sort()).toEqual(Object.keys(TABLE_MANIFEST).sort())
    const database = await makeScratch()
    await restoreBackup(database.owner_url, file, restoring)
    const events = await asOwner(
      database.owner_url,
      `SELECT category, actor, detail FROM audit_event WHERE action = 'restore'`,
    )
    expect(events).toMatchObject([
      { category: 'operation', actor: 'test', detail: { schema_version: (await listMigrations()).at(-1) } },
    ])
    const pool = new pg.Pool(poolConfig(database.application_url, 2))
    const reader = await BackupReader.open(file)
    const verdict = await verifyChain(kyselyOver(pool), reader.manifest.audit_head)
    await reader.close()
    await pool.end()
    expect(verdict).toMatchObject({ unsealed_events: 1, findings: [] })
    expect(verdict.sealed_events).toBeGreaterThan(10)
    expect(await readWithoutRestoreEvents(database.owner_url)).toEqual(withoutAccess(saved))
  })

  it('gives a database that the application goes on with: new numbers follow the old ones', async () => {
    const database = await makeScratch()
    await restoreBackup(database.owner_url, file, restoring)
    await asOwner(database.owner_url, 'GRANT DELETE ON receipt TO edumon_app')
    const app = await buildApp(client.config, { application_url: database.application_url })
    await app.ready()
    await checkSchemaVersion(app.db)
    const org_unit_id = await findRegionId(app.db)
    const { headers } = await insertPerson(app.db, [{ role: 'ministry_analyst', org_unit_id, founder_kinds: null }])
    const answer = await app.inject({ url: '/api/v1/org-units?kind=organisation', headers })
    expect(answer.json<{ rows: unknown[] }>().rows.length).toBeGreaterThan(0)
    const check = await app.db.selectFrom('human_check').selectAll().executeTakeFirstOrThrow()
    const site = `/api/v1/org-units/${check.org_unit_id}/sites/${check.target_id}`
    const picture = await app.inject({ url: `${site}/human-checks/${check.human_check_id}/picture`, headers })
    expect([picture.statusCode, picture.json<{ code: string }>().code]).toEqual([410, 'EDU_FILE_EXPIRED'])
    const upload = await app.inject({
      method: 'POST',
      url: '/api/v1/imports?kind=registry&file_name=x.csv&valid_on=2026-09-01',
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      payload: Buffer.from('x'),
    })
    expect(upload.statusCode).toBe(201)
    expect(upload.json<{ import_id: number }>().import_id).toBeGreaterThan(2)
    await app.close()
  })

  it('works on the empty database of an installation that has only been started', async () => {
    const database = await makeScratch()
    await migrate(database.owner_url)
    const pool = new pg.Pool(poolConfig(database.application_url, 1))
    await loadReference(kyselyOver(pool), { vantages: ['local'], today: '2026-11-21' })
    await pool.end()
    await restoreBackup(database.owner_url, file, restoring)
    expect(await readWithoutRestoreEvents(database.owner_url)).toEqual(withoutAccess(saved))
  })

  it('names roles that the server does not have, and restores all else', async () => {
    const role = `edumon_reader_${process.pid}`
    await asOwner(client.database.owner_url, `CREATE ROLE ${role}`)
    await asOwner(client.database.owner_url, `GRANT SELECT ON site_check TO ${role}`)
    const given = join(folder, 'role.edumon')
    await writeBackup(client.database.owner_url, given)
    const first = await makeScratch()
    expect((await restoreBackup(first.owner_url, given, restoring)).absent_roles).toEqual([])
    expect((await readContent(first.owner_url)).grants).toContain(`site_check ${role} SELECT`)
    for (const url of [client.database.owner_url, first.owner_url]) {
      await asOwner(url, `REVOKE SELECT ON site_check FROM ${role}`)
    }
    await asOwner(client.database.owner_url, `DROP ROLE ${role}`)
    const second = await makeScratch()
    expect((await restoreBackup(second.owner_url, given, restoring)).absent_roles).toEqual([role])
    expect(await readWithoutRestoreEvents(second.owner_url)).toEqual(withoutAccess(saved))
  })

  it('ends all sessions, links and tokens of its time, counts them in its event, and leaves nothing that would work', async () => {
    const database = await makeScratch()
    const held = await countHolding(client.database.owner_url)
    expect(Object.values(held).every((count) => count > 0)).toBe(true)
    const { ended } = await restoreBackup(database.owner_url, file, restoring)
    expect(ended).toEqual(held)
    expect(await countHolding(database.owner_url)).toEqual({ sessions: 0, links: 0, tokens: 0 })
    const [event] = await asOwner<{ detail: { ended: object } }>(
      database.owner_url,
      `SELECT detail FROM audit_event WHERE action = 'restore'`,
    )
    expect(event?.detail.ended).toEqual(held)
    const app = await buildApp(client.config, { application_url: database.application_url })
    await app.ready()
    const [person, program] = await Promise.all(['/api/v1/org-units', '/api/v1/leases'].map(client.headersFor))
    const session = await app.inject({ url: '/api/v1/org-units', headers: person ?? {} })
    const lease = await app.inject({ method: 'POST', url: '/api/v1/leases', headers: program ?? {}, payload: {} })
    expect([session.statusCode, lease.statusCode]).toEqual([401, 401])
    await app.close()
  })

  it('leaves tokens as they were when it is asked to, and ends sessions all the same', async () => {
    const database = await makeScratch()
    const held = await countHolding(client.database.owner_url)
    const { ended } = await restoreBackup(database.owner_url, file, { ...restoring, keep_tokens: true })
    expect(ended).toEqual({ ...held, tokens: null })
    expect(await countHolding(database.owner_url)).toEqual({ sessions: 0, links: 0, tokens: held.tokens })
  })

  it('is for its owner only', () => {
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })
})

describe('a backup of an earlier version', () => {
  it('is restored at that version and brought up to this one', async () => {
    const earlier = await makeScratch()
    const wanted = (await listMigrations()).filter((name) => name <= EARLIER)
    expect(await migrate(earlier.owner_url, wanted)).toEqual(wanted)
    await asOwner(
      earlier.owner_url,
      `INSERT INTO change_set VALUES (1, '2026-01-01', 'import', 'test', 'x');
       INSERT INTO org_unit (kind, region_id, path, created_change_set_no) VALUES ('region', 1, '{1}', 1);
       CREATE TABLE site_check_2026_01 PARTITION OF site_check FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
       INSERT INTO site_check (org_unit_id, checked_at, check_id, target_id, lease_id, round_no, attempt, vantage,
              collector_version, provenance, verdict, own_link, total_ms, change_set_no)
       SELECT 1, timestamptz '2026-01-02' + make_interval(mins => n), gen_random_uuid(), gen_random_uuid(),
              gen_random_uuid(), n, 1, 'local', 'x', 'measured', 'works', 'up', n, 1 FROM generate_series(1, 500) n;
       INSERT INTO audit_event (actor, action, subject, detail) VALUES ('a', 'retention.delete', 's', '{}'), ('b', 'x', 's', '{}')`,
    )
    const old = join(folder, 'earlier.edumon')
    const { manifest } = await writeBackup(earlier.owner_url, old)
    expect(manifest).toMatchObject({ audit_head: null, change_set_no: 1 })
    expect(manifest.tables.some(({ name }) => name === 'audit_seal')).toBe(false)
    const database = await makeScratch()
    await restoreBackup(database.owner_url, old, restoring)
    expect(
      (await asOwner<{ name: string }>(database.owner_url, 'SELECT name FROM schema_migration ORDER BY name')).map(
        ({ name }) => name,
      ),
    ).toEqual(await listMigrations())
    const before = (await readContent(earlier.owner_url)).tables
    const after = (await readContent(database.owner_url)).tables
    // Migrating on adds to these: the event of the restoring, the migrations themselves, a column with a value.
    const [own, others] = [['audit_event', 'schema_migration', 'org_unit'], Object.keys(before)]
    for (const name of others.filter((table) => !own.includes(table)))
      expect(`${name} ${after[name]}`).toBe(`${name} ${before[name]}`)
    expect(before['site_check']).toMatch(/^500 /)
    expect(
      await asOwner(database.owner_url, 'SELECT actor, category FROM audit_event ORDER BY audit_event_id'),
    ).toEqual([
      { actor: 'a', category: 'operation' },
      { actor: 'b', category: 'data' },
      { actor: 'test', category: 'operation' },
    ])
  })
})

describe('a backup between two servers', () => {
  let other: EmbeddedPostgres
  beforeAll(
    async () => (other = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), settings: { fsync: 'off' } })),
  )
  afterAll(async () => {
    await other.stop()
    removePostgresPlace(join(folder, 'data'))
  })

  it('goes there and back without a difference, as the owner that is no superuser', async () => {
    await restoreBackup(other.ownerUrl, file, restoring)
    const there = await readContent(other.ownerUrl)
    const back = join(folder, 'back.edumon')
    await writeBackup(other.ownerUrl, back)
    const database = await makeScratch()
    await restoreBackup(database.owner_url, back, restoring)
    await asOwner(
      database.owner_url,
      `DELETE FROM audit_event WHERE audit_event_id = (SELECT max(audit_event_id) FROM audit_event)`,
    )
    const returned = await readContent(database.owner_url)
    expect(returned.tables).toEqual(there.tables)
    expect(returned.partitions).toEqual(saved.partitions)
    expect(await readWithoutRestoreEvents(database.owner_url)).toEqual(withoutAccess(saved))
    const versions = await Promise.all(
      [inject('superuserUrl'), other.superuserUrl].map((url) =>
        asOwner<{ server_version: string }>(url, 'SHOW server_version'),
      ),
    )
    console.log(`Backups went between PostgreSQL ${versions.map(([row]) => row?.server_version ?? '').join(' and ')}`)
  })
})
