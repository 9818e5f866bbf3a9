import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { refuse, serveApi } from '../local-api.ts'
import { mountWith } from '../mount-with.ts'

const catering = {
  code: 'catering',
  number: 14,
  title: 'Организация питания',
  asks: '',
  checklist: [{ id: 'catering/q1', question: 'Есть ли меню на сегодня?' }],
}
const ovz = { ...catering, code: 'ovz', number: null, title: 'Доступная среда', checklist: [] }

const sent: { person: string }[] = []
serveApi(({ method, body }) => {
  if (method === 'GET') return [200, { causes: [], subsections: [catering, ovz], rule_sets: [] }]
  sent.push(body as { person: string })
  return sent.length === 1
    ? refuse(400, 'EDU_BAD_REQUEST', 'Слишком длинно', { path: '/person' })
    : [201, { human_check_id: '1', change_set_no: 1 }]
})

function find(selector: string): HTMLInputElement {
  const element = document.querySelector<HTMLInputElement>(selector)
  if (element === null) throw new Error(`Nothing is ${selector}`)
  return element
}
function type(selector: string, text: string): void {
  const field = find(selector)
  field.value = text
  field.dispatchEvent(new Event('input'))
}
async function submit(): Promise<void> {
  find('form').dispatchEvent(new Event('submit', { cancelable: true }))
  await flushPromises()
}

describe('HumanCheckDialog', () => {
  it('keeps what was typed over every error, shows each at its field, and closes when it is saved', async () => {
    const { default: HumanCheckDialog } = await import('../../../web/src/pages/school/HumanCheckDialog.vue')
    const props = { open: true, orgUnitId: 7, targetId: 'site', host: 'school.example' }
    const { wrapper } = await mountWith(HumanCheckDialog, { props })
    await vi.waitUntil(() => document.querySelector('form') !== null, 10_000)
    expect(document.body.textContent).toContain('Есть ли меню на сегодня?')
    expect(document.body.textContent).not.toContain('Доступная среда')

    type('textarea', 'с телефона')
    await submit()
    expect(sent).toEqual([])
    const person = find('input[autocomplete="name"]')
    expect(person.getAttribute('aria-invalid')).toBe('true')
    expect(document.getElementById(person.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
      'Укажите, кто проверил',
    )
    expect(document.activeElement).toBe(person)

    type('input[autocomplete="name"]', 'Иванова А. П.')
    find('input[name="answer-catering"]').dispatchEvent(new Event('change'))
    await submit()
    await vi.waitUntil(() => document.body.textContent.includes('Слишком длинно'))
    expect(find('textarea').value).toBe('с телефона')
    expect(wrapper.emitted('saved')).toBeUndefined()

    await submit()
    await vi.waitUntil(() => wrapper.emitted('saved') !== undefined)
    expect(sent[1]).toMatchObject({
      person: 'Иванова А. П.',
      note: 'с телефона',
      judgements: [{ subsection: 'catering', presence: 'present' }],
    })
    expect(wrapper.emitted('update:open')).toEqual([[false]])
    wrapper.unmount()
  }, 30_000)
})
