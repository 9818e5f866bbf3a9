import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { ApiProblem } from '../../../web/src/api/client.ts'
import { useCommandForm } from '../../../web/src/composables/use-command-form.ts'
import { i18n } from '../../../web/src/i18n.ts'

type Form = ReturnType<typeof useCommandForm<'reason' | 'file'>>

/** A form of two fields, as a component has it. */
function openForm(): Form {
  let form: Form | undefined
  const Fields = defineComponent(() => {
    const own = useCommandForm(['reason', 'file'])
    form = own
    return () => h('form', [h('input', { id: own.ids.reason }), h('input', { id: own.ids.file })])
  })
  mount(Fields, { attachTo: document.body, global: { plugins: [i18n] } })
  if (form === undefined) throw new Error('The form was not set up')
  return form
}
const refusal = (code: string, details?: object) => new ApiProblem('Слова API', code, 400, { details })
const failWith = (error: Error) => () => Promise.reject(error)

afterEach(() => document.body.replaceChildren())

describe('useCommandForm', () => {
  it('sends nothing while there are faults, and leads to the first in the order of the screen', async () => {
    const form = openForm()
    let count = 0
    const post = (): Promise<void> => Promise.resolve(void (count += 1))
    await form.send({ faults: { file: 'велик', reason: 'пуста' }, post })
    expect(count).toBe(0)
    expect(form.faultOf('file')).toBe('велик')
    expect(document.activeElement?.id).toBe(form.ids.reason)
    await form.send({ post })
    expect(count).toBe(1)
    expect(form.faultOf('file')).toBeNull()
  })

  it('shows a refusal at the field that the API names, also by a place within it', async () => {
    const form = openForm()
    await form.send({ post: failWith(refusal('EDU_BAD_REQUEST', { path: '/file/base64' })) })
    expect(form.faultOf('file')).toBe('Слова API')
    expect(form.problem.value).toBeNull()
    expect(document.activeElement?.id).toBe(form.ids.file)
  })

  it('lets the form say the field of a refusal that names another', async () => {
    const form = openForm()
    const post = failWith(refusal('EDU_FORBIDDEN', { field: 'file' }))
    await form.send({ post, placeOf: ({ code }) => (code === 'EDU_FORBIDDEN' ? 'reason' : undefined) })
    expect(form.faultOf('reason')).toBe('Для этого действия нет прав')
    expect(form.faultOf('file')).toBeNull()
  })

  it('says at the end what belongs to no field, and forgets it with the next attempt', async () => {
    const form = openForm()
    await form.send({ post: failWith(new ApiProblem('', null, null)) })
    expect(form.problem.value).toBe('Сервер не отвечает. Проверьте связь и повторите.')
    await form.send({ post: () => Promise.resolve() })
    expect(form.problem.value).toBeNull()
  })

  it('sends once, however often the button is pressed', async () => {
    const form = openForm()
    let finish: () => void = () => undefined
    let count = 0
    const post = (): Promise<void> =>
      new Promise((resolve) => {
        count += 1
        finish = resolve
      })
    const first = form.send({ post })
    await flushPromises()
    expect(form.isSending.value).toBe(true)
    await form.send({ post })
    finish()
    await first
    expect(count).toBe(1)
    expect(form.isSending.value).toBe(false)
  })

  it('hides no fault of our own, and can be sent again after it', async () => {
    const form = openForm()
    await expect(form.send({ post: failWith(new TypeError('ours')) })).rejects.toThrow('ours')
    expect(form.isSending.value).toBe(false)
  })

  it('sets and clears a single fault while one fills in', () => {
    const form = openForm()
    form.setFault('file', 'велик')
    expect(form.faultOf('file')).toBe('велик')
    form.setFault('file', undefined)
    expect(form.faultOf('file')).toBeNull()
  })
})
