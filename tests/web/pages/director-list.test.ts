import { describe, expect, it } from 'vitest'
import DirectorList from '../../../web/src/pages/school/DirectorList.vue'
import { mountWith } from '../mount-with.ts'

const finding = {
  rule: 'catering/meals',
  scale: 'presence',
  outcome: 'absent',
  grade: 'violation',
  headline: 'Нет условий питания',
  asks: 'Разместите условия питания.',
  source: 'Приказ № 1493, п. 19',
  seen: 'Страница пуста',
  remedy: 'Заполните страницу.',
  markup_sample: null,
  url: null,
  place: null,
  evidence_id: null,
}
const markup = {
  ...finding,
  scale: 'markup',
  outcome: 'none',
  grade: 'note',
  headline: 'Нет разметки питания',
  markup_sample: '<div itemprop="meals">Питание</div>',
}
const audit = {
  audited_at: '2026-10-14T06:00:00Z',
  platform: 'own',
  subsections: [{ title: 'Организация питания', findings: [markup, finding] }],
}

describe('DirectorList', () => {
  it('asks for the violations first, each in the order of mending, then for what is worth mending', async () => {
    const { wrapper } = await mountWith(DirectorList, {
      props: { audit, name: 'МОУ СОШ № 1', url: 'https://s.example' },
    })
    const points = wrapper.findAll('li')
    expect(points.map((point) => point.find('b').text())).toEqual(['Нет условий питания', 'Нет разметки питания'])
    expect(
      points[0]
        ?.find('dl')
        .findAll('dt')
        .map((term) => term.text()),
    ).toEqual(['Что требуется', 'Что увидели', 'Как исправить', 'Срок'])
    expect(points[1]?.find('pre').text()).toBe('<div itemprop="meals">Питание</div>')
    expect(points[1]?.text()).not.toContain('Срок')
    wrapper.unmount()
  })
})
