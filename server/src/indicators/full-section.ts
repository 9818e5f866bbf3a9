import { sql } from 'kysely'
import type { Exclusion } from './exclusions.ts'
import { FACTS_LIMIT, type Indicator } from './indicator.ts'
import { findSectionFacts } from './section-facts.ts'
import { ORG_KIND_THAT_OWES, owedSubsections, withSectionJudgements } from './section-judgements.ts'
import { siteValues } from './site-units.ts'

/**
 * Share of sites that show every subsection that the law asks of their kind of organisation on that day. Only presence
 * counts: a site without microdata is no violator. A subsection that could not be confirmed is no violation either, nor
 * a gap in coverage: such a site has reported, but is in neither numerator nor denominator until it is confirmed.
 */
export const fullSection: Indicator = {
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
  values(db, context) {
    return siteValues(db, context, (sites) =>
      withSectionJudgements(db, sites, context)
        .with('tally', (query) =>
          query
            .selectFrom('site')
            .innerJoin(owedSubsections(context.day).as<'owed'>(sql`owed`), (join) =>
              join.on(sql<boolean>`owed.org_kind = ${ORG_KIND_THAT_OWES}`),
            )
            .leftJoin('judgement', (join) =>
              join
                .onRef('judgement.org_unit_id', '=', 'site.org_unit_id')
                .onRef('judgement.target_id', '=', 'site.target_id')
                .onRef('judgement.subsection', '=', 'owed.subsection'),
            )
            .groupBy(['site.org_unit_id', 'site.target_id', 'site.set_aside_subsections'])
            .select((eb) => [
              'site.org_unit_id',
              'site.target_id',
              eb.fn.countAll<number>().as('owed'),
              eb.fn.count<number>('judgement.presence').as('judged'),
              sql<number>`count(*) filter (where judgement.presence = 'present')`.as('present'),
              sql<number>`count(*) filter (where judgement.presence in ('absent', 'empty')
                and owed.subsection <> all(coalesce(site.set_aside_subsections, '{}')))`.as('missing'),
              eb.fn.max('judgement.audited_at').as('audited_at'),
            ]),
        )
        .selectFrom('site')
        .leftJoin('tally', (join) =>
          join.onRef('tally.org_unit_id', '=', 'site.org_unit_id').onRef('tally.target_id', '=', 'site.target_id'),
        )
        .leftJoin('newest_audit as audit', (join) =>
          join.onRef('audit.org_unit_id', '=', 'site.org_unit_id').onRef('audit.target_id', '=', 'site.target_id'),
        )
        .select([
          'site.org_unit_id',
          'site.target_id',
          sql<number | null>`case when tally.present = tally.owed then 1 else 0 end`.as('numerator'),
          sql<number | null>`1`.as('denominator'),
          sql<Exclusion | null>`coalesce(site.status_reason, case
              when tally.judged > 0 and (tally.missing > 0 or tally.present = tally.owed) then null
              when site.section_reason is not null then site.section_reason
              when tally.judged > 0 then 'not_confirmed'
              when audit.outcome in ('not_allowed', 'unreachable', 'cannot_tell') then audit.outcome
              else 'no_data' end)`.as('excluded_reason'),
          sql<Date | null>`coalesce(tally.audited_at, audit.audited_at)`.as('observed_at'),
        ]),
    )
  },
  facts: (db, context, org_unit_id) => findSectionFacts(db, context, org_unit_id, FACTS_LIMIT),
}
