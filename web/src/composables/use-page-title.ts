import { watchEffect } from 'vue'
import { useI18n } from 'vue-i18n'

/** The name of the page in the browser's tab and history, followed by the product's. */
export function usePageTitle(read: () => string): void {
  const { t } = useI18n()
  watchEffect(() => {
    document.title = `${read()} – ${t('frame.product')}`
  })
}
