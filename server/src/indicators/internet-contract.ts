import type { ContractVerdict } from '../domain/contract-verdict.ts'
import type { Exclusion } from './exclusions.ts'
import { FACTS_LIMIT, type PlaceIndicator } from './indicator.ts'
import { findSpeedFacts } from './place-facts.ts'
import { judgeContextPlaces, valueOfPlace } from './place-judgements.ts'

const UNDECIDED: Readonly<Record<ContractVerdict, Exclusion | null>> = {
  kept: null,
  not_kept: null,
  cannot_tell_yet: 'cannot_tell_yet',
  not_enough_data: 'few_tests',
  no_contract: 'no_contract',
}

/** Share of buildings whose operator keeps the contract. */
export const internetContract: PlaceIndicator = {
  code: 'internet_contract',
  texts: {
    ru: {
      title: 'Доля зданий, по которым оператор соблюдает договор на подключение к Интернету',
      short: 'Договор соблюдается',
      formula:
        'здания с соблюдаемым договором / здания, о которых это определено × 100 %; соблюдается, если с вероятностью 95 % не менее 90 % измерений в учебные часы дают не менее 80 % скорости по договору, при 20 измерениях и более',
      numerator: 'Здания, у которых весь доверительный интервал доли не ниже требуемой',
      denominator: 'Здания, у которых весь доверительный интервал доли по одну сторону от требуемой',
      excluded:
        'Здания без внесённого договора; с числом измерений менее 20; те, о которых пока нельзя сказать; ремонт, каникулы, приостановка. Неподтверждённый низкий результат не свидетельствует против оператора',
    },
    en: {
      title: 'Share of buildings whose operator keeps the contract for the connection',
      short: 'Contract is kept',
      formula:
        'buildings with the contract kept / buildings of which it was determined × 100 %; kept when, at 95 %, at least 90 % of tests in school hours reach 80 % of the contract speed, of 20 tests or more',
      numerator: 'Buildings whose whole interval of the share lies at or above the required one',
      denominator: 'Buildings whose whole interval of the share lies on one side of the required one',
      excluded:
        'Buildings without a contract on record; with fewer than 20 tests; those that cannot be told yet; repair, holidays, suspension. A low result that no retest confirmed says nothing against the operator',
    },
  },
  unit: 'ratio',
  decimals: 1,
  direction: 'more_is_better',
  accumulation: 'flow',
  period_kind: 'month',
  counting_unit: 'building',
  counted_in: 'buildings',
  coverage_floor: 0.5,
  legal_source: null,
  methodology_version: 1,
  async judgeUnits(db, context) {
    const judged = await judgeContextPlaces(db, context)
    return judged.map(({ place, verdicts, status }) => {
      const { verdict } = verdicts.contract
      return valueOfPlace(place, {
        excluded_reason: status ?? UNDECIDED[verdict],
        numerator: Number(verdict === 'kept'),
        denominator: 1,
        observed_at: verdicts.basis.last_test_at,
      })
    })
  },
  facts: (db, context, org_unit_id) =>
    findSpeedFacts(db, context, {
      ...{ org_unit_id, records: ['speed_verdict', 'contract'], verdict: 'contract', limit: FACTS_LIMIT },
    }),
}
