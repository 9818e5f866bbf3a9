import { sql } from 'kysely'
import type { Exclusion } from './exclusions.ts'
import { FACTS_LIMIT, type EvaluationContext, type Indicator } from './indicator.ts'
import { findVerdictFacts } from './site-facts.ts'
import { siteValues } from './site-units.ts'

/** A verdict older than this says nothing of the state any more: the site counts as not reported. */
const MAX_AGE_DAYS = 7

function window(context: EvaluationContext): { from: Date; to: Date } {
  return { from: new Date(context.as_of.getTime() - MAX_AGE_DAYS * 86_400_000), to: context.as_of }
}

/** Share of school sites that work, by the newest confirmed verdict. */
export const workingSites: Indicator = {
  code: 'working_sites',
  texts: {
    ru: {
      title: 'Доля работающих официальных сайтов организаций',
      short: 'Работающие сайты',
      formula: 'работающие сайты / сайты с определённым состоянием × 100 %',
      numerator: 'Сайты, которые работают по последнему подтверждённому результату проверки',
      denominator: 'Сайты, о которых определено, что они работают или не работают',
      excluded:
        'Организации без своего сайта; ремонт, каникулы, приостановка; сайты без результата за 7 суток, с неопределённым результатом и не пускающие роботов',
    },
    en: {
      title: 'Share of official websites that work',
      short: 'Working sites',
      formula: 'working sites / sites whose state was determined × 100 %',
      numerator: 'Sites that work by the newest confirmed verdict',
      denominator: 'Sites that were found to work or not to work',
      excluded:
        'Organisations without a site; repair, holidays, suspension; sites without a verdict for 7 days, with an undetermined one, and those that block robots',
    },
  },
  unit: 'ratio',
  decimals: 1,
  direction: 'more_is_better',
  accumulation: 'state_at',
  period_kind: 'month',
  counting_unit: 'site',
  counted_in: 'sites',
  coverage_floor: 0.5,
  legal_source: '273-ФЗ, ст. 29, ч. 2',
  methodology_version: 1,
  values(db, context) {
    const { from, to } = window(context)
    return siteValues(db, context, (query) =>
      query
        .selectFrom('site')
        .leftJoinLateral(
          (eb) =>
            eb
              .selectFrom('site_verdict')
              .whereRef('site_verdict.org_unit_id', '=', 'site.org_unit_id')
              .whereRef('site_verdict.target_id', '=', 'site.target_id')
              .where('site_verdict.decided_at', '>=', from)
              .where('site_verdict.decided_at', '<', to)
              .where('site_verdict.change_set_no', '<=', context.known_at_change_set_no)
              .orderBy('site_verdict.org_unit_id')
              .orderBy('site_verdict.decided_at', 'desc')
              .orderBy('site_verdict.round_no', 'desc')
              .limit(1)
              .select(['site_verdict.verdict', 'site_verdict.decided_at'])
              .as('newest'),
          (join) => join.onTrue(),
        )
        .select([
          'site.org_unit_id',
          'site.target_id',
          sql<number | null>`case newest.verdict when 'works' then 1 when 'does_not_work' then 0 end`.as('numerator'),
          sql<number | null>`case when newest.verdict in ('works', 'does_not_work') then 1 end`.as('denominator'),
          sql<Exclusion | null>`coalesce(site.status_reason, case
            when newest.verdict is null then 'no_data'
            when newest.verdict in ('cannot_tell', 'blocks_robots') then newest.verdict end)`.as('excluded_reason'),
          'newest.decided_at as observed_at',
        ]),
    )
  },
  facts: (db, context, org_unit_id) =>
    findVerdictFacts(db, context, { org_unit_id, ...window(context), limit: FACTS_LIMIT }),
}
