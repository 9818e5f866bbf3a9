import { sql } from 'kysely'
import type { Exclusion } from './exclusions.ts'
import { FACTS_LIMIT, type SiteIndicator } from './indicator.ts'
import { sitesNotIn } from './recent-facts.ts'
import { findSectionFacts } from './section-facts.ts'
import { foundSections, keptSections, ORG_KIND_THAT_OWES, owedSubsections } from './section-judgements.ts'

const PRESENT = sql<number | null>`coalesce(kept.present_bits, found.present_bits)`
const MISSING = sql<number | null>`coalesce(kept.missing_bits, found.missing_bits)`
const NOT_CONFIRMED = sql<number | null>`coalesce(kept.not_confirmed_bits, found.not_confirmed_bits)`
const OUTCOME = sql<string | null>`coalesce(kept.outcome, found.outcome)`
const IS_FULL = sql<boolean>`${PRESENT} & owed.owed_bits = owed.owed_bits`
/** What a granted objection sets aside is missed no more; what is shown all the same counts. */
const IS_WANTING = sql<boolean>`${MISSING} & owed.owed_bits & ~coalesce(site.set_aside_bits, 0) <> 0`
const IS_JUDGED = sql<boolean>`(${PRESENT} | ${MISSING} | ${NOT_CONFIRMED}) & owed.owed_bits <> 0`

/**
 * Share of sites that show every subsection that the law asks of their kind of organisation on that day. Only presence
 * counts: a site without microdata is no violator. A subsection that could not be confirmed is no violation either, nor
 * a gap in coverage: such a site has reported, but is in neither numerator nor denominator until it is confirmed.
 */
export const fullSection: SiteIndicator = {
  code: 'full_section',
  texts: {
    ru: {
      title: 'Доля сайтов с полным разделом «Сведения об образовательной организации»',
      short: 'Полный раздел «Сведения…»',
      formula: 'сайты, где есть все обязательные подразделы / сайты, раздел которых удалось оценить × 100 %',
      numerator: 'Сайты, на которых найдены все обязательные подразделы (для школы – 14)',
      denominator: 'Сайты, где найдены все подразделы или установлено, что какого-то нет либо он пуст',
      excluded:
        'Организации без своего сайта; ремонт, каникулы, приостановка; проверка запрещена robots.txt или не удалась; нарушений нет, но часть подразделов не подтверждена автоматически; подразделы, исключённые по решению об обращении, если других нарушений нет. Отсутствие разметки нарушением не считается',
    },
    en: {
      title: 'Share of websites with the full section on the educational organisation',
      short: 'Full section',
      formula: 'sites with every required subsection / sites whose section could be judged × 100 %',
      numerator: 'Sites on which all required subsections were found (14 for a school)',
      denominator: 'Sites with all subsections, or with one found to be missing or empty',
      excluded:
        'Organisations without a site; repair, holidays, suspension; audits not allowed by robots.txt or failed; no violation, but some subsections not confirmed automatically; subsections set aside by a decided objection when nothing else is missing. Missing microdata is no violation',
    },
  },
  unit: 'ratio',
  decimals: 1,
  direction: 'more_is_better',
  accumulation: 'state_at',
  period_kind: 'month',
  counting_unit: 'site',
  finding: 'subsection',
  counted_in: 'sites',
  coverage_floor: 0.5,
  legal_source: 'Приказ Рособрнадзора от 04.08.2023 № 1493, п. 4–20; 273-ФЗ, ст. 29',
  methodology_version: 1,
  judge(db, context, sites) {
    const kept = keptSections(db, context)
    return sites
      .with('unkept', () => sitesNotIn(db, 'site', kept))
      .with('found', () => foundSections(db, context))
      .selectFrom('site')
      .leftJoin(owedSubsections(context.day).as<'owed'>(sql`owed`), (join) =>
        join.on(sql<boolean>`owed.org_kind = ${ORG_KIND_THAT_OWES}`),
      )
      .leftJoin(kept.as('kept'), (join) =>
        join.onRef('kept.org_unit_id', '=', 'site.org_unit_id').onRef('kept.target_id', '=', 'site.target_id'),
      )
      .leftJoin('found', (join) =>
        join.onRef('found.org_unit_id', '=', 'site.org_unit_id').onRef('found.target_id', '=', 'site.target_id'),
      )
      .selectAll('site')
      .select([
        sql<number | null>`case when ${IS_FULL} then 1 else 0 end`.as('numerator'),
        sql<number | null>`1`.as('denominator'),
        sql<Exclusion | null>`coalesce(site.status_reason, case
            when ${IS_JUDGED} and (${IS_WANTING} or ${IS_FULL}) then null
            when site.section_reason is not null then site.section_reason
            when ${IS_JUDGED} then 'not_confirmed'
            when ${OUTCOME} in ('not_allowed', 'unreachable', 'cannot_tell') then ${OUTCOME}
            else 'no_data' end)`.as('excluded_reason'),
        sql<Date | null>`coalesce(kept.audited_at, found.audited_at)`.as('observed_at'),
      ])
  },
  facts: (db, context, org_unit_id) => findSectionFacts(db, context, org_unit_id, FACTS_LIMIT),
}
