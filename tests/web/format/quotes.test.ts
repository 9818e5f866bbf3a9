import { describe, expect, it } from 'vitest'
import { setNames } from '../../../web/src/api/set-names.ts'
import { setQuotes } from '../../../web/src/format/quotes.ts'

describe('setQuotes', () => {
  it.each([
    ['МОУ "СОШ с. Ключи"', 'МОУ «СОШ с. Ключи»'],
    ['МБУ ДО "ЦДО „Спектр“" г. Саратова', 'МБУ ДО «ЦДО „Спектр“» г. Саратова'],
    ['МБУ ДО "ЦДО "Спектр"" г. Саратова', 'МБУ ДО «ЦДО „Спектр“» г. Саратова'],
    ['Филиал МАОУ "ООШ" ("Заря")', 'Филиал МАОУ «ООШ» («Заря»)'],
    ['МОУ «СОШ»', 'МОУ «СОШ»'],
  ])('sets %s', (written, shown) => expect(setQuotes(written)).toBe(shown))
})

describe('setNames', () => {
  it('sets names at any depth and leaves other texts alone', () =>
    expect(
      setNames({ rows: [{ short_name: 'МОУ "А"', headers: [['etag', '"1"']], note: '"как есть"', unit: null }] }),
    ).toEqual({ rows: [{ short_name: 'МОУ «А»', headers: [['etag', '"1"']], note: '"как есть"', unit: null }] }))
})
