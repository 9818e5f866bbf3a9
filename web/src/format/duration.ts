import type { Language } from './language.ts'
import { formatNumber } from './number.ts'

const NO_BREAK_SPACE = '\u00a0'
const UNITS = {
  ru: { ms: 'мс', s: 'с', min: 'мин', h: 'ч', d: 'дн.' },
  en: { ms: 'ms', s: 's', min: 'min', h: 'h', d: 'd' },
} as const

/** Two largest units at most: `214 мс`, `50 мин`, `3 ч 10 мин`, `2 дн. 4 ч`. */
export function formatDuration(duration_ms: number, language: Language): string {
  const unit = UNITS[language]
  const write = (value: number, name: keyof typeof unit): string =>
    `${formatNumber(value, language)}${NO_BREAK_SPACE}${unit[name]}`
  const join = (whole: number, large: keyof typeof unit, rest: number, small: keyof typeof unit): string =>
    rest === 0 ? write(whole, large) : `${write(whole, large)} ${write(rest, small)}`

  if (duration_ms < 1000) return write(Math.round(duration_ms), 'ms')
  const seconds = Math.round(duration_ms / 1000)
  if (seconds < 60) return write(seconds, 's')
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return write(minutes, 'min')
  if (minutes < 24 * 60) return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
  const hours = Math.round(minutes / 60)
  return join(Math.floor(hours / 24), 'd', hours % 24, 'h')
}
