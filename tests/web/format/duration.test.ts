import { describe, expect, it } from 'vitest'
import { formatDuration } from '../../../web/src/format/duration.ts'

const NBSP = '\u00a0'

describe('formatDuration', () => {
  it.each([
    [214, `214${NBSP}мс`],
    [59_400, `59${NBSP}с`],
    [50 * 60_000, `50${NBSP}мин`],
    [190 * 60_000, `3${NBSP}ч 10${NBSP}мин`],
    [3 * 3_600_000, `3${NBSP}ч`],
    [52 * 3_600_000, `2${NBSP}дн. 4${NBSP}ч`],
  ])('writes %i ms with its two largest units', (duration_ms, text) =>
    expect(formatDuration(duration_ms, 'ru')).toBe(text),
  )
})
