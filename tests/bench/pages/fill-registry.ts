import type pg from 'pg'

/** Change sets that a day of measurements comes in. */
export const CHANGE_SETS_PER_DAY = 1000

/** The made data: how many targets, and the days of measurements up to the moment of filling. */
export interface FillPlan {
  targets: number
  days: number
  /** End of the last day, RFC 3339: nothing is measured in the future. */
  until: string
  /** Number of the last change set before the measurements. */
  base_change_set_no: number
}

/**
 * Organisations with one site each, spread over the region's municipalities, one building each, portals left as they
 * are. `bench_target` numbers the sites: everything about a site's fate is computed from that number.
 */
export async function fillRegistry(client: pg.Client, targets: number): Promise<number> {
  await client.query(
    `WITH last AS (SELECT max(change_set_no) + 1 AS no, max(recorded_at) + interval '1 millisecond' AS at FROM change_set)
     INSERT INTO change_set SELECT no, at, 'import', 'bench', 'registry' FROM last`,
  )
  await client.query(`
    CREATE UNLOGGED TABLE bench_target AS
    WITH place AS (
      SELECT m.org_unit_id AS municipality_id, m.region_id, m.path, row_number() OVER (ORDER BY m.org_unit_id) - 1 AS i,
             count(*) OVER () AS places
        FROM org_unit m WHERE m.kind = 'municipality')
    SELECT n, nextval('org_unit_org_unit_id_seq') AS org_unit_id, nextval('org_unit_org_unit_id_seq') AS building_id,
           gen_random_uuid() AS target_id, p.municipality_id, p.region_id, p.path,
           (SELECT max(change_set_no) FROM change_set) AS change_set_no
      FROM generate_series(1, ${targets}) n JOIN place p ON p.i = n % p.places`)
  await client.query(`
    INSERT INTO org_unit
    SELECT org_unit_id, 'organisation', region_id, municipality_id, path || org_unit_id, change_set_no FROM bench_target
    UNION ALL
    SELECT building_id, 'building', region_id, municipality_id, path || org_unit_id || building_id, change_set_no FROM bench_target`)
  await client.query(`
    INSERT INTO org_unit_version (org_unit_id, valid_from, change_set_no, source_kind, source_id, source_place, parent_id,
           region_id, municipality_id, path, full_name, short_name, org_kind, founder_kind, inn, address, is_closed)
    SELECT org_unit_id, '2020-01-01'::date, change_set_no, 'import', '1', 'Лист1, строка ' || n, path[cardinality(path)], region_id,
           municipality_id, path || org_unit_id, 'Муниципальное общеобразовательное учреждение «Школа № ' || n || '»',
           'МОУ «СОШ № ' || n || '»', 'school', CASE WHEN n % 20 = 0 THEN 'regional' ELSE 'municipal' END,
           lpad(n::text, 10, '64'), 'ул. Школьная, д. ' || n, false FROM bench_target
    UNION ALL
    SELECT building_id, '2020-01-01', change_set_no, 'import', '1', 'Лист1, строка ' || n, org_unit_id, region_id,
           municipality_id, path || org_unit_id || building_id, 'Здание школы № ' || n, 'Здание № ' || n, NULL, NULL, NULL,
           'ул. Школьная, д. ' || n, false FROM bench_target`)
  await client.query(`
    INSERT INTO target (org_unit_id, target_id, kind, url, host, valid_from, change_set_no, source_kind, source_id)
    SELECT org_unit_id, target_id, 'site', 'https://school-' || n || '.example/', 'school-' || n || '.example', '2020-01-01',
           change_set_no, 'import', '1' FROM bench_target`)
  await client.query(`
    INSERT INTO org_unit_status (org_unit_id, valid_from, change_set_no, status, valid_to, source_kind, source_id)
    SELECT org_unit_id, current_date - 30, change_set_no, 'capital_repair', NULL, 'import', '1' FROM bench_target WHERE n % 101 = 0`)
  const { rows } = await client.query<{ no: number }>('SELECT max(change_set_no)::int AS no FROM change_set')
  return rows[0]?.no ?? 0
}

/** The change sets of all days; the reference data's are dated before the first of them. */
export async function fillChangeSets(client: pg.Client, plan: FillPlan): Promise<void> {
  await client.query(
    `UPDATE change_set SET recorded_at = recorded_at - interval '400 days' WHERE change_set_no <= ${plan.base_change_set_no}`,
  )
  await client.query(
    `INSERT INTO change_set
     SELECT ${plan.base_change_set_no} + i,
            $1::timestamptz - make_interval(days => ${plan.days}) + i * interval '86.4 s', 'batch', 'bench', 'measurements'
       FROM generate_series(1, ${plan.days * CHANGE_SETS_PER_DAY}) i`,
    [plan.until],
  )
}
