import { documents } from './section-blocks.ts'
import type { SchoolFacts } from './school-facts.ts'

export interface SectionContext {
  facts: SchoolFacts
  /** Day for which the pages are written, YYYY-MM-DD. */
  as_of: string
  stale: boolean
}

/** What the law wants to be written where there is nothing. */
export const NONE = 'отсутствует'

/** Order № 1353 moves accreditation to «Образование» on this day. */
export const ACCREDITATION_MOVES = '2026-03-01'

export const accreditation = documents(['accreditationDocLink', 'Выписка о государственной аккредитации'])
