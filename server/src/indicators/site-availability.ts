import { sql } from 'kysely'
import { isWorkingDay } from '../contract/index.ts'
import { readWorkingDays } from '../db/reference-files.ts'
import { daysBetween } from '../domain/periods.ts'
import { dayInZone } from '../domain/region-day.ts'
import { SCHOOL_HOURS } from '../domain/schedule.ts'
import type { Exclusion } from './exclusions.ts'
import { FACTS_LIMIT, type EvaluationContext, type SiteIndicator } from './indicator.ts'
import { sumSchoolHours } from './school-hours.ts'
import { findHourFacts } from './site-facts.ts'

const WORKING_DAYS = readWorkingDays()

/** Working days of the period up to its end or now. */
function workingDays(context: EvaluationContext): string[] {
  const last = dayInZone(new Date(context.as_of.getTime() - 1), context.time_zone)
  return daysBetween(context.first_day, last).filter((day) => isWorkingDay(day, WORKING_DAYS))
}

/** Share of observed school time in which sites worked: a sum of seconds over a sum of seconds. */
export const siteAvailability: SiteIndicator = {
  code: 'site_availability',
  texts: {
    ru: {
      title: 'Доступность официальных сайтов в учебные часы',
      short: 'Доступность в учебные часы',
      formula: 'время работы сайтов / время наблюдения × 100 %, с 8 до 18 часов рабочих дней',
      numerator: 'Время в учебные часы, в которое сайты работали, секунды',
      denominator: 'Время в учебные часы, в которое состояние сайтов наблюдалось, секунды',
      excluded:
        'Организации без своего сайта; часы ремонта, каникул и приостановки; часы, в которые состояние не определено или не наблюдалось; дни, исключённые по решению об обращении',
    },
    en: {
      title: 'Availability of official websites in school hours',
      short: 'Availability in school hours',
      formula: 'time up / time observed × 100 %, 8 to 18 on working days',
      numerator: 'School time in which sites worked, seconds',
      denominator: 'School time in which the state of sites was observed, seconds',
      excluded:
        'Organisations without a site; hours of repair, holidays and suspension; hours in which the state was not determined or not observed; days set aside by a decided objection',
    },
  },
  unit: 'ratio',
  decimals: 2,
  direction: 'more_is_better',
  accumulation: 'flow',
  period_kind: 'month',
  counting_unit: 'site',
  finding: 'availability',
  counted_in: 'seconds',
  coverage_floor: 0.5,
  legal_source: '273-ФЗ, ст. 29, ч. 2',
  methodology_version: 1,
  judge(db, context, sites) {
    return sites
      .with('hours', () => sumSchoolHours(db, workingDays(context), context.known_at_change_set_no))
      .selectFrom('site')
      .leftJoin('hours', (join) =>
        join.onRef('hours.org_unit_id', '=', 'site.org_unit_id').onRef('hours.target_id', '=', 'site.target_id'),
      )
      .selectAll('site')
      .select(['hours.up_s as numerator', 'hours.counted_s as denominator'])
      .select([
        sql<Exclusion | null>`case
            when hours.counted_s > 0 then null
            when site.status_reason is not null then site.status_reason
            when hours.set_aside_reason is not null then hours.set_aside_reason
            when site.availability_reason is not null then site.availability_reason
            when hours.excluded_s > 0 then 'dated_status'
            when hours.cannot_tell_s > 0 then 'cannot_tell'
            else 'no_data' end`.as('excluded_reason'),
        sql<Date | null>`case when hours.last_day is not null then
            least((hours.last_day + interval '1 day') at time zone ${context.time_zone}, ${context.as_of}) end`.as(
          'observed_at',
        ),
      ])
  },
  facts: (db, context, org_unit_id) =>
    findHourFacts(db, context, { org_unit_id, days: workingDays(context), hours: SCHOOL_HOURS, limit: FACTS_LIMIT }),
}
