import { useQuery } from '@pinia/colada'
import { computed, ref, watch, type Ref } from 'vue'
import { ApiProblem } from '../../../api/client.ts'
import { readSpeedTests, type SpeedTestRow, type SpeedTestsQuery } from '../../../api/internet.ts'
import { useDataArea } from '../../../composables/use-data-area.ts'
import { useProblemText } from '../../../composables/use-problem-text.ts'

const PAGE = 20

/** Tests of a school as filtered, page by page; a changed filter begins anew. */
export function useSchoolTests(orgUnitId: () => number, filter: Ref<SpeedTestsQuery>) {
  const textOf = useProblemText()
  const later = ref<SpeedTestRow[]>([])
  const next = ref<string | null>(null)
  const problem = ref<string | null>(null)
  const isLoading = ref(false)
  const asked = computed(() => ({ ...filter.value, limit: PAGE }))
  const first = useQuery({
    key: () => ['speed-tests', orgUnitId(), { ...asked.value }],
    query: ({ signal }) => readSpeedTests(orgUnitId(), asked.value, signal),
    placeholderData: (previous) => previous,
  })
  watch(
    () => first.data.value,
    (page) => {
      later.value = []
      next.value = page?.next_before ?? null
    },
    { immediate: true },
  )
  const rows = computed(() => [...(first.data.value?.rows ?? []), ...later.value])

  async function readMore(): Promise<void> {
    const before = next.value
    const query = asked.value
    if (before === null || isLoading.value) return
    isLoading.value = true
    problem.value = null
    try {
      const page = await readSpeedTests(orgUnitId(), { ...query, before })
      // The filter may have changed meanwhile: then these are not its rows.
      if (next.value !== before) return
      later.value = [...later.value, ...page.rows]
      next.value = page.next_before
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      problem.value = textOf(error)
    } finally {
      isLoading.value = false
    }
  }
  const hasMore = computed(() => next.value !== null)
  return { rows, area: useDataArea(first, () => rows.value.length === 0), hasMore, isLoading, problem, readMore }
}
