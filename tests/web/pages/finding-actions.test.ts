import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { serveApi } from '../local-api.ts'
import { mountWith } from '../mount-with.ts'

const ABOUT = { org_unit_id: 7, target_id: 'site', finding: 'subsection', subsection: 'budget', incident_id: null }
const OBJECTION = {
  ...{ ...ABOUT, objection_id: 'one', org_unit_name: 'Школа', municipality_name: null, host: 'school.example' },
  ...{
    kind: 'dispute',
    seen_from: '2026-11-02',
    seen: null,
    reason: 'Страница есть',
    asked_until: null,
    file_name: null,
    file_state: null,
  },
  ...{ opened_at: '2026-11-02T08:00:00Z', opened_by: 'Чернова О. А.', is_own: true, due_on: '2026-11-06' },
  ...{ term: { state: 'running', working_days: 2 }, state: 'open', decision: null },
  proposed: { valid_from: '2026-11-02', valid_to: '2026-11-30' },
  recheck: { state: 'queued', observed_at: null, outcome: null, detail: null, measurement_id: null },
}

let capabilities: string[] = []
let rows: object[] = []
serveApi(({ path }) => {
  const person = { login: 'a', display_name: 'А', state: 'complete', capabilities, grants: [] }
  return path.includes('/session')
    ? [200, { person, has_openid_connect: false, demo_accounts: [] }]
    : [200, { known_at_change_set_no: 1, rows }]
})

async function show(own: { capabilities: string[]; rows: object[] }) {
  capabilities = own.capabilities
  rows = own.rows
  const { default: FindingActions } = await import('../../../web/src/pages/objections/FindingActions.vue')
  const { useSessionStore } = await import('../../../web/src/stores/session.ts')
  const { wrapper } = await mountWith(FindingActions, { props: { about: ABOUT } })
  await useSessionStore().ensureLoaded()
  await flushPromises()
  return wrapper
}

describe('FindingActions', () => {
  it('offers a dispute and a mute to who may open them, and nothing to others', async () => {
    const may = await show({ capabilities: ['objections:read', 'objections:open'], rows: [] })
    await vi.waitUntil(() => may.findAll('button').length === 2, 10_000)
    expect(may.findAll('button').map((button) => button.text())).toEqual(['Оспорить', 'Исключить на время'])
    may.unmount()
    const mayNot = await show({ capabilities: ['objections:read'], rows: [] })
    expect(mayNot.findAll('button')).toEqual([])
    mayNot.unmount()
  })

  it('says how an undecided objection stands, that the finding counts, and offers no second one', async () => {
    const wrapper = await show({ capabilities: ['objections:read', 'objections:open'], rows: [OBJECTION] })
    await vi.waitUntil(() => wrapper.text().includes('Возражение'), 10_000)
    expect(wrapper.text()).toContain('На рассмотрении')
    expect(wrapper.text()).toMatch(/перепроверка в очереди; до 6.нояб\., осталось 2 раб\. дня; до решения учитывается/)
    expect(wrapper.findAll('button')).toEqual([])
    wrapper.unmount()
  })
})
