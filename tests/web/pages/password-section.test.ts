import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { refuse, serveApi, type ApiAnswer, type ApiRequest } from '../local-api.ts'
import { mountWith } from '../mount-with.ts'

const WAIT_MS = 10_000
const NEW_PASSWORD = 'three calm rivers meet'
let sent: ApiRequest[] = []
let answer: ApiAnswer = [204]
serveApi((request) => {
  sent.push(request)
  return answer
})

async function show() {
  const { default: PasswordSection } = await import('../../../web/src/pages/account/PasswordSection.vue')
  const { wrapper } = await mountWith(PasswordSection, { props: { login: 'vera' } })
  const [current, fresh, again] = wrapper.findAll<HTMLInputElement>('input[type=password]')
  if (current === undefined || fresh === undefined || again === undefined) throw new Error('Fields are missing')
  const submit = async (): Promise<void> => {
    await wrapper.find('form').trigger('submit')
    await flushPromises()
  }
  const fill = async (password: string): Promise<void> => {
    await current.setValue(password)
    await fresh.setValue(NEW_PASSWORD)
    await again.setValue(NEW_PASSWORD)
  }
  const faultOf = ({ element }: typeof current): string | undefined =>
    element.getAttribute('aria-invalid') === 'true'
      ? document.getElementById(element.getAttribute('aria-describedby') ?? '')?.textContent
      : undefined
  return { wrapper, current, fresh, again, submit, fill, faultOf }
}

beforeEach(() => (sent = []))
afterEach(() => {
  vi.useRealTimers()
  document.body.replaceChildren()
})

describe('PasswordSection', () => {
  it('sends nothing before it is filled in', async () => {
    const { current, fresh, submit, faultOf } = await show()
    await submit()
    expect(faultOf(current)).toBe('Введите пароль')
    expect(document.activeElement).toBe(current.element)
    await current.setValue('present')
    await fresh.setValue('short')
    await submit()
    expect(faultOf(current)).toBeUndefined()
    expect(faultOf(fresh)).toBe('Пароль короче 12 знаков')
    expect(sent).toEqual([])
  })

  it('says at the present password that it is wrong, and keeps what was typed', async () => {
    const { wrapper, current, fresh, fill, submit, faultOf } = await show()
    answer = refuse(400, 'EDU_SIGN_IN_REFUSED', 'Пароль не подходит', { field: 'password' })
    await fill('wrong')
    await submit()
    await vi.waitUntil(() => faultOf(current) !== undefined, WAIT_MS)
    expect(faultOf(current)).toContain('не подходит')
    expect(faultOf(fresh)).toBeUndefined()
    expect(document.activeElement).toBe(current.element)
    expect(fresh.element.value).toBe(NEW_PASSWORD)
    expect(wrapper.text()).not.toContain('Пароль изменён')
  })

  it('says at the new password what is wrong with it', async () => {
    const { fresh, fill, submit, faultOf } = await show()
    const details = { field: 'password', fault: 'names_the_person' }
    answer = refuse(422, 'EDU_PASSWORD_REFUSED', 'Пароль не подходит', details)
    await fill('present')
    await submit()
    await vi.waitUntil(() => faultOf(fresh) !== undefined, WAIT_MS)
    expect(faultOf(fresh)).toBe('В пароле есть имя или логин')
  })

  it('says until when to wait after too many attempts', async () => {
    // Before anything is mounted: Vue lets no handler hear what happened before it was there.
    vi.useFakeTimers({ now: new Date('2026-11-02T08:00:00Z'), toFake: ['Date'] })
    const { wrapper, current, fill, submit, faultOf } = await show()
    answer = refuse(429, 'EDU_RATE_LIMITED', 'Слишком много попыток', { retry_after_s: 90 })
    await fill('present')
    await submit()
    await vi.waitUntil(() => wrapper.find('[role=alert]').exists(), WAIT_MS)
    expect(wrapper.get('[role=alert]').text()).toBe('Слишком много попыток. Повторите после 12:01.')
    expect(faultOf(current)).toBeUndefined()
  })

  it('sends both passwords and empties the form when the password is changed', async () => {
    const { wrapper, current, again, fill, submit } = await show()
    answer = [204]
    await fill('present')
    await submit()
    await vi.waitUntil(() => wrapper.text().includes('Пароль изменён, остальные сеансы завершены'), WAIT_MS)
    expect(sent).toMatchObject([{ method: 'PUT', path: '/api/v1/account/password' }])
    expect(sent[0]?.body).toEqual({ current_password: 'present', password: NEW_PASSWORD })
    expect([current.element.value, again.element.value]).toEqual(['', ''])
  })
})
