import { afterAll, describe, expect, it } from 'vitest'
import { readContent } from '../../../collectors/src/website/audit/read-content.ts'
import { openParts } from './audit-bench.ts'

const url = new URL('https://school.example/')
const kinds = (html: string) => readContent(html, url).blocks.map((block) => [block.kind, block.text, block.value])

describe('readContent', () => {
  it('reads rows of two cells as label and value, numbered rows too', () => {
    expect(kinds('<table><tr><td>1.</td><td>Адрес</td><td>ул. Мира, 1</td></tr></table>')).toContainEqual([
      'label',
      'Адрес',
      'ул. Мира, 1',
    ])
  })

  it('reads a header row as columns with the first filled cell', () => {
    const html = '<table><tr><th>ФИО<th>Стаж</tr><tr><td>Иванова<td></tr><tr><td>Петрова<td>7 лет</tr></table>'
    expect(kinds(html)).toContainEqual(['column', 'Стаж', '7 лет'])
  })

  it('reads terms with their definitions', () => {
    expect(kinds('<dl><dt>Телефон<dd>51234<dt>Почта<dd></dl>')).toEqual(
      expect.arrayContaining([
        ['label', 'Телефон', '51234'],
        ['label', 'Почта', ''],
      ]),
    )
  })

  it('gives a heading what stands below it up to the next of its level', () => {
    expect(kinds('<h2>Библиотека</h2><h3>Фонд</h3><p>8 тысяч</p><h2>Спорт</h2>')).toEqual(
      expect.arrayContaining([
        ['heading', 'Библиотека', 'Фонд 8 тысяч'],
        ['heading', 'Спорт', ''],
      ]),
    )
  })

  it('keeps links of menus but not their text', () => {
    const content = readContent('<nav><a href="/x">Документы</a></nav><main>Текст</main>', url)
    expect(content.links).toEqual([{ url: 'https://school.example/x', text: 'Документы' }])
    expect(content.blocks.map((block) => block.text)).toEqual(['Текст'])
  })

  it('gives empty lists for an empty page', () => {
    expect(readContent('', url)).toMatchObject({ blocks: [], marks: [], links: [], content_length: 0 })
  })
})

describe('hostile pages on the worker', () => {
  const parts = openParts()
  afterAll(() => parts.close())
  const answer = (html: string) => ({
    url: url.href,
    started_at: new Date(),
    cause: null,
    timings: { resolve_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, total_ms: 0 },
    remote_address: null,
    certificate: null,
    tls_resumed: null,
    http_status: 200,
    http_version: '1.1',
    headers: [] as [string, string][],
    body: Buffer.from(html),
    body_bytes: html.length,
    body_sha256: null,
  })

  it.each([
    ['divs', '<div>'.repeat(200_000)],
    ['marked elements', '<b itemprop=fio>'.repeat(50_000)],
    ['tables', '<table><tr><td>'.repeat(20_000)],
    ['misnested formatting', '<a><b><i><table>'.repeat(5_000)],
  ])('nested %s end in an answer, and the pool goes on', async (_, html) => {
    const read = await parts.contents.read(answer(html))
    expect(read.ok ? read.value.url : read.failure).toMatch(/^(https:\/\/school\.example\/|time_limit|memory_limit)$/)
    expect(await parts.contents.read(answer('<p>Школа</p>'))).toMatchObject({ ok: true, value: { content_length: 5 } })
  })
})
