import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { useAppearanceStore } from '../../web/src/stores/appearance.ts'

type Listener = (event: { matches: boolean }) => void

/** The system's own settings, and a way to change them while the page is open. */
function installSystem(dark: boolean) {
  const listeners: Listener[] = []
  vi.stubGlobal('matchMedia', (query: string) => ({
    matches: query.includes('dark') && dark,
    addEventListener: (_: string, listener: Listener) => query.includes('dark') && listeners.push(listener),
  }))
  return (matches: boolean) => listeners.forEach((listener) => listener({ matches }))
}

describe('useAppearanceStore', () => {
  beforeEach(() => {
    localStorage.clear()
    setActivePinia(createPinia())
  })

  it('follows the system until a theme is chosen', async () => {
    const setDark = installSystem(true)
    const store = useAppearanceStore()
    expect(document.documentElement.dataset['theme']).toBe('dark')
    setDark(false)
    expect(document.documentElement.dataset['theme']).toBe('light')
    store.theme = 'dark'
    await nextTick()
    setDark(false)
    expect(document.documentElement.dataset['theme']).toBe('dark')
  })

  it('keeps the choice under the key that the first-paint script reads', async () => {
    installSystem(false)
    const store = useAppearanceStore()
    store.contrast = 'more'
    store.language = 'en'
    await nextTick()
    expect(JSON.parse(localStorage.getItem('edumon.appearance') ?? '')).toEqual({
      theme: 'system',
      contrast: 'more',
      language: 'en',
    })
    expect(document.documentElement.dataset['contrast']).toBe('more')
    expect(document.documentElement.lang).toBe('en')
  })

  it('starts from the system when the kept value is foreign', () => {
    installSystem(false)
    localStorage.setItem('edumon.appearance', '{"theme":"purple","language":7')
    expect(useAppearanceStore().theme).toBe('system')
    localStorage.setItem('edumon.appearance', '{"theme":"purple","language":7}')
    setActivePinia(createPinia())
    expect(useAppearanceStore().language).toBe('ru')
  })
})
