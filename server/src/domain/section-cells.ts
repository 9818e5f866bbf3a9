import {
  FRESHNESS,
  MARKUP,
  PRESENCE,
  SVEDEN_SUBSECTIONS,
  type Freshness,
  type Markup,
  type Presence,
  type SvedenSubsection,
} from '../contract/index.ts'

/** A judgement of one subsection on the three scales, and whose it is. */
export interface SectionCell {
  presence: Presence
  markup: Markup | null
  freshness: Freshness | null
  source_grade: 'collector' | 'person'
}

const MARKUP_STEP = FRESHNESS.length + 1
const PRESENCE_STEP = MARKUP_STEP * (MARKUP.length + 1)

/** Numbers of persons' judgements begin here: below are the same ones by a collector. */
export const PERSON_CELLS_FROM = PRESENCE_STEP * PRESENCE.length

/** Numbers of a collector's judgements that confirm and deny nothing begin here: the last ones below those of persons. */
export const NOT_CONFIRMED_FROM = PRESENCE_STEP * PRESENCE.indexOf('not_confirmed')

/** Every judgement that there can be, each at its number: a table of sites keeps and sends numbers alone. */
export const SECTION_CELLS: readonly SectionCell[] = (['collector', 'person'] as const).flatMap((source_grade) =>
  PRESENCE.flatMap((presence) =>
    [null, ...MARKUP].flatMap((markup) =>
      [null, ...FRESHNESS].map((freshness) => ({ presence, markup, freshness, source_grade })),
    ),
  ),
)

/** What the steps between numbers are, for queries that number judgements where they lie. */
export const CELL_STEPS = { presence: PRESENCE_STEP, markup: MARKUP_STEP }

/** Subsections as a set of bits: bit n is the n-th of SVEDEN_SUBSECTIONS, from 0. */
export function bitsOf(subsections: Iterable<SvedenSubsection>): number {
  let bits = 0
  for (const subsection of subsections) bits |= 1 << SVEDEN_SUBSECTIONS.indexOf(subsection)
  return bits
}
