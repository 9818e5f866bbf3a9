import fc, { type Arbitrary } from 'fast-check'
import type { Schema } from './api-document.ts'

type Schemas = Readonly<Record<string, Schema>>

const DEEP = 400

function nest(depth: number): unknown {
  let value: unknown = 'x'
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

/** Texts that break programs: half characters, NUL, other people's syntax, sheer length. */
const ODD_TEXTS = [
  ...['', ' ', '\0', 'a\0b', '\ud800', 'x\udfff', '\u202e', 'Ё', '𝒳'.repeat(300), 'x'.repeat(12_000), '%', '\\', "'"],
  ...["'; DROP TABLE org_unit; --", '../../etc/passwd', '${7*7}', '<script>', '=1+1', 'null', 'NaN', '1e999', '-0'],
  ...['0000-00-00', '9999-12-31', '2026-02-30', '2026-13-01T00:00:00Z', '-271821-04-20T00:00:00Z', '1900', '١٢'],
]
const ODD_NUMBERS = [0, -0, -1, 0.5, 1e-300, 1e308, -1e308, 2 ** 31, 2 ** 53, 2 ** 63, -(2 ** 63), 1e21]

/** What some fields mean, so that requests get past the first look: days, moments, kinds, addresses. */
const FITTING: Readonly<Record<string, readonly unknown[]>> = {
  ...Object.fromEntries(
    ['day', 'valid_on', 'valid_from', 'valid_to', 'effective_on'].map((name) => [
      name,
      ['2026-11-21', '2026-01-01', '1990-02-28', '2100-12-31', null],
    ]),
  ),
  known_at: ['2026-11-21T10:00:00Z', '2099-01-01T00:00:00.000Z', '2000-01-01T00:00:00Z'],
  period: ['2026Q3', '2026-09', '2026', '2026-27SY', '2026Q4'],
  kind: ['registry', 'registry', 'x'],
  file_name: ['a.csv', 'реестр.xlsx', 'x'.repeat(200)],
  territory_oktmo: ['63701000', '63650000'],
  url: ['https://school.example/', 'ftp://x', 'javascript:x'],
}

/** What a field is likely to mean, besides what its schema allows. */
export function fitting(name: string, schema: Schema, allowed: Arbitrary<unknown>): Arbitrary<unknown> {
  const values = FITTING[name] ?? []
  const isClosed = schema.enum !== undefined || schema.items !== undefined
  if (values.length === 0 || isClosed) return allowed
  return fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: allowed })
}

/** Any value that JSON can hold, the odd ones first. */
export const anyJson: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, [], {}, [[]], nest(DEEP), Array(1000).fill(0), { __proto__: 1 }),
  fc.constantFrom(...ODD_TEXTS),
  fc.constantFrom(...ODD_NUMBERS),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 3 }),
)

function resolve(schema: Schema, schemas: Schemas): Schema {
  const name = schema.$ref?.replace('#/components/schemas/', '')
  return name === undefined ? schema : (schemas[name] ?? {})
}

function text({ pattern, minLength = 0, maxLength = 60 }: Schema): Arbitrary<unknown> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'))
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 60) })
}

function whole({ minimum = -1000, maximum = 1_000_000 }: Schema): Arbitrary<unknown> {
  const small = fc.integer({ min: minimum, max: Math.min(maximum, minimum + 60) })
  return fc.oneof(small, fc.constantFrom(minimum, maximum))
}

function object(schema: Schema, schemas: Schemas, spoil: number): Arbitrary<unknown> {
  const { properties = {}, required = [] } = schema
  const parts = Object.fromEntries(
    Object.entries(properties).map(([name, part]) => [
      name,
      spoil === 0 ? fromSchema(part, schemas, 0) : fitting(name, part, fromSchema(part, schemas, spoil)),
    ]),
  )
  const record = fc.record(parts, { requiredKeys: required })
  if (spoil === 0) return record
  const odd = fc.tuple(record, fc.constantFrom(...Object.keys(parts), 'unknown'), anyJson, fc.boolean())
  return fc.oneof(
    { weight: 4, arbitrary: record },
    {
      weight: 1,
      arbitrary: odd.map(([value, key, other, isGone]) => {
        const changed: Record<string, unknown> = { ...value, [key]: other }
        return isGone ? Object.fromEntries(Object.entries(changed).filter(([name]) => name !== key)) : changed
      }),
    },
  )
}

function list(
  { items = {}, prefixItems, minItems = 0, maxItems = 1000 }: Schema,
  schemas: Schemas,
  spoil: number,
): Arbitrary<unknown> {
  if (prefixItems !== undefined) return fc.tuple(...prefixItems.map((part) => fromSchema(part, schemas, spoil)))
  const item = fromSchema(items === false ? {} : items, schemas, spoil)
  const few = fc.array(item, { minLength: minItems, maxLength: Math.min(maxItems, minItems + 4) })
  const many = item.map((value) => Array<unknown>(Math.min(maxItems, 1000)).fill(value))
  return fc.oneof({ weight: 6, arbitrary: few }, { weight: 1, arbitrary: many })
}

function plain(schema: Schema, schemas: Schemas, spoil: number): Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((part) => fromSchema(part, schemas, spoil)))
  switch ([schema.type].flat()[0]) {
    case 'object':
      return object(schema, schemas, spoil)
    case 'array':
      return list(schema, schemas, spoil)
    case 'string':
      return text(schema)
    case 'integer':
      return whole(schema)
    case 'number':
      return fc.oneof(
        fc.double({ noNaN: true, min: schema.minimum ?? -1e9, max: schema.maximum ?? 1e9 }),
        fc.constantFrom(schema.minimum ?? 0, schema.maximum ?? 0),
      )
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case undefined:
    default:
      return anyJson
  }
}

/**
 * Values of a schema.
 * @param spoil share, in hundredths, of parts that are anything else instead; 0: only what the schema allows
 */
export function fromSchema(schema: Schema, schemas: Schemas, spoil: number): Arbitrary<unknown> {
  const allowed = plain(resolve(schema, schemas), schemas, spoil)
  if (spoil === 0) return allowed
  return fc.oneof({ weight: 100 - spoil, arbitrary: allowed }, { weight: spoil, arbitrary: anyJson })
}
