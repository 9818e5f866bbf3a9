import { afterEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import DataTable from '../../../web/src/components/DataTable.vue'
import type { TableColumn } from '../../../web/src/components/table-columns.ts'
import { mountWith } from '../mount-with.ts'

interface Row {
  id: number
  name: string
  value: number
}
const columns: TableColumn<Row>[] = [
  {
    key: 'name',
    label: 'Организация',
    text: (row) => row.name,
    sort: (row) => row.name,
    width_px: 200,
    isRowHead: true,
  },
  {
    key: 'value',
    label: 'Значение',
    text: (row) => String(row.value),
    sort: (row) => row.value,
    align: 'end',
    width_px: 80,
  },
  { key: 'note', label: 'Заметка', text: (row) => `№ ${row.id}`, width_px: 80 },
]
const makeRows = (count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({ id: index, name: `Школа ${index}`, value: (index * 7) % 11 }))

async function mountTable(count: number, props: Record<string, unknown> = {}, slots = {}) {
  const { wrapper } = await mountWith(DataTable, {
    props: { label: 'Список', rows: makeRows(count), columns, rowKey: (row: Row) => row.id, ...props },
    slots,
  })
  return wrapper
}
const firstCells = (wrapper: Awaited<ReturnType<typeof mountTable>>): string[] =>
  wrapper.findAll('tbody th').map((cell) => cell.text())

describe('DataTable', () => {
  afterEach(() => {
    document.body.innerHTML = ''
    vi.restoreAllMocks()
  })

  it('names its rows, its count and the number of each row', async () => {
    const wrapper = await mountTable(3)
    expect(wrapper.get('table').attributes('aria-rowcount')).toBe('4')
    expect(wrapper.findAll('tr').map((row) => row.attributes('aria-rowindex'))).toEqual(['1', '2', '3', '4'])
    expect(wrapper.findAll('tbody th').every((cell) => cell.attributes('scope') === 'row')).toBe(true)
  })

  it('sorts by a click on the head and says so with aria-sort', async () => {
    const wrapper = await mountTable(4)
    const head = wrapper.findAll('thead th')
    await head[1]?.get('button').trigger('click')
    expect(head[1]?.attributes('aria-sort')).toBe('ascending')
    expect(firstCells(wrapper)).toEqual(
      ['Школа 0', 'Школа 2', 'Школа 3', 'Школа 1'].toSorted((a, b) => valueOf(a) - valueOf(b)),
    )
    await head[1]?.get('button').trigger('click')
    expect(head[1]?.attributes('aria-sort')).toBe('descending')
    expect(head[0]?.attributes('aria-sort')).toBeUndefined()
    expect(head[2]?.find('button').exists()).toBe(false)
  })

  it('walks the rows by keys', async () => {
    const wrapper = await mountTable(5)
    const scroller = wrapper.get('[role=group]')
    await scroller.trigger('keydown', { key: 'ArrowDown' })
    await nextTick()
    expect(document.activeElement?.getAttribute('data-row')).toBe('0')
    await wrapper.get('[data-row="0"]').trigger('keydown', { key: 'End' })
    await nextTick()
    expect(document.activeElement?.getAttribute('data-row')).toBe('4')
    await wrapper.get('[data-row="4"]').trigger('keydown', { key: 'ArrowDown' })
    expect(document.activeElement?.getAttribute('data-row')).toBe('4')
  })

  it('leaves keys inside a control of a cell alone', async () => {
    const wrapper = await mountTable(2, {}, { 'cell-note': '<button class="inside">?</button>' })
    const button = wrapper.get<HTMLButtonElement>('.inside')
    button.element.focus()
    await button.trigger('keydown', { key: 'ArrowDown' })
    expect(document.activeElement).toBe(button.element)
  })

  it('keeps only a part of a thousand rows in the page, with the true count', async () => {
    // The DOM of the tests has no layout: the frame is said to be 600 px high and a row 40.
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
    vi.spyOn(HTMLElement.prototype, 'offsetHeight', 'get').mockReturnValue(40)
    const wrapper = await mountTable(1000)
    expect(wrapper.get('table').attributes('aria-rowcount')).toBe('1001')
    await vi.waitFor(() => expect(wrapper.findAll('tbody th').length).toBeGreaterThan(0))
    expect(wrapper.findAll('tbody th').length).toBeLessThan(100)
  })

  it('stands in the page as a whole while its rows can, and has a window of its own for more', async () => {
    expect((await mountTable(60)).get('[role=group]').classes()).toContain('open')
    expect((await mountTable(100)).get('[role=group]').classes()).toContain('framed')
  })

  it('renders all rows while it is printed', async () => {
    const wrapper = await mountTable(100)
    dispatchEvent(new Event('beforeprint'))
    await nextTick()
    expect(wrapper.findAll('tbody th')).toHaveLength(100)
    dispatchEvent(new Event('afterprint'))
    await nextTick()
    expect(wrapper.findAll('tbody th').length).toBeLessThan(100)
  })

  it('hides a column and opens the detail of one row', async () => {
    const wrapper = await mountTable(3, { hidden: ['note'], openKey: 1 }, { detail: '<p class="detail-text">!</p>' })
    expect(wrapper.findAll('thead th').map((head) => head.text())).toEqual(['Организация', 'Значение'])
    expect(wrapper.findAll('.detail-text')).toHaveLength(1)
    expect(wrapper.get('.detail td').attributes('colspan')).toBe('2')
  })
})

function valueOf(name: string): number {
  return (Number(name.slice('Школа '.length)) * 7) % 11
}
