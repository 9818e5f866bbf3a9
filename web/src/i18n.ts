import { createI18n } from 'vue-i18n'
import type { Language } from './format/language.ts'
import type { MessageTree } from './locales/message-tree.ts'
import ru from './locales/ru.ts'

/** Russian has three forms after a number: 1 строка, 2 строки, 5 строк. */
export function choosePluralForm(count: number, forms: number): number {
  if (forms < 3) return count === 1 ? 0 : 1
  const lastTwo = count % 100
  const last = count % 10
  if (last === 1 && lastTwo !== 11) return 0
  return last >= 2 && last <= 4 && (lastTwo < 12 || lastTwo > 14) ? 1 : 2
}

/** The composition mode; the next major version of the library knows no other. */
const COMPOSITION_MODE = { legacy: false } as const

export const i18n = createI18n<[MessageTree], Language, false>({
  ...COMPOSITION_MODE,
  locale: 'ru',
  fallbackLocale: 'ru',
  messages: { ru } as Record<Language, MessageTree>,
  pluralRules: { ru: choosePluralForm },
})

/** English is fetched when somebody asks for it: most visits never do. */
export async function showLanguage(language: Language): Promise<void> {
  if (language === 'en') i18n.global.setLocaleMessage('en', (await import('./locales/en.ts')).default)
  i18n.global.locale.value = language
}
