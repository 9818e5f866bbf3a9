import type pg from 'pg'

/** One read of a page; `raw` gives the same figures from the tests themselves; null: it reads them anyway. */
export interface SpeedRead {
  name: string
  path: (turn: number) => string
  raw: string | null
}

function rawDistribution(condition: string): string {
  return `
    SELECT v.settlement_kind, count(*), percentile_disc(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY t.download_kbps)
      FROM speed_test t JOIN org_unit u USING (org_unit_id) JOIN org_unit_version v USING (org_unit_id)
      LEFT JOIN speed_confirmation c USING (org_unit_id, tested_at, test_id)
     WHERE coalesce(c.validity, t.validity) = 'valid' AND ${condition} GROUP BY 1`
}

function rawHeatmap(condition: string): string {
  return `
    SELECT extract(isodow FROM t.tested_at AT TIME ZONE 'Europe/Saratov'), extract(hour FROM t.tested_at AT TIME ZONE 'Europe/Saratov'),
           count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY t.download_kbps)
      FROM speed_test t JOIN org_unit u USING (org_unit_id) LEFT JOIN speed_confirmation c USING (org_unit_id, tested_at, test_id)
     WHERE coalesce(c.validity, t.validity) = 'valid' AND ${condition} GROUP BY 1, 2`
}

/** All Internet reads that people make: of the region and of a municipality, for a month and a year, and of a school. */
export async function listSpeedReads(client: pg.Client, months: readonly string[]): Promise<SpeedRead[]> {
  const ids = async (query: string): Promise<number[]> => {
    const { rows } = await client.query<{ id: string }>(query)
    return rows.map(({ id }) => Number(id))
  }
  const places = await ids('SELECT DISTINCT municipality_id AS id FROM bench_target ORDER BY 1')
  const schools = await ids('SELECT org_unit_id AS id FROM bench_target ORDER BY md5(n::text) LIMIT 200')
  const pick = (list: readonly number[], turn: number): number => list[turn % list.length] ?? 0
  const month = months[0]?.slice(0, 7) ?? ''
  const year = months[0]?.slice(0, 4) ?? ''
  const inMonth = `t.tested_at >= '${month}-01 00:00+04' AND t.tested_at < '${month}-01 00:00+04'::timestamptz + interval '1 month'`
  const inYear = `t.tested_at >= '${year}-01-01 00:00+04' AND t.tested_at < '${year}-01-01 00:00+04'::timestamptz + interval '1 year'`
  const inPlace = `u.municipality_id = ${pick(places, 0)}`
  const sums = (
    [
      ['distribution', rawDistribution],
      ['heatmap', rawHeatmap],
    ] as const
  ).flatMap(([name, raw]): SpeedRead[] => [
    { name: `${name} of the region, month`, path: () => `internet/${name}?period=${month}`, raw: raw(inMonth) },
    { name: `${name} of the region, year`, path: () => `internet/${name}?period=${year}`, raw: raw(inYear) },
    {
      name: `${name} of a municipality, month`,
      path: (turn) => `internet/${name}?period=${month}&territory_id=${pick(places, turn)}`,
      raw: raw(`${inMonth} AND ${inPlace}`),
    },
    {
      name: `${name} of a school, month`,
      path: (turn) => `internet/${name}?period=${month}&territory_id=${pick(schools, turn)}`,
      raw: null,
    },
  ])
  return [
    ...sums,
    { name: 'Internet of a school', path: (turn) => `org-units/${pick(schools, turn)}/internet`, raw: null },
    { name: 'tests of a school', path: (turn) => `org-units/${pick(schools, turn)}/speed-tests`, raw: null },
  ]
}
