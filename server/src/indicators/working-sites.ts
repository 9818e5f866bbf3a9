import { sql } from 'kysely'
import type { ReadExecutor } from '../db/executor.ts'
import type { Exclusion } from './exclusions.ts'
import { FACTS_LIMIT, type EvaluationContext, type SiteIndicator } from './indicator.ts'
import { askedSites, isKeptUsable, newestFacts, sitesNotIn, stateWindow, type TimeWindow } from './recent-facts.ts'
import { findVerdictFacts } from './site-facts.ts'

/** Newest verdict within a stretch of time of each site that is asked about. */
function newestVerdicts(db: ReadExecutor, context: EvaluationContext, asked: string, { from, to }: TimeWindow) {
  return db
    .selectFrom(askedSites(asked).as('asked'))
    .innerJoin('site_verdict as verdict', (join) =>
      join.onRef('verdict.org_unit_id', '=', 'asked.org_unit_id').onRef('verdict.target_id', '=', 'asked.target_id'),
    )
    .where('verdict.decided_at', '>=', from)
    .where('verdict.decided_at', '<', to)
    .where('verdict.change_set_no', '<=', context.known_at_change_set_no)
    .distinctOn(['verdict.org_unit_id', 'verdict.target_id'])
    .select(['verdict.org_unit_id', 'verdict.target_id'])
    .select([sql<string | null>`verdict.verdict`.as('verdict'), sql<Date | null>`verdict.decided_at`.as('decided_at')])
    .orderBy('verdict.org_unit_id')
    .orderBy('verdict.target_id')
    .orderBy('verdict.decided_at', 'desc')
    .orderBy('verdict.round_no', 'desc')
}

/** Verdicts that are kept of sites; null where it is too old to say anything, or there is none. */
function keptVerdicts(db: ReadExecutor, context: EvaluationContext) {
  const isInTime = sql`state.newest_verdict_at >= ${stateWindow(context).from}`
  return db
    .selectFrom('site_state as state')
    .where(isKeptUsable(context, { change_set_no: 'state.change_set_no', newest_at: 'state.newest_verdict_at' }))
    .select(['state.org_unit_id', 'state.target_id'])
    .select([
      sql<string | null>`case when ${isInTime} then state.newest_verdict end`.as('verdict'),
      sql<Date | null>`case when ${isInTime} then state.newest_verdict_at end`.as('decided_at'),
    ])
}

const VERDICT = sql<string | null>`coalesce(kept.verdict, found.verdict)`

/** Share of school sites that work, by the newest confirmed verdict. */
export const workingSites: SiteIndicator = {
  code: 'working_sites',
  texts: {
    ru: {
      title: 'Доля работающих официальных сайтов организаций',
      short: 'Работающие сайты',
      formula: 'работающие сайты / сайты с определённым состоянием × 100 %',
      numerator: 'Сайты, которые работают по последнему подтверждённому результату проверки',
      denominator: 'Сайты, о которых определено, что они работают или не работают',
      excluded:
        'Организации без своего сайта; ремонт, каникулы, приостановка; сайты без результата за 7 суток, с неопределённым результатом и не пускающие роботов; исключённые по решению об обращении',
    },
    en: {
      title: 'Share of official websites that work',
      short: 'Working sites',
      formula: 'working sites / sites whose state was determined × 100 %',
      numerator: 'Sites that work by the newest confirmed verdict',
      denominator: 'Sites that were found to work or not to work',
      excluded:
        'Organisations without a site; repair, holidays, suspension; sites without a verdict for 7 days, with an undetermined one, and those that block robots; those set aside by a decided objection',
    },
  },
  unit: 'ratio',
  decimals: 1,
  direction: 'more_is_better',
  accumulation: 'state_at',
  period_kind: 'month',
  counting_unit: 'site',
  finding: 'availability',
  counted_in: 'sites',
  coverage_floor: 0.5,
  legal_source: '273-ФЗ, ст. 29, ч. 2',
  methodology_version: 1,
  judge(db, context, sites) {
    const kept = keptVerdicts(db, context)
    return sites
      .with('unkept', () => sitesNotIn(db, 'site', kept))
      .with('found', () => newestFacts(db, context, (asked, window) => newestVerdicts(db, context, asked, window)))
      .selectFrom('site')
      .leftJoin(kept.as('kept'), (join) =>
        join.onRef('kept.org_unit_id', '=', 'site.org_unit_id').onRef('kept.target_id', '=', 'site.target_id'),
      )
      .leftJoin('found', (join) =>
        join.onRef('found.org_unit_id', '=', 'site.org_unit_id').onRef('found.target_id', '=', 'site.target_id'),
      )
      .selectAll('site')
      .select([
        sql<number | null>`case ${VERDICT} when 'works' then 1 when 'does_not_work' then 0 end`.as('numerator'),
        sql<number | null>`case when ${VERDICT} in ('works', 'does_not_work') then 1 end`.as('denominator'),
        sql<Exclusion | null>`coalesce(site.status_reason, site.availability_reason, case
            when ${VERDICT} is null then 'no_data'
            when ${VERDICT} in ('cannot_tell', 'blocks_robots') then ${VERDICT} end)`.as('excluded_reason'),
        sql<Date | null>`coalesce(kept.decided_at, found.decided_at)`.as('observed_at'),
      ])
  },
  facts: (db, context, org_unit_id) =>
    findVerdictFacts(db, context, { org_unit_id, ...stateWindow(context), limit: FACTS_LIMIT }),
}
