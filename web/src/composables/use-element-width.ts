import { onBeforeUnmount, onMounted, readonly, shallowRef, type ShallowRef } from 'vue'

/** The inner width of an element in px, followed as it changes; null before it is known. */
export function useElementWidth(element: Readonly<ShallowRef<HTMLElement | null>>) {
  const width_px = shallowRef<number | null>(null)
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined && entry.contentRect.width > 0) width_px.value = entry.contentRect.width
  })
  onMounted(() => {
    if (element.value !== null) observer.observe(element.value)
  })
  onBeforeUnmount(() => observer.disconnect())
  return readonly(width_px)
}
