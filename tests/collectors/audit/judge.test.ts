import { describe, expect, it } from 'vitest'
import { findingsOf, judgePage, RULES, violationsOf } from './audit-bench.ts'
import { selectRules } from '../../../collectors/src/website/audit/rules.ts'
import { MENU, PLAIN_PAGES, wrapPage } from './school-pages.ts'

const DAY = '2026-11-21'
const page = (content: string) => wrapPage('Подраздел', content, '')
const named = (name: keyof typeof MENU, content = PLAIN_PAGES[name]) => wrapPage(MENU[name], content, '')

describe('selectRules', () => {
  it.each([
    ['2024-09-01', '2024-09-01'],
    ['2025-10-24', '2024-09-01'],
    ['2025-10-25', '2025-10-25'],
    ['2026-02-28', '2025-10-25'],
    ['2026-03-01', '2026-03-01'],
  ])('picks the rule set of %s', (day, first_day) => {
    expect(selectRules(RULES, day, 'school').rule_set).toBe(first_day)
  })

  it('asks for the version for the visually impaired only until point 21 was repealed', () => {
    const asks = (day: string) =>
      selectRules(RULES, day, 'school').subsections.some((row) => row.items.some((item) => item.id === 'common/copy'))
    expect([asks('2025-10-24'), asks('2025-10-25')]).toEqual([true, false])
  })

  it('asks a college what a school need not show', () => {
    const ids = (kind: 'school' | 'college') =>
      selectRules(RULES, DAY, kind).subsections.flatMap((row) => row.items.map((item) => item.id))
    expect(ids('school')).not.toContain('education/eduPriemEl')
    expect(ids('college')).toContain('education/eduPriemEl')
    expect(ids('college')).not.toContain('catering/dailyMenu')
  })

  it('knows no subsection «Доступная среда» of its own today', () => {
    expect(selectRules(RULES, DAY, 'school').subsections.map((row) => row.subsection)).not.toContain('ovz')
    expect(selectRules(RULES, DAY, 'school').subsections).toHaveLength(14)
  })
})

describe('accreditation, which moved on 1 March 2026', () => {
  const with_accreditation = named('common')
  const without = named('education', PLAIN_PAGES.education.replace(/<p>Государственная аккредитация.*?<\/p>/, ''))

  it('belongs to «Основные сведения» on 1 February', () => {
    const rule = 'common/accreditationDocLink'
    expect(findingsOf(judgePage('common', with_accreditation, '2026-02-01'), rule)).toEqual([])
    const missing = named('common', PLAIN_PAGES.common.replace(/<p>Государственная аккредитация.*?<\/p>/, ''))
    expect(findingsOf(judgePage('common', missing, '2026-02-01'), rule)).toHaveLength(1)
    expect(findingsOf(judgePage('common', missing, '2026-03-01'), rule)).toEqual([])
  })

  it('belongs to «Образование» on 1 March, and the finding shows where it still stands', () => {
    const rule = 'education/accreditationDocLink'
    const others = { common: with_accreditation }
    expect(findingsOf(judgePage('education', without, '2026-02-01', { others }), rule)).toEqual([])
    const [finding] = findingsOf(judgePage('education', without, '2026-03-01', { others }), rule)
    expect(finding).toMatchObject({ outcome: 'not_confirmed', grade: 'warning' })
    expect(finding?.url).toBe('https://school.example/sveden/common')
    expect(finding?.seen).toMatch(/аккредитац/i)
  })
})

describe('staff as a document, allowed since 1 March 2026', () => {
  const document_only = named(
    'employees',
    '<p>Сведения приведены в файле:</p><a href="/staff.pdf">Педагогический состав ООП НОО</a>',
  )

  it('is not recognised before and enough after', () => {
    const before = judgePage('employees', document_only, '2026-02-01')
    const after = judgePage('employees', document_only, '2026-03-01')
    expect(before.presence).toBe('not_confirmed')
    expect(after).toMatchObject({ presence: 'present', items_present: 1, items_expected: 1 })
  })
})

describe('presence', () => {
  it('finds no violation on pages without any markup where all information is there', () => {
    const judged = (Object.keys(PLAIN_PAGES) as (keyof typeof PLAIN_PAGES)[]).map((name) =>
      judgePage(name, named(name), DAY),
    )
    expect(violationsOf(judged)).toEqual([])
    for (const row of judged) {
      expect(row).toMatchObject({
        presence: 'present',
        markup: 'none',
        items_present: row.items_expected,
        items_marked: 0,
      })
      expect(row.findings.filter((finding) => finding.grade === 'warning')).toEqual([])
    }
  })

  it('calls a labelled place without value empty, quoting where', () => {
    const content = PLAIN_PAGES.common.replace('1 сентября 1974 г.', ' – ')
    const [finding] = findingsOf(judgePage('common', named('common', content), DAY), 'common/regDate')
    expect(finding).toMatchObject({ outcome: 'empty', grade: 'violation', scale: 'presence' })
    expect(finding?.place).toContain('td')
  })

  it('calls what it cannot recognise not confirmed, which is no violation', () => {
    const content = PLAIN_PAGES.common.replace(/<tr><td>Режим.*?<\/tr>/, '')
    const judged = judgePage('common', named('common', content), DAY)
    expect(findingsOf(judged, 'common/workTime')).toMatchObject([{ outcome: 'not_confirmed', grade: 'warning' }])
    expect(judged.items_present).toBe(judged.items_expected - 1)
    expect(violationsOf([judged])).toEqual([])
  })

  it.each(['Стипендии: отсутствуют. Меры поддержки: отсутствуют.', 'Не предусмотрено', 'Нет'])(
    'takes «%s» for an answer',
    (words) => {
      expect(judgePage('grants', page(`<p>${words}</p>`), DAY)).toMatchObject({ presence: 'present', items_present: 2 })
    },
  )

  it('knows a table of vacant places by its columns alone', () => {
    const table =
      '<table><tr><th>Класс<th>За счёт областного бюджета<th>По договорам</tr><tr><td>1<td>5<td>0</tr></table>'
    expect(judgePage('vacant', named('vacant', table), DAY).presence).toBe('present')
  })

  it('takes 0 for an answer, not for nothing', () => {
    const judged = judgePage('vacant', named('vacant'), DAY)
    expect(findingsOf(judged, 'vacant/vacant.numberBFVacant')).toEqual([])
  })

  it('calls a page of nothing but its name empty', () => {
    expect(judgePage('inter', named('inter', ''), DAY)).toMatchObject({
      presence: 'empty',
      markup: null,
      findings: [{ rule: 'inter', outcome: 'empty', grade: 'violation' }],
    })
  })

  it.each(['<img src="scan.jpg">', '<iframe src="https://docs.example/1"></iframe>'])(
    'does not judge %s',
    (content) => {
      expect(judgePage('inter', named('inter', content), DAY)).toMatchObject({ presence: 'not_confirmed' })
    },
  )

  it('wants a link to a document, not its mention', () => {
    const mention = PLAIN_PAGES.document.replace(
      /<p><a [^>]*>Устав школы<\/a><\/p>/,
      '<p>Школа действует на основании устава.</p>',
    )
    const judged = judgePage('document', named('document', mention), DAY)
    expect(findingsOf(judged, 'document/ustavDocLink')).toMatchObject([{ outcome: 'not_confirmed' }])
  })

  it('does not take the menu for content', () => {
    const menu = '<a href="/ustav">Устав</a> <a href="/budget">План ФХД</a>'
    const judged = judgePage(
      'document',
      wrapPage('Документы', '<p>Раздел наполняется документами, зайдите позднее, пожалуйста, через месяц.</p>', menu),
      DAY,
    )
    expect(judged.items_present).toBe(0)
  })
})

describe('freshness', () => {
  it('does not call «Вакантные места» of 3 August out of date without a known event', () => {
    const judged = judgePage('vacant', named('vacant'), DAY)
    expect(judged).toMatchObject({ freshness: 'dated', dated_on: '2026-08-03' })
    expect(findingsOf(judged, 'vacant').filter((finding) => finding.scale === 'freshness')).toMatchObject([
      { outcome: 'dated', grade: 'note' },
    ])
    expect(violationsOf([judged])).toEqual([])
  })

  const plan = (year: number) =>
    named(
      'budget',
      PLAIN_PAGES.budget
        .replace('План ФХД на 2026 год', `План ФХД на ${year} год`)
        .replace(/ и плановый период[^<]*/, ''),
    )

  it('calls last year’s plan overdue, quoting it', () => {
    const judged = judgePage('budget', plan(2025), DAY)
    expect(judged.freshness).toBe('overdue')
    expect(findingsOf(judged, 'budget/plan_year')).toMatchObject([{ grade: 'violation', seen: 'План ФХД на 2025 год' }])
  })

  it.each([
    ['2026-01-23', 'dated'],
    ['2026-01-24', 'overdue'],
  ])('gives ten working days after New Year: %s %s', (day, freshness) => {
    expect(judgePage('budget', plan(2025), day).freshness).toBe(freshness)
  })

  it('does not call a plan overdue when a later document may be the newer one', () => {
    const content = named(
      'budget',
      '<p><a href="a.pdf">План ФХД на 2025 год</a></p><p><a href="b.pdf">Изменения от 10.02.2026</a></p>',
    )
    expect(judgePage('budget', content, DAY).freshness).toBe('dated')
  })

  it('leaves undated what states no date', () => {
    expect(judgePage('managers', named('managers'), DAY).freshness).toBe('undated')
  })
})
