import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import { listPlaceFacts } from '../db/place-facts.ts'
import { startOfLocalDay } from '../domain/local-day.ts'
import { periodOf } from '../domain/periods.ts'
import { listMeasuredPlaces, type MeasuredPlace } from '../speed-verdicts/measured-places.ts'
import type { EvaluationContext, LineageFact, Provenance } from './indicator.ts'

/** Which facts besides tests: those of one organisation or building. */
export interface SpeedFactsAsked {
  org_unit_id: number
  records: readonly ('speed_verdict' | 'contract' | 'capacity_report' | 'agent_hour')[]
  /** Kind of the stored verdicts. */
  verdict: 'norm' | 'contract' | 'capacity'
  limit: number
}

type NameOf = (org_unit_id: number) => string

/** All tests of the period, also those that are good for no verdict: their validity says why. */
async function listTests(
  db: ReadExecutor,
  context: EvaluationContext,
  ids: readonly number[],
  limit: number,
  nameOf: NameOf,
) {
  const rows = await db
    .selectFrom('speed_test as t')
    .leftJoin('speed_confirmation as c', (join) =>
      join
        .onRef('c.org_unit_id', '=', 't.org_unit_id')
        .onRef('c.tested_at', '=', 't.tested_at')
        .onRef('c.test_id', '=', 't.test_id')
        .on('c.change_set_no', '<=', context.known_at_change_set_no),
    )
    .where('t.org_unit_id', '=', sql<number>`ANY(${ids}::bigint[])`)
    .where('t.tested_at', '>=', startOfLocalDay(context.first_day, context.time_zone))
    .where('t.tested_at', '<', context.as_of)
    .where('t.change_set_no', '<=', context.known_at_change_set_no)
    .select(['t.org_unit_id', 't.test_id', 't.tested_at', 't.download_kbps', 't.upload_kbps', 't.cause'])
    .select(['t.agent_version', 't.provenance', 't.change_set_no'])
    .select(sql<string>`coalesce(c.validity, t.validity)`.as('validity'))
    .orderBy('t.tested_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row): LineageFact => {
    const provenance: Provenance = row.provenance === 'modelled' ? 'modelled' : 'measured'
    return {
      ...{ kind: 'speed_test', fact_id: row.test_id, target_id: null, place_name: nameOf(row.org_unit_id) },
      ...{ observed_at: row.tested_at, outcome: row.validity, detail: row.cause, provenance },
      ...{ part: row.download_kbps, whole: row.upload_kbps, source: row.agent_version },
      ...{ change_set_no: row.change_set_no, evidence_ids: [] },
    }
  })
}

async function listVerdicts(
  db: ReadExecutor,
  context: EvaluationContext,
  places: readonly MeasuredPlace[],
  kind: string,
  nameOf: NameOf,
) {
  const rows = await db
    .selectFrom('speed_verdict')
    .where(
      'org_unit_id',
      'in',
      places.map(({ org_unit_id }) => org_unit_id),
    )
    .where('period_code', '=', periodOf('month', context.first_day).code)
    .where('kind', '=', kind)
    .where('change_set_no', '<=', context.known_at_change_set_no)
    .distinctOn('org_unit_id')
    .selectAll()
    .orderBy('org_unit_id')
    .orderBy('change_set_no', 'desc')
    .execute()
  return rows.map((row): LineageFact => ({
    kind: 'speed_verdict',
    fact_id: `${row.org_unit_id}/${row.period_code}/${row.kind}`,
    ...{ target_id: null, place_name: nameOf(row.org_unit_id), observed_at: row.last_test_at ?? context.as_of },
    ...{ outcome: row.verdict, detail: row.reason, part: row.reached ?? row.median_download_kbps },
    whole: row.reached === null ? row.asked_kbps : row.occasions,
    ...{ source: `rule ${row.rule_version}`, provenance: 'derived', change_set_no: row.change_set_no },
    evidence_ids: [],
  }))
}

async function listContracts(db: ReadExecutor, context: EvaluationContext, org_unit_ids: number[], nameOf: NameOf) {
  const { known_at_change_set_no, time_zone, day, first_day } = context
  const rows = await listPlaceFacts(db, 'connection_contract', { known_at_change_set_no, org_unit_ids })
  const held = rows.filter((row) => row.valid_from <= day && (row.valid_to === null || row.valid_to >= first_day))
  return held.map((row): LineageFact => ({
    kind: 'contract',
    fact_id: `${row.org_unit_id}/${row.valid_from}/${row.contract_key}`,
    ...{
      target_id: null,
      place_name: nameOf(row.org_unit_id),
      observed_at: startOfLocalDay(row.valid_from, time_zone),
    },
    ...{ outcome: row.technology, detail: row.contract_number, part: row.download_kbps, whole: row.upload_kbps },
    ...{ source: `import ${row.source_id}, ${row.source_place ?? ''}`, provenance: 'person' },
    ...{ change_set_no: row.change_set_no, evidence_ids: [] },
  }))
}

async function listReports(db: ReadExecutor, context: EvaluationContext, org_unit_ids: number[], nameOf: NameOf) {
  const { known_at_change_set_no, time_zone, day } = context
  const rows = await listPlaceFacts(db, 'capacity_report', { known_at_change_set_no, org_unit_ids })
  return rows
    .filter(({ as_of_day }) => as_of_day <= day)
    .map((row): LineageFact => ({
      kind: 'capacity_report',
      fact_id: `${row.org_unit_id}/${row.as_of_day}`,
      ...{ target_id: null, place_name: nameOf(row.org_unit_id) },
      ...{ observed_at: startOfLocalDay(row.as_of_day, time_zone), outcome: 'computers', detail: null },
      ...{ part: row.computers, whole: row.pupils, source: `import ${row.source_id}, ${row.source_place ?? ''}` },
      ...{ provenance: 'person', change_set_no: row.change_set_no, evidence_ids: [] },
    }))
}

async function listHours(
  db: ReadExecutor,
  context: EvaluationContext,
  ids: readonly number[],
  limit: number,
  nameOf: NameOf,
) {
  const rows = await db
    .selectFrom('agent_hour')
    .where('org_unit_id', '=', sql<number>`ANY(${ids}::bigint[])`)
    .where('hour_at', '<', context.as_of)
    .where('change_set_no', '<=', context.known_at_change_set_no)
    .selectAll()
    .orderBy('hour_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row): LineageFact => ({
    ...{ kind: 'agent_hour', fact_id: row.ping_id, target_id: null, place_name: nameOf(row.org_unit_id) },
    ...{ observed_at: row.hour_at, outcome: row.answered > 0 ? 'answered' : 'unanswered', detail: null },
    ...{ part: row.answered, whole: row.sent, source: row.agent_id, change_set_no: row.change_set_no },
    ...{ provenance: row.provenance === 'modelled' ? 'modelled' : 'measured', evidence_ids: [] },
  }))
}

/** Facts behind the Internet of one organisation or building: the records asked for, then its tests, newest first. */
export async function findSpeedFacts(
  db: ReadExecutor,
  context: EvaluationContext,
  { org_unit_id, records, verdict, limit }: SpeedFactsAsked,
): Promise<LineageFact[]> {
  const places = await listMeasuredPlaces(db, context, org_unit_id)
  if (places.length === 0) return []
  const names = new Map(places.map((place) => [place.org_unit_id, place.address ?? place.short_name]))
  const nameOf: NameOf = (id) => names.get(id) ?? places[0]?.organisation_name ?? ''
  const ids = places.map((place) => place.org_unit_id)
  const reporting = [...ids, ...places.map(({ organisation_id }) => organisation_id)]
  const found = await Promise.all([
    records.includes('speed_verdict') ? listVerdicts(db, context, places, verdict, nameOf) : [],
    records.includes('contract') ? listContracts(db, context, ids, nameOf) : [],
    records.includes('capacity_report') ? listReports(db, context, reporting, nameOf) : [],
    records.includes('agent_hour') ? listHours(db, context, ids, limit, nameOf) : [],
    listTests(db, context, ids, limit, nameOf),
  ])
  return found.flat().slice(0, limit)
}
