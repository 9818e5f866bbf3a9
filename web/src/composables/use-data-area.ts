import { computed, type Ref } from 'vue'
import type { DataAreaState } from '../components/data-area.ts'

interface Query<T> {
  data: Ref<T | undefined>
  error: Ref<Error | null>
  refetch: () => Promise<unknown>
}

/** The state of a data area from its query: a failed refresh keeps the last value and says that it is old. */
export function useDataArea<T>(query: Query<T>, isEmpty: (data: T) => boolean = () => false) {
  const state = computed<DataAreaState>(() => {
    const data = query.data.value
    if (data === undefined) return query.error.value === null ? 'loading' : 'failed'
    if (query.error.value !== null) return 'stale'
    return isEmpty(data) ? 'empty' : 'value'
  })
  const retry = (): void => {
    void query.refetch()
  }
  return { state, retry }
}
