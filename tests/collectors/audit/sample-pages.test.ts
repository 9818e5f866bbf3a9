import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readContent } from '../../../collectors/src/website/audit/read-content.ts'
import { findSample } from '../../setup/sample-data.ts'
import { findingsOf, judgePage } from './audit-bench.ts'

const DAY = '2026-11-21'
const sites = findSample('sites')
const read = (name: string) => readFileSync(resolve(sites ?? '', name), 'utf8')

describe.runIf(sites !== null)('real pages', () => {
  it('common-rich-2019: markup of former rules, the information itself partly there', () => {
    const html = read('common-rich-2019.html')
    expect(readContent(html, new URL('https://u.example/common.html')).marks).toHaveLength(18)
    const judged = judgePage('common', html, DAY)
    expect(judged).toMatchObject({ presence: 'present', markup: 'outdated' })
    const former = judged.findings.filter((finding) => finding.outcome === 'outdated').map((finding) => finding.seen)
    expect(former.join(' ')).toContain('itemprop="fax"')
    expect(findingsOf(judged, 'common/regDate')).toEqual([])
    expect(findingsOf(judged, 'common/licenseDocLink')[0]).toMatchObject({ outcome: 'not_confirmed', grade: 'warning' })
  })

  it('vacant-large-2019: 1,960 marks of one page are read; dashes for numbers are faulty', () => {
    const html = read('vacant-large-2019.html')
    expect(readContent(html, new URL('https://u.example/vacant.html'))).toMatchObject({ is_cut: false })
    const judged = judgePage('vacant', html, DAY, { org_kind: 'college' })
    expect(judged).toMatchObject({ presence: 'present', markup: 'faulty', items_present: 5, items_marked: 5 })
    expect(findingsOf(judged, 'markup/empty_value')[0]?.seen).toBe(
      '<td itemprop="numberBFVacant"> → «-» (таких мест: 155)',
    )
  })

  it('js-shell: nothing to read is not confirmed, never empty', () => {
    expect(judgePage('common', read('js-shell.html'), DAY).presence).toBe('not_confirmed')
  })
})
