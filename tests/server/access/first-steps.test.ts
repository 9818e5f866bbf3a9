import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProgram } from '../../../server/src/access/find-subject.ts'
import { loadReference } from '../../../server/src/db/load-reference.ts'
import { createTestDatabase, type TestDatabase } from '../../setup/test-database.ts'
import { regionDay } from '../../setup/region-day.ts'

const CLI = join(import.meta.dirname, '../../../server/src/cli.ts')
const TODAY = regionDay()

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  await loadReference(database.db, { vantages: ['local'], today: TODAY })
})
afterAll(() => database.drop())

/** Runs a command as the API's container does: over DATABASE_URL, with the application's rights. @returns its output */
async function run(...args: string[]): Promise<string> {
  const env = { ...process.env, DATABASE_URL: database.application_url, EDUMON_PUBLIC_URL: 'https://region.example' }
  return (await promisify(execFile)(process.execPath, [CLI, ...args], { env })).stdout
}

async function issueToken(...args: string[]): Promise<string> {
  const printed = await run('token', ...args)
  // Nothing but the token: the output is a secret file.
  expect(printed).toMatch(/^edu_collector_[\w-]+\n$/)
  return printed.trim()
}

describe('edumon administrator', () => {
  it('prints a link under the address that people open', async () => {
    expect(await run('administrator')).toMatch(/^ +https:\/\/region\.example\/sign-in\/link#[\w-]+$/m)
  })
})

describe('edumon token', () => {
  it('prints a token of the collector for its work alone, and revokes the one before', async () => {
    const find = async (token: string) => (await findProgram(database.db, token, TODAY))?.program.collector ?? null
    const first = await issueToken('--name', 'local', '--work', 'sites')
    const sheets = await issueToken('--name', 'sheets', '--work', 'sheets', '--vantage', 'office')
    expect(await find(first)).toEqual({ name: 'local', vantage: 'local', work_kinds: ['site_check', 'site_audit'] })
    expect(await find(sheets)).toEqual({ name: 'sheets', vantage: 'office', work_kinds: ['sheet_parse'] })
    const second = await issueToken('--name', 'local', '--work', 'sites')
    expect(await find(first)).toBeNull()
    expect(await find(second)).not.toBeNull()
    const events = database.db.selectFrom('audit_event').where('action', '=', 'token.create').select('detail')
    const told = await events.orderBy('audit_event_id').execute()
    expect(told.map(({ detail }) => detail)).toMatchObject([
      { revoked_token_ids: [] },
      { revoked_token_ids: [] },
      { revoked_token_ids: [expect.any(Number)] },
    ])
  })

  it.each([
    ['a name', ['--name', 'Local', '--work', 'sites'], '--name: found "Local"'],
    ['a work', ['--name', 'local', '--work', 'all'], '--work: found "all", expected sites or sheets'],
  ])('refuses %s that no collector has', async (_what, args, message) => {
    await expect(run('token', ...args)).rejects.toThrow(message)
  })
})
