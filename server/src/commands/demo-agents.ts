import { issueOwnToken, withApplication } from '../access/own-programs.ts'
import type { Config } from '../config.ts'
import { dayInZone } from '../domain/region-day.ts'
import { callServer, type Server } from './import-file.ts'

const ORGANISATIONS = 'org-units?kind=organisation'

interface RegisteredSchool {
  inn: string
  org_unit_id: number
}

async function findSchools(server: Server, inns: readonly string[]): Promise<RegisteredSchool[]> {
  const { rows } = (await callServer(server, ORGANISATIONS)) as { rows: { inn: string | null; org_unit_id: number }[] }
  return rows.flatMap(({ inn, org_unit_id }) => (inn !== null && inns.includes(inn) ? [{ inn, org_unit_id }] : []))
}

/**
 * Issues a token of its own for each school whose simulated agent runs.
 * @param server with a token that reads the registry
 * @returns the setting by which the agents' program is told: pairs of ИНН and token
 */
export async function issueAgentTokens(
  application_url: string,
  { time_zone }: Config,
  server: Server,
  inns: readonly string[],
): Promise<{ EDUMON_AGENT_TOKENS: string }> {
  const today = dayInZone(new Date(), time_zone)
  const schools = await findSchools(server, inns)
  const pairs = await withApplication(application_url, async (db) => {
    const issued: string[] = []
    for (const { inn, org_unit_id } of schools) {
      const jurisdiction = { org_unit_id, founder_kinds: null }
      const own = { kind: 'school', label: `demo agent ${inn}`, collector: null, jurisdiction } as const
      issued.push(`${inn}=${await issueOwnToken(db, own, today)}`)
    }
    return issued
  })
  return { EDUMON_AGENT_TOKENS: pairs.join(',') }
}
