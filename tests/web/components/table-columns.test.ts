import { describe, expect, it } from 'vitest'
import {
  nextSort,
  parseSort,
  sortRows,
  writeSort,
  type TableColumn,
} from '../../../web/src/components/table-columns.ts'

interface Row {
  name: string
  value: number | null
}
const columns: TableColumn<Row>[] = [
  { key: 'name', label: 'Имя', text: (row) => row.name, sort: (row) => row.name, width_px: 100 },
  {
    key: 'value',
    label: 'Значение',
    text: (row) => String(row.value),
    sort: (row) => row.value,
    firstDirection: 'descending',
    width_px: 50,
  },
  { key: 'note', label: 'Заметка', text: () => '', width_px: 50 },
]
const rows: Row[] = [
  { name: 'Ершов', value: 2 },
  { name: 'Ёлкино', value: null },
  { name: 'Аткарск', value: 10 },
  { name: 'школа 10', value: 0 },
  { name: 'школа 9', value: 2 },
]
const namesBy = (key: string, direction: 'ascending' | 'descending'): string[] =>
  sortRows(rows, columns, { key, direction }, 'ru').map((row) => row.name)

describe('sortRows', () => {
  it('orders Russian names with Ё in its place and numbers inside names as numbers', () =>
    expect(namesBy('name', 'ascending')).toEqual(['Аткарск', 'Ёлкино', 'Ершов', 'школа 9', 'школа 10']))
  it('keeps rows without a value last in both directions, and zero is a value', () => {
    expect(namesBy('value', 'ascending')).toEqual(['школа 10', 'Ершов', 'школа 9', 'Аткарск', 'Ёлкино'])
    expect(namesBy('value', 'descending')).toEqual(['Аткарск', 'Ершов', 'школа 9', 'школа 10', 'Ёлкино'])
  })
  it('leaves the order alone for a column that is not sortable', () =>
    expect(namesBy('note', 'ascending')).toEqual(rows.map((row) => row.name)))
})

describe('nextSort', () => {
  it('starts with the direction of the column and then turns it', () => {
    const [, value] = columns
    if (value === undefined) throw new Error('the column is missing')
    const first = nextSort(null, value)
    expect(first).toEqual({ key: 'value', direction: 'descending' })
    expect(nextSort(first, value).direction).toBe('ascending')
  })
})

describe('parseSort', () => {
  it('reads what writeSort wrote and refuses other words', () => {
    const sort = { key: 'value', direction: 'descending' } as const
    expect(parseSort(writeSort(sort), columns)).toEqual(sort)
    expect(parseSort('note', columns)).toBeNull()
    expect(parseSort('constructor', columns)).toBeNull()
  })
})
