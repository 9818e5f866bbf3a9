import { isDay } from '../domain/region-day.ts'
import { CodedError } from '../errors.ts'

/** @throws EDU_PERIOD_INVALID for a term of days that do not exist, or that ends before it begins */
export function refuseWrongTerm(term: { valid_from: string; valid_to: string | null }): void {
  for (const field of ['valid_from', 'valid_to'] as const) {
    const found = term[field]
    if (found !== null && !isDay(found)) throw new CodedError('EDU_PERIOD_INVALID', 'Такого дня нет', { field, found })
  }
  if (term.valid_to !== null && term.valid_to < term.valid_from) {
    throw new CodedError('EDU_PERIOD_INVALID', 'Последний день раньше первого', { field: 'valid_to' })
  }
}
