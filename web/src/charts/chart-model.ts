import type { EChartsCoreOption } from 'echarts/core'
import type { ChartTokens } from './chart-tokens.ts'

/** One point of a chart as a person hears it and as the table twin and CSV write it. */
export interface ChartPoint {
  label: string
  /** Null: there was nothing to measure, which is a gap and not a zero. */
  value: number | null
  value_text: string
}

/** What a chart needs besides its picture: who cannot see the picture gets the same from these. */
export interface ChartModel {
  summary: string
  label_head: string
  value_head: string
  points: readonly ChartPoint[]
  /** Pure: the same tokens give the same option. */
  build: (tokens: ChartTokens) => EChartsCoreOption
}

/** The table twin as CSV that a Russian spreadsheet opens: semicolons, decimal comma, byte order mark. */
export function writeChartCsv(model: ChartModel): string {
  const quote = (text: string): string => (/[";\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const guard = (text: string): string => (/^[=+@\t\r]/.test(text) ? `'${text}` : text)
  const lines = model.points.map((point) => [
    quote(guard(point.label)),
    point.value === null ? '' : String(point.value).replace('.', ','),
  ])
  return (
    '\ufeff' +
    [[quote(model.label_head), quote(model.value_head)], ...lines].map((cells) => cells.join(';')).join('\r\n')
  )
}
