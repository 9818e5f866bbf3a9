import { computed } from 'vue'
import { useRoute, useRouter, type LocationQuery, type LocationQueryRaw } from 'vue-router'
import { useSessionStore } from '../stores/session.ts'

/** What a reader chose once and keeps from page to page; it lives in the URL, so any view is a link. */
export const KEPT_QUERY_KEYS = ['territory', 'period', 'known_on'] as const

function readWord(query: LocationQuery, key: string): string | null {
  const value = query[key]
  const word = Array.isArray(value) ? value[0] : value
  return word === undefined || word === null || word === '' ? null : word
}

/** The kept part of a query, to go along with a link to another page. */
export function pickKeptQuery(query: LocationQuery): LocationQueryRaw {
  return Object.fromEntries(
    KEPT_QUERY_KEYS.flatMap((key) => {
      const word = readWord(query, key)
      return word === null ? [] : [[key, word]]
    }),
  )
}

/**
 * Territory (id of an org unit, null: the whole region; without a word in the URL that is the person's own unit, for
 * whoever does not answer for the region), the same as chosen (null: nothing was), period (code, null: the current quarter) and the day
 * whose end the data are known on (null: now).
 */
export function useViewContext() {
  const route = useRoute()
  const router = useRouter()
  const session = useSessionStore()
  const chosenTerritory = computed(() => {
    const id = Number(readWord(route.query, 'territory'))
    return Number.isInteger(id) && id > 0 ? id : null
  })
  const territory = computed(() => chosenTerritory.value ?? session.homeUnit?.org_unit_id ?? null)
  const period = computed(() => readWord(route.query, 'period'))
  const knownOn = computed(() => {
    const word = readWord(route.query, 'known_on')
    return word !== null && /^\d{4}-\d{2}-\d{2}$/.test(word) ? word : null
  })

  function change(key: (typeof KEPT_QUERY_KEYS)[number], value: string | number | null): Promise<unknown> {
    return router.push({
      query: { ...route.query, [key]: value === null ? undefined : String(value) },
      hash: route.hash,
    })
  }
  return {
    territory,
    chosenTerritory,
    period,
    knownOn,
    chooseTerritory: (id: number | null) => change('territory', id),
    choosePeriod: (code: string | null) => change('period', code),
    chooseKnownOn: (day: string | null) => change('known_on', day),
  }
}
