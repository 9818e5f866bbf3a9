import { useInfiniteQuery } from '@pinia/colada'
import { computed } from 'vue'
import { readAuditEvents, type AuditSelection } from '../../api/audit.ts'
import type { AuditEvent } from '../../api/schemas.ts'

/** Events of a selection, page after page; a change of the selection begins anew. */
export function useAuditEvents(readSelection: () => AuditSelection) {
  const events = useInfiniteQuery({
    key: () => ['audit-events', { ...readSelection() }],
    query: ({ pageParam, signal }) => readAuditEvents(readSelection(), pageParam, signal),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next_before_id }) => next_before_id,
  })
  const rows = computed<AuditEvent[]>(() => (events.data.value?.pages ?? []).flatMap((page) => page.rows))
  return { events, rows }
}
