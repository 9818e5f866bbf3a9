import { describe, expect, it } from 'vitest'
import { choosePluralForm } from '../../web/src/i18n.ts'
import en from '../../web/src/locales/en.ts'
import ru from '../../web/src/locales/ru.ts'

function listLeaves(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null
      ? listLeaves(value, `${path}${key}.`)
      : [[`${path}${key}`, String(value)] as [string, string]],
  )
}
const namesIn = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))].sort()

describe('locales', () => {
  const russian = new Map(listLeaves(ru))
  const english = new Map(listLeaves(en))

  it('have the same keys', () => expect([...english.keys()].sort()).toEqual([...russian.keys()].sort()))
  it('take the same named values', () => {
    const different = [...russian].filter(
      ([key, text]) => namesIn(text).join() !== namesIn(english.get(key) ?? '').join(),
    )
    expect(different.map(([key]) => key)).toEqual([])
  })
  it('leave no Russian letter in English but in the name of a language', () => {
    const mixed = [...english].filter(([key, text]) => /[а-яё]/i.test(text) && key !== 'frame.language_ru')
    expect(mixed).toEqual([])
  })
})

describe('choosePluralForm', () => {
  it.each([
    [1, 0],
    [21, 0],
    [2, 1],
    [104, 1],
    [5, 2],
    [11, 2],
    [12, 2],
    [111, 2],
    [0, 2],
  ])('gives %i the Russian form %i', (count, form) => expect(choosePluralForm(count, 3)).toBe(form))
})
