import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { readObjections } from '../../api/reads.ts'
import { useReadQuery } from '../../composables/use-read-query.ts'
import { useSessionStore } from '../../stores/session.ts'

const POLL_MS = 5000

/** Objections to findings of one organisation, as known on the moment of the page; none for who may not read them. */
export function useUnitObjections(readId: () => number) {
  const session = useSessionStore()
  const { moment } = useReadQuery()
  const list = useQuery({
    key: () => ['objections', 'unit', readId(), { ...moment.value }],
    query: ({ signal }) => readObjections({ ...moment.value, org_unit_id: readId() }, signal),
    enabled: () => session.can('objections:read'),
    staleTime: POLL_MS,
  })
  return computed(() => list.data.value?.rows ?? [])
}
