import type { Language } from './language.ts'

/** What stands for "withheld: too little data". Absent, failed and zero have words of their own. */
export const WITHHELD = '—'
const NO_BREAK_SPACE = '\u00a0'
const MINUS = '\u2212'

const numberFormats = new Map<string, Intl.NumberFormat>()

function numberFormat(language: Language, decimals: number): Intl.NumberFormat {
  const key = `${language}${decimals}`
  const known = numberFormats.get(key)
  if (known !== undefined) return known
  const made = new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  numberFormats.set(key, made)
  return made
}

/** `1 234,5` in Russian, `1,234.5` in English; the minus is a real one, spaces do not break. Null is withheld. */
export function formatNumber(value: number | null, language: Language, decimals = 0): string {
  if (value === null) return WITHHELD
  const rounded = Number(value.toFixed(decimals))
  const text = numberFormat(language, decimals).format(Math.abs(rounded)).replace(/\s/g, NO_BREAK_SPACE)
  return rounded < 0 ? MINUS + text : text
}

/** A change with its sign: `+2,1`, `−0,4`, `0,0`. */
export function formatChange(value: number | null, language: Language, decimals = 1): string {
  const text = formatNumber(value, language, decimals)
  return value !== null && Number(value.toFixed(decimals)) > 0 ? `+${text}` : text
}

/** A ratio (0..1) as per cent without the sign, for a column whose head says "%": 0.712 is `71,2`. */
export function formatRatio(ratio: number | null, language: Language, decimals = 1): string {
  return formatNumber(ratio === null ? null : ratio * 100, language, decimals)
}

/** A ratio (0..1) with its sign, for a sentence: `92 %`, in English `92%`. */
export function formatPercent(ratio: number | null, language: Language, decimals = 0): string {
  if (ratio === null) return WITHHELD
  return formatRatio(ratio, language, decimals) + (language === 'ru' ? `${NO_BREAK_SPACE}%` : '%')
}

/** A speed with its unit: `1,50 Мбит/с`. */
export function formatMbps(mbps: number | null, language: Language, decimals = 1): string {
  if (mbps === null) return WITHHELD
  const unit = language === 'ru' ? 'Мбит/с' : 'Mbit/s'
  return `${formatNumber(mbps, language, decimals)}${NO_BREAK_SPACE}${unit}`
}

/** Bytes in the unit a person reads: `1,2 КБ`. */
export function formatBytes(bytes: number, language: Language): string {
  const units = language === 'ru' ? ['Б', 'КБ', 'МБ'] : ['B', 'kB', 'MB']
  const power = bytes < 1000 ? 0 : bytes < 1_000_000 ? 1 : 2
  return `${formatNumber(bytes / 1000 ** power, language, power === 0 ? 0 : 1)}${NO_BREAK_SPACE}${units[power] ?? ''}`
}
