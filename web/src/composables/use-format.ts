import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import * as date from '../format/date.ts'
import { formatDuration } from '../format/duration.ts'
import type { IndicatorCard } from '../api/schemas.ts'
import { isLanguage, type Language } from '../format/language.ts'
import * as number from '../format/number.ts'
import { formatEither } from '../format/either.ts'
import { formatPeriod } from '../format/period.ts'
import { REGION_TIME_ZONE } from '../format/region-time-zone.ts'

/** The formats bound to the language on the screen and the region's zone; they follow a change of language. */
export function useFormat() {
  const { locale } = useI18n()
  const language = computed<Language>(() => (isLanguage(locale.value) ? locale.value : 'ru'))
  return {
    language,
    number: (value: number | null, decimals = 0) => number.formatNumber(value, language.value, decimals),
    ratio: (value: number | null, decimals = 1) => number.formatRatio(value, language.value, decimals),
    percent: (value: number | null, decimals = 0) => number.formatPercent(value, language.value, decimals),
    /** A value of an indicator with its unit, for a sentence. */
    indicator: (value: number | null, unit: IndicatorCard['unit']) =>
      unit === 'ratio' ? number.formatPercent(value, language.value, 1) : number.formatMbps(value, language.value, 2),
    change: (value: number | null, decimals = 1) => number.formatChange(value, language.value, decimals),
    bytes: (value: number) => number.formatBytes(value, language.value),
    day: (day: string, options: { year?: boolean } = {}) => date.formatDay(day, language.value, options),
    dayRange: (from: string, to: string) => date.formatDayRange(from, to, language.value),
    instant: (instant: string, options: { year?: boolean; seconds?: boolean } = {}) =>
      date.formatInstant(instant, language.value, REGION_TIME_ZONE, options),
    instantDay: (instant: string, options: { year?: boolean } = {}) =>
      date.formatInstantDay(instant, language.value, REGION_TIME_ZONE, options),
    time: (instant: string) => date.formatTime(instant, language.value, REGION_TIME_ZONE),
    duration: (duration_ms: number) => formatDuration(duration_ms, language.value),
    /** "PDF, PNG or JPEG" */
    either: (words: readonly string[]) => formatEither(words, language.value),
    period: (code: string) => formatPeriod(code, language.value),
  }
}
