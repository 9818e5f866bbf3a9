/**
 * Closed list of reasons why a unit is in neither numerator nor denominator, and what each does to coverage:
 * `not_expected` units should not report at all, `not_reported` ones should have and did not, `reported` ones did,
 * but what they reported judges nothing.
 */
export const EXCLUSIONS = {
  no_own_site: { effect: 'not_expected', ru: 'Нет собственного сайта', en: 'No site of its own' },
  capital_repair: { effect: 'not_expected', ru: 'Капитальный ремонт', en: 'Under capital repair' },
  suspended: { effect: 'not_expected', ru: 'Деятельность приостановлена', en: 'Work is suspended' },
  holidays: { effect: 'not_expected', ru: 'Каникулы', en: 'Holidays' },
  closed: { effect: 'not_expected', ru: 'Организация закрыта', en: 'Closed' },
  dated_status: {
    effect: 'not_expected',
    ru: 'Всё время периода исключено: ремонт, каникулы или приостановка',
    en: 'All of the period is excluded: repair, holidays or suspension',
  },
  no_data: { effect: 'not_reported', ru: 'Нет данных: проверок не было', en: 'No data: nothing was checked' },
  cannot_tell: { effect: 'not_reported', ru: 'Проверка не смогла определить', en: 'The check could not tell' },
  blocks_robots: { effect: 'not_reported', ru: 'Сайт не пускает роботов', en: 'The site blocks robots' },
  not_allowed: {
    effect: 'not_reported',
    ru: 'Проверка содержания запрещена файлом robots.txt',
    en: 'robots.txt does not allow the content audit',
  },
  unreachable: { effect: 'not_reported', ru: 'Сайт не удалось прочитать', en: 'The site could not be read' },
  not_confirmed: {
    effect: 'reported',
    ru: 'Нарушений не найдено, но часть подразделов не подтверждена автоматически',
    en: 'No violation was found, but some subsections could not be confirmed automatically',
  },
  muted: {
    effect: 'not_expected',
    ru: 'Исключено на время по обращению, решение принято',
    en: 'Muted for a time, by decision',
  },
  disputed: {
    effect: 'reported',
    ru: 'Оспорено: возражение удовлетворено',
    en: 'Disputed: the objection was granted',
  },
  few_tests: {
    effect: 'not_reported',
    ru: 'Недостаточно данных: мало измерений скорости',
    en: 'Not enough data: too few speed tests',
  },
  low_not_confirmed: {
    effect: 'reported',
    ru: 'Низкая скорость не подтверждена повторным измерением',
    en: 'A low speed was not confirmed by a retest',
  },
  settlement_unknown: {
    effect: 'not_reported',
    ru: 'Не указан тип населённого пункта здания',
    en: "Kind of the building's settlement is not known",
  },
  no_contract: { effect: 'not_reported', ru: 'Договор на подключение не внесён', en: 'No contract was entered' },
  cannot_tell_yet: {
    effect: 'reported',
    ru: 'По измерениям пока нельзя сказать, соблюдается ли договор',
    en: 'The tests cannot tell yet whether the contract is kept',
  },
  no_capacity_report: {
    effect: 'not_reported',
    ru: 'Не сообщено число компьютеров здания',
    en: "The number of the building's computers was not reported",
  },
  no_computers: { effect: 'not_expected', ru: 'В здании нет компьютеров', en: 'The building has no computers' },
  never_set_up: {
    effect: 'not_reported',
    ru: 'Программа измерений не установлена',
    en: 'The measuring program was never set up',
  },
} as const satisfies Record<string, { effect: 'not_expected' | 'not_reported' | 'reported'; ru: string; en: string }>

export type Exclusion = keyof typeof EXCLUSIONS
export const EXCLUSION_CODES = Object.keys(EXCLUSIONS) as Exclusion[]

/** Dated statuses that take a unit's site out of what is expected. Quarantine and distance lessons need the site. */
export const EXCLUDING_STATUSES = ['capital_repair', 'suspended', 'holidays', 'closed'] as const satisfies Exclusion[]
