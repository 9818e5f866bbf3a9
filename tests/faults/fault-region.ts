import pg from 'pg'
import { hashPassword } from '../../server/src/access/passwords.ts'
import type { Role } from '../../server/src/access/roles.ts'
import { kyselyOver, poolConfig } from '../../server/src/db/pool.ts'
import { refreshStructure } from '../../server/src/jobs/refresh-structure.ts'
import { scheduleTargets } from '../../server/src/jobs/schedule.ts'
import { insertPerson } from '../factories/people.ts'
import { inChange, insertUnit, type Change, type MadeUnit } from '../factories/registry.ts'
import { makeAllDue } from '../factories/test-collector.ts'

const PASSWORD = 'faults-kill-whatever-runs'
const FIRST_DAY = '2020-01-01'
/** So many that the failed attempts which kills leave behind never add up to a lock-out of one of them. */
const VISITORS = 24

export interface FaultSite {
  org_unit_id: number
  target_id: string
}

export interface FaultAccount {
  login: string
  password: string
}

/** Organisations with one site each, and people who come and go, object, and decide. */
export interface FaultRegion {
  sites: FaultSite[]
  visitors: FaultAccount[]
  opener: FaultAccount
  decider: FaultAccount
}

/** On as many loopback addresses as there are sites, so that politeness does not hold them back. */
async function insertFaultSite(change: Change, unit: MadeUnit, address: string, port: number): Promise<FaultSite> {
  const { tx, change_set_no, source_id } = change
  const site = { org_unit_id: unit.org_unit_id, target_id: crypto.randomUUID() }
  const place = { kind: 'site', url: `http://${address}:${port}/`, host: address, valid_from: FIRST_DAY }
  await tx
    .insertInto('target')
    .values({ ...site, ...place, change_set_no, source_kind: 'import', source_id })
    .execute()
  // As portals they get checks alone: auditing pages would take the time of many checks.
  await scheduleTargets(tx, [{ ...site, kind: 'portal' }], { vantages: ['local'] })
  return site
}

/** Makes the region that the rounds take place in. @param port where all its sites answer */
export async function insertFaultRegion(applicationUrl: string, count: number, port: number): Promise<FaultRegion> {
  const pool = new pg.Pool(poolConfig(applicationUrl, 1))
  const db = kyselyOver(pool)
  try {
    const { region, sites } = await inChange(db, async (change) => {
      const top = await insertUnit(change, { kind: 'region', name: 'Область' })
      const parent = await insertUnit(change, { kind: 'municipality', name: 'Район', parent: top })
      const made: FaultSite[] = []
      for (let no = 1; no <= count; no += 1) {
        const fields = { kind: 'organisation', name: `Школа № ${no}`, parent, org_kind: 'school' } as const
        made.push(await insertFaultSite(change, await insertUnit(change, fields), `127.0.1.${no}`, port))
      }
      return { region: top, sites: made }
    })
    await refreshStructure(db, FIRST_DAY)
    await makeAllDue(db)
    const password_hash = await hashPassword(PASSWORD)
    const insertAccount = async (role: Role): Promise<FaultAccount> => {
      const grant = { role, org_unit_id: region.org_unit_id, founder_kinds: null }
      const { login, user_id } = await insertPerson(db, [grant])
      await db.updateTable('app_user').set({ password_hash }).where('user_id', '=', user_id).execute()
      return { login, password: PASSWORD }
    }
    const visitors: FaultAccount[] = []
    while (visitors.length < VISITORS) visitors.push(await insertAccount('auditor'))
    return {
      ...{ sites, visitors },
      opener: await insertAccount('ministry_analyst'),
      decider: await insertAccount('institute_staff'),
    }
  } finally {
    await pool.end()
  }
}
