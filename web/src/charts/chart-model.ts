import type { EChartsCoreOption } from 'echarts/core'
import { writeCsvLines } from '../components/table-csv.ts'
import type { ChartTokens } from './chart-tokens.ts'

/** One point of a chart as a person hears it and as the table twin and CSV write it. */
export interface ChartPoint {
  label: string
  /** Null: there was nothing to measure, which is a gap and not a zero. */
  value: number | null
  value_text: string
}

/** Where a point stands in the picture. */
export interface PointPlace {
  seriesIndex: number
  dataIndex: number
}

/** What a chart needs besides its picture: who cannot see the picture gets the same from these. */
export interface ChartModel {
  summary: string
  label_head: string
  value_head: string
  points: readonly ChartPoint[]
  /** Absent: the points are the picture's first series in the same order. */
  placeOf?: (index: number) => PointPlace
  /** Pure: the same tokens give the same option. */
  build: (tokens: ChartTokens) => EChartsCoreOption
}

/** The table twin as a file: decimal comma, an empty cell where there was nothing to measure. */
export function writeChartCsv(model: ChartModel): string {
  return writeCsvLines([
    [model.label_head, model.value_head],
    ...model.points.map((point) => [point.label, point.value === null ? '' : String(point.value).replace('.', ',')]),
  ])
}
