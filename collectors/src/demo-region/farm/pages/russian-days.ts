const MONTHS = [
  'января',
  'февраля',
  'марта',
  'апреля',
  'мая',
  'июня',
  'июля',
  'августа',
  'сентября',
  'октября',
  'ноября',
  'декабря',
] as const

/** `2026-08-03` → «3 августа 2026 г.» */
export function writeRussianDay(day: string): string {
  const [year, month, date] = day.split('-')
  return `${Number(date)} ${MONTHS[Number(month) - 1] ?? ''} ${year ?? ''} г.`
}

/** The third of August that came last before this day: when schools fill in vacancies once and forget them. */
export function findLastThirdOfAugust(day: string): string {
  const year = Number(day.slice(0, 4))
  return day >= `${year}-08-03` ? `${year}-08-03` : `${year - 1}-08-03`
}
