import { useI18n } from 'vue-i18n'
import type { CauseEntry, LineageFact } from '../api/schemas.ts'
import { useCauseTexts } from './use-cause-texts.ts'
import { useFormat } from './use-format.ts'

/** What a stored fact says, in words; a word of its closed list that has no text is shown as it is. */
export function useFactWords() {
  const i18n = useI18n()
  const format = useFormat()
  const causeText = useCauseTexts()
  const LISTS: Record<LineageFact['kind'], string> = {
    site_verdict: 'words.verdict',
    site_check: 'words.certificate',
    site_hours: 'words.hours',
    site_subsection: 'words.presence',
  }

  function outcomeOf(fact: LineageFact): string {
    const key = `${LISTS[fact.kind]}.${fact.outcome}`
    return i18n.te(key) ? i18n.t(key) : fact.outcome
  }
  function detailOf(fact: LineageFact): string | null {
    if (fact.kind === 'site_hours') {
      if (fact.part === null || fact.whole === null) return null
      return i18n.t('lineage.up_of', {
        up: format.duration(fact.part * 1000),
        observed: format.duration(fact.whole * 1000),
      })
    }
    if (fact.detail === null) return null
    if (fact.kind === 'site_subsection') return i18n.t(`words.subsection.${fact.detail}`)
    return causeText(fact.detail as CauseEntry['code'])?.meaning ?? fact.detail
  }
  return { outcomeOf, detailOf }
}
