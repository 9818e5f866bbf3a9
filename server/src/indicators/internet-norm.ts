import { judgeOrganisation } from '../domain/worst-building.ts'
import type { Exclusion } from './exclusions.ts'
import { FACTS_LIMIT, type PlaceIndicator, type UnitValue } from './indicator.ts'
import { findSpeedFacts } from './place-facts.ts'
import { judgeContextPlaces, type PlaceJudgement } from './place-judgements.ts'

/** An organisation by its worst building; excused buildings are left out, and it with them when none is left. */
function valueOfOrganisation(buildings: readonly PlaceJudgement[]): UnitValue[] {
  const [first] = buildings
  if (first === undefined) return []
  const { organisation_id, organisation_name, path, founder_kind } = first.place
  const expected = buildings.filter(({ status }) => status === null)
  const { verdict, worst } = judgeOrganisation(
    expected.map(({ place, verdicts }) => ({ ...place, judgement: verdicts.norm })),
  )
  const reason = worst?.judgement.reason ?? null
  const undecided = reason === null || reason === 'no_connection' ? 'few_tests' : reason
  const excluded_reason: Exclusion | null =
    worst === null ? first.status : verdict === 'not_enough_data' ? undecided : null
  const times = expected.flatMap(({ verdicts }) => verdicts.basis.last_test_at ?? [])
  return [
    {
      org_unit_id: organisation_id,
      path: path.slice(0, path.indexOf(organisation_id) + 1),
      ...{ municipality_id: path[1] ?? null, short_name: organisation_name, founder_kind },
      ...{ target_id: null, url: null, excluded_reason },
      numerator: excluded_reason === null ? Number(verdict === 'meets') : null,
      denominator: excluded_reason === null ? 1 : null,
      observed_at: times.length === 0 ? null : new Date(Math.max(...times.map((time) => time.getTime()))),
      worst_unit_id: worst?.org_unit_id ?? null,
      worst_unit_name: worst === null ? null : (worst.address ?? worst.short_name),
    },
  ]
}

/** Share of organisations all of whose buildings have the speed of the legal norm. */
export const internetNorm: PlaceIndicator = {
  code: 'internet_norm',
  texts: {
    ru: {
      title: 'Доля организаций, обеспеченных Интернетом со скоростью не ниже нормы, по измерениям',
      short: 'Интернет не ниже нормы',
      formula:
        'организации, у которых все здания не ниже нормы / организации, о которых это определено × 100 %; норма 100 Мбит/с в городах, 50 Мбит/с в сёлах и посёлках городского типа, по населённому пункту здания',
      numerator: 'Организации, у каждого здания которых медиана скорости приёма за месяц не ниже нормы',
      denominator: 'Организации, об Интернете которых за месяц вынесено решение по худшему зданию',
      excluded:
        'Здания на ремонте, каникулах и приостановке; организации, у которых о каком-либо здании недостаточно измерений, а ниже нормы ни одно; неподтверждённые низкие результаты; здания с неизвестным типом населённого пункта',
    },
    en: {
      title: 'Share of organisations whose Internet has at least the speed of the norm, by measurement',
      short: 'Internet meets the norm',
      formula:
        'organisations all of whose buildings meet the norm / organisations of which it was determined × 100 %; 100 Mbit/s in cities, 50 in villages and urban-type settlements, by the settlement of the building',
      numerator: "Organisations with every building's median download of the month at the norm or above",
      denominator: 'Organisations whose Internet was judged for the month by the worst building',
      excluded:
        'Buildings under repair, on holidays or suspended; organisations where some building has too few tests and none is below; low results that no retest confirmed; buildings of an unknown kind of settlement',
    },
  },
  unit: 'ratio',
  decimals: 1,
  direction: 'more_is_better',
  accumulation: 'flow',
  period_kind: 'month',
  counting_unit: 'organisation',
  counted_in: 'organisations',
  coverage_floor: 0.5,
  legal_source: 'Паспорт федерального проекта «Цифровая образовательная среда», показатель 1 (ред. 11.12.2020)',
  methodology_version: 1,
  async judgeUnits(db, context) {
    const judged = await judgeContextPlaces(db, context)
    const organisations = Map.groupBy(judged, ({ place }) => place.organisation_id)
    return [...organisations.values()].flatMap(valueOfOrganisation)
  },
  facts: (db, context, org_unit_id) =>
    findSpeedFacts(db, context, { org_unit_id, records: ['speed_verdict'], verdict: 'norm', limit: FACTS_LIMIT }),
}
