import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { isLanguage, type Language } from '../format/language.ts'

export const THEME_CHOICES = ['system', 'light', 'dark'] as const
export const CONTRAST_CHOICES = ['system', 'normal', 'more'] as const
export type ThemeChoice = (typeof THEME_CHOICES)[number]
export type ContrastChoice = (typeof CONTRAST_CHOICES)[number]

/** public/appearance.js reads this key before the first paint. */
const STORAGE_KEY = 'edumon.appearance'

interface Kept {
  theme: ThemeChoice
  contrast: ContrastChoice
  language: Language
}

function readKept(): Kept {
  let raw: unknown = null
  try {
    raw = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null')
  } catch {
    raw = null // storage closed to the page, or a foreign value: start from the system's settings
  }
  const kept = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {}
  return {
    theme: THEME_CHOICES.find((choice) => choice === kept.theme) ?? 'system',
    contrast: CONTRAST_CHOICES.find((choice) => choice === kept.contrast) ?? 'system',
    language: isLanguage(kept.language) ? kept.language : 'ru',
  }
}

/** A media query as a ref that follows it. */
function useMedia(query: string) {
  const media = matchMedia(query)
  const matches = ref(media.matches)
  media.addEventListener('change', (event) => (matches.value = event.matches))
  return matches
}

/** Theme, contrast and language of this browser; written on <html>, where tokens.css and charts read them. */
export const useAppearanceStore = defineStore('appearance', () => {
  const kept = readKept()
  const theme = ref<ThemeChoice>(kept.theme)
  const contrast = ref<ContrastChoice>(kept.contrast)
  const language = ref<Language>(kept.language)

  const systemDark = useMedia('(prefers-color-scheme: dark)')
  const systemContrast = useMedia('(prefers-contrast: more)')
  const shownTheme = computed(() => (theme.value === 'system' ? (systemDark.value ? 'dark' : 'light') : theme.value))
  const shownContrast = computed(() =>
    contrast.value === 'system' ? (systemContrast.value ? 'more' : 'normal') : contrast.value,
  )

  watch(
    [shownTheme, shownContrast, language],
    ([themeNow, contrastNow, languageNow]) => {
      const root = document.documentElement
      root.dataset.theme = themeNow
      root.dataset.contrast = contrastNow
      root.lang = languageNow
    },
    { immediate: true, flush: 'sync' },
  )
  watch([theme, contrast, language], ([themeNow, contrastNow, languageNow]) => {
    const value: Kept = { theme: themeNow, contrast: contrastNow, language: languageNow }
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(value))
    } catch {
      return // storage closed to the page: the choice holds until the tab is closed
    }
  })

  return { theme, contrast, language, shownTheme, shownContrast }
})
