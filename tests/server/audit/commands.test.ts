import { read, utils } from '@e965/xlsx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertUser } from '../../../server/src/access/users.ts'
import { sealEvents } from '../../../server/src/audit/seal-events.ts'
import { systemAuthor } from '../../../server/src/db/audit-author.ts'
import { insertAuditEvent } from '../../../server/src/db/insert-audit-event.ts'
import { createIntakeClient, writeCsv, type IntakeClient } from '../../factories/intake-client.ts'
import { makeCheck } from '../../factories/school-sites.ts'
import { makeAllDue, TestCollector } from '../../factories/test-collector.ts'

const HEADER = ['Наименование', 'ИНН', 'Муниципалитет', 'Адрес', 'Сайт']
const SCHOOL = ['МОУ «СОШ № 3»', '6907006968', 'Вольский район', 'г. Вольск, ул. Мира, 1', 'https://old.ru/']
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='

interface Event {
  audit_event_id: number
  category: string
  action: string
  subject: string
  actor: string
  remote_address: string | null
  org_unit_id: number | null
  occurred_at: string
  org_unit_name: string | null
  municipality_name: string | null
  subject_name: string | null
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

let client: IntakeClient
let school: { org_unit_id: number; target_id: string | null }
beforeAll(async () => {
  client = await createIntakeClient()
})
afterAll(() => client.close())

async function readFile(path: string) {
  return client.app.inject({ url: `/api/v1/${path}`, headers: { host: 'localhost' } })
}

async function listEvents(query = ''): Promise<{ rows: Event[]; next_before_id: number | null }> {
  const answer = await readFile(`audit/events?limit=1000${query}`)
  expect(answer.statusCode).toBe(200)
  return answer.json()
}

/** Runs one command and gives the events that it wrote. */
async function eventsOf(command: () => Promise<unknown>): Promise<Event[]> {
  const [before] = (await listEvents()).rows
  await command()
  return (await listEvents()).rows.filter((event) => event.audit_event_id > (before?.audit_event_id ?? 0))
}

describe('every command', () => {
  it('of an import writes one event', async () => {
    let import_id = 0
    const received = await eventsOf(async () => ({ import_id } = await client.upload(writeCsv(HEADER, [SCHOOL]))))
    expect(received).toMatchObject([
      { category: 'data', action: 'import.receive', subject: `import ${import_id}`, remote_address: '127.0.0.1' },
    ])
    expect(await eventsOf(() => client.upload(writeCsv(HEADER, [SCHOOL])))).toEqual([])
    // The collector that has leased the file is no reader: nothing is disclosed to anybody.
    expect(await eventsOf(() => client.parse(import_id))).toEqual([])
    const place = { sheet_no: 1, row_no: 2, outcome: 'new', org_unit_id: null, same_as: null, reason: 'новая школа' }
    const decided = await eventsOf(() => client.call('POST', `/imports/${import_id}/decisions`, { decisions: [place] }))
    expect(decided).toMatchObject([{ action: 'import.decide', after: { decisions: [{ outcome: 'new' }] } }])
    const applied = await eventsOf(() => client.call('POST', `/imports/${import_id}/apply`))
    expect(applied).toMatchObject([
      { action: 'import.apply', before: { state: 'validated' }, after: { state: 'applied' } },
    ])
    const voided = await eventsOf(() =>
      client.call('POST', `/imports/${import_id}/void`, { reason: 'не тот файл', with: [] }),
    )
    expect(voided).toMatchObject([{ action: 'import.void', before: { state: 'applied' }, after: { state: 'voided' } }])
  })

  it('of a person on a unit writes one event of that unit, with what was there before', async () => {
    await client.take(writeCsv(HEADER, [[...SCHOOL.slice(0, 3), 'г. Вольск, ул. Мира, 2', 'https://new.ru/']]))
    const [unit] = await client.units('kind=organisation&text=6907006968')
    if (unit === undefined) throw new Error('no school')
    school = unit
    const { org_unit_id, target_id } = unit
    const status = { status: 'capital_repair', valid_from: '2026-09-01', valid_to: null, order_number: '12' }
    const set = (order_number: string) => () =>
      client.call('POST', `/org-units/${org_unit_id}/statuses`, { ...status, order_number })
    const action = 'org_unit_status.insert'
    expect(await eventsOf(set('12'))).toMatchObject([{ action, org_unit_id, before: null, after: status }])
    expect(await eventsOf(set('13'))).toMatchObject([{ action, before: status, after: { order_number: '13' } }])
    const [other] = await client.units('kind=municipality')
    const succession = {
      successor_id: other?.org_unit_id,
      effective_on: '2026-09-01',
      kind: 'merge',
      document: null,
    }
    const succeeded = await eventsOf(() => client.call('POST', `/org-units/${org_unit_id}/successions`, succession))
    expect(succeeded).toMatchObject([{ action: 'org_unit_succession.insert', org_unit_id, after: succession }])
    const recheck = () => client.call('POST', `/targets/${org_unit_id}/${target_id ?? ''}/recheck`)
    expect(await eventsOf(recheck)).toMatchObject([{ action: 'recheck', org_unit_id }])
    expect(await eventsOf(recheck)).toEqual([])
  })

  it('that shows a file or exports a table writes one event before the bytes go out', async () => {
    const { org_unit_id, target_id } = school
    const path = `/org-units/${org_unit_id}/sites/${target_id ?? ''}/human-checks`
    const check = {
      checked_on: '2026-01-20',
      person: 'Иванова А. П.',
      note: null,
      picture_base64: PICTURE,
      judgements: [
        { subsection: 'catering', presence: 'present', markup: null, freshness: null, url: null, dated_on: null },
      ],
    }
    let human_check_id = ''
    const checked = await eventsOf(async () => {
      const { body } = await client.call('POST', path, check)
      human_check_id = (body as unknown as { human_check_id: string }).human_check_id
    })
    expect(checked).toMatchObject([{ category: 'data', action: 'human_check', org_unit_id }])
    const shown = await eventsOf(() => readFile(`${path.slice(1)}/${human_check_id}/picture`))
    expect(shown).toMatchObject([{ category: 'disclosure', action: 'human_check.picture', org_unit_id }])
    expect(await eventsOf(() => readFile('org-units/export.csv'))).toMatchObject([
      { category: 'export', action: 'org_unit.export', org_unit_id: null },
    ])
    expect(await eventsOf(() => readFile('indicators/working_sites/export.xlsx'))).toMatchObject([
      { category: 'export', action: 'indicator.export' },
    ])
  })

  it('of a collector writes one event a batch, never one a fact', async () => {
    await makeAllDue(client.database.db)
    const collector = new TestCollector(client.app)
    const leases = await collector.lease()
    expect(leases.length).toBeGreaterThan(1)
    const batch = await eventsOf(() => collector.submit(leases.map((lease) => makeCheck(lease))))
    expect(batch).toMatchObject([{ category: 'data', action: 'take_in_batch', actor: 'collector test' }])
  })
})

describe('GET /api/v1/audit/events', () => {
  it('filters by category, action, actor, time and unit with what is below it', async () => {
    const all = (await listEvents()).rows
    const exports = (await listEvents('&category=export&category=disclosure')).rows
    expect(new Set(exports.map((event) => event.category))).toEqual(new Set(['export', 'disclosure']))
    expect((await listEvents('&action=recheck')).rows).toHaveLength(1)
    const withoutRecheck = (await listEvents('&except_action=recheck')).rows
    expect(withoutRecheck).toEqual(all.filter((event) => event.action !== 'recheck'))
    expect(withoutRecheck).toHaveLength(all.length - 1)
    expect((await listEvents('&actor=COLLECTOR%20te')).rows).toHaveLength(1)
    expect((await listEvents('&actor=%25')).rows).toEqual([])
    expect((await listEvents('&to=2026-01-01T00:00:00Z')).rows).toEqual([])
    expect((await listEvents('&from=2026-01-01T00:00:00Z')).rows).toEqual(all)
    const ofSchool = (await listEvents(`&org_unit_id=${school.org_unit_id}`)).rows
    expect(ofSchool).toHaveLength(6)
    expect(ofSchool[0]).toMatchObject({ org_unit_name: 'МОУ «СОШ № 3»', municipality_name: 'Вольский район' })
    const [municipality] = await client.units('kind=municipality&text=Вольский')
    expect((await listEvents(`&org_unit_id=${municipality?.org_unit_id ?? 0}`)).rows).toEqual(ofSchool)
  })

  it('is paged by number without holes and repeats', async () => {
    const all = (await listEvents()).rows
    const paged: Event[] = []
    for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null;) {
      const page: { rows: Event[]; next_before_id: number | null } = (
        await readFile(`audit/events?limit=3&before_id=${before}`)
      ).json()
      paged.push(...page.rows)
      before = page.next_before_id
    }
    expect(paged).toEqual(all)
  })

  it('names the person and the token that an event is about', async () => {
    const { db } = client.database
    const change = { by: systemAuthor('test'), category: 'grant', action: 'user.change' } as const
    await db.transaction().execute(async (tx) => {
      const petr = { login: 'petr', display_name: 'Пётр', position: null, created_by: 'test' }
      const user_id = await insertUser(tx, petr)
      await insertAuditEvent(tx, { ...change, subject: `user ${user_id}` })
      await insertAuditEvent(tx, { ...change, subject: 'user 0' })
      await insertAuditEvent(tx, { ...change, subject: 'user of nobody' })
    })
    const { rows } = await listEvents('&action=user.change')
    expect(rows.map((event) => event.subject_name)).toEqual([null, null, 'Пётр'])
  })

  it('refuses a time, a category and an action that do not exist', async () => {
    expect((await readFile('audit/events?from=2026-13-01T00:00:00Z')).json()).toMatchObject({
      code: 'EDU_PERIOD_INVALID',
    })
    expect((await readFile('audit/events?category=gossip')).statusCode).toBe(400)
    expect((await readFile('audit/events?action=gossip')).statusCode).toBe(400)
  })
})

describe('GET /api/v1/audit/seal', () => {
  const readSeal = async () => (await readFile('audit/seal')).json<Record<string, unknown>>()

  it('says how many events wait, since when, and what the newest seal is', async () => {
    const all = (await listEvents()).rows
    expect(await readSeal()).toEqual({
      ...{ head: null, to_event_id: null, sealed_at: null },
      ...{ unsealed: all.length, unsealed_since: all.at(-1)?.occurred_at },
    })
    const { head } = await sealEvents(client.database.db)
    expect(head).not.toBeNull()
    expect(await readSeal()).toMatchObject({
      ...{ head, to_event_id: all[0]?.audit_event_id, unsealed: 0, unsealed_since: null },
    })
  })
})

describe('GET /api/v1/audit/events/export', () => {
  it('writes the filtered events as a workbook and as CSV, and is an event itself', async () => {
    let rows: unknown[][] = []
    const exported = await eventsOf(async () => {
      const answer = await readFile('audit/events/export.xlsx?action=recheck')
      rows = utils.sheet_to_json(read(answer.rawPayload).Sheets['Журнал действий'] ?? {}, { header: 1, defval: null })
    })
    expect(exported).toMatchObject([{ category: 'export', action: 'audit.export' }])
    expect(rows.at(-1)).toContain('Запрошена проверка сайта')
    expect(rows.filter((row) => typeof row[0] === 'number')).toHaveLength(1)
    expect((await readFile('audit/events/export.csv')).body).toContain('Выгружен журнал')
  })
})
