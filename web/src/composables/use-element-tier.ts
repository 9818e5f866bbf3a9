import { onBeforeUnmount, onMounted, readonly, shallowRef, type ShallowRef } from 'vue'
import type { ScreenTier } from './use-screen-tier.ts'

const NARROW_BELOW_PX = 640
const WIDE_FROM_PX = 1040

/**
 * How much room an element has. A table asks its own room and not the screen's: beside an open drawer it is narrower
 * than the screen tells.
 */
export function useElementTier(element: Readonly<ShallowRef<HTMLElement | null>>) {
  const tier = shallowRef<ScreenTier>('wide')
  const observer = new ResizeObserver(([entry]) => {
    const width_px = entry?.contentRect.width ?? 0
    if (width_px > 0) tier.value = width_px < NARROW_BELOW_PX ? 'narrow' : width_px < WIDE_FROM_PX ? 'middle' : 'wide'
  })
  onMounted(() => {
    if (element.value !== null) observer.observe(element.value)
  })
  onBeforeUnmount(() => observer.disconnect())
  return readonly(tier)
}
