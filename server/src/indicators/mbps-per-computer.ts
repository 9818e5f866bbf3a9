import type { CapacityVerdict } from '../speed-verdicts/judge-place.ts'
import type { Exclusion } from './exclusions.ts'
import { FACTS_LIMIT, type PlaceIndicator } from './indicator.ts'
import { findSpeedFacts } from './place-facts.ts'
import { judgeContextPlaces, valueOfPlace } from './place-judgements.ts'

const KBPS_PER_MBPS = 1000

const UNDECIDED: Readonly<Record<CapacityVerdict, Exclusion | null>> = {
  known: null,
  not_enough_data: 'few_tests',
  no_report: 'no_capacity_report',
  no_computers: 'no_computers',
}

/** What one computer gets when all work at once: a sum of measured medians over a sum of computers. */
export const mbpsPerComputer: PlaceIndicator = {
  code: 'mbps_per_computer',
  texts: {
    ru: {
      title: 'Скорость Интернета на один компьютер, Мбит/с',
      short: 'Мбит/с на компьютер',
      formula: 'сумма медиан скорости приёма зданий, Мбит/с / сумма их компьютеров',
      numerator: 'Медианы скорости приёма за месяц по зданиям, Мбит/с',
      denominator: 'Компьютеры этих зданий по последним «Сведениям об организации»',
      excluded:
        'Здания с числом измерений менее 3; здания, о компьютерах которых не сообщено; здания без компьютеров; ремонт, каникулы, приостановка',
    },
    en: {
      title: 'Internet speed for each computer, Mbit/s',
      short: 'Mbit/s per computer',
      formula: "sum of the buildings' median downloads, Mbit/s / sum of their computers",
      numerator: 'Median downloads of the month, by building, Mbit/s',
      denominator: 'Computers of these buildings as last reported',
      excluded:
        'Buildings with fewer than 3 tests; buildings whose computers were not reported; buildings without computers; repair, holidays, suspension',
    },
  },
  unit: 'mbps_per_computer',
  decimals: 2,
  direction: 'more_is_better',
  accumulation: 'flow',
  period_kind: 'month',
  counting_unit: 'building',
  counted_in: 'mbps_and_computers',
  coverage_floor: 0.5,
  legal_source: null,
  methodology_version: 1,
  async judgeUnits(db, context) {
    const judged = await judgeContextPlaces(db, context)
    return judged.map(({ place, verdicts, status }) =>
      valueOfPlace(place, {
        excluded_reason: status ?? UNDECIDED[verdicts.capacity],
        numerator: (verdicts.norm.median_download_kbps ?? 0) / KBPS_PER_MBPS,
        denominator: verdicts.computers ?? 0,
        observed_at: verdicts.basis.last_test_at,
      }),
    )
  },
  facts: (db, context, org_unit_id) =>
    findSpeedFacts(db, context, {
      ...{ org_unit_id, records: ['speed_verdict', 'capacity_report'], verdict: 'capacity', limit: FACTS_LIMIT },
    }),
}
