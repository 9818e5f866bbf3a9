/** What an event recorded, as it came: JSON of any shape. */
type Content = Readonly<Record<string, unknown>>

/** One field of what was there before and after. */
export interface ComparedField {
  /** Code of the field. */
  key: string
  before: unknown
  after: unknown
  isChanged: boolean
}

const sameAs = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right)

/**
 * Fields of both sides, the changed ones first, each in the order in which it was recorded. A side that is null had
 * nothing; a field that one side lacks is undefined there.
 */
export function compareFields(before: Content | null, after: Content | null): ComparedField[] {
  const keys = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  const fields = keys.map((key) => {
    const sides = { before: before?.[key], after: after?.[key] }
    return { key, ...sides, isChanged: !sameAs(sides.before, sides.after) }
  })
  return [...fields.filter((field) => field.isChanged), ...fields.filter((field) => !field.isChanged)]
}

/** Keys of texts of a word of a field, the nearest first: several lists of words are known by the field's name. */
export function valueTextKeys(field: string, word: string): string[] {
  const list = {
    role: 'role',
    roles: 'role',
    founder_kinds: 'founder_kind',
    status: 'status',
    subsection: 'subsection',
  }[field]
  return [...(list === undefined ? [] : [`words.${list}.${word}`]), `audit.value.${word}`]
}
