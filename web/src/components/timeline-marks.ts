const DAY_MS = 24 * 3_600_000

export interface TimelineSpan {
  left_percent: number
  width_percent: number
}

/** Where a stretch of time stands on an axis, in per cent of its width; null when it lies outside. */
export function placeSpan(from: string, to: string, axis: { from: string; to: string }): TimelineSpan | null {
  const start_ms = Date.parse(axis.from)
  const length_ms = Date.parse(axis.to) - start_ms
  const left_ms = Math.max(Date.parse(from), start_ms) - start_ms
  const right_ms = Math.min(Date.parse(to) - start_ms, length_ms)
  if (length_ms <= 0 || right_ms < left_ms || left_ms > length_ms) return null
  return { left_percent: (left_ms / length_ms) * 100, width_percent: ((right_ms - left_ms) / length_ms) * 100 }
}

/** Saturdays and Sundays of the region within an axis, as spans; the zone is given as its offset from UTC. */
export function listWeekends(axis: { from: string; to: string }, offset_hours: number): TimelineSpan[] {
  const offset_ms = offset_hours * 3_600_000
  const first_ms = Math.floor((Date.parse(axis.from) + offset_ms) / DAY_MS) * DAY_MS
  const spans: TimelineSpan[] = []
  for (let day_ms = first_ms; day_ms < Date.parse(axis.to) + offset_ms; day_ms += DAY_MS) {
    const weekday = new Date(day_ms).getUTCDay()
    if (weekday !== 0 && weekday !== 6) continue
    const from = new Date(day_ms - offset_ms).toISOString()
    const to = new Date(day_ms - offset_ms + DAY_MS).toISOString()
    const span = placeSpan(from, to, axis)
    if (span !== null) spans.push(span)
  }
  return spans
}

/** Instants for the labels below an axis: local midnights, evenly spread, about `count` of them. */
export function listDayTicks(axis: { from: string; to: string }, offset_hours: number, count: number): string[] {
  const offset_ms = offset_hours * 3_600_000
  const first_ms = Math.ceil((Date.parse(axis.from) + offset_ms) / DAY_MS) * DAY_MS - offset_ms
  const days = Math.max(1, Math.floor((Date.parse(axis.to) - first_ms) / DAY_MS))
  const step = Math.max(1, Math.ceil(days / count))
  return Array.from({ length: Math.floor((days - 1) / step) + 1 }, (_, index) =>
    new Date(first_ms + index * step * DAY_MS).toISOString(),
  )
}
