import { computed } from 'vue'
import type { ReadQuery } from '../api/paths.ts'
import { useViewContext } from './use-view-context.ts'

/** Territory, period and "as known on" as the query that every read of the API takes. */
export function useReadQuery() {
  const { territory, period, knownOn } = useViewContext()
  return computed<ReadQuery>(() => ({
    ...(territory.value === null ? {} : { territory: territory.value }),
    ...(period.value === null ? {} : { period: period.value }),
    ...(knownOn.value === null ? {} : { known_on: knownOn.value }),
  }))
}
