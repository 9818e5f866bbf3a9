import { describe, expect, it } from 'vitest'
import { defineComponent, h, nextTick } from 'vue'
import { pickKeptQuery, useViewContext } from '../../../web/src/composables/use-view-context.ts'
import { parseLineage, useLineage, writeLineage } from '../../../web/src/composables/use-lineage.ts'
import PageLink from '../../../web/src/components/PageLink.vue'
import { mountWith } from '../mount-with.ts'

describe('pickKeptQuery', () => {
  it('keeps territory, period and the day, and nothing else', () =>
    expect(pickKeptQuery({ territory: '9', period: '', known_on: ['2026-10-10'], verdict: 'works' })).toEqual({
      territory: '9',
      known_on: '2026-10-10',
    }))
})

describe('PageLink', () => {
  it('takes the kept words along', async () => {
    const { wrapper } = await mountWith(PageLink, {
      path: '/sites?territory=9&verdict=works',
      props: { name: 'schools', query: { text: 'лицей' } },
    })
    expect(decodeURI(wrapper.attributes('href') ?? '')).toBe('/schools?territory=9&text=лицей')
  })
})

async function mountContext(path: string) {
  let context: (ReturnType<typeof useViewContext> & { lineage: ReturnType<typeof useLineage> }) | undefined
  const probe = defineComponent(() => {
    context = { ...useViewContext(), lineage: useLineage() }
    return () => h('i')
  })
  const { router } = await mountWith(probe, { path })
  if (context === undefined) throw new Error('the component was not set up')
  return { context, router }
}

describe('useViewContext', () => {
  it('reads the URL and takes a wrong word for none', async () => {
    const { context } = await mountContext('/sites?territory=x&known_on=yesterday&period=2026Q3')
    expect([context.territory.value, context.knownOn.value, context.period.value]).toEqual([null, null, '2026Q3'])
  })
  it('writes a choice as a step that keeps the other words', async () => {
    const { context, router } = await mountContext('/sites?verdict=works')
    await context.chooseTerritory(12)
    expect(router.currentRoute.value.query).toEqual({ verdict: 'works', territory: '12' })
    await context.chooseTerritory(null)
    expect(router.currentRoute.value.query['territory']).toBeUndefined()
  })
})

describe('useLineage', () => {
  it('opens in the URL, closes by the same number and by Back', async () => {
    const { context, router } = await mountContext('/sites?territory=9')
    await context.lineage.open('sites_working.9')
    expect(router.currentRoute.value.query).toEqual({ territory: '9', lineage: 'sites_working.9' })
    router.back()
    await nextTick()
    await new Promise((resolve) => router.afterEach(resolve))
    expect(context.lineage.word.value).toBeNull()
  })
  it('reads only its own words', () => {
    expect(parseLineage(writeLineage({ indicator: 'sites_working', org_unit_id: 9 }))).toEqual({
      indicator: 'sites_working',
      org_unit_id: 9,
    })
    expect(parseLineage('../../etc.9')).toBeNull()
    expect(parseLineage('sites_working.')).toBeNull()
  })
})
