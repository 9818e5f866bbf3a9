import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export interface LineageRequest {
  indicator: string
  org_unit_id: number
}

/** `sites-working.12`: an indicator and the unit whose figure is asked about. Null: not such a word. */
export function parseLineage(word: string): LineageRequest | null {
  const match = /^([a-z0-9_-]{1,60})\.(\d{1,9})$/.exec(word)
  if (match?.[1] === undefined || match[2] === undefined) return null
  return { indicator: match[1], org_unit_id: Number(match[2]) }
}

export function writeLineage(request: LineageRequest): string {
  return `${request.indicator}.${request.org_unit_id}`
}

/** The open lineage drawer is part of the URL; Back closes it. */
export function useLineage() {
  const route = useRoute()
  const router = useRouter()
  const word = computed(() => {
    const value = route.query['lineage']
    return typeof value === 'string' && parseLineage(value) !== null ? value : null
  })
  const toggle = (next: string | null): Promise<unknown> =>
    router.push({ query: { ...route.query, lineage: next === null || next === word.value ? undefined : next } })
  return { word, open: toggle, close: () => toggle(null) }
}
