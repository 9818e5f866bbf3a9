import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import Value from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { GeneralRules, SITE_CAUSE_CODES, SubsectionRules, SVEDEN_SUBSECTIONS } from '@edumon/server/contract'
import type { RuleItem } from '@edumon/server/contract'
import { findSample } from '../setup/sample-data.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = resolve(root, 'sql/reference/website-rules')
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))
const general = read(resolve(folder, 'general.json')) as GeneralRules
const subsections = SVEDEN_SUBSECTIONS.map((name) => read(resolve(folder, `${name}.json`)) as SubsectionRules)
const items = subsections.flatMap((subsection) => subsection.items)
const DAYS = [...general.rule_sets, '2026-02-01', '2026-11-21']
const inForce = (row: { valid_from: string; valid_to: string | null }, day: string) =>
  row.valid_from <= day && (row.valid_to === null || day < row.valid_to)

describe('website rule data', () => {
  it('is one file per subsection plus the general one, each valid by the schema', () => {
    expect(readdirSync(folder).sort()).toEqual([...SVEDEN_SUBSECTIONS, 'general'].map((name) => `${name}.json`).sort())
    expect(Value.Errors(GeneralRules, general)).toEqual([])
    for (const subsection of subsections) expect(Value.Errors(SubsectionRules, subsection)).toEqual([])
  })

  it('has one row per id in every rule set and names only acts that it lists', () => {
    const acts = new Set(general.acts.map((act) => act.act))
    for (const day of DAYS) {
      const ids = items.filter((item) => inForce(item, day)).map((item) => item.id)
      expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
    }
    const named = [
      ...items,
      ...subsections,
      ...subsections.flatMap((row) => row.freshness),
      ...general.markup_faults,
      general.markup_rule,
    ]
    expect(named.map((row) => row.act).filter((act) => !acts.has(act))).toEqual([])
  })

  it('has a child only below a main tag of the same subsection', () => {
    for (const subsection of subsections) {
      const mains = new Set(subsection.items.filter((item) => item.parent === null).map((item) => item.itemprop))
      expect(subsection.items.filter((item) => item.parent !== null && !mains.has(item.parent))).toEqual([])
    }
  })

  it('starts a new rule set on exactly the days on which a row begins or ends', () => {
    const days = [...items, ...subsections.filter((row) => row.subsection !== 'ovz')].flatMap((row) => [
      row.valid_from,
      row.valid_to,
    ])
    const changes = [...new Set(days)].filter((day) => day !== null && day !== '2028-03-01').sort()
    expect(changes).toEqual(general.rule_sets)
  })

  it('calls nothing an obligation that only recommendations ask', () => {
    const advice = new Set(general.acts.filter((act) => !act.binding).map((act) => act.act))
    const wrong = items.filter((item) => advice.has(item.act) && ['must', 'must_or_none'].includes(item.obligation))
    expect(wrong.map((item) => item.id)).toEqual([])
  })

  it('holds patterns that compile and match no empty text', () => {
    const patterns = [...items.flatMap((item) => item.words), ...general.none_words, ...general.placeholder_words]
    for (const pattern of patterns) expect(new RegExp(pattern, 'u').test(''), pattern).toBe(false)
  })
})

const recommendations = findSample('recommendations')

interface PrintedName {
  itemprop: string
  starred: boolean
  row: string
}

/** Names in one table «Перечень атрибутов» in print order; a name may be broken over two lines. */
function readPrintedNames(text: string, table: string): PrintedName[] {
  const start = text.search(new RegExp(`Таблица ${table}\\.1\\.? – Перечень`))
  const rest = text.slice(start)
  const lines = rest
    .slice(
      0,
      rest.search(
        /(рекомендуется пред|На главной странице подраздела|Главная\s+страница\s+подраздела|размещаются\s+для|В данном подразделе|Согласно п\. 10|Информацию (о|об) (материально|наличии))/,
      ),
    )
    .split('\n')
  const names: PrintedName[] = []
  lines.forEach((line, at) => {
    const column = line.indexOf('itemprop="')
    if (column < 0) return
    let name = line.slice(column + 'itemprop="'.length).trim()
    for (const next of lines.slice(at + 1, at + 4)) {
      const part = /([A-Za-z]*"?\*?)\s*$/.exec(next)?.[1] ?? ''
      if (!(name.includes('"') ? /^\*$/ : /^[A-Za-z]*"\*?$/).test(part)) break
      name += part
    }
    const row = /^\s*(\d+(?:\.\d+)?)\s/.exec(line)?.[1] ?? ''
    names.push({ itemprop: name.replace(/".*$/, ''), starred: name.includes('*'), row })
  })
  return names
}

/** Rows of our data that are checked against one printed table, in print order. */
function dataOf(table: string, rows: RuleItem[]): { itemprop: string | null; row: string; parent: string | null }[] {
  const seen = new Map(
    rows.flatMap((item) => {
      const row = new RegExp(`таблица ${table}\\.1, № (\\S+)$`).exec(item.checked)?.[1]
      return row === undefined
        ? []
        : [[`${row} ${item.itemprop ?? ''}`, { itemprop: item.itemprop, row, parent: item.parent }]]
    }),
  )
  return [...seen.values()]
}

describe.runIf(recommendations !== null)('rule data against the printed recommendations v9.0.0', () => {
  const text =
    recommendations === null
      ? ''
      : execFileSync('pdftotext', ['-layout', recommendations, '-'], { encoding: 'utf8', maxBuffer: 16_000_000 })

  it.each(subsections.filter((row) => row.number !== null).map((row) => [row.number, row] as const))(
    'subsection %i: its table lists the same names in the same rows below the same main tags',
    (number, subsection) => {
      const table = `3.${(number ?? 0) + 1}`
      const printed = readPrintedNames(text, table)
      expect(printed[0]?.itemprop).toBe('copy')
      const ours = dataOf(table, subsection.items).filter((row) => row.itemprop !== 'copy')
      const main = (row: string) => printed.find((name) => row.includes('.') && name.row === row.split('.')[0])
      expect(ours).toEqual(
        printed.slice(1).map(({ itemprop, row }) => ({ itemprop, row, parent: main(row)?.itemprop ?? null })),
      )
    },
  )

  it('demands outright nothing that the tables mark with an asterisk', () => {
    for (const subsection of subsections.filter((row) => row.number !== null)) {
      const starred = readPrintedNames(text, `3.${(subsection.number ?? 0) + 1}`).filter((name) => name.starred)
      const rows = new Set(starred.map((name) => `${name.row} ${name.itemprop}`))
      const demanded = subsection.items.filter((item) => item.obligation === 'must')
      const wrong = demanded.filter((item) =>
        rows.has(`${/№ (\S+)$/.exec(item.checked)?.[1] ?? ''} ${item.itemprop ?? ''}`),
      )
      expect(wrong.map((item) => item.id)).toEqual([])
    }
  })

  it('names the addresses of table 3.1', () => {
    for (const subsection of subsections.filter((row) => row.number !== null)) {
      expect(text).toContain(`<адрес_Сайта>/sveden/${subsection.subsection}\n`)
    }
  })
})

describe('site causes', () => {
  const causes = read(resolve(root, 'sql/reference/site-causes.json')) as Record<
    string,
    Record<string, Record<string, string>>
  >

  it('explains every cause of the closed list, and no other, in both languages', () => {
    expect(Object.keys(causes).sort()).toEqual([...SITE_CAUSE_CODES].sort())
    for (const [code, texts] of Object.entries(causes)) {
      for (const language of ['ru', 'en']) {
        for (const part of ['meaning', 'remedy']) {
          expect(texts[language]?.[part] ?? '', `${code} ${language} ${part}`).toMatch(/^[A-ZА-Я«].{9,}\.$/u)
        }
      }
    }
  })
})
