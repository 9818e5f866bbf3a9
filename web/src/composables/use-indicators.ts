import { useQuery } from '@pinia/colada'
import { computed } from 'vue'
import { readIndicators } from '../api/reads.ts'
import type { Figure, IndicatorCard } from '../api/schemas.ts'
import { useFormat } from './use-format.ts'

export type IndicatorTexts = IndicatorCard['texts']['ru'] &
  Pick<IndicatorCard, 'unit'> & { source: string; version: number; floor_ratio: number }

/** The dictionary of indicators in the language of the screen, in its own order. */
export function useIndicators() {
  const { language } = useFormat()
  const dictionary = useQuery({
    key: ['indicators'],
    query: ({ signal }) => readIndicators(signal),
    staleTime: Infinity,
  })
  const indicators = computed(() => dictionary.data.value?.indicators ?? [])
  const reasons = computed(
    () => new Map((dictionary.data.value?.exclusions ?? []).map((reason) => [reason.code, reason])),
  )

  function textsOf(code: string): IndicatorTexts | null {
    const card = indicators.value.find((indicator) => indicator.code === code)
    if (card === undefined) return null
    const { legal_source, methodology_version: version, coverage_floor: floor_ratio, unit } = card
    return { ...card.texts[language.value], source: legal_source ?? '', version, floor_ratio, unit }
  }
  /** Why a unit is left out, in words; the code itself while the dictionary is not there. */
  const reasonText = (code: Figure['excluded'][number]['reason']): string =>
    reasons.value.get(code)?.[language.value] ?? code
  return { dictionary, indicators, textsOf, reasonText }
}
