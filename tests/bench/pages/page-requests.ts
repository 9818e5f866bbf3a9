import type pg from 'pg'

/** One read that a page makes; `path` gives another address for each request, so that no single row stays warm. */
export interface PageRequest {
  name: string
  path: (turn: number) => string
}

const INDICATORS = ['working_sites', 'site_availability', 'full_section', 'valid_certificates']

async function listNumbers(client: pg.Client, query: string): Promise<number[]> {
  const { rows } = await client.query<{ id: string }>(query)
  return rows.map((row) => Number(row.id))
}

/** All reads of the pages: for the whole region, for one territory, for one organisation, and as known yesterday. */
export async function listPageRequests(client: pg.Client): Promise<PageRequest[]> {
  const places = await listNumbers(client, `SELECT DISTINCT municipality_id AS id FROM bench_target`)
  const units = await listNumbers(client, `SELECT org_unit_id AS id FROM bench_target ORDER BY md5(n::text) LIMIT 200`)
  const incidents = await listNumbers(client, `SELECT incident_id AS id FROM bench_incident LIMIT 100`)
  const evidence = await client.query<{ org_unit_id: string; evidence_id: string }>(
    'SELECT org_unit_id, evidence_id FROM site_evidence LIMIT 100',
  )
  const pick = <T>(list: readonly T[], turn: number): T => {
    const item = list[turn % list.length]
    if (item === undefined) throw new Error('The bench has no data to ask for')
    return item
  }
  const now = Date.now()
  /** Another moment each time, so that no answer is one that was kept. */
  const yesterday = (turn: number) => new Date(now - 86_400_000 - turn * 60_000).toISOString()
  const lists = [
    'org-units',
    'sites/overview',
    'sites/incidents',
    'sites/certificates',
    'sites/rule-matrix',
    'sites/states',
  ]
  const evidenceAt = (turn: number) => {
    const row = pick(evidence.rows, turn)
    return `evidence/${row.org_unit_id}/${row.evidence_id}`
  }
  const requests: PageRequest[] = [
    ...[...lists, 'sites/portals', 'territories', 'collectors', 'indicators', 'dictionaries'].map((name) => ({
      name,
      path: () => name,
    })),
    ...lists.map((name) => ({
      name: `${name} of a municipality`,
      path: (turn: number) => `${name}?territory_id=${pick(places, turn)}`,
    })),
    ...lists.flatMap((name) => [
      { name: `${name} as known yesterday`, path: (turn: number) => `${name}?known_at=${yesterday(turn)}` },
      {
        name: `${name} of a municipality as known yesterday`,
        path: (turn: number) => `${name}?territory_id=${pick(places, turn)}&known_at=${yesterday(turn)}`,
      },
    ]),
    { name: 'org-units/:id', path: (turn) => `org-units/${pick(units, turn)}` },
    { name: 'org-units/:id/sites', path: (turn) => `org-units/${pick(units, turn)}/sites` },
    { name: 'sites/incidents/:id', path: (turn) => `sites/incidents/${pick(incidents, turn)}` },
    { name: 'evidence/:id', path: evidenceAt },
    ...INDICATORS.flatMap((code) => [
      { name: `indicators/${code}/values`, path: () => `indicators/${code}/values` },
      {
        name: `indicators/${code}/values of a municipality`,
        path: (turn: number) => `indicators/${code}/values?territory_id=${pick(places, turn)}`,
      },
      { name: `indicators/${code}/lineage`, path: () => `indicators/${code}/lineage` },
      {
        name: `indicators/${code}/facts`,
        path: (turn: number) => `indicators/${code}/facts?org_unit_id=${pick(units, turn)}`,
      },
    ]),
  ]
  return requests
}
