import type { Kysely } from 'kysely'
import type { AccessScope } from '../db/access-scope.ts'
import type { DB } from '../db/schema.gen.ts'
import { EXCLUSIONS, type Exclusion } from '../indicators/exclusions.ts'
import { findStandpoint, placeIndicator, type PlacedIndicator } from '../indicators/evaluation-context.ts'
import { fullSection } from '../indicators/full-section.ts'
import { readLineage } from '../indicators/lineage.ts'
import { validCertificates } from '../indicators/valid-certificates.ts'
import { workingSites } from '../indicators/working-sites.ts'

const LIST_LIMIT = 500

/** By these a school has a deviation: it stands in the denominator alone. The first one also says who has reported. */
const JUDGING = [workingSites, validCertificates, fullSection] as const

export interface UnreportedSchool {
  org_unit_id: number
  short_name: string
  reason: Exclusion
}

export interface DeviatingSchool {
  org_unit_id: number
  short_name: string
  /** Codes of the indicators by which it deviates. */
  indicators: string[]
}

/** Who should have reported and has not, and how many have. */
async function readReporting(db: Kysely<DB>, placed: PlacedIndicator) {
  const page = { part: 'excluded' as const, limit: LIST_LIMIT, offset: 0 }
  const { total, rows } = await readLineage(db, placed.indicator, placed.context, page)
  const unreported = rows.flatMap(({ org_unit_id, short_name, excluded_reason }): UnreportedSchool[] =>
    excluded_reason !== null && EXCLUSIONS[excluded_reason].effect === 'not_reported'
      ? [{ org_unit_id, short_name, reason: excluded_reason }]
      : [],
  )
  return { expected: total.expected, reported: total.reported, unreported }
}

/** Those with the most deviations first. */
async function listDeviating(db: Kysely<DB>, placed: readonly PlacedIndicator[]): Promise<DeviatingSchool[]> {
  const schools = new Map<number, DeviatingSchool>()
  for (const { indicator, context } of placed) {
    const page = { part: 'denominator_only' as const, limit: LIST_LIMIT, offset: 0 }
    const { rows } = await readLineage(db, indicator, context, page)
    for (const { org_unit_id, short_name } of rows) {
      const school = schools.get(org_unit_id) ?? { org_unit_id, short_name, indicators: [] }
      if (!school.indicators.includes(indicator.code)) school.indicators.push(indicator.code)
      schools.set(org_unit_id, school)
    }
  }
  return [...schools.values()].sort((a, b) => b.indicators.length - a.indicators.length)
}

/**
 * Who of a territory has not reported and which schools have deviations, by the indicators themselves: what a decided
 * objection takes out of them is no deviation here either.
 */
export async function findMunicipalityTasks(
  db: Kysely<DB>,
  request: { scope: AccessScope; time_zone: string; territory_id: number },
) {
  const standpoint = await findStandpoint(db, request)
  const placed = JUDGING.map((indicator) => placeIndicator(indicator, standpoint))
  const [reporting] = placed
  if (reporting === undefined) throw new Error('There is an indicator that says who reported')
  return {
    org_unit_id: standpoint.territory.org_unit_id,
    short_name: standpoint.territory.short_name,
    ...(await readReporting(db, reporting)),
    deviating: await listDeviating(db, placed),
  }
}
