import { afterEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import LineageDrawer from '../../../web/src/components/LineageDrawer.vue'
import { mountWith } from '../mount-with.ts'

describe('LineageDrawer', () => {
  afterEach(() => (document.body.innerHTML = ''))

  it('takes the focus, closes by Esc and gives the focus back to its number', async () => {
    document.body.innerHTML = '<button data-lineage="sites.1">71,2</button>'
    const number = document.querySelector('button')
    const { wrapper } = await mountWith(LineageDrawer, { props: { lineage: 'sites.1' } })
    await nextTick()
    expect(wrapper.find('button').element === document.activeElement).toBe(true)
    await wrapper.trigger('keydown', { key: 'Escape' })
    expect(wrapper.emitted('close')).toHaveLength(1)
    wrapper.unmount()
    expect(document.activeElement).toBe(number)
  })
})
