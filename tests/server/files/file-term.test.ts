import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startUpkeep } from '../../../server/src/commands/upkeep.ts'
import { systemAuthor } from '../../../server/src/db/audit-author.ts'
import { storeBlob } from '../../../server/src/db/blobs.ts'
import { forgetFiles } from '../../../server/src/files/forget-files.ts'
import { asOwner } from '../../factories/audit.ts'
import { createObjectionClient } from '../../factories/objection-client.ts'
import { breakSite, createObjectionScene, type ObjectionScene } from '../../factories/objection-scene.ts'
import { humanCheckEntry } from '../../factories/two-municipalities.ts'
import type { MadeSite } from '../../factories/site-facts.ts'

const DAY_MS = 86_400_000
const TERM_DAYS = 1095
const OVER = new Date(Date.now() + (TERM_DAYS + 1) * DAY_MS)
const author = systemAuthor('test')
const execute = promisify(execFile)

let scene: ObjectionScene
let client: ReturnType<typeof createObjectionClient>
let number = 0
beforeAll(async () => {
  scene = await createObjectionScene()
  client = createObjectionClient(scene)
})
afterAll(() => scene.close())
beforeEach(async () => {
  for (const site of [scene.school, scene.sister]) await breakSite(scene.db, site, new Date(Date.now() - 3_600_000))
})

function forget(now = OVER) {
  return forgetFiles(scene.test.database.owner_url, { file_term_days: TERM_DAYS, now }, author)
}

/** A picture that no other test has. */
function makePicture(): Buffer {
  number += 1
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(`picture ${number}`)])
}

async function addCheck(picture: Buffer, site: MadeSite = scene.school) {
  const path = `org-units/${site.unit.org_unit_id}/sites/${site.target_id}/human-checks`
  const entry = { ...humanCheckEntry(), picture_base64: picture.toString('base64') }
  const { body } = await client.send(scene.people.institute, 'POST', path, entry)
  return { id: String(body['human_check_id']), path: `${path}/${String(body['human_check_id'])}/picture` }
}

async function open(file: Buffer, site: MadeSite = scene.school) {
  const sent = { name: 'Снимок.png', base64: file.toString('base64') }
  const { body } = await client.open(scene.people.specialist, site, { file: sent })
  const id = String(body['objection_id'])
  return { id, path: `${client.pathOf(site)}/${id}/file` }
}

const decide = (id: string) => client.decide(scene.people.institute, scene.school, id)
const read = (path: string) => client.send(scene.people.specialist, 'GET', path)

/** Lets a fact be as old as its term and a day. */
async function age(table: 'human_check' | 'objection_decision', id: string): Promise<void> {
  const [column, key] = table === 'human_check' ? ['recorded_at', 'human_check_id'] : ['decided_at', 'objection_id']
  await asOwner(
    scene.test.database.owner_url,
    `UPDATE ${table} SET ${column} = ${column} - interval '${TERM_DAYS + 1} days' WHERE ${key} = '${id}'`,
  )
}

async function isStored(bytes: Buffer): Promise<boolean> {
  const { rows } = await sql<{ chunks: number }>`
    SELECT count(*) AS chunks FROM blob_chunk WHERE sha256 = encode(sha256(${bytes}), 'hex')`.execute(scene.db)
  return (rows[0]?.chunks ?? 0) > 0
}

function listEvents() {
  return scene.db.selectFrom('audit_event').where('action', '=', 'forget_files').selectAll().execute()
}

describe('forgetting files', () => {
  it('removes a picture and a file after their term, keeps the facts, writes one event with counts and hashes', async () => {
    const [picture, file] = [makePicture(), makePicture()]
    const check = await addCheck(picture)
    const objection = await open(file)
    await decide(objection.id)
    expect(await forget(new Date())).toEqual({ files: 0, bytes: 0 })
    expect(await listEvents()).toEqual([])
    expect(await forget()).toEqual({ files: 2, bytes: picture.length + file.length })
    expect([await isStored(picture), await isStored(file)]).toEqual([false, false])
    const events = await listEvents()
    expect(events).toMatchObject([
      { category: 'operation', actor: 'test', detail: { files: 2, file_term_days: TERM_DAYS } },
    ])
    const removed = await scene.db.selectFrom('blob_removal').select(['sha256', 'size_bytes', 'media_type']).execute()
    expect(removed.map(({ sha256 }) => sha256).sort()).toEqual((events[0]?.detail as { sha256s: string[] }).sha256s)
    expect(removed.map(({ size_bytes, media_type }) => [size_bytes, media_type])).toEqual(
      removed.map(() => [picture.length, 'image/png']),
    )
    const facts = await scene.db
      .selectFrom('human_check')
      .where('human_check_id', '=', check.id)
      .select(['picture_sha256', 'person'])
      .execute()
    expect(facts).toMatchObject([{ picture_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string }])
    expect(await client.read(scene.people.specialist, scene.school, objection.id)).toMatchObject({
      file_name: 'Снимок.png',
    })
    expect(await forget()).toEqual({ files: 0, bytes: 0 })
    expect(await listEvents()).toHaveLength(1)
  })

  it('never touches the file of an undecided objection, nor pictures of its site, however old', async () => {
    const [picture, file, elsewhere] = [makePicture(), makePicture(), makePicture()]
    await addCheck(picture)
    await addCheck(elsewhere, scene.sister)
    const { id, path } = await open(file)
    await forget()
    expect([await isStored(picture), await isStored(file), await isStored(elsewhere)]).toEqual([true, true, false])
    expect((await read(path)).status).toBe(200)
    await decide(id)
    await forget()
    expect([await isStored(picture), await isStored(file)]).toEqual([false, false])
  })

  it('keeps bytes that another check within its term, an import or a kept copy of a page is too', async () => {
    const contents = [makePicture(), makePicture(), makePicture()]
    const [shared = Buffer.of(), imported = Buffer.of(), copied = Buffer.of()] = contents
    const old = await addCheck(shared)
    await addCheck(shared)
    await age('human_check', old.id)
    for (const content of [imported, copied]) await age('human_check', (await addCheck(content)).id)
    await scene.db.transaction().execute(async (tx) => {
      const blob_sha256 = await storeBlob(tx, imported, 'application/octet-stream')
      await sql`INSERT INTO import (kind, file_name, blob_sha256, sender, scope_key, valid_on, state)
                VALUES ('registry', 'a.png', ${blob_sha256}, 'test', 'x', '2026-09-01', 'rejected')`.execute(tx)
      const copy_sha256 = await storeBlob(tx, copied, 'application/gzip')
      await sql`INSERT INTO site_evidence (org_unit_id, fetched_at, evidence_id, measurement_id, target_id, url, headers,
                       body_bytes, copy_sha256, is_trimmed, change_set_no)
                VALUES (${scene.school.unit.org_unit_id}, now(), gen_random_uuid(), gen_random_uuid(),
                       ${scene.school.target_id}, 'https://a.example/', '[]', 1, ${copy_sha256}, false, 1)`.execute(tx)
    })
    expect(await forget(new Date())).toEqual({ files: 0, bytes: 0 })
    expect(await Promise.all(contents.map(isStored))).toEqual([true, true, true])
    // Of the shared one the old check's term is over all the same.
    expect((await read(old.path)).body).toMatchObject({ code: 'EDU_FILE_EXPIRED', details: { removed_at: null } })
  })

  it('lets the same bytes be stored anew, for the new fact alone', async () => {
    const picture = makePicture()
    const old = await addCheck(picture)
    await age('human_check', old.id)
    await forget(new Date())
    expect(await isStored(picture)).toBe(false)
    const fresh = await addCheck(picture)
    const shown = await read(fresh.path)
    expect([shown.status, shown.bytes.equals(picture)]).toEqual([200, true])
    expect((await read(old.path)).status).toBe(410)
  })

  it('waits for whoever is storing the same bytes, and then leaves them', async () => {
    const picture = makePicture()
    const old = await addCheck(picture)
    await age('human_check', old.id)
    let forgetting: Promise<unknown> = Promise.resolve()
    await scene.db.transaction().execute(async (tx) => {
      const picture_sha256 = await storeBlob(tx, picture, 'image/png')
      forgetting = forget(new Date())
      // It has found the old picture due and waits for this transaction.
      for (;;) {
        const { rows } = await sql`
          SELECT 1 FROM pg_locks WHERE relation = 'blob'::regclass AND mode = 'ShareRowExclusiveLock' AND NOT granted`.execute(
          tx,
        )
        if (rows.length > 0) break
      }
      await sql`INSERT INTO human_check (org_unit_id, checked_on, human_check_id, target_id, person, picture_sha256,
                       change_set_no, recorded_at, is_decisive)
                SELECT org_unit_id, checked_on, gen_random_uuid(), target_id, person, ${picture_sha256}, change_set_no,
                       now(), is_decisive FROM human_check WHERE human_check_id = ${old.id}`.execute(tx)
    })
    expect(await forgetting).toEqual({ files: 0, bytes: 0 })
    expect(await isStored(picture)).toBe(true)
  })

  it('gives up after a moment, and removes nothing, while somebody stores files for long', async () => {
    const picture = makePicture()
    await age('human_check', (await addCheck(picture)).id)
    await scene.db.transaction().execute(async (tx) => {
      await storeBlob(tx, makePicture(), 'image/png')
      await expect(forget(new Date())).rejects.toThrow(/lock timeout/)
    })
    expect(await isStored(picture)).toBe(true)
  })
})

describe('a file whose term is over', () => {
  it('answers 410 with the day, removed or not yet, is not disclosed, and says so in JSON', async () => {
    const [picture, file] = [makePicture(), makePicture()]
    const check = await addCheck(picture)
    const objection = await open(file)
    const before = await client.read(scene.people.specialist, scene.school, objection.id)
    expect(before).toMatchObject({ file_state: { expires_at: null, removed_at: null, unreadable_since: null } })
    await decide(objection.id)
    await age('human_check', check.id)
    await age('objection_decision', objection.id)
    const day = new Date(Date.now() - DAY_MS).toLocaleDateString('ru', { timeZone: scene.test.config.time_zone })
    const refused = { code: 'EDU_FILE_EXPIRED', message: `Срок хранения файла истёк ${day}` }
    for (const { path } of [check, objection]) {
      const answer = await read(path)
      expect([answer.status, answer.body]).toEqual([410, expect.objectContaining(refused)])
    }
    const disclosed = await scene.db
      .selectFrom('audit_event')
      .where('category', '=', 'disclosure')
      .where('subject', 'in', [`human_check ${check.id}`, `objection ${objection.id}`])
      .select('subject')
      .execute()
    expect(disclosed).toEqual([])
    await forget(new Date())
    for (const { path } of [check, objection]) {
      const answer = await read(path)
      expect([answer.status, answer.body]).toEqual([410, expect.objectContaining(refused)])
    }
    const after = await client.read(scene.people.specialist, scene.school, objection.id)
    const gone = {
      expires_at: expect.any(String) as string,
      removed_at: expect.any(String) as string,
      unreadable_since: expect.any(String) as string,
    }
    expect(after).toMatchObject({ file_name: 'Снимок.png', file_state: gone })
    const card = await client.send(scene.people.institute, 'GET', `org-units/${scene.school.unit.org_unit_id}/sites`)
    const [site] = card.body['sites'] as { human_checks: { human_check_id: string; picture: object }[] }[]
    const shown = site?.human_checks.find(({ human_check_id }) => human_check_id === check.id)
    expect(shown?.picture).toMatchObject(gone)
  })

  it('answers 410 by the day of its removal when the term was shorter then', async () => {
    const check = await addCheck(makePicture())
    await forget()
    const answer = await read(check.path)
    const today = new Date().toLocaleDateString('ru', { timeZone: scene.test.config.time_zone })
    expect([answer.status, answer.body['message']]).toEqual([410, `Срок хранения файла истёк ${today}`])
  })

  it('is not told from one that is not there to who may not see it', async () => {
    const check = await addCheck(makePicture())
    await age('human_check', check.id)
    expect((await client.send(scene.people.other_specialist, 'GET', check.path)).status).toBe(404)
  })
})

describe('edumon forget-files', () => {
  it('removes what is due by the term of the installation, as the owner, and says how much', async () => {
    // What other tests have left.
    await forget(new Date())
    const picture = makePicture()
    await age('human_check', (await addCheck(picture)).id)
    const { application_url, owner_url } = scene.test.database
    const settings = { DATABASE_URL: application_url, EDUMON_OWNER_DATABASE_URL: owner_url }
    const cli = join(import.meta.dirname, '../../../server/src/cli.ts')
    const run = async (days: string) => {
      const env = { ...process.env, ...settings, EDUMON_FILE_TERM_DAYS: days }
      return (await execute(process.execPath, [cli, 'forget-files'], { env })).stdout
    }
    expect(await run(`${TERM_DAYS + 100}`)).toContain('0 files removed')
    expect(await isStored(picture)).toBe(true)
    expect(await run(`${TERM_DAYS}`)).toContain(`1 files removed, ${picture.length} bytes`)
    expect(await isStored(picture)).toBe(false)
  })
})

describe('the upkeep of a running system', () => {
  it('removes what is due a minute after its start and lets the database go when it ends', async () => {
    const picture = makePicture()
    await age('human_check', (await addCheck(picture)).id)
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
    try {
      const terms = { accept_days: 14, speed_accept_days: 14, file_term_days: TERM_DAYS }
      const upkeep = await startUpkeep(scene.test.database.owner_url, terms)
      vi.advanceTimersByTime(60_000)
      await upkeep.end()
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
    expect(await isStored(picture)).toBe(false)
  })
})

describe('the application role', () => {
  it('may neither remove stored bytes nor write that they were', async () => {
    await expect(scene.db.deleteFrom('blob_chunk').execute()).rejects.toThrow(/permission denied/)
    await expect(scene.db.deleteFrom('blob').execute()).rejects.toThrow(/permission denied/)
    await expect(scene.db.deleteFrom('blob_removal').execute()).rejects.toThrow(/permission denied/)
    const row = {
      sha256: 'a'.repeat(64),
      removed_at: new Date(),
      size_bytes: 1,
      media_type: 'x',
      stored_at: new Date(),
    }
    await expect(scene.db.insertInto('blob_removal').values(row).execute()).rejects.toThrow(/permission denied/)
  })
})
