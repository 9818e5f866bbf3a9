import { useVirtualizer } from '@tanstack/vue-virtual'
import { computed, nextTick, type Ref, type ShallowRef } from 'vue'
import { usePrinting } from './use-printing.ts'

/** Below this many rows the whole table is cheap enough to stand in the page. */
const VIRTUAL_FROM = 80
/** A table of so few rows never gets a window of its own, even where it scrolls sideways. */
const SHORT_UP_TO = 20
const ROW_ESTIMATE_PX = 41
const PAGE_STEP = 15

/**
 * The rows that stand in the page at a time, the space above and below them, and the walk by keys.
 * Rows are measured, so they may have two lines.
 */
export function useTableRows(count: Ref<number>, scroller: Readonly<ShallowRef<HTMLElement | null>>) {
  const printing = usePrinting()
  const isVirtual = computed(() => count.value > VIRTUAL_FROM && !printing.value)
  const isShort = computed(() => count.value <= SHORT_UP_TO)

  const virtualizer = useVirtualizer<HTMLElement, HTMLElement>(
    computed(() => ({
      count: isVirtual.value ? count.value : 0,
      getScrollElement: () => scroller.value,
      estimateSize: () => ROW_ESTIMATE_PX,
      overscan: 12,
      scrollPaddingStart: 40,
    })),
  )
  const window = computed(() => {
    if (!isVirtual.value)
      return { indices: Array.from({ length: count.value }, (_, index) => index), before: 0, after: 0 }
    const items = virtualizer.value.getVirtualItems()
    const end = items.at(-1)?.end ?? 0
    return {
      indices: items.map((item) => item.index),
      before: items[0]?.start ?? 0,
      after: Math.max(0, virtualizer.value.getTotalSize() - end),
    }
  })
  const measure = (element: unknown): void => {
    if (isVirtual.value && element instanceof HTMLElement) virtualizer.value.measureElement(element)
  }

  function focusRendered(index: number): boolean {
    const row = scroller.value?.querySelector<HTMLElement>(`[data-row="${index}"]`)
    row?.focus({ preventScroll: isVirtual.value })
    return row !== null && row !== undefined
  }
  async function focusRow(index: number): Promise<void> {
    if (isVirtual.value) virtualizer.value.scrollToIndex(index)
    await nextTick()
    if (!focusRendered(index)) requestAnimationFrame(() => void focusRendered(index))
  }

  /** Up, Down, PageUp, PageDown, Home, End walk the rows; other keys and keys inside controls are left alone. */
  async function walk(event: KeyboardEvent): Promise<void> {
    const target = event.target instanceof HTMLElement ? event.target : null
    const onRow = target?.dataset['row']
    if (count.value === 0 || (onRow === undefined && target !== scroller.value)) return
    const from = onRow === undefined ? -1 : Number(onRow)
    const steps: Record<string, number> = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + PAGE_STEP,
      PageUp: from - PAGE_STEP,
      Home: 0,
      End: count.value - 1,
    }
    const to = steps[event.key]
    if (to === undefined) return
    event.preventDefault()
    await focusRow(Math.min(Math.max(to, 0), count.value - 1))
  }
  return { window, measure, walk, isVirtual, isShort }
}
