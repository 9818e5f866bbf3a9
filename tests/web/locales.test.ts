import { describe, expect, it } from 'vitest'
import { AUDIT_ACTIONS } from '../../server/src/db/audit-actions.ts'
import { ERROR_CODES, type ErrorCode } from '../../server/src/errors.ts'
import { AUDIT_CATEGORIES } from '../../server/src/db/insert-audit-event.ts'
import { ACTION_NAMES, CATEGORY_NAMES } from '../../server/src/routes/audit/action-names.ts'
import { choosePluralForm } from '../../web/src/i18n.ts'
import en from '../../web/src/locales/en.ts'
import ru from '../../web/src/locales/ru.ts'
import { actionTextKey, CATEGORIES, listActions } from '../../web/src/pages/audit/audit-actions.ts'
import { refusalTextKey } from '../../web/src/pages/sign-in/refusal.ts'

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

/** Refusals that programs alone meet, and one whose own words name the fault better than a text of ours could. */
const WITHOUT_TEXT: readonly ErrorCode[] = [
  'EDU_BAD_REQUEST',
  'EDU_CHUNK_CHANGED',
  'EDU_FILE_UNREADABLE',
  'EDU_IMPORT_HAS_DEPENDENTS',
  'EDU_IMPORT_NOT_FOUND',
  'EDU_IMPORT_STATE',
  'EDU_LEASE_NOT_FOUND',
]

describe.each([
  ['ru', ru],
  ['en', en],
])('closed lists of the API in %s', (_, tree) => {
  const texts = new Map(listLeaves(tree))
  const withoutText = (keys: readonly string[]): string[] => keys.filter((key) => (texts.get(key) ?? '') === '')

  it('have a text for every refusal that a person may meet', () => {
    const codes = ERROR_CODES.filter((code) => !WITHOUT_TEXT.includes(code))
    expect(withoutText(codes.map((code) => `problems.${code}`))).toEqual([])
  })
  it('have a text for every action and sort of the audit', () => {
    expect(withoutText(AUDIT_ACTIONS.map(actionTextKey))).toEqual([])
    expect(withoutText(AUDIT_CATEGORIES.map((category) => `audit.category.${category}`))).toEqual([])
    expect(new Set(AUDIT_ACTIONS.map(actionTextKey)).size).toBe(AUDIT_ACTIONS.length)
  })
})

describe('the audit', () => {
  const texts = new Map(listLeaves(ru))
  it('offers every action and sort', () => {
    expect([...listActions(null)].sort()).toEqual([...AUDIT_ACTIONS].sort())
    expect([...CATEGORIES].sort()).toEqual([...AUDIT_CATEGORIES].sort())
  })
  it('is called the same on the page and in the file', () => {
    for (const action of AUDIT_ACTIONS) expect(texts.get(actionTextKey(action))).toBe(ACTION_NAMES[action])
    for (const category of AUDIT_CATEGORIES) {
      expect(texts.get(`audit.category.${category}`)).toBe(CATEGORY_NAMES[category])
    }
  })
})

describe('refusalTextKey', () => {
  it('knows every refusal of a sign-in at the identity provider, and nothing else', () => {
    const ofProvider = ERROR_CODES.filter((code) => code.startsWith('EDU_OPENID_CONNECT_'))
    expect(ofProvider.length).toBeGreaterThan(0)
    expect(ofProvider.map(refusalTextKey)).toEqual(ofProvider.map((code) => `problems.${code}`))
    expect(refusalTextKey('EDU_INTERNAL')).toBeNull()
    expect(refusalTextKey(['EDU_OPENID_CONNECT_REFUSED'])).toBeNull()
    expect(refusalTextKey(undefined)).toBeNull()
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
