import { describe, expect, it } from 'vitest'
import { loadWebsiteRules } from '../../../collectors/src/website/audit/rules.ts'
import { describeFinding } from '../../../server/src/domain/finding-texts.ts'

const RULES = loadWebsiteRules()
const ORDER = 'Приказ Рособрнадзора от 04.08.2023 № 1493'
const ADVICE = 'Методические рекомендации Рособрнадзора, версия 9.0.0 (2025)'

describe('describeFinding', () => {
  it('grounds what is missing on the rule of the thing itself', () => {
    const finding = { rule: 'common/regDate', scale: 'presence', outcome: 'absent' } as const
    expect(describeFinding(RULES, 'common', finding, 'own').source).toBe(`${ORDER}, п. 7, подп. «б»`)
  })

  it.each([
    ['common/regDate', 'common', 'none', '3.2.1'],
    ['common/regDate', 'common', 'outdated', '3.2.1'],
    ['catering', 'catering', 'none', '3.15.1'],
  ] as const)('grounds missing or former markup of %s on the order’s point on markup and its table', (...given) => {
    const [rule, subsection, outcome, table] = given
    const words = describeFinding(RULES, subsection, { rule, scale: 'markup', outcome }, 'own')
    expect(words.source).toBe(`${ORDER}, п. 27; ${ADVICE}, таблица ${table}`)
    expect(words.asks).toContain('html-разметк')
  })

  it('grounds a fault of markup on what that fault breaks', () => {
    const finding = { rule: 'markup/empty_value', scale: 'markup', outcome: 'faulty' } as const
    expect(describeFinding(RULES, 'common', finding, 'own').source).toBe(`${ADVICE}, таблица 3.2.1, сноска 2`)
  })

  it('names no table where the recommendations have none', () => {
    const words = describeFinding(RULES, 'ovz', { rule: 'ovz', scale: 'markup', outcome: 'none' }, 'own')
    expect(words.source).toBe(`${ORDER}, п. 27`)
  })
})
