import { createHash, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { issueOwnToken } from '../../server/src/access/own-programs.ts'
import type { Jurisdiction } from '../../server/src/db/access-scope.ts'
import { storeBlob } from '../../server/src/db/blobs.ts'
import { refreshWholeStructure } from '../../server/src/db/org-unit-structure.ts'
import { scheduleTargets } from '../../server/src/jobs/schedule.ts'
import { makeCheck } from './school-sites.ts'
import { createIntakeClient, TODAY, writeCsv, type IntakeClient } from './intake-client.ts'
import { insertPerson, RIGHTS_SINCE } from './people.ts'
import { inChange, insertSite, insertUnit, type MadeUnit } from './registry.ts'
import { makeAllDue, TestCollector } from './test-collector.ts'
import { regionDay } from '../setup/region-day.ts'

/** One object of each kind, all of one place. Ids that a place has none of are those of nothing. */
export interface Place {
  municipality_id: number
  school_id: number
  target_id: string
  evidence_id: string
  human_check_id: string
  incident_id: number
  import_id: number
  user_id: number
  /** Text that is found in names and addresses of this place alone. */
  mark: string
}

/** A region with objects of two municipalities, and a regional college in the town of the first. */
export interface TwoMunicipalities {
  client: IntakeClient
  region_id: number
  own: Place
  other: Place
  college: Place
  unknown: Place
}

export const UNKNOWN_ID = 999_999_999
const UNKNOWN: Place = {
  municipality_id: UNKNOWN_ID,
  school_id: UNKNOWN_ID,
  target_id: randomUUID(),
  evidence_id: randomUUID(),
  human_check_id: randomUUID(),
  incident_id: UNKNOWN_ID,
  import_id: UNKNOWN_ID,
  user_id: UNKNOWN_ID,
  mark: 'nothing has this mark',
}

const PNG = Buffer.from('89504e470d0a1a0a00000000', 'hex')

/** A person's check of a site with a picture, as the API takes it. */
export function humanCheckEntry() {
  const judgement = { presence: 'present', markup: null, freshness: null, url: null, dated_on: null }
  return {
    checked_on: regionDay(-1),
    person: 'Иванова А. П.',
    note: null,
    picture_base64: PNG.toString('base64'),
    judgements: [{ subsection: 'catering', ...judgement }],
  }
}

async function findMunicipality(client: IntakeClient, name: string): Promise<MadeUnit> {
  const { rows } = await sql<{ org_unit_id: number; path: number[] }>`
    SELECT o.org_unit_id, o.path FROM org_unit o JOIN org_unit_version v ON v.org_unit_id = o.org_unit_id
     WHERE o.kind = 'municipality' AND v.full_name LIKE ${`${name}%`} LIMIT 1`.execute(client.database.db)
  const [row] = rows
  if (row === undefined) throw new Error(`no municipality ${name}`)
  return { ...row, municipality_id: row.org_unit_id }
}

async function insertSchool(client: IntakeClient, town: MadeUnit, name: string, founder_kind: string) {
  const { db } = client.database
  return inChange(db, async (change) => {
    const described = { kind: 'organisation', parent: town, founder_kind, org_kind: 'school' } as const
    const unit = await insertUnit(change, { ...described, name })
    const target_id = await insertSite(change, unit)
    const { municipality_id } = unit
    const target = { org_unit_id: unit.org_unit_id, municipality_id, target_id, kind: 'site' as const }
    await scheduleTargets(change.tx, [target], { vantages: ['local'] })
    await refreshWholeStructure(change.tx, TODAY)
    return { school_id: unit.org_unit_id, target_id }
  })
}

/** A probe of the school's site with a kept copy. */
async function insertEvidence(client: IntakeClient, school_id: number): Promise<string> {
  // Another collector than the one of sheets: a token issued anew would end that one's.
  const collector = new TestCollector(client.app, 'local', 'prober')
  await makeAllDue(client.database.db)
  const lease = (await collector.lease()).find((given) => given.org_unit_id === school_id)
  if (lease === undefined) throw new Error('no lease')
  const page = { url: lease.url ?? '', fetched_at: new Date().toISOString(), http_status: 200, headers: [] }
  const evidence = { ...page, body_sha256: 'b'.repeat(64), body_bytes: 10, trimmed: false }
  const check = makeCheck(lease, 'placeholder_repair', { evidence: { ...evidence, body_gzip_base64: 'AAAA' } })
  await collector.submit([check])
  const kept = client.database.db.selectFrom('site_evidence').where('measurement_id', '=', check.id)
  return (await kept.select('evidence_id').executeTakeFirstOrThrow()).evidence_id
}

async function insertIncident(client: IntakeClient, school_id: number, target_id: string): Promise<number> {
  return inChange(client.database.db, async ({ tx, change_set_no }) => {
    const occurred_at = new Date()
    const { incident_id } = await tx
      .insertInto('incident')
      .values({ opened_at: occurred_at, change_set_no })
      .returning('incident_id')
      .executeTakeFirstOrThrow()
    const at = { incident_id, occurred_at, change_set_no, cause: 'connect_timeout' }
    const scope = { scope: 'site', scope_key: target_id }
    await tx
      .insertInto('incident_event')
      .values({ ...at, ...scope, event_no: 1, kind: 'opened', target_count: 1 })
      .execute()
    await tx
      .insertInto('incident_member')
      .values({ ...at, org_unit_id: school_id, target_id, event: 'joined' })
      .execute()
    return incident_id
  })
}

async function insertHumanCheck(client: IntakeClient, school_id: number, target_id: string): Promise<string> {
  const answer = await client.app.inject({
    method: 'POST',
    url: `/api/v1/org-units/${school_id}/sites/${target_id}/human-checks`,
    payload: humanCheckEntry(),
  })
  return answer.json<{ human_check_id: string }>().human_check_id
}

/** Rows of a registry sheet; null leaves a cell empty. */
export const REGISTRY_HEADER = ['Наименование', 'ИНН', 'Муниципалитет', 'Учредитель', 'Сайт']

/** Uploads as somebody, and lets the real collector parse. @returns the import, validated */
export async function uploadAs(
  client: IntakeClient,
  headers: Record<string, string>,
  rows: readonly (string | null)[][],
): Promise<number> {
  const answer = await client.app.inject({
    method: 'POST',
    url: `/api/v1/imports?kind=registry&file_name=${randomUUID()}.csv&valid_on=2026-09-01`,
    headers: { ...headers, 'content-type': 'application/octet-stream' },
    payload: Buffer.from(writeCsv(REGISTRY_HEADER, rows)),
  })
  const { import_id } = answer.json<{ import_id: number }>()
  await client.parse(import_id)
  return import_id
}

async function insertImport(client: IntakeClient, jurisdiction: Jurisdiction, row: (string | null)[]): Promise<number> {
  const { headers } = await insertPerson(client.database.db, [{ role: 'municipal_specialist', ...jurisdiction }])
  return uploadAs(client, headers, [row])
}

/** All kinds of objects of one organisation. */
async function insertPlace(client: IntakeClient, town: MadeUnit, mark: string, founder_kind: string): Promise<Place> {
  const name = `Школа ${mark}`
  const { school_id, target_id } = await insertSchool(client, town, name, founder_kind)
  const jurisdiction = { org_unit_id: town.org_unit_id, founder_kinds: [founder_kind] as Jurisdiction['founder_kinds'] }
  const municipality = town.municipality_id === null ? null : await nameOf(client, town.municipality_id)
  const founder = founder_kind === 'municipal' ? 'муниципальный' : 'областной'
  const { user_id } = await insertPerson(
    client.database.db,
    [{ role: 'municipal_specialist', ...jurisdiction }],
    `Специалист ${mark}`,
  )
  const label = `Токен ${mark}`
  await issueOwnToken(client.database.db, { kind: 'export', label, collector: null, jurisdiction }, RIGHTS_SINCE)
  await insertPlaceObjection(client, { school_id, target_id })
  return {
    municipality_id: town.org_unit_id,
    school_id,
    target_id,
    evidence_id: await insertEvidence(client, school_id),
    human_check_id: await insertHumanCheck(client, school_id, target_id),
    incident_id: await insertIncident(client, school_id, target_id),
    import_id: await insertImport(client, jurisdiction, [`Лицей ${mark}`, null, municipality, founder, null]),
    user_id,
    mark,
  }
}

async function nameOf(client: IntakeClient, org_unit_id: number): Promise<string> {
  const version = client.database.db.selectFrom('org_unit_version').where('org_unit_id', '=', org_unit_id)
  return (await version.select('full_name').executeTakeFirstOrThrow()).full_name
}

export async function createTwoMunicipalities(): Promise<TwoMunicipalities> {
  const client = await createIntakeClient()
  const volsk = await findMunicipality(client, 'Вольский')
  const engels = await findMunicipality(client, 'Энгельсский')
  return {
    client,
    region_id: volsk.path[0] ?? 0,
    own: await insertPlace(client, volsk, 'Альфа', 'municipal'),
    other: await insertPlace(client, engels, 'Бета', 'municipal'),
    college: await insertPlace(client, volsk, 'Гамма', 'regional'),
    unknown: UNKNOWN,
  }
}

/** A chunk of parsed rows as a collector sends it. */
export function makeChunk() {
  const rows = [{ sheet_no: 1, row_no: 1, cells: { A: 'другое' } }]
  return { rows, content_sha256: createHash('sha256').update(JSON.stringify(rows)).digest('hex') }
}

/** A token of a place, fresh for each use. */
export async function issuePlaceToken(client: IntakeClient, jurisdiction: Jurisdiction): Promise<number> {
  const label = randomUUID()
  await issueOwnToken(client.database.db, { kind: 'export', label, collector: null, jurisdiction }, RIGHTS_SINCE)
  const token = client.database.db.selectFrom('api_token').where('label', '=', label).select('token_id')
  return (await token.executeTakeFirstOrThrow()).token_id
}

/** A grant of a place, fresh for each use. */
export async function insertPlaceGrant(client: IntakeClient, user_id: number, jurisdiction: Jurisdiction) {
  const { org_unit_id, founder_kinds } = jurisdiction
  const kinds = founder_kinds === null ? null : [...founder_kinds]
  const given = { user_id, role: 'auditor', org_unit_id, founder_kinds: kinds, valid_from: RIGHTS_SINCE }
  const { grant_id } = await client.database.db
    .insertInto('user_grant')
    .values({ ...given, origin: 'person', granted_by: 'test' })
    .returning('grant_id')
    .executeTakeFirstOrThrow()
  return grant_id
}

/** An objection with a file, fresh for each use; the id of nothing where there is no school. */
export async function insertPlaceObjection(
  client: IntakeClient,
  { school_id, target_id }: Pick<Place, 'school_id' | 'target_id'>,
): Promise<string> {
  const objection_id = randomUUID()
  if (school_id === UNKNOWN_ID) return objection_id
  await inChange(client.database.db, async ({ tx, change_set_no }) => {
    const said = { kind: 'dispute', finding: 'availability', reason: 'сайт работает', opened_by: 'test' }
    const file = { file_name: 'снимок.png', file_sha256: await storeBlob(tx, PNG, 'image/png') }
    const days = { seen_from: TODAY, due_on: TODAY, opened_at: new Date() }
    await tx
      .insertInto('objection')
      .values({ ...said, ...file, ...days, org_unit_id: school_id, objection_id, target_id, change_set_no })
      .execute()
  })
  return objection_id
}
