import { SVEDEN_SUBSECTIONS, type Freshness, type Markup, type Presence, type SvedenSubsection } from '../contract/index.ts'

/** Columns of kept bits, by the outcome on one of the three scales that each stands for. */
export const PRESENCE_BITS = {
  present: 'present_bits',
  empty: 'empty_bits',
  absent: 'absent_bits',
  not_confirmed: 'not_confirmed_bits',
} as const satisfies Record<Presence, string>

export const MARKUP_BITS = {
  current: 'markup_current_bits',
  outdated: 'markup_outdated_bits',
  faulty: 'markup_faulty_bits',
  none: 'markup_none_bits',
} as const satisfies Record<Markup, string>

export const FRESHNESS_BITS = {
  dated: 'dated_bits',
  overdue: 'overdue_bits',
  undated: 'undated_bits',
} as const satisfies Record<Freshness, string>

type Columns = typeof PRESENCE_BITS & typeof MARKUP_BITS & typeof FRESHNESS_BITS

/** Sets of subsections as kept of one site: bit n is the n-th of SVEDEN_SUBSECTIONS, from 0. */
export type SectionBits = Record<Columns[keyof Columns], number>

export interface SectionCell {
  presence: Presence
  markup: Markup | null
  freshness: Freshness | null
}

export function bitsOf(subsections: Iterable<SvedenSubsection>): number {
  let bits = 0
  for (const subsection of subsections) bits |= 1 << SVEDEN_SUBSECTIONS.indexOf(subsection)
  return bits
}

function outcomeAt<Outcome extends string>(
  columns: Record<Outcome, keyof SectionBits>,
  bits: SectionBits,
  bit: number,
): Outcome | null {
  for (const outcome in columns) if ((bits[columns[outcome]] & bit) !== 0) return outcome
  return null
}

/** What is kept of the subsection at a place of the closed list; null when it was not judged. */
export function cellAt(bits: SectionBits, place: number): SectionCell | null {
  const bit = 1 << place
  const presence = outcomeAt(PRESENCE_BITS, bits, bit)
  if (presence === null) return null
  return { presence, markup: outcomeAt(MARKUP_BITS, bits, bit), freshness: outcomeAt(FRESHNESS_BITS, bits, bit) }
}
