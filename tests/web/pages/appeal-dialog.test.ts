import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import type { OperatorAppeal } from '../../../web/src/api/internet.ts'
import { refuse, serveApi } from '../local-api.ts'
import { mountWith } from '../mount-with.ts'

const sent: { path: string; body: unknown }[] = []
serveApi(({ path, body }) => {
  sent.push({ path, body })
  return sent.length === 1
    ? refuse(400, 'EDU_BAD_REQUEST', 'Слишком длинно', { path: '/operator' })
    : [201, { change_set_no: 1 }]
})
const APPEAL: OperatorAppeal = {
  ...{ org_unit_id: 8, appeal_number: '15', sent_on: '2026-09-02', operator: 'Связь', subject: 'Скорость ниже' },
  ...{ answer: null, answered_on: null, entered_at: '2026-09-02T08:00:00Z', entered_by: 'Иванова', change_set_no: 4 },
}

function fieldOf(label: string): HTMLInputElement {
  const found = [...document.querySelectorAll('label')].find((one) => one.textContent === label)
  const field = document.getElementById(found?.htmlFor ?? '')
  if (field === null) throw new Error(`No field is called ${label}`)
  return field as HTMLInputElement
}
function type(label: string, text: string): void {
  const field = fieldOf(label)
  field.value = text
  field.dispatchEvent(new Event('input'))
}
async function submit(): Promise<void> {
  document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await flushPromises()
}

describe('AppealDialog', () => {
  it('adds an answer only with its date, keeps what was typed over a refusal, and sends it of the same place', async () => {
    const { default: AppealDialog } = await import('../../../web/src/pages/school/internet/AppealDialog.vue')
    const props = { open: true, orgUnitId: 7, appeal: APPEAL, places: [{ org_unit_id: 8, name: 'Здание' }] }
    const { wrapper } = await mountWith(AppealDialog, { props })
    await vi.waitUntil(() => document.querySelector('form') !== null, 10_000)
    expect(fieldOf('Номер').value).toBe('15')

    type('Ответ', 'Линия починена')
    await submit()
    expect(sent).toEqual([])
    expect(document.activeElement).toBe(fieldOf('Дата ответа'))
    expect(document.body.textContent).toContain('Ответ и его дата указываются вместе')

    type('Дата ответа', '2026-09-01')
    await submit()
    expect(document.body.textContent).toContain('Ответ не может быть раньше обращения')

    type('Дата ответа', '2026-09-12')
    await submit()
    await vi.waitUntil(() => document.body.textContent.includes('Слишком длинно'))
    expect(fieldOf('Ответ').value).toBe('Линия починена')
    expect(wrapper.emitted('saved')).toBeUndefined()

    await submit()
    await vi.waitUntil(() => wrapper.emitted('saved') !== undefined)
    expect(sent[1]).toEqual({
      path: '/api/v1/org-units/8/operator-appeals',
      body: {
        ...{ appeal_number: '15', sent_on: '2026-09-02', operator: 'Связь', subject: 'Скорость ниже' },
        ...{ answer: 'Линия починена', answered_on: '2026-09-12' },
      },
    })
    wrapper.unmount()
  }, 30_000)
})
