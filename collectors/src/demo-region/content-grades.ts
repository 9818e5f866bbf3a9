import type { SvedenSubsection } from '@edumon/server/contract'

/** How a site marks up the section: by the current names, old ones, with typical faults, React spelling, or not. */
export type MarkupStyle = 'current' | 'outdated' | 'faulty' | 'react' | 'none'

export interface ContentGrade {
  markup: MarkupStyle
  missing: readonly SvedenSubsection[]
  empty: readonly SvedenSubsection[]
  /** Last year's budget, «Вакантные места» as of 3 August, staff page without date. */
  stale: boolean
  /** Is there a section at all? */
  section: boolean
}

const WHOLE = { missing: [], empty: [], stale: false, section: true } as const

export const CONTENT_GRADES = {
  whole_current: { ...WHOLE, markup: 'current' },
  whole_outdated: { ...WHOLE, markup: 'outdated' },
  whole_faulty: { ...WHOLE, markup: 'faulty' },
  whole_react: { ...WHOLE, markup: 'react' },
  whole_unmarked: { ...WHOLE, markup: 'none' },
  partial_current: { ...WHOLE, markup: 'current', missing: ['catering'], empty: ['paid_edu'], stale: true },
  partial_unmarked: {
    ...WHOLE,
    markup: 'none',
    missing: ['catering', 'inter'],
    empty: ['paid_edu', 'vacant'],
    stale: true,
  },
  stale_unmarked: { ...WHOLE, markup: 'none', stale: true },
  no_section: { ...WHOLE, markup: 'none', section: false },
} as const satisfies Record<string, ContentGrade>

export type ContentGradeName = keyof typeof CONTENT_GRADES

/** Grades by platform, repeated by weight: on Госвеб a school cannot edit markup, so there it is never marked up. */
export const GRADES_BY_PLATFORM = {
  gosweb: [
    'whole_unmarked',
    'whole_unmarked',
    'whole_unmarked',
    'whole_unmarked',
    'whole_unmarked',
    'whole_unmarked',
    'stale_unmarked',
    'stale_unmarked',
    'partial_unmarked',
  ],
  ucoz: ['whole_unmarked', 'whole_unmarked', 'partial_unmarked', 'stale_unmarked', 'no_section'],
  own: [
    'whole_current',
    'whole_current',
    'whole_current',
    'whole_outdated',
    'whole_outdated',
    'whole_faulty',
    'whole_react',
    'partial_current',
    'partial_current',
    'no_section',
  ],
} as const satisfies Record<string, readonly ContentGradeName[]>
