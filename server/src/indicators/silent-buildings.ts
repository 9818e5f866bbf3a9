import type { Exclusion } from './exclusions.ts'
import { FACTS_LIMIT, type PlaceIndicator } from './indicator.ts'
import { findSpeedFacts } from './place-facts.ts'
import { listContextPlaces, valueOfPlace } from './place-judgements.ts'
import { judgeSilences } from '../speed-verdicts/place-silence.ts'

/** Share of buildings that were heard of once and are not any more. */
export const silentBuildings: PlaceIndicator = {
  code: 'silent_buildings',
  texts: {
    ru: {
      title: 'Доля замолчавших зданий: программа измерений установлена, но данных от неё нет',
      short: 'Замолчавшие здания',
      formula: 'здания, от которых нет данных 5 учебных дней и более / здания, от которых данные были × 100 %',
      numerator: 'Здания, от которых 5 учебных дней подряд и более не было ни измерений, ни сигналов связи',
      denominator: 'Здания, от которых хотя бы раз были данные',
      excluded: 'Здания, где программа измерений не установлена; ремонт, каникулы, приостановка',
    },
    en: {
      title: 'Share of buildings that fell silent: the measuring program is set up and nothing comes from it',
      short: 'Silent buildings',
      formula: 'buildings not heard of for 5 school days or more / buildings that were ever heard of × 100 %',
      numerator: 'Buildings without a test or a ping for 5 school days in a row or more',
      denominator: 'Buildings that were heard of at least once',
      excluded: 'Buildings where the measuring program was never set up; repair, holidays, suspension',
    },
  },
  unit: 'ratio',
  decimals: 1,
  direction: 'less_is_better',
  accumulation: 'state_at',
  period_kind: 'month',
  counting_unit: 'building',
  counted_in: 'buildings',
  // A few buildings that are set up say as much of silence as all of them: coverage has an indicator of its own.
  coverage_floor: 0,
  legal_source: null,
  methodology_version: 1,
  async judgeUnits(db, context) {
    const places = await listContextPlaces(db, context)
    const silences = await judgeSilences(db, places, context)
    return places.flatMap((place) => {
      const judged = silences.get(place.org_unit_id)
      if (judged === undefined) return []
      const { silence, status, heard_at } = judged
      const left_out = silence === 'excused' ? (status as Exclusion | null) : null
      return [
        valueOfPlace(place, {
          excluded_reason: silence === 'never_set_up' ? 'never_set_up' : left_out,
          numerator: Number(silence === 'silent'),
          denominator: 1,
          observed_at: heard_at,
        }),
      ]
    })
  },
  facts: (db, context, org_unit_id) =>
    findSpeedFacts(db, context, { org_unit_id, records: ['agent_hour'], verdict: 'norm', limit: FACTS_LIMIT }),
}
