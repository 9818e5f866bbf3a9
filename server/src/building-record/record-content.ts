import { VALIDITY_RULE_VERSION } from '../domain/test-validity.ts'
import type { BuildingRecord, RecordedTest } from './read-record.ts'
import {
  CAUSE_WORDS,
  CONTRACT_WORDS,
  MEDIUM_WORDS,
  NORM_REASON_WORDS,
  NORM_WORDS,
  SETTLEMENT_WORDS,
  TECHNOLOGY_WORDS,
  TERMS_WORDS,
  VALIDITY_WORDS,
} from './words.ts'

/** The record as any kind of document shows it: text alone, in order. */
export interface RecordContent {
  title: string
  subtitle: string
  /** What the reader must not overlook; null: nothing. */
  warning: string | null
  sections: { heading: string; lines: (readonly [label: string, value: string])[] }[]
  table: { heading: string; header: readonly string[]; rows: string[][] }
  signatures: readonly string[]
}

const NONE = '—'
const MBIT = new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 1 })
const PERCENT = new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 1, style: 'percent' })

function mbit(kbps: number | null): string {
  return kbps === null ? NONE : MBIT.format(kbps / 1000)
}

function speed(kbps: number | null): string {
  return kbps === null ? NONE : `${mbit(kbps)} Мбит/с`
}

function day(text: string): string {
  return text.split('-').toReversed().join('.')
}

function describeBuilding({ judgement: { place } }: BuildingRecord): RecordContent['sections'][number] {
  const kind = place.settlement_kind
  return {
    heading: 'Здание',
    lines: [
      ['Организация', place.organisation_name],
      ['Здание', place.short_name],
      ['Адрес', place.address ?? NONE],
      ['Населённый пункт', kind === null ? 'тип не указан' : SETTLEMENT_WORDS[kind]],
    ],
  }
}

function describeContract({ judgement: { contract } }: BuildingRecord): RecordContent['sections'][number] {
  if (contract === null) return { heading: 'Договор', lines: [['Договор', CONTRACT_WORDS.no_contract]] }
  const { contract_number, download_kbps, provider, speed_terms, technology, upload_kbps, valid_from, valid_to } =
    contract
  const terms = speed_terms === null ? '' : ` (${TERMS_WORDS[speed_terms as keyof typeof TERMS_WORDS]})`
  const until = valid_to === null ? 'срок окончания не указан' : `по ${day(valid_to)}`
  return {
    heading: 'Договор',
    lines: [
      ['Оператор', provider ?? NONE],
      ['Номер и срок', `${contract_number ?? 'без номера'}, с ${day(valid_from)}, ${until}`],
      ['Технология', TECHNOLOGY_WORDS[technology as keyof typeof TECHNOLOGY_WORDS]],
      ['Скорость приёма по договору', `${speed(download_kbps)}${terms}`],
      ['Скорость передачи по договору', speed(upload_kbps)],
    ],
  }
}

function describeNorm({ judgement: { verdicts } }: BuildingRecord): (readonly [string, string])[] {
  const { median_download_kbps, median_upload_kbps, norm_kbps, occasions, reason, unconfirmed_low, verdict } =
    verdicts.norm
  const why = reason === null ? '' : ` (${NORM_REASON_WORDS[reason]})`
  return [
    ['Норма для здания', `не менее ${speed(norm_kbps)}`],
    ['Медиана приёма', speed(median_download_kbps)],
    ['Медиана передачи', speed(median_upload_kbps)],
    ['Случаев измерения', `${occasions}, из них низких без повторного измерения: ${unconfirmed_low}`],
    ['Вывод о норме', `${NORM_WORDS[verdict]}${why}`],
  ]
}

function describeShare({ rule, judgement: { verdicts } }: BuildingRecord): (readonly [string, string])[] {
  const { interval, occasions, reached, share, verdict } = verdicts.contract
  const { agreed_fraction, required_share } = rule.contract
  const within =
    interval === null
      ? NONE
      : `от ${PERCENT.format(interval.low)} до ${PERCENT.format(interval.high)} (95 %, по Уилсону)`
  const asked = `достигли ${PERCENT.format(agreed_fraction)} скорости договора`
  return [
    ['Доля измерений', share === null ? NONE : `${PERCENT.format(share)}: ${reached} из ${occasions} ${asked}`],
    ['Доверительный интервал', within],
    ['Требуемая доля', PERCENT.format(required_share)],
    ['Вывод о договоре', CONTRACT_WORDS[verdict]],
  ]
}

function describeBasis(record: BuildingRecord): RecordContent['sections'][number] {
  const { rule_version, basis } = record.judgement.verdicts
  const { rule } = record
  const judgedBy = [...new Set(record.tests.map((test) => test.rule_version))].sort((a, b) => a - b)
  const validity = judgedBy.length === 0 ? `${VALIDITY_RULE_VERSION}` : judgedBy.join(', ')
  return {
    heading: 'Основание',
    lines: [
      ['Пригодных измерений', `${basis.tests} из ${record.tests.length}`],
      ['Правила', `норма и договор: версия ${rule_version}; пригодность измерений: версия ${validity}`],
      ['Норма', rule.norm.source],
      ['Договор', rule.contract.source],
      ['Данные', `набор изменений № ${record.known_at_change_set_no}`],
      ['SHA-256 пригодных измерений', basis.tests_sha256],
    ],
  }
}

const HEADER = [
  '№',
  'Дата и время',
  'Приём, Мбит/с',
  'Передача, Мбит/с',
  'Приём по серверу',
  'Передача по серверу',
  'Подключение',
  'Пригодность',
] as const

function describeConnection({ medium, method, through_proxy }: RecordedTest): string {
  const parts = [MEDIUM_WORDS[medium ?? 'unknown'] ?? MEDIUM_WORDS['unknown']]
  if (through_proxy === true) parts.push('через прокси')
  if (method === 'browser') parts.push('браузер')
  return parts.join(', ')
}

function describeValidity({ cause, is_retest, provenance, validity }: RecordedTest): string {
  const parts = [cause === null ? VALIDITY_WORDS[validity] : `${VALIDITY_WORDS[validity]}: ${CAUSE_WORDS[cause]}`]
  if (is_retest) parts.push('повторное')
  if (provenance === 'modelled') parts.push('смоделировано')
  return parts.join('; ')
}

function listRows({ tests, time_zone }: BuildingRecord): string[][] {
  const clock = new Intl.DateTimeFormat('ru-RU', { dateStyle: 'short', timeStyle: 'short', timeZone: time_zone })
  return tests.map((test, index) => [
    `${index + 1}`,
    clock.format(test.tested_at),
    mbit(test.download_kbps),
    mbit(test.upload_kbps),
    mbit(test.server_download_kbps),
    mbit(test.server_upload_kbps),
    describeConnection(test),
    describeValidity(test),
  ])
}

/** What the record says, in the words of the pages. It follows from the record alone. */
export function describeRecord(record: BuildingRecord): RecordContent {
  const hasModelled = record.tests.some(({ provenance }) => provenance === 'modelled')
  return {
    title: 'Протокол измерений доступа к Интернету',
    subtitle: `${record.period_title}, по ${day(record.day)}; время: ${record.time_zone}`,
    warning: hasModelled
      ? 'Содержит смоделированные измерения: документ не подтверждает действительную скорость'
      : null,
    sections: [
      describeBuilding(record),
      describeContract(record),
      { heading: 'Выводы', lines: [...describeNorm(record), ...describeShare(record)] },
      describeBasis(record),
    ],
    table: { heading: 'Измерения', header: HEADER, rows: listRows(record) },
    signatures: [
      'Руководитель ______________________ / ______________________',
      'Исполнитель, тел. ______________________',
    ],
  }
}
