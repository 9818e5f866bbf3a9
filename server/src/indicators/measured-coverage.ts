import { ruleOf } from '../speed-verdicts/judge-places.ts'
import { periodOf } from '../domain/periods.ts'
import { FACTS_LIMIT, type PlaceIndicator } from './indicator.ts'
import { findSpeedFacts } from './place-facts.ts'
import { judgeContextPlaces, valueOfPlace } from './place-judgements.ts'

/** Share of buildings whose Internet was measured often enough to be judged. */
export const measuredCoverage: PlaceIndicator = {
  code: 'measured_coverage',
  texts: {
    ru: {
      title: 'Доля зданий, в которых скорость Интернета измерена достаточное число раз',
      short: 'Измерено зданий',
      formula: 'здания с 3 и более пригодными измерениями за месяц / все здания, где измерение ожидается × 100 %',
      numerator: 'Здания, у которых за месяц не менее 3 пригодных измерений в учебные часы',
      denominator: 'Здания школ и колледжей; организация без отдельных зданий считается одним',
      excluded: 'Здания на ремонте, каникулах и приостановке; организации других видов',
    },
    en: {
      title: 'Share of buildings whose Internet speed was measured often enough',
      short: 'Buildings measured',
      formula: 'buildings with 3 valid tests or more in the month / all buildings where tests are expected × 100 %',
      numerator: 'Buildings with at least 3 valid tests in school hours of the month',
      denominator: 'Buildings of schools and colleges; an organisation without buildings of its own counts as one',
      excluded: 'Buildings under repair, on holidays or suspended; organisations of other kinds',
    },
  },
  unit: 'ratio',
  decimals: 1,
  direction: 'more_is_better',
  accumulation: 'flow',
  period_kind: 'month',
  counting_unit: 'building',
  counted_in: 'buildings',
  // It is itself a coverage: every building that should be measured is in it.
  coverage_floor: 0,
  legal_source: null,
  methodology_version: 1,
  async judgeUnits(db, context) {
    const { norm } = ruleOf(periodOf('month', context.first_day))
    const judged = await judgeContextPlaces(db, context)
    return judged.map(({ place, verdicts, status }) =>
      valueOfPlace(place, {
        excluded_reason: status,
        numerator: Number(verdicts.norm.occasions >= norm.least_occasions),
        denominator: 1,
        observed_at: verdicts.basis.last_test_at,
      }),
    )
  },
  facts: (db, context, org_unit_id) =>
    findSpeedFacts(db, context, { org_unit_id, records: [], verdict: 'norm', limit: FACTS_LIMIT }),
}
