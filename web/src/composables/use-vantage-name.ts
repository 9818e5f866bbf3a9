import { useI18n } from 'vue-i18n'

/** Where a check looks from, in words; a vantage that has no word yet is called by its code. */
export function useVantageName() {
  const i18n = useI18n()
  return (code: string): string => {
    const key = `words.vantage.${code}`
    return i18n.te(key) ? i18n.t(key) : code
  }
}
