import { computed, onScopeDispose, shallowRef } from 'vue'

export type ScreenTier = 'narrow' | 'middle' | 'wide'

/** Follows the two widths at which columns go and the drawer floats: 768 and 1360 px. */
export function useScreenTier() {
  const tablet = matchMedia('(min-width: 768px)')
  const wide = matchMedia('(min-width: 1360px)')
  const read = (): ScreenTier => (wide.matches ? 'wide' : tablet.matches ? 'middle' : 'narrow')
  const tier = shallowRef(read())
  const follow = (): void => {
    tier.value = read()
  }
  tablet.addEventListener('change', follow)
  wide.addEventListener('change', follow)
  onScopeDispose(() => {
    tablet.removeEventListener('change', follow)
    wide.removeEventListener('change', follow)
  })
  return computed(() => tier.value)
}
