import { describe, expect, it } from 'vitest'
import type { TableColumn } from '../../../web/src/components/table-columns.ts'
import { layOutTable } from '../../../web/src/components/table-layout.ts'

const column = (key: string, width_px: number, more: Partial<TableColumn<object>> = {}): TableColumn<object> => ({
  key,
  label: key,
  text: () => '',
  width_px,
  ...more,
})
const columns = [
  column('name', 200, { isRowHead: true }),
  column('value', 100),
  column('since', 100, { priority: 2 }),
  column('issuer', 400, { priority: 3 }),
]
const keysAt = (room_px: number | null): string[] => layOutTable(columns, [], room_px).columns.map((one) => one.key)

describe('layOutTable', () => {
  it('lets columns go as the room shrinks, the least needed first', () => {
    expect(keysAt(1200)).toEqual(['name', 'value', 'since', 'issuer'])
    expect(keysAt(900)).toEqual(['name', 'value', 'since'])
    expect(keysAt(360)).toEqual(['name', 'value'])
    expect(keysAt(null)).toEqual(['name', 'value', 'since', 'issuer'])
  })
  it('tells which columns went for want of room, and not those that a person has hidden', () => {
    expect([...layOutTable(columns, ['issuer'], 360).dropped]).toEqual(['since'])
    expect([...layOutTable(columns, ['issuer'], 1200).dropped]).toEqual([])
  })
  it('shares the room between a few columns and never scrolls them', () => {
    const { widths, min_width_px } = layOutTable(columns, ['since'], 200)
    expect(widths.map((width) => Math.round(Number.parseFloat(width)))).toEqual([67, 33])
    expect(min_width_px).toBe(0)
  })
  it('scrolls many columns beside a slim head', () => {
    const many = [
      column('name', 190, { isRowHead: true }),
      ...Array.from({ length: 14 }, (_, index) => column(String(index), 34)),
    ]
    const { widths, min_width_px } = layOutTable(many, [], 328)
    expect(widths[0]).toBe('132px')
    expect(min_width_px).toBe(132 + 14 * 34)
  })
  it('does not show what a person has hidden', () =>
    expect(layOutTable(columns, ['value'], 1200).columns.map((one) => one.key)).toEqual(['name', 'since', 'issuer']))
})
