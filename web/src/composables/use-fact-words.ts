import { useI18n } from 'vue-i18n'
import type { CauseEntry, LineageFact } from '../api/schemas.ts'
import { useCauseTexts } from './use-cause-texts.ts'
import { useFormat } from './use-format.ts'

const KBPS_PER_MBIT = 1000

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
    speed_verdict: 'words.speed_verdict',
    speed_test: 'words.speed_validity',
    contract: 'words.technology',
    capacity_report: 'words.capacity_report',
    agent_hour: 'words.agent_hour',
  }

  function outcomeOf(fact: LineageFact): string {
    const key = `${LISTS[fact.kind]}.${fact.outcome}`
    return i18n.te(key) ? i18n.t(key) : fact.outcome
  }
  function speedsOf({ part, whole }: LineageFact): string {
    const mbit = (kbps: number | null): string => format.number(kbps === null ? null : kbps / KBPS_PER_MBIT, 1)
    return i18n.t('lineage.speeds', { down: mbit(part), up: mbit(whole) })
  }
  /** What a fact about a building says besides its outcome; its place first. */
  function detailOfPlace(fact: LineageFact): string {
    const place = fact.place_name ?? ''
    const cause = fact.kind === 'speed_test' && fact.detail !== null ? i18n.t(`words.speed_cause.${fact.detail}`) : null
    const said: Partial<Record<LineageFact['kind'], string | null>> = {
      speed_test: cause ?? speedsOf(fact),
      contract: fact.part === null ? fact.detail : speedsOf(fact),
      capacity_report: i18n.t('lineage.computers', { count: format.number(fact.part) }),
      agent_hour: i18n.t('lineage.pings', { answered: format.number(fact.part), sent: format.number(fact.whole) }),
    }
    return [place, said[fact.kind] ?? ''].filter((text) => text !== '').join(', ')
  }
  function detailOf(fact: LineageFact): string | null {
    if (fact.place_name !== undefined) return detailOfPlace(fact)
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
