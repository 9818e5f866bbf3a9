import { nextTick, ref, useId } from 'vue'
import { ApiProblem } from '../api/client.ts'
import { useProblemText } from './use-problem-text.ts'

type Faults<F extends string> = Partial<Record<F, string>>
/** The field that a refusal belongs to; undefined: the one that the API names, if it names any. */
type PlaceOf<F extends string> = (problem: ApiProblem) => F | undefined

/**
 * A form that sends one command: faults stand at their fields, what has no field stands at the end, the focus goes to
 * the first fault, and nothing typed is lost.
 * @param fields in the order of the screen; the API names one of them as "/field" when it refuses
 */
export function useCommandForm<const F extends string>(fields: readonly F[]) {
  const textOf = useProblemText()
  const faults = ref<Faults<F>>({}) as { value: Faults<F> }
  const problem = ref<string | null>(null)
  const isSending = ref(false)
  const prefix = useId()
  const ids = Object.fromEntries(fields.map((field) => [field, `${prefix}-${field}`])) as Record<F, string>

  async function showFaults(found: Faults<F>): Promise<void> {
    faults.value = found
    await nextTick()
    const first = fields.find((field) => found[field] !== undefined)
    if (first !== undefined) document.getElementById(ids[first])?.focus()
  }

  async function showProblem(error: unknown, placeOf: PlaceOf<F> | undefined): Promise<void> {
    if (!(error instanceof ApiProblem)) throw error
    const named = fields.find((field) => error.path?.split('/')[1] === field)
    const field = placeOf?.(error) ?? named
    if (field === undefined) problem.value = textOf(error)
    else await showFaults({ [field]: textOf(error) } as Faults<F>)
  }

  async function send(command: {
    /** What can be told before anything is sent; a fault stops the command. */
    faults?: Faults<F>
    post: () => Promise<void>
    placeOf?: PlaceOf<F>
  }): Promise<void> {
    if (isSending.value) return
    problem.value = null
    const found = command.faults ?? {}
    await showFaults(found)
    if (Object.keys(found).length > 0) return
    isSending.value = true
    try {
      await command.post()
    } catch (error) {
      await showProblem(error, command.placeOf)
    } finally {
      isSending.value = false
    }
  }

  /** A fault that is found while one fills in; undefined: none any more. */
  function setFault(field: F, text: string | undefined): void {
    const others = fields.filter((other) => other !== field).map((other) => [other, faults.value[other]])
    faults.value = Object.fromEntries([...others, [field, text]]) as Faults<F>
  }
  const faultOf = (field: F): string | null => faults.value[field] ?? null
  return { ids, problem, isSending, faultOf, setFault, send }
}
