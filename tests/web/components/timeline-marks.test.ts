import { describe, expect, it } from 'vitest'
import { listDayTicks, listWeekends, placeSpan } from '../../../web/src/components/timeline-marks.ts'

const axis = { from: '2026-10-05T20:00:00Z', to: '2026-10-15T20:00:00Z' }

describe('placeSpan', () => {
  it('places a stretch in per cent and cuts it at the edges', () => {
    expect(placeSpan('2026-10-06T20:00:00Z', '2026-10-07T20:00:00Z', axis)).toEqual({
      left_percent: 10,
      width_percent: 10,
    })
    expect(placeSpan('2026-10-01T00:00:00Z', '2026-10-06T20:00:00Z', axis)).toEqual({
      left_percent: 0,
      width_percent: 10,
    })
  })
  it('places nothing that lies outside', () => {
    expect(placeSpan('2026-10-01T00:00:00Z', '2026-10-02T00:00:00Z', axis)).toBeNull()
    expect(placeSpan('2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z', axis)).toBeNull()
  })
})

describe('listWeekends', () => {
  it('finds Saturday and Sunday of the region: 10 and 11 October', () => {
    const spans = listWeekends(axis, 4)
    expect(spans.map((span) => Math.round(span.left_percent))).toEqual([40, 50])
    expect(spans.map((span) => Math.round(span.width_percent))).toEqual([10, 10])
  })
})

describe('listDayTicks', () => {
  it('stands at local midnights', () => {
    const ticks = listDayTicks(axis, 4, 5)
    expect(ticks[0]).toBe('2026-10-05T20:00:00.000Z')
    expect(ticks).toHaveLength(5)
  })
})
