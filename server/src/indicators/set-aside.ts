import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import type { RegistryView } from '../db/registry-as-known.ts'
import type { Exclusion } from './exclusions.ts'
import { bitOfSubsection } from './section-judgements.ts'

/** Objections that were granted by a change set, with the days for which they take their finding out of the figures. */
export function grantedObjections(db: ReadExecutor, known_at_change_set_no: number) {
  return db
    .selectFrom('objection as o')
    .innerJoin('objection_decision as d', (join) =>
      join.onRef('d.org_unit_id', '=', 'o.org_unit_id').onRef('d.objection_id', '=', 'o.objection_id'),
    )
    .where('d.outcome', '=', 'granted')
    .where('d.change_set_no', '<=', known_at_change_set_no)
    .select(['o.org_unit_id', 'o.target_id', 'o.finding', 'o.subsection', 'd.valid_from', 'd.valid_to'])
    .select(sql<Exclusion>`case o.kind when 'mute' then 'muted' else 'disputed' end`.as('reason'))
}

/**
 * What granted objections set aside of each site on the view's day: one row a site, none for nearly all of them. Of a
 * dispute and a mute of one finding the dispute speaks. Subsections are set aside one by one.
 */
export function setAsideOn(db: ReadExecutor, view: RegistryView) {
  const reasonOf = (finding: string) =>
    sql<Exclusion | null>`min(granted.reason) filter (where granted.finding = ${sql.lit(finding)})`
  return db
    .selectFrom(grantedObjections(db, view.known_at_change_set_no).as('granted'))
    .where('granted.valid_from', '<=', view.day)
    .where('granted.valid_to', '>=', view.day)
    .groupBy(['granted.org_unit_id', 'granted.target_id'])
    .select([
      'granted.org_unit_id',
      'granted.target_id',
      reasonOf('availability').as('availability_reason'),
      reasonOf('certificate').as('certificate_reason'),
      reasonOf('subsection').as('section_reason'),
      sql<
        number | null
      >`bit_or(${bitOfSubsection('granted.subsection')}) filter (where granted.finding = 'subsection')`.as(
        'set_aside_bits',
      ),
    ])
}
