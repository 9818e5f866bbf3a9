import { describe, expect, it } from 'vitest'
import DataState from '../../../web/src/components/DataState.vue'
import { mountWith } from '../mount-with.ts'

const VALUE = { default: '<b class="value">71,2</b>' }

describe('DataState', () => {
  it('is busy and shows no value while it loads', async () => {
    const { wrapper } = await mountWith(DataState, { props: { state: 'loading' }, slots: VALUE })
    expect(wrapper.attributes('aria-busy')).toBe('true')
    expect(wrapper.find('.value').exists()).toBe(false)
    expect(wrapper.get('[role=status]').text()).toBe('Загрузка')
  })

  it('says why there is nothing and what to do', async () => {
    const { wrapper } = await mountWith(DataState, {
      props: { state: 'empty', reason: 'Замеров нет', advice: 'Запустите коллектор.' },
      slots: VALUE,
    })
    expect(wrapper.text()).toContain('Замеров нет')
    expect(wrapper.text()).toContain('Запустите коллектор.')
    expect(wrapper.find('.value').exists()).toBe(false)
  })

  it('offers a retry after a failure, as an alert', async () => {
    const { wrapper } = await mountWith(DataState, { props: { state: 'failed' }, slots: VALUE })
    await wrapper.get('[role=alert] button').trigger('click')
    expect(wrapper.emitted('retry')).toHaveLength(1)
    expect(wrapper.find('.value').exists()).toBe(false)
  })

  it('keeps the last value when it is stale and says since when', async () => {
    const { wrapper } = await mountWith(DataState, { props: { state: 'stale', since: '28 сент.' }, slots: VALUE })
    expect(wrapper.get('.value').text()).toBe('71,2')
    expect(wrapper.text()).toContain('28 сент.')
  })

  it('shows a value and nothing else', async () => {
    const { wrapper } = await mountWith(DataState, { props: { state: 'value' }, slots: VALUE })
    expect(wrapper.text()).toBe('71,2')
    expect(wrapper.attributes('aria-busy')).toBe('false')
  })
})
