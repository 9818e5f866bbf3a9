import { issueOwnToken } from '../../../server/src/access/own-programs.ts'
import { startSession } from '../../../server/src/access/sessions.ts'
import type { TokenKind } from '../../../server/src/access/roles.ts'
import type { Jurisdiction } from '../../../server/src/db/access-scope.ts'
import { collectorHeaders, headersOf, insertPerson, RIGHTS_SINCE, type TestGrant } from '../../factories/people.ts'
import type { TwoMunicipalities } from '../../factories/two-municipalities.ts'

/** Everybody who asks in the matrix: each role, each kind of token, nobody, and a session before its second factor. */
export const SUBJECTS = [
  'administrator',
  'local_administrator',
  'ministry_analyst',
  'institute_staff',
  'municipal_head',
  'municipal_specialist',
  'school_operator',
  'auditor',
  'collector_token',
  'other_collector_token',
  'school_token',
  'upload_token',
  'export_token',
  'measurement_token',
  'nobody',
  'half_signed_in',
] as const
export type SubjectName = (typeof SUBJECTS)[number]

/** Those whose scope is the whole region. */
export const REGION_WIDE: readonly SubjectName[] = ['administrator', 'ministry_analyst', 'institute_staff', 'auditor']

export type Headers = Record<string, string>

/** Gives the headers of a request; a person's come from a session of its own each time. */
export type HeaderSource = (name: SubjectName) => Promise<Headers>

export async function createSubjects({ client, region_id, own }: TwoMunicipalities): Promise<HeaderSource> {
  const { db } = client.database
  const region = { org_unit_id: region_id, founder_kinds: null }
  const town: Jurisdiction = { org_unit_id: own.municipality_id, founder_kinds: ['municipal'] }
  const school = { org_unit_id: own.school_id, founder_kinds: null }
  const grants: Partial<Record<SubjectName, TestGrant>> = {
    administrator: { role: 'administrator', ...region },
    local_administrator: { role: 'administrator', ...town },
    ministry_analyst: { role: 'ministry_analyst', ...region },
    institute_staff: { role: 'institute_staff', ...region },
    municipal_head: { role: 'municipal_head', ...town },
    municipal_specialist: { role: 'municipal_specialist', ...town },
    school_operator: { role: 'school_operator', ...school },
    auditor: { role: 'auditor', ...region },
    half_signed_in: { role: 'administrator', ...region },
  }
  const people = new Map<SubjectName, number>()
  for (const [name, grant] of Object.entries(grants)) {
    people.set(name as SubjectName, (await insertPerson(db, [grant], name)).user_id)
  }
  const confirmed = { totp_secret: 'JBSWY3DPEHPK3PXP', totp_confirmed_at: new Date() }
  const half = people.get('half_signed_in') ?? 0
  await db.updateTable('app_user').set(confirmed).where('user_id', '=', half).execute()
  const issue = (kind: TokenKind, jurisdiction: Jurisdiction) =>
    issueOwnToken(db, { kind, label: `matrix ${kind}`, collector: null, jurisdiction }, RIGHTS_SINCE)
  const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` })
  const tokens = new Map<SubjectName, Headers>([
    // The collector that parsed the imports of both municipalities.
    ['collector_token', await client.headersFor('/api/v1/leases')],
    ['other_collector_token', await collectorHeaders(db, { name: 'other', vantage: 'local' })],
    ['school_token', bearer(await issue('school', school))],
    ['upload_token', bearer(await issue('upload', town))],
    ['export_token', bearer(await issue('export', town))],
    ['measurement_token', bearer(await issue('measurement', region))],
    ['nobody', { cookie: '' }],
  ])
  return async (name) => {
    const given = tokens.get(name)
    if (given !== undefined) return given
    const place = { remote_address: '127.0.0.1', user_agent: 'matrix' }
    const secret = await db
      .transaction()
      .execute((tx) => startSession(tx, people.get(name) ?? 0, place, { means: 'password' }))
    return headersOf(secret)
  }
}
