import type { ChartPoint } from '../../charts/chart-model.ts'
import type { PlaceGroup, PlacePoint } from '../../charts/options/place-points.ts'
import { orderBuildings, toMbps, type BuildingRow } from './building-rows.ts'

interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  mbps: (value: number) => string
}

/** Each verdict has a shape of its own; the worst is drawn last and lies on top. */
export const MAP_GROUPS: readonly Omit<PlaceGroup, 'name'>[] = [
  { group: 'meets', symbol: 'circle', isFact: false },
  { group: 'not_enough_data', symbol: 'emptyCircle', isFact: false },
  { group: 'below', symbol: 'rect', isFact: true },
]

type MapPoint = PlacePoint & ChartPoint

/** Buildings whose place is known and that a verdict is expected of, the worst first. */
export function listMapPoints(rows: readonly BuildingRow[], { t, mbps }: Words): MapPoint[] {
  return orderBuildings(rows).flatMap(({ organisation, building }): MapPoint[] => {
    const { latitude, longitude, status, norm } = building
    if (latitude === null || longitude === null || status !== null) return []
    const names = [organisation.short_name, building.address ?? building.short_name]
    const label = names.filter((name, at, all) => all.indexOf(name) === at).join(', ')
    const value = toMbps(building.measured.median_download_kbps)
    const verdict = t(`words.speed_verdict.${norm.verdict}`)
    const value_text = value === null ? verdict : t('internet.map.point', { verdict, measured: mbps(value) })
    return [{ latitude, longitude, group: norm.verdict, label, value, value_text, spoken: `${label}: ${value_text}` }]
  })
}
