import { computed } from 'vue'
import type { Moment, Place, Standpoint } from '../api/reads.ts'
import { endOfRegionDay } from '../format/region-time-zone.ts'
import { useViewContext } from './use-view-context.ts'

/** Territory, period and "as known on" of the URL as the queries that reads of the API take. */
export function useReadQuery() {
  const { territory, period, knownOn } = useViewContext()
  const moment = computed<Moment>(() => (knownOn.value === null ? {} : { known_at: endOfRegionDay(knownOn.value) }))
  const place = computed<Place>(() => ({
    ...moment.value,
    ...(territory.value === null ? {} : { territory_id: territory.value }),
  }))
  const standpoint = computed<Standpoint>(() => ({
    ...place.value,
    ...(period.value === null ? {} : { period: period.value }),
  }))
  return { moment, place, standpoint }
}
