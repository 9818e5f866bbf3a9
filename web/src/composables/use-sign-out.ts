import { ref } from 'vue'
import { ApiProblem } from '../api/client.ts'
import { signOut } from '../api/sign-in.ts'
import { useProblemText } from './use-problem-text.ts'

/** Signs out and begins anew, so that nothing of the person stays in the browser's memory. */
export function useSignOut() {
  const textOf = useProblemText()
  const problem = ref<string | null>(null)

  async function leave(): Promise<void> {
    try {
      await signOut()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      // A session that has ended already is what was wanted.
      if (error.status !== 401) {
        problem.value = textOf(error)
        return
      }
    }
    location.assign('/sign-in')
  }
  return { leave, problem }
}
