import { onScopeDispose, readonly, ref } from 'vue'

/** True while the page is being printed: a virtual table then renders all its rows. */
export function usePrinting() {
  const printing = ref(false)
  const start = (): void => {
    printing.value = true
  }
  const end = (): void => {
    printing.value = false
  }
  addEventListener('beforeprint', start)
  addEventListener('afterprint', end)
  onScopeDispose(() => {
    removeEventListener('beforeprint', start)
    removeEventListener('afterprint', end)
  })
  return readonly(printing)
}
