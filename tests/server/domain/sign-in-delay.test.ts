import { describe, expect, it } from 'vitest'
import { signInDelayMs } from '../../../server/src/domain/sign-in-delay.ts'

describe('signInDelayMs', () => {
  it.each([
    [0, 0],
    [9, 0],
    [10, 250],
    [11, 500],
    [14, 4000],
    [15, 5000],
    [100_000, 5000],
  ])('after %d failures: %d ms', (failures, delay_ms) => {
    expect(signInDelayMs(failures)).toBe(delay_ms)
  })
})
