import { useQuery, useQueryCache } from '@pinia/colada'
import { computed, onScopeDispose, reactive, ref, watch } from 'vue'
import { ApiProblem } from '../api/client.ts'
import { requestRecheck } from '../api/commands.ts'
import { readRecheckProgress } from '../api/reads.ts'

const POLL_MS = 2000

/** Targets whose recheck is being watched: all buttons of one site tell the same. */
const watched = reactive(new Set<string>())

export type RecheckStage = 'idle' | 'sending' | 'queued' | 'running' | 'done'

/** Asks for a check of a site and follows it to its result; what rests on the site is read anew then. */
export function useRecheck(readPlace: () => { org_unit_id: number; target_id: string }) {
  const cache = useQueryCache()
  const isSending = ref(false)
  const isDone = ref(false)
  const problem = ref<string | null>(null)
  const isWatched = computed(() => watched.has(readPlace().target_id))
  const progress = useQuery({
    key: () => ['recheck', readPlace().target_id],
    query: ({ signal }) => readRecheckProgress(readPlace().org_unit_id, readPlace().target_id, signal),
    enabled: () => isWatched.value,
  })
  const stage = computed<RecheckStage>(() => {
    if (isSending.value) return 'sending'
    if (!isWatched.value) return isDone.value ? 'done' : 'idle'
    const states = (progress.data.value?.works ?? []).map(({ state }) => state)
    return states.includes('running') ? 'running' : 'queued'
  })

  const timer = setInterval(() => {
    if (isWatched.value) void progress.refetch()
  }, POLL_MS)
  onScopeDispose(() => clearInterval(timer))
  watch(progress.data, (data) => {
    if (!isWatched.value || data === undefined || data.works.some(({ state }) => state !== 'idle')) return
    const { org_unit_id, target_id } = readPlace()
    watched.delete(target_id)
    isDone.value = true
    void cache.invalidateQueries({ key: ['org-unit-sites', org_unit_id] })
    void cache.invalidateQueries({ key: ['objections'] })
  })

  async function send(): Promise<void> {
    if (isSending.value || isWatched.value) return
    const { org_unit_id, target_id } = readPlace()
    isSending.value = true
    problem.value = null
    try {
      await requestRecheck(org_unit_id, target_id)
      watched.add(target_id)
      await progress.refetch()
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      problem.value = error.message
    } finally {
      isSending.value = false
    }
  }

  return { stage, progress: progress.data, problem, send }
}
