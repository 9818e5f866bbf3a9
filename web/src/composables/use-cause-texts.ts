import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { readDictionaries } from '../api/reads.ts'
import type { CauseEntry } from '../api/schemas.ts'
import { useFormat } from './use-format.ts'

/** What a cause means and what to do about it, in the language of the screen. Null: no cause, or not known yet. */
export function useCauseTexts() {
  const { language } = useFormat()
  const dictionaries = useQuery({
    key: ['dictionaries'],
    query: ({ signal }) => readDictionaries(signal),
    staleTime: Infinity,
  })
  const byCode = computed(() => new Map((dictionaries.data.value?.causes ?? []).map((entry) => [entry.code, entry])))
  return (code: CauseEntry['code'] | null): CauseEntry['ru'] | null =>
    code === null ? null : (byCode.value.get(code)?.[language.value] ?? null)
}
