import { setQuotes } from '../format/quotes.ts'

const NAME_KEYS = new Set([
  'full_name',
  'short_name',
  'municipality_name',
  'org_unit_name',
  'predecessor_name',
  'scope_name',
  'successor_name',
])

/** An answer with the names in it set for the screen; the registry keeps them as they were written. */
export function setNames<T>(value: T): T {
  if (Array.isArray(value)) {
    for (const item of value) setNames<unknown>(item)
  } else if (typeof value === 'object' && value !== null) {
    const record = value as Record<string, unknown>
    for (const [key, part] of Object.entries(record)) {
      if (typeof part !== 'string') setNames(part)
      else if (NAME_KEYS.has(key) && part.includes('"')) record[key] = setQuotes(part)
    }
  }
  return value
}
