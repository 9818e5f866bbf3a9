import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Lease, SiteCause } from '../../../server/src/contract/index.ts'
import { insertPerson } from '../../factories/people.ts'
import { insertSchoolSites, makeCheck, type MadeSite } from '../../factories/school-sites.ts'
import { makeAllDue, TestCollector } from '../../factories/test-collector.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

const HOSTER = '198.51.100.5'
const SITES = 90
const HOSTED = 64

let test: TestApp
let collector: TestCollector
let sites: MadeSite[]
let hosted: Set<string>

beforeAll(async () => {
  test = await createTestApp()
  sites = await insertSchoolSites(test.database.db, SITES)
  hosted = new Set(sites.slice(0, HOSTED).map((site) => site.target_id))
  collector = new TestCollector(test.app)
})
afterAll(() => test.close())

function addressOf(lease: Lease): string {
  const number = sites.findIndex((site) => site.target_id === lease.target_id)
  return number < HOSTED ? HOSTER : `203.0.${number}.10`
}

type Fault = (lease: Lease) => SiteCause | null

/** One round of all sites: attempts are repeated as long as the server asks for them. */
async function runRound(fault: Fault, ownLink: 'up' | 'down' = 'up'): Promise<void> {
  for (let attempt = 1; attempt <= test.config.schedule.attempts_per_round; attempt += 1) {
    if (attempt === 1) await makeAllDue(test.database.db)
    else
      await test.database.db
        .updateTable('due_work')
        .set({ due_at: new Date(0) })
        .where('attempt', '>', 1)
        .execute()
    const leases = await collector.lease()
    if (leases.length === 0) break
    const rows = leases.map((lease) =>
      makeCheck(lease, fault(lease), { remote_address: addressOf(lease), own_link: ownLink }),
    )
    const answer = await collector.submit(rows)
    if (answer.accepted !== rows.length) throw new Error(JSON.stringify(answer))
  }
}

interface IncidentRow {
  incident_id: number
  state: string
  scope: string
  scope_key: string
  cause: string
  sites_now: number
  sites_ever: number
}

async function read<T>(path: string): Promise<T> {
  const answer = await test.app.inject({ url: `/api/v1/${path}`, headers: { host: 'localhost' } })
  if (answer.statusCode !== 200) throw new Error(answer.body)
  return answer.json<T>()
}

async function listIncidents(state: 'open' | 'recent' = 'open'): Promise<IncidentRow[]> {
  return (await read<{ rows: IncidentRow[] }>(`sites/incidents?state=${state}`)).rows
}

describe('incidents', () => {
  it('opens none while our own link is down, whatever the probes say, and gives no verdict', async () => {
    await runRound(() => 'connect_timeout', 'down')
    await runRound(() => 'connect_timeout', 'down')
    expect(await listIncidents()).toEqual([])
    const verdicts = await test.database.db.selectFrom('site_verdict').select('verdict').execute()
    expect(verdicts).toEqual([])
  })

  it('makes one incident of a hoster outage that takes 64 sites, and one of a site that fails alone', async () => {
    await runRound(() => null)
    const alone = sites[80]?.target_id
    const fault: Fault = (lease) => {
      if (lease.target_id === alone) return 'tls_expired'
      return hosted.has(lease.target_id ?? '') ? 'connect_refused' : null
    }
    await runRound(fault)
    expect(await listIncidents()).toEqual([])
    await runRound(fault)
    const open = await listIncidents()
    expect(open.map(({ scope, cause, sites_now }) => ({ scope, cause, sites_now }))).toEqual([
      { scope: 'hoster_address', cause: 'connect_refused', sites_now: HOSTED },
      { scope: 'site', cause: 'tls_expired', sites_now: 1 },
    ])
    expect(open[0]?.scope_key).toBe(HOSTER)
  })

  it('shows its events and members, and the site card names it', async () => {
    const [incident] = await listIncidents()
    const card = await read<{ events: { kind: string; sites: number }[]; members: { left_at: string | null }[] }>(
      `sites/incidents/${incident?.incident_id ?? 0}`,
    )
    expect(card.events).toMatchObject([{ kind: 'opened', sites: HOSTED }])
    expect(card.members).toHaveLength(HOSTED)
    const { org_unit_id = 0, municipality_id = 0 } = sites[0] ?? {}
    const own_school = test.database.db.updateTable('org_unit').where('org_unit_id', '=', org_unit_id)
    await own_school.set({ founder_kind: 'municipal' }).execute()
    const specialist = await insertPerson(test.database.db, [
      { role: 'municipal_specialist', org_unit_id: municipality_id, founder_kinds: ['municipal'] },
    ])
    const own = await test.app.inject({
      url: `/api/v1/sites/incidents/${incident?.incident_id ?? 0}`,
      headers: specialist.headers,
    })
    expect(own.json()).toMatchObject({ incident: { sites_now: 1 }, events: [{ kind: 'opened', sites: 1 }] })
    const school = await read<{
      sites: { verdict: string; incident_id: number; timeline: unknown[]; checks: unknown[] }[]
    }>(`org-units/${sites[0]?.org_unit_id ?? 0}/sites`)
    expect(school.sites[0]).toMatchObject({ verdict: 'does_not_work', incident_id: incident?.incident_id })
    expect(school.sites[0]?.timeline).toHaveLength(2)
    expect(school.sites[0]?.checks.length).toBeGreaterThan(6)
  })

  it('keeps the answer of a moment when more becomes known', async () => {
    const knownAt = new Date().toISOString()
    const at = `sites/incidents?known_at=${knownAt}`
    const site = `org-units/${sites[0]?.org_unit_id ?? 0}/sites?known_at=${knownAt}`
    const pick = (body: { sites: { verdict: string; incident_id: number }[] }) =>
      body.sites.map(({ verdict, incident_id }) => ({ verdict, incident_id }))
    const before = (await read<{ rows: IncidentRow[] }>(at)).rows.map((row) => row.sites_now)
    const siteBefore = pick(await read(site))
    expect(siteBefore[0]?.verdict).toBe('does_not_work')
    await runRound(() => null)
    expect((await read<{ rows: IncidentRow[] }>(at)).rows.map((row) => row.sites_now)).toEqual(before)
    expect(pick(await read(site))).toEqual(siteBefore)
  })

  it('closes by two good rounds and not by one', async () => {
    expect(await listIncidents()).toHaveLength(2)
    await runRound(() => null)
    expect(await listIncidents()).toEqual([])
    const recent = await listIncidents('recent')
    expect(recent.map(({ state, sites_ever }) => ({ state, sites_ever }))).toEqual([
      { state: 'closed', sites_ever: HOSTED },
      { state: 'closed', sites_ever: 1 },
    ])
    const card = await read<{ events: { kind: string; sites: number }[] }>(
      `sites/incidents/${recent[0]?.incident_id ?? 0}`,
    )
    expect(card.events.map(({ kind, sites }) => [kind, sites])).toEqual([
      ['opened', HOSTED],
      ['closed', 0],
    ])
  })

  it('widens when more sites of the same hoster follow', async () => {
    const first = new Set([...hosted].slice(0, 40))
    await runRound((lease) => (first.has(lease.target_id ?? '') ? 'connect_timeout' : null))
    await runRound((lease) => (hosted.has(lease.target_id ?? '') ? 'connect_timeout' : null))
    await runRound((lease) => (hosted.has(lease.target_id ?? '') ? 'connect_timeout' : null))
    const open = await listIncidents()
    expect(open).toHaveLength(1)
    expect(open[0]).toMatchObject({ scope: 'hoster_address', sites_now: HOSTED })
    const kinds = await read<{ events: { kind: string }[] }>(`sites/incidents/${open[0]?.incident_id ?? 0}`)
    expect(kinds.events.map((event) => event.kind)).toEqual(['opened', 'widened'])
    await runRound(() => null)
    await runRound(() => null)
  })

  it('annuls what opened just before our link was seen down, and opens it again only by a later round', async () => {
    const fault: Fault = (lease) => (hosted.has(lease.target_id ?? '') ? 'connect_timeout' : null)
    await runRound(fault)
    await runRound(fault)
    expect(await listIncidents()).toHaveLength(1)
    await runRound(fault, 'down')
    expect(await listIncidents()).toEqual([])
    expect((await listIncidents('recent')).filter((row) => row.state === 'annulled')).toHaveLength(1)
    await runRound(fault)
    expect(await listIncidents()).toHaveLength(1)
    await runRound(() => null)
    await runRound(() => null)
    expect(await listIncidents()).toEqual([])
  })

  it('leaves out a school that has holidays, and says why its hours do not count', async () => {
    const school = sites[70]
    if (school === undefined) throw new Error('no school')
    const { db } = test.database
    const changeSet = await db.selectFrom('change_set').select('change_set_no').executeTakeFirstOrThrow()
    await db
      .insertInto('org_unit_status')
      .values({
        org_unit_id: school.org_unit_id,
        valid_from: '2026-01-01',
        change_set_no: changeSet.change_set_no,
        status: 'holidays',
        source_kind: 'person',
        source_id: 'test',
      })
      .execute()
    const fault: Fault = (lease) => (lease.target_id === school.target_id ? 'http_server_error' : null)
    await runRound(fault)
    await runRound(fault)
    await runRound(fault)
    expect(await listIncidents()).toEqual([])
    const hours = await db
      .selectFrom('site_hour')
      .where('target_id', '=', school.target_id)
      .where('validity', '=', 'excluded')
      .select('verdicts')
      .execute()
    expect(hours.reduce((sum, hour) => sum + hour.verdicts, 0)).toBe(3)
  })
})

describe('lists of sites', () => {
  it.each(['sites/certificates', 'sites/rule-matrix', 'sites/portals'])('answers %s now and as known', async (path) => {
    const now = await read<{ rows: unknown[] }>(path)
    const known = await read<{ rows: unknown[] }>(`${path}?known_at=${new Date().toISOString()}`)
    expect(known.rows).toHaveLength(now.rows.length)
    expect(now.rows).toHaveLength(path === 'sites/rule-matrix' ? SITES : 0)
  })
})
