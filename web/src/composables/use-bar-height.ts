import { onBeforeUnmount, onMounted, type ShallowRef } from 'vue'

/**
 * Tells the styles, as --context-bar, how much of the window's top the bar covers while the page scrolls: what stops
 * at the top stops below it. 0 px where the bar scrolls away with the page.
 */
export function useBarHeight(bar: Readonly<ShallowRef<HTMLElement | null>>): void {
  const root = document.documentElement
  const tell = (): void => {
    const covers = bar.value !== null && getComputedStyle(bar.value).position === 'sticky'
    root.style.setProperty('--context-bar', `${covers ? bar.value.offsetHeight : 0}px`)
  }
  const observer = new ResizeObserver(tell)
  onMounted(() => {
    if (bar.value !== null) observer.observe(bar.value)
  })
  onBeforeUnmount(() => observer.disconnect())
}
