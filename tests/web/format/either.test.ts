import { expect, it } from 'vitest'
import { formatEither } from '../../../web/src/format/either.ts'

it.each([
  ['ru', 'PDF, PNG или JPEG'],
  ['en', 'PDF, PNG or JPEG'],
] as const)('joins alternatives in %s', (language, text) =>
  expect(formatEither(['PDF', 'PNG', 'JPEG'], language)).toBe(text),
)
