import { useI18n } from 'vue-i18n'
import type { AuditSealState } from '../../api/schemas.ts'
import { useFormat } from '../../composables/use-format.ts'
import { isSealLate } from './seal-state.ts'

/** How the chain stands, in one sentence; that a few events wait for the next minute is no news. */
export function useSealSentence() {
  const { t } = useI18n()
  const format = useFormat()
  return (seal: AuditSealState, now_ms: number): string => {
    const { sealed_at, unsealed_since } = seal
    if (isSealLate(seal, now_ms) && unsealed_since !== null) {
      return t('audit.seal.late', { when: format.instant(unsealed_since, { year: false }) })
    }
    return sealed_at === null
      ? t('audit.seal.never')
      : t('audit.seal.done', { when: format.instant(sealed_at, { year: false }) })
  }
}
