import { describe, expect, it } from 'vitest'
import { findMeantName } from '../../../collectors/src/website/audit/markup-faults.ts'
import { findingsOf, judgePage } from './audit-bench.ts'
import { wrapPage } from './school-pages.ts'

const DAY = '2026-11-21'
const page = (content: string) => wrapPage('Подраздел', content, '')
const DIRECTOR = (tag: string, attribute = 'itemprop') => `<${tag} ${attribute}="rucovodstvo">
<td ${attribute}="fio">Иванова Мария Петровна</td><td ${attribute}="post">Директор</td>
<td ${attribute}="telephone">8 (84500) 5-12-34</td><td ${attribute}="email">dir@example.ru</td></${tag}>`
const ZAM = '<p itemprop="rucovodstvoZam">отсутствует</p>'

describe('official counting of itemprop', () => {
  it('counts children of a main tag however deep between', () => {
    const judged = judgePage(
      'managers',
      page(`<div itemprop="rucovodstvo"><div class="a"><p><b itemprop="fio">Иванова Мария</b></p></div>
<i itemprop="post">Директор</i> <i itemprop="telephone">51234</i> <i itemprop="email">a@example.ru</i></div>${ZAM}`),
      DAY,
    )
    expect(judged).toMatchObject({ markup: 'current', items_marked: 6, items_expected: 6 })
  })

  it('does not count a sibling: a child without its main tag is not found', () => {
    const judged = judgePage(
      'managers',
      page(`<div itemprop="rucovodstvo">Директор</div><div itemprop="fio">Иванова Мария Петровна</div>${ZAM}`),
      DAY,
    )
    expect(judged.markup).toBe('faulty')
    expect(findingsOf(judged, 'markup/wrong_parent')).toMatchObject([{ outcome: 'faulty', grade: 'warning' }])
  })

  it('does not care for the case of the attribute, as React writes it', () => {
    const judged = judgePage('managers', page(`<table>${DIRECTOR('tr', 'itemProp')}</table>${ZAM}`), DAY)
    expect(judged).toMatchObject({ markup: 'current', items_marked: 6 })
  })

  it('does not count schema.org names of page furniture', () => {
    const judged = judgePage(
      'common',
      page('<p>Здесь будут основные сведения о нашей образовательной организации и её работе.</p>'),
      DAY,
    )
    expect(judged).toMatchObject({ markup: 'none', items_marked: 0 })
  })

  it('counts telephone and email inside a page that is a schema.org item as a whole', () => {
    const judged = judgePage(
      'common',
      `<body itemscope itemtype="http://schema.org/WebPage"><main><h1>Основные сведения</h1>
<p itemprop="fullName">Муниципальное общеобразовательное учреждение</p><p itemprop="telephone">51234</p></main></body>`,
      DAY,
    )
    expect(judged).toMatchObject({ markup: 'current', items_marked: 2 })
  })
})

describe('faults of markup', () => {
  const faulty: [string, string, string][] = [
    [
      'void_container',
      `<br itemprop="rucovodstvo"><p itemprop="fio">Иванова Мария Петровна</p>`,
      'markup/void_container',
    ],
    [
      'header row',
      `<table><tr itemprop="rucovodstvo"><th itemprop="fio">ФИО</th><th itemprop="post">Должность</th></tr><tr><td>Иванова</td><td>директор</td></tr></table>`,
      'markup/header_row',
    ],
    ['misspelt name', '<p itemprop="rucovodsvo">Иванова Мария Петровна, директор</p>', 'markup/misspelt'],
    ['wrong case', '<p itemprop="rucovodstvozam">Петрова Анна Ивановна</p>', 'markup/misspelt'],
    ['curly quotes', '<p itemprop=”rucovodstvoZam”>Петрова Анна Ивановна</p>', 'markup/curly_quotes'],
    ['hidden placeholder', '<p itemprop="rucovodstvoZam" style="display: none">X</p>', 'markup/hidden_value'],
    ['empty cell', '<table><tr itemprop="rucovodstvoZam"><td></td></tr></table>', 'markup/empty_value'],
    ['placeholder', '<p itemprop="rucovodstvoZam">X</p>', 'markup/empty_value'],
  ]
  it.each(faulty)('%s', (_, content, rule) => {
    const judged = judgePage(
      'managers',
      page(`${content}<p>Руководство школы принимает по средам с 15 до 17 часов в кабинете 12 на втором этаже.</p>`),
      DAY,
    )
    expect(judged.markup).toBe('faulty')
    expect(findingsOf(judged, rule)[0]?.seen).toContain('itemprop="')
  })

  it('label inside the value', () => {
    const judged = judgePage('common', page('<p itemprop="regDate">Дата создания: 31 мая 1930 г.</p>'), DAY)
    expect(findingsOf(judged, 'markup/label_inside')).toMatchObject([
      { seen: '<p itemprop="regDate"> → «Дата создания: 31 мая 1930 г.»' },
    ])
  })

  it('reports a fault once with the number of its places', () => {
    const cells = '<p itemprop="fullName"></p>'.repeat(7)
    const judged = judgePage(
      'common',
      page(`${cells}<p>Полное наименование: школа № 1 города Саратова, основана в 1930 году</p>`),
      DAY,
    )
    expect(findingsOf(judged, 'markup/empty_value')).toHaveLength(1)
    expect(findingsOf(judged, 'markup/empty_value')[0]?.seen).toContain('таких мест: 7')
  })

  it('an empty mark does not hide words that are there', () => {
    const judged = judgePage(
      'common',
      page('<p itemprop="fullName"></p><table><tr><td>Полное наименование</td><td>МОУ СОШ № 1</td></tr></table>'),
      DAY,
    )
    expect(findingsOf(judged, 'common/fullName').filter((finding) => finding.scale === 'presence')).toEqual([])
  })
})

describe('names of former rules', () => {
  it('make markup outdated and name the heir', () => {
    const judged = judgePage(
      'paid_edu',
      page('<a href="/p.pdf" itemprop="PaidEdu_DocLink">Порядок оказания платных услуг</a>'),
      DAY,
    )
    expect(judged).toMatchObject({ markup: 'outdated', items_marked: 0 })
    expect(findingsOf(judged, 'paid_edu/paidEdu').map((finding) => finding.outcome)).toContain('outdated')
  })

  it('do not matter where all is marked up by the present names', () => {
    const content = `<a itemprop="eduFedDoc" href="/fgos">ФГОС НОО</a><span itemprop="osnovSveden"></span>`
    expect(judgePage('eduStandarts', page(content), DAY).markup).toBe('current')
  })
})

describe('records', () => {
  it('a row with one «не предусмотрены» among its cells is still a record', () => {
    const row =
      '<p itemprop="eduName">ООП НОО</p><p itemprop="eduLevel">начальное общее</p><p itemprop="eduPrac">не предусмотрены</p>'
    const judged = judgePage('education', page(`<div itemprop="eduAccred">${row}</div>`), DAY)
    expect(findingsOf(judged, 'education/eduAccred')).toEqual([])
  })

  it('children below a main tag of former rules are outdated with it, no fault of their own', () => {
    const judged = judgePage(
      'objects',
      page(
        '<div itemprop="objCnt"><p itemprop="nameCab">Кабинет химии: вытяжной шкаф, приборы, реактивы, таблица Менделеева</p></div>',
      ),
      DAY,
    )
    expect(judged.markup).toBe('outdated')
    expect(findingsOf(judged, 'markup/wrong_parent')).toEqual([])
  })
})

describe('findMeantName', () => {
  const names = ['shortName', 'fullName', 'telephone', 'fio']
  it.each([
    ['shrotName', 'shortName'],
    ['fullname', 'fullName'],
    ['telefone', 'telephone'],
    ['foo', null],
    ['headline', null],
  ])('%s → %s', (written, meant) => {
    expect(findMeantName(written, names)).toBe(meant)
  })
})
