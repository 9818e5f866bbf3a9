import type { EChartsCoreOption } from 'echarts/core'
import type { ChartTokens } from '../chart-tokens.ts'
import { textStyle, tooltipStyle } from './text-style.ts'

export interface PlacePoint {
  /** Degrees, WGS 84. */
  latitude: number
  longitude: number
  /** Key of its group. */
  group: string
  spoken: string
}
export interface PlaceGroup {
  group: string
  name: string
  symbol: string
  /** The group that the title speaks of. */
  isFact: boolean
}
interface PlacePoints {
  points: readonly PlacePoint[]
  /** Drawn in this order: what matters last lies on top. */
  groups: readonly PlaceGroup[]
  /** Width by height of the drawing. */
  aspect: number
}

export interface PlaceEdges {
  west: number
  east: number
  south: number
  north: number
}

/** Around a lone point, so that it has some land around it. */
const LEAST_SPAN_DEGREES = 0.02
const MARGIN_SHARE = 0.04
const toRadians = (degrees: number): number => (degrees * Math.PI) / 180

/** Edges around all points with equal scales along and across: a degree of longitude is shorter by the latitude's cosine. */
export function findPlaceEdges(points: readonly PlacePoint[], aspect: number): PlaceEdges {
  const span = (values: readonly number[]): { middle: number; width: number } => {
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return { middle: (low + high) / 2, width: Math.max(high - low, LEAST_SPAN_DEGREES) * (1 + 2 * MARGIN_SHARE) }
  }
  const [lat, lon] = [span(points.map(({ latitude }) => latitude)), span(points.map(({ longitude }) => longitude))]
  const shrink = Math.cos(toRadians(lat.middle))
  const height = Math.max(lat.width, (lon.width * shrink) / aspect)
  const width = (height * aspect) / shrink
  return {
    west: lon.middle - width / 2,
    east: lon.middle + width / 2,
    south: lat.middle - height / 2,
    north: lat.middle + height / 2,
  }
}

/** Places by their coordinates, north up; each group has a shape of its own and stands in the key. */
export function buildPlacePoints({ points, groups, aspect }: PlacePoints, tokens: ChartTokens): EChartsCoreOption {
  const text = textStyle(tokens)
  const { west, east, south, north } = findPlaceEdges(points, aspect)
  const ofGroup = groups.map(({ group }) => points.filter((point) => point.group === group))
  const axis = { type: 'value', show: false }
  return {
    animation: false,
    grid: { left: 0, right: 0, top: 32, bottom: 0, show: true, borderColor: tokens.context, borderWidth: 1 },
    legend: {
      left: 0,
      top: 0,
      selectedMode: false,
      itemWidth: 12,
      itemHeight: 10,
      textStyle: text,
      data: groups.map(({ name }) => name),
    },
    tooltip: {
      ...tooltipStyle(tokens),
      trigger: 'item',
      formatter: ({ seriesIndex, dataIndex }: { seriesIndex: number; dataIndex: number }) =>
        ofGroup[seriesIndex]?.[dataIndex]?.spoken ?? '',
    },
    xAxis: { ...axis, min: west, max: east },
    yAxis: { ...axis, min: south, max: north },
    series: groups.map(({ name, symbol, isFact }, index) => ({
      type: 'scatter',
      name,
      symbol,
      symbolSize: 7,
      data: (ofGroup[index] ?? []).map(({ longitude, latitude }) => [longitude, latitude]),
      itemStyle: { color: isFact ? tokens.fact : tokens.context, borderColor: tokens.surface, borderWidth: 1 },
    })),
  }
}
