import Type from 'typebox'

/** Own stable number of an org unit (region, municipality, district, organisation, branch, building). */
export const OrgUnitId = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Own stable number of an org unit',
})

/** Number of a record of ours: an import, an incident. */
export const RecordNo = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })

/** Rows of a list to pass over. */
export const Offset = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })

export const Uuid = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  description: 'UUID in lower case',
})

/** RFC 3339 instant in UTC, milliseconds at most. */
export const Instant = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,3})?Z$',
  description: 'Instant in UTC, RFC 3339, ends in Z',
})

export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Calendar day, YYYY-MM-DD' })

export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hexadecimal' })

export const Milliseconds = Type.Integer({ minimum: 0, maximum: 600_000, description: 'Milliseconds' })

/** Bytes of one answer; far above any limit that a collector keeps. */
export const ByteCount = Type.Integer({ minimum: 0, maximum: 1e12, description: 'Bytes' })

/** Kinds of organisation; they decide which rules and denominators apply. */
export const ORG_KINDS = ['school', 'college', 'additional', 'preschool', 'centre'] as const
export type OrgKind = (typeof ORG_KINDS)[number]

/** Who founded an organisation: it decides who answers for it. */
export const FOUNDER_KINDS = ['municipal', 'regional', 'federal', 'private'] as const
export type FounderKind = (typeof FOUNDER_KINDS)[number]

export const Url = Type.String({ minLength: 1, maxLength: 2048 })

/** A closed list as a schema: `literalUnion(['a', 'b'])` accepts only these strings. */
export function literalUnion<const T extends string[]>(values: readonly [...T], description?: string): Type.TEnum<T> {
  return Type.Enum<T>(values, description === undefined ? {} : { description })
}

export function nullable<T extends Type.TSchema>(schema: T): Type.TUnion<[T, Type.TNull]> {
  return Type.Union([schema, Type.Null()])
}
