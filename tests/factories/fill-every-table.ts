import { gzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { makeLink } from '../../server/src/access/links.ts'
import { hashSecret } from '../../server/src/access/secrets.ts'
import { beginAttempt } from '../../server/src/access/sign-in-limits.ts'
import { findRegionId } from '../../server/src/access/users.ts'
import { sealEvents } from '../../server/src/audit/seal-events.ts'
import { systemAuthor } from '../../server/src/db/audit-author.ts'
import { TABLE_MANIFEST } from '../../server/src/db/table-manifest.ts'
import { forgetFiles } from '../../server/src/files/forget-files.ts'
import { issueTicket } from '../../server/src/speed-tickets/issue-ticket.ts'
import { issueSchoolCode } from '../../server/src/speed-tickets/school-code.ts'
import { storeRecords } from '../../server/src/speed-tickets/store-records.ts'
import { confirmLateTests } from '../../server/src/ingest-speed/confirm-late-tests.ts'
import { sumSchoolDays } from '../../server/src/jobs/sum-school-days.ts'
import { sumSpeedTests } from '../../server/src/jobs/sum-speed-tests.ts'
import { writeCsv, type IntakeClient } from './intake-client.ts'
import { insertPerson } from './people.ts'
import { makeAudit, makeCheck } from './school-sites.ts'
import { insertTicket, makePing, makeTest, recordOf, TestAgent } from './speed-scene.ts'
import { makeAllDue, TestCollector } from './test-collector.ts'
import { regionDay } from '../setup/region-day.ts'

const HEADER = ['Наименование', 'ИНН', 'Муниципалитет', 'Адрес', 'Сайт']
const SCHOOL = ['МОУ «СОШ № 3»', '6907006968', 'Вольский район', 'г. Вольск, ул. Мира, 1']
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
const ROUNDS_AT_MOST = 20

const page = {
  url: 'https://school.example/',
  fetched_at: new Date().toISOString(),
  http_status: 200,
  headers: [['server', 'nginx\t"\\']] as [string, string][],
  body_sha256: 'b'.repeat(64),
  body_bytes: 4096,
  body_gzip_base64: gzipSync('Сайт\n\\N на реконструкции\t').toString('base64'),
  trimmed: true,
}

async function fillRegistry(client: IntakeClient): Promise<void> {
  const { import_id } = await client.upload(writeCsv(HEADER, [[...SCHOOL, 'https://old.ru/']]))
  await client.parse(import_id)
  const decision = { sheet_no: 1, row_no: 2, outcome: 'new', org_unit_id: null, same_as: null, reason: 'новая' }
  await client.call('POST', `/imports/${import_id}/decisions`, { decisions: [decision] })
  await client.call('POST', `/imports/${import_id}/apply`)
  const wrong = await client.take(writeCsv(HEADER, [[...SCHOOL, 'https://wrong.ru/']]))
  await client.call('POST', `/imports/${wrong.import_id}/void`, { reason: 'не тот файл', with: [] })
  const [unit] = await client.units('kind=organisation&text=6907006968')
  const [municipality] = await client.units('kind=municipality')
  if (unit === undefined) throw new Error('no school')
  const path = `/org-units/${unit.org_unit_id}`
  const from = '2026-09-01'
  const status = { status: 'works', valid_from: from, valid_to: null, order_number: '№ "1"\t\\' }
  await client.call('POST', `${path}/statuses`, status)
  const successor_id = municipality?.org_unit_id
  await client.call('POST', `${path}/successions`, { successor_id, effective_on: from, kind: 'move', document: null })
  const judgement = { presence: 'present', markup: null, freshness: null, url: null, dated_on: null }
  await client.call('POST', `${path}/sites/${unit.target_id ?? ''}/human-checks`, {
    checked_on: '2026-01-20',
    person: 'Иванова А. П.',
    note: null,
    picture_base64: PICTURE,
    judgements: [{ subsection: 'catering', ...judgement }],
  })
}

/** A file that lacks the school of the one before, and a word on what becomes of it. */
async function fillMissing(client: IntakeClient): Promise<void> {
  const other = ['МОУ «СОШ № 4»', '6907006975', 'Вольский район', 'г. Вольск, ул. Мира, 2', null]
  const listed = [...SCHOOL, 'https://old.ru/']
  await client.take(writeCsv(HEADER, [listed, other]), { valid_on: '2026-09-02' })
  const { import_id } = await client.upload(writeCsv(HEADER, [other]), { valid_on: '2026-09-03' })
  await client.parse(import_id)
  const keep = { outcome: 'keep', org_unit_ids: null, reason: 'забыли строку' }
  await client.call('POST', `/imports/${import_id}/missing/decisions`, keep)
}

/** What accounts leave behind: a link, codes, a browser that is known, a failed sign-in. */
async function fillAccounts({ database: { db } }: IntakeClient): Promise<void> {
  const { user_id } = await insertPerson(db, [])
  await db.transaction().execute(async (tx) => {
    await makeLink(tx, { user_id, purpose: 'invitation', created_by: 'test' })
    await tx
      .insertInto('recovery_code')
      .values({ user_id, code_sha256: hashSecret('code') })
      .execute()
    await tx
      .insertInto('known_device')
      .values({ user_id, device_sha256: hashSecret('device') })
      .execute()
  })
  const place = { remote_address: '192.0.2.1', known_place: null, counts_everywhere: false }
  await beginAttempt(db, { subject: 'password nobody', ...place, by: systemAuthor('test') })
}

/** An objection by one person, decided by another. */
async function fillObjections(client: IntakeClient): Promise<void> {
  const [unit] = await client.units('kind=organisation&text=6907006968')
  const path = `/org-units/${unit?.org_unit_id ?? 0}/objections`
  const entry = {
    kind: 'mute',
    target_id: unit?.target_id,
    finding: 'availability',
    subsection: null,
    incident_id: null,
  }
  const asked = { ...entry, reason: 'переезд на другой хостинг', asked_until: regionDay(5), file: null }
  const region_id = await findRegionId(client.database.db)
  const ministry = { role: 'ministry_analyst' as const, org_unit_id: region_id, founder_kinds: null }
  const { headers } = await insertPerson(client.database.db, [ministry])
  const opened = await client.app.inject({ method: 'POST', url: `/api/v1${path}`, headers, payload: asked })
  const { objection_id } = opened.json<{ objection_id: string }>()
  const decision = { outcome: 'granted', reason: 'подтверждено', valid_from: regionDay(), valid_to: regionDay(5) }
  await client.call('POST', `${path}/${objection_id}/decision`, decision)
}

/** Rounds of probes that fail, until an incident is open, and an audit with evidence. */
async function fillMeasurements(client: IntakeClient): Promise<void> {
  const { db } = client.database
  const collector = new TestCollector(client.app)
  for (let round = 0; round < ROUNDS_AT_MOST; round += 1) {
    await makeAllDue(db)
    const leases = await collector.lease()
    await collector.submit(leases.map((lease) => makeCheck(lease, 'connect_refused', { evidence: page })))
    const audits = await collector.lease(10, ['site_audit'])
    await collector.submit(audits.map((lease) => makeAudit(lease, { pages: [page] })))
    if ((await db.selectFrom('incident_member').select('incident_id').limit(1).executeTakeFirst()) !== undefined) break
  }
  await sql`INSERT INTO site_hour (org_unit_id, local_day, local_hour, target_id, validity, rule_version, change_set_no, verdicts, observed_s, up_s)
    SELECT org_unit_id, '2026-09-01', 10, target_id, 'counted', 1, change_set_no, 1, 3600, 1800 FROM target LIMIT 1`.execute(
    db,
  )
  await sumSchoolDays(db, new Date())
}

/** A ticket of a speed test with the measurement server's record, and the code of a school. */
async function fillTickets({ database: { db } }: IntakeClient): Promise<void> {
  const org_unit_id = await findRegionId(db)
  const wish = { org_unit_id, method: 'agent', remote_address: '192.0.2.1', issued_to: 'token 1' } as const
  const { ticket_id } = await issueTicket(db, wish, { server_url: 'ws://measure.example', tests_per_network: 1 })
  const seen = { end: 'complete', bytes: 12_500_000, duration_ms: 10_000 } as const
  const record = { ticket_id, started_at: new Date().toISOString(), download: seen, upload: seen }
  await storeRecords(db, [{ ...record, client_address: '192.0.2.1' }], systemAuthor('test'))
  await issueSchoolCode(db, org_unit_id, systemAuthor('test'))
}

/** What people state of the Internet of the school, an appeal about it, and a verdict as the job stores one. */
async function fillInternet(client: IntakeClient): Promise<void> {
  const { db } = client.database
  const [unit] = await client.units('kind=organisation&text=6907006968')
  const org_unit_id = unit?.org_unit_id ?? 0
  const sheets = {
    connection_contract: [
      ['ИНН', 'Технология', 'Скорость по договору, Мбит/с'],
      ['6907006968', 'оптика', '100'],
    ],
    self_reported_speed: [
      ['ИНН', 'Скорость по сообщению, Мбит/с'],
      ['6907006968', '95'],
    ],
    capacity_report: [
      ['ИНН', 'Компьютеров', 'Обучающихся'],
      ['6907006968', '40', '500'],
    ],
  }
  for (const [kind, [header = [], row = []]] of Object.entries(sheets)) {
    await client.take(writeCsv(header, [row]), { kind, file_name: `${kind}.csv` })
  }
  const asked = {
    appeal_number: '17-"А"',
    sent_on: '2026-09-10',
    operator: 'ПАО «Ростелеком»',
    subject: 'низкая\tскорость',
  }
  await client.call('POST', `/org-units/${org_unit_id}/operator-appeals`, { ...asked, answer: null, answered_on: null })
  const key = { rule_version: 1, through_change_set_no: 1, change_set_no: 1 }
  const counts = { tests: 0, occasions: 0, unconfirmed_low: 0, tests_sha256: 'a'.repeat(64) }
  const verdict = { org_unit_id, period_code: '2026-09', kind: 'norm', verdict: 'not_enough_data', reason: 'few_tests' }
  await db
    .insertInto('speed_verdict')
    .values({ ...key, ...counts, ...verdict })
    .execute()
  await db
    .insertInto('speed_verdict_run')
    .values({ ...key, judged_on: '2026-09-30', buildings: 1, verdicts: 1, made_at: new Date() })
    .execute()
}

/** A speed test whose record comes after it, and an hour of pings. */
async function fillSpeedTests({ app, database: { db }, units }: IntakeClient): Promise<void> {
  const [unit] = await units('kind=organisation&text=6907006968')
  const { org_unit_id, path } = await db
    .selectFrom('org_unit')
    .where('org_unit_id', '=', unit?.org_unit_id ?? 0)
    .select(['org_unit_id', 'path'])
    .executeTakeFirstOrThrow()
  const school = { org_unit_id, path, municipality_id: null }
  const agent = await TestAgent.of(app, school)
  const hour = new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000).toISOString()
  const speedTest = makeTest(school, hour, { ticket_id: await insertTicket(db, school) })
  await agent.submit({ tests: [speedTest], pings: [makePing(school, hour)] })
  await db.transaction().execute(async (tx) => {
    await tx.insertInto('measurement_record').values(recordOf(speedTest)).execute()
    await confirmLateTests(tx, [speedTest.ticket_id ?? ''])
  })
  await sql`INSERT INTO speed_hour (org_unit_id, local_day, local_hour, method, validity, rule_version, change_set_no, provenance,
           tests, download_kbps_sum, upload_kbps_sum, min_rtt_us_sum, download_bins, upload_bins, min_rtt_bins)
    SELECT org_unit_id, local_day, 7, method, 'valid', rule_version, change_set_no, provenance, tests,
           download_kbps_sum, upload_kbps_sum, min_rtt_us_sum, download_bins, upload_bins, min_rtt_bins
      FROM speed_hour WHERE tests > 0 LIMIT 1`.execute(db)
  await sumSpeedTests(db, { now: new Date(), time_zone: 'Europe/Saratov' })
}

/**
 * Puts at least a row into every table of the manifest, by the ways that programs and people have.
 * @throws with the tables that are still empty: a new table needs a way here
 */
export async function fillEveryTable(client: IntakeClient): Promise<void> {
  const { db } = client.database
  await fillRegistry(client)
  await fillMissing(client)
  await fillInternet(client)
  await fillMeasurements(client)
  await fillSpeedTests(client)
  await fillObjections(client)
  await fillAccounts(client)
  await fillTickets(client)
  const aYearOn = { file_term_days: 1, now: new Date(Date.now() + 366 * 86_400_000) }
  await forgetFiles(client.database.owner_url, aYearOn, systemAuthor('test'))
  await db.insertInto('setting').values({ name: 'made_for_a_test', value: '{"a": [1, null, "№"]}' }).execute()
  await sealEvents(db)
  const counted = await Promise.all(
    Object.keys(TABLE_MANIFEST).map(async (name) => {
      const { rows } = await sql<{
        is_empty: boolean
      }>`SELECT NOT EXISTS (SELECT FROM ${sql.table(name)}) AS is_empty`.execute(db)
      return rows[0]?.is_empty === true ? [name] : []
    }),
  )
  if (counted.flat().length > 0) throw new Error(`Still empty: ${counted.flat().join(', ')}`)
}
