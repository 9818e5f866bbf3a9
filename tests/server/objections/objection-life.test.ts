import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readWorkingDays } from '../../../server/src/db/reference-files.ts'
import { openObjection } from '../../../server/src/objections/open-objection.ts'
import { createObjectionClient } from '../../factories/objection-client.ts'
import { breakSite, createObjectionScene, type ObjectionScene } from '../../factories/objection-scene.ts'
import { insertPerson } from '../../factories/people.ts'
import { makeCheck } from '../../factories/school-sites.ts'
import { TestCollector } from '../../factories/test-collector.ts'
import { regionDay } from '../../setup/region-day.ts'

const PDF = Buffer.from('%PDF-1.4 приказ').toString('base64')

let scene: ObjectionScene
let client: ReturnType<typeof createObjectionClient>
beforeAll(async () => {
  scene = await createObjectionScene()
  client = createObjectionClient(scene)
})
afterAll(() => scene.close())

/** Rejects what is undecided, so that every test begins without. */
beforeEach(async () => {
  await breakSite(scene.db, scene.school, new Date(Date.now() - 3_600_000))
  for (const { objection_id } of await client.list(scene.people.institute, 'state=open')) {
    await client.decide(scene.people.second_institute, scene.school, objection_id)
  }
})

async function countAudit(action: string, objection_id: unknown): Promise<number> {
  const rows = await scene.db
    .selectFrom('audit_event')
    .where('action', '=', action)
    .where('subject', '=', `objection ${String(objection_id)}`)
    .select('audit_event_id')
    .execute()
  return rows.length
}

describe('a dispute', () => {
  it('queues a recheck at once, links its result, and is decided by the institute with reason and person', async () => {
    const { director, institute } = scene.people
    const opened = await client.open(director, scene.school)
    expect(opened.status).toBe(201)
    const { objection_id } = opened.body
    expect(await client.read(director, scene.school, objection_id)).toMatchObject({
      state: 'open',
      is_own: true,
      recheck: { state: 'queued', outcome: null },
      decision: null,
    })
    const collector = new TestCollector(scene.test.app)
    const leases = await collector.lease(1)
    expect(leases[0]?.target_id).toBe(scene.school.target_id)
    expect(await client.read(institute, scene.school, objection_id)).toMatchObject({ recheck: { state: 'running' } })
    await collector.submit(leases.map((lease) => makeCheck(lease)))
    expect(await client.read(institute, scene.school, objection_id)).toMatchObject({
      is_own: false,
      recheck: { state: 'done', outcome: 'works' },
    })
    const decided = await client.decide(institute, scene.school, objection_id, {
      ...{ outcome: 'granted', reason: 'Сбой был у нас', valid_from: regionDay(), valid_to: regionDay(5) },
    })
    expect(decided.status).toBe(200)
    expect(await client.read(director, scene.school, objection_id)).toMatchObject({
      state: 'granted',
      decision: { outcome: 'granted', decided_by: 'Громов П. С.', is_in_force: true },
    })
    expect(await countAudit('open_objection', objection_id)).toBe(1)
    expect(await countAudit('decide_objection', objection_id)).toBe(1)
  })

  it('is refused of what was not found, and while another one of the same finding is undecided', async () => {
    const { director, specialist } = scene.people
    expect((await client.open(director, scene.school)).status).toBe(201)
    const second = await client.open(specialist, scene.school)
    expect([second.status, second.body['code']]).toEqual([409, 'EDU_OBJECTION_OPEN'])
    const other = await client.open(director, scene.school, { finding: 'subsection', subsection: 'budget' })
    expect([other.status, other.body['code']]).toEqual([404, 'EDU_FINDING_NOT_FOUND'])
    const contradiction = await client.open(director, scene.school, { finding: 'subsection' })
    expect([contradiction.status, contradiction.body['details']]).toEqual([400, { path: '/subsection' }])
  })

  it('that is sent again under its id is answered as before and opens no second one, decided or not', async () => {
    const { director, sister, institute } = scene.people
    const entry = { objection_id: randomUUID(), file: { name: 'Приказ.pdf', base64: PDF } }
    const answers = await Promise.all([1, 2].map(() => client.open(director, scene.school, entry)))
    const [first] = answers
    expect(first?.status).toBe(201)
    expect(first?.body['objection_id']).toBe(entry.objection_id)
    expect(answers.map(({ body }) => body)).toEqual([first?.body, first?.body])
    await client.decide(institute, scene.school, entry.objection_id)
    const late = await client.open(director, scene.school, entry)
    expect([late.status, late.body]).toEqual([201, first?.body])
    expect(await client.list(institute, `state=open&org_unit_id=${scene.school.unit.org_unit_id}`)).toEqual([])
    expect(await countAudit('open_objection', entry.objection_id)).toBe(1)
    const other = await client.open(director, scene.school, { ...entry, reason: 'Другой текст' })
    expect([other.status, other.body['code']]).toEqual([409, 'EDU_ID_REUSED'])
    const foreign = await client.open(sister, scene.sister, { ...entry, target_id: scene.sister.target_id })
    expect([foreign.status, foreign.body['code']]).toEqual([409, 'EDU_ID_REUSED'])
  })

  it('opens one of two that come at the same time', async () => {
    const { director, specialist } = scene.people
    const answers = await Promise.all([client.open(director, scene.school), client.open(specialist, scene.school)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  it('has a term of three working days over 4 November, and is seen to be overdue after it', async () => {
    const { institute, director } = scene.people
    const { unit, target_id } = scene.school
    const opened = await openObjection(
      scene.db,
      {
        ...{ kind: 'dispute', org_unit_id: unit.org_unit_id, target_id, finding: 'availability', subsection: null },
        ...{ incident_id: null, reason: 'Сайт открывается', asked_until: null, file: null },
      },
      {
        author: { actor: 'Чернова О. А.', user_id: director.user_id, remote_address: null, request_id: 'test' },
        now: new Date('2026-11-02T08:00:00Z'),
      },
      { calendar: readWorkingDays(), term_working_days: 3, time_zone: 'Europe/Saratov' },
    )
    expect(opened.due_on).toBe('2026-11-06')
    const seen = await client.read(institute, scene.school, opened.objection_id)
    const isPast = regionDay() > '2026-11-06'
    expect(seen.term.state).toBe(isPast ? 'overdue' : 'running')
    expect((await client.list(institute, 'state=open'))[0]?.objection_id).toBe(opened.objection_id)
  })
})

describe('a mute', () => {
  it('is asked for by the municipality with a last day and a file, and queues nothing', async () => {
    const { specialist } = scene.people
    const asked = { kind: 'mute', reason: 'Переезд сайта', asked_until: regionDay(20) }
    const opened = await client.open(specialist, scene.school, { ...asked, file: { name: 'Приказ.pdf', base64: PDF } })
    expect(opened.status).toBe(201)
    const { objection_id } = opened.body
    expect(await client.read(specialist, scene.school, objection_id)).toMatchObject({ recheck: null, state: 'open' })
    const file = await client.send(specialist, 'GET', `${client.pathOf(scene.school)}/${String(objection_id)}/file`)
    expect(file.bytes.toString('base64')).toBe(PDF)
    expect(file.headers['content-disposition']).toBe(`attachment; filename*=UTF-8''${encodeURIComponent('Приказ.pdf')}`)
    expect(file.headers['content-security-policy']).toContain('sandbox')
    expect(await countAudit('disclose_file', objection_id)).toBe(1)
  })

  it.each([
    [{ kind: 'mute', asked_until: null }, '/asked_until'],
    [{ kind: 'mute', asked_until: regionDay(-2) }, '/asked_until'],
    [{ kind: 'mute', asked_until: regionDay(400) }, '/asked_until'],
    [{ kind: 'dispute', asked_until: regionDay(3) }, '/asked_until'],
    [{ reason: ' ? ' }, '/reason'],
    [{ file: { name: 'a.exe', base64: Buffer.from('MZ…').toString('base64') } }, '/file/base64'],
  ])('refuses %o at the field', async (own, path) => {
    const { status, body } = await client.open(scene.people.director, scene.school, own)
    expect([status, body['details']]).toEqual([400, { path }])
  })
})

describe('a decision', () => {
  it('is not made by who opened it, nor by a municipality', async () => {
    const { institute, specialist } = scene.people
    const { body } = await client.open(institute, scene.school)
    const own = await client.decide(institute, scene.school, body['objection_id'])
    expect([own.status, own.body['code']]).toEqual([403, 'EDU_OBJECTION_OWN'])
    const municipal = await client.decide(specialist, scene.school, body['objection_id'])
    expect([municipal.status, municipal.body['code']]).toEqual([403, 'EDU_FORBIDDEN'])
    expect(await client.read(institute, scene.school, body['objection_id'])).toMatchObject({ state: 'open' })
  })

  it('is not made by who stands in for the opener, nor by whom the opener stood in for', async () => {
    const { institute, second_institute } = scene.people
    const region = await scene.db
      .selectFrom('org_unit')
      .where('kind', '=', 'region')
      .select('org_unit_id')
      .executeTakeFirstOrThrow()
    const third = await insertPerson(scene.db, [{ role: 'institute_staff', founder_kinds: null, ...region }])
    const { body } = await client.open(institute, scene.school)
    const standIn = { user_id: second_institute.user_id, stand_in_for_user_id: institute.user_id, ...region }
    const { grant_id } = await scene.db
      .insertInto('user_grant')
      .values({ ...standIn, role: 'institute_staff', valid_from: regionDay(-1), origin: 'person', granted_by: 'test' })
      .returning('grant_id')
      .executeTakeFirstOrThrow()
    const refused = await client.decide(second_institute, scene.school, body['objection_id'])
    expect([refused.status, refused.body['code']]).toEqual([403, 'EDU_OBJECTION_OWN'])
    expect(await client.read(second_institute, scene.school, body['objection_id'])).toMatchObject({ is_own: true })
    expect((await client.decide(third, scene.school, body['objection_id'])).status).toBe(200)
    await breakSite(scene.db, scene.school, new Date())
    const reverse = (await client.open(second_institute, scene.school, { kind: 'mute', asked_until: regionDay(5) }))
      .body
    const own = await client.decide(institute, scene.school, reverse['objection_id'])
    expect([own.status, own.body['code']]).toEqual([403, 'EDU_OBJECTION_OWN'])
    const over = { revoked_at: new Date(), revoked_by: 'test' }
    await scene.db.updateTable('user_grant').set(over).where('grant_id', '=', grant_id).execute()
    expect((await client.decide(third, scene.school, reverse['objection_id'])).status).toBe(200)
  })

  it('is made once when two make it at the same time', async () => {
    const { director, institute, second_institute } = scene.people
    const { body } = await client.open(director, scene.school)
    const granted = { outcome: 'granted', valid_from: regionDay(), valid_to: regionDay(1) }
    const answers = await Promise.all([
      client.decide(institute, scene.school, body['objection_id'], granted),
      client.decide(second_institute, scene.school, body['objection_id']),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const late = answers.find(({ status }) => status === 409)
    expect(late?.body['code']).toBe('EDU_OBJECTION_DECIDED')
  })

  it('needs days when it grants and takes none when it rejects', async () => {
    const { director, institute } = scene.people
    const { body } = await client.open(director, scene.school)
    const decide = (own: object) => client.decide(institute, scene.school, body['objection_id'], { ...own })
    expect((await decide({ outcome: 'granted' })).body['details']).toEqual({ path: '/valid_from' })
    expect((await decide({ valid_from: regionDay(), valid_to: regionDay(1) })).body['details']).toEqual({
      path: '/valid_from',
    })
    const early = { outcome: 'granted', valid_from: '2020-01-01', valid_to: '2020-01-02' }
    expect((await decide(early)).body['details']).toEqual({ path: '/valid_from' })
  })
})

describe('objections of others', () => {
  it('answer 404 on every route, by whatever ids, and stand in no list', async () => {
    const { director, sister, other_specialist } = scene.people
    const { body } = await client.open(director, scene.school, { file: { name: 'a.pdf', base64: PDF } })
    const objection_id = String(body['objection_id'])
    const own = client.pathOf(scene.school)
    for (const person of [sister, other_specialist]) {
      const foreign = client.pathOf(person === sister ? scene.sister : scene.stranger)
      for (const path of [`${own}/${objection_id}`, `${foreign}/${objection_id}`]) {
        expect((await client.send(person, 'GET', path)).status).toBe(404)
        expect((await client.send(person, 'GET', `${path}/file`)).status).toBe(404)
      }
      expect((await client.open(person, scene.school)).status).toBe(404)
      expect(await client.list(person)).toEqual([])
      expect(await client.list(person, `org_unit_id=${scene.school.unit.org_unit_id}`)).toEqual([])
      const recheck = `targets/${scene.school.unit.org_unit_id}/${scene.school.target_id}/recheck`
      expect((await client.send(person, 'GET', recheck)).status).toBe(404)
      expect((await client.send(person, 'POST', recheck)).status).toBe(404)
    }
    expect(await countAudit('disclose_file', objection_id)).toBe(0)
    const elsewhere = await client.decide(scene.people.institute, scene.stranger, objection_id)
    expect([elsewhere.status, elsewhere.body['code']]).toEqual([404, 'EDU_OBJECTION_NOT_FOUND'])
    const target = await client.open(director, scene.school, { target_id: scene.stranger.target_id })
    expect([target.status, target.body['code']]).toEqual([404, 'EDU_TARGET_NOT_FOUND'])
  })
})

describe('POST and GET /targets/{org_unit_id}/{target_id}/recheck', () => {
  it('queues a check once a minute and tells how it goes', async () => {
    const { sister } = scene.people
    const path = `targets/${scene.sister.unit.org_unit_id}/${scene.sister.target_id}/recheck`
    const stateOf = async () => {
      const { body } = await client.send(sister, 'GET', path)
      return (body['works'] as { kind: string; state: string }[]).find(({ kind }) => kind === 'site_check')?.state
    }
    expect((await client.send(sister, 'POST', path)).status).toBe(200)
    expect((await client.send(sister, 'POST', path)).status).toBe(429)
    expect(await stateOf()).toBe('queued')
    const collector = new TestCollector(scene.test.app)
    const leases = (await collector.lease(100)).filter((lease) => lease.target_id === scene.sister.target_id)
    expect(await stateOf()).toBe('running')
    await collector.submit(leases.map((lease) => makeCheck(lease)))
    expect(await stateOf()).toBe('idle')
    expect((await client.send(sister, 'GET', path)).body).toMatchObject({ verdict: 'works' })
  })
})
