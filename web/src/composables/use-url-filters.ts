import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/**
 * Filters of a page as words in its URL. An absent or empty word is null: "not filtered".
 * A choice is a step that Back undoes; typing (`replace`) is not, or Back would go letter by letter.
 */
export function useUrlFilters<const K extends string>(keys: readonly K[]) {
  const route = useRoute()
  const router = useRouter()
  const filters: ComputedRef<Record<K, string | null>> = computed(() => {
    const read = (key: K): string | null => {
      const value = route.query[key]
      const word = Array.isArray(value) ? value[0] : value
      return word === undefined || word === null || word === '' ? null : word
    }
    return Object.fromEntries(keys.map((key) => [key, read(key)])) as Record<K, string | null>
  })
  const isFiltered = computed(() => keys.some((key) => filters.value[key] !== null))

  function setFilter(key: K, value: string | null, options: { replace?: boolean } = {}): Promise<unknown> {
    const query = { ...route.query, [key]: value === null || value === '' ? undefined : value }
    return options.replace === true ? router.replace({ query }) : router.push({ query })
  }
  function resetFilters(): Promise<unknown> {
    return router.push({ query: { ...route.query, ...Object.fromEntries(keys.map((key) => [key, undefined])) } })
  }
  return { filters, isFiltered, setFilter, resetFilters }
}
