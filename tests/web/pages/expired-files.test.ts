import { describe, expect, it } from 'vitest'
import HumanChecks from '../../../web/src/pages/school/HumanChecks.vue'
import ObjectionHistory from '../../../web/src/pages/objections/ObjectionHistory.vue'
import { mountWith } from '../mount-with.ts'

const KEPT = { expires_at: '2029-11-02T08:00:00Z', removed_at: null, unreadable_since: null }
const EXPIRED = { expires_at: '2025-11-02T08:00:00Z', removed_at: null, unreadable_since: '2025-11-02T08:00:00Z' }

async function showChecks(picture: object | null, hasPictures = true) {
  const check = { human_check_id: 'one', checked_on: '2023-11-02', person: 'Иванова А. П.', note: null }
  const checks = [{ ...check, subsections: [], picture }]
  const { wrapper } = await mountWith(HumanChecks, { props: { checks, orgUnitId: 7, targetId: 'site', hasPictures } })
  return wrapper
}

describe('HumanChecks', () => {
  it('shows a picture that is kept, to who may see pictures', async () => {
    const shown = await showChecks(KEPT)
    expect(shown.find('img').attributes('src')).toContain('/human-checks/one/picture')
    expect(shown.text()).not.toContain('Срок хранения')
    expect((await showChecks(KEPT, false)).find('img').exists()).toBe(false)
  })

  it('says since when a picture is not kept, instead of a link', async () => {
    const shown = await showChecks(EXPIRED)
    expect(shown.find('a').exists()).toBe(false)
    expect(shown.text()).toContain('Срок хранения файла истёк 2\u00a0нояб.\u00a02025')
  })

  it('says nothing of a picture that never was', async () => {
    expect((await showChecks(null)).text()).not.toContain('Срок хранения')
  })
})

describe('ObjectionHistory', () => {
  it('keeps the name of a file whose term is over, and says so instead of a link', async () => {
    const objection = {
      ...{ org_unit_id: 7, objection_id: 'one', kind: 'dispute', reason: 'Страница есть', asked_until: null },
      ...{ opened_at: '2023-11-02T08:00:00Z', opened_by: 'Чернова О. А.', recheck: null, decision: null },
      ...{ file_name: 'Приказ.pdf', file_state: EXPIRED },
    }
    const { wrapper } = await mountWith(ObjectionHistory, { props: { objection } })
    expect(wrapper.find('a').exists()).toBe(false)
    expect(wrapper.text()).toMatch(/Приказ\.pdf\s+Срок хранения файла истёк 2\sнояб\.\s2025/)
  })
})
