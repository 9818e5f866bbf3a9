import { Secret } from 'otpauth'
import { describe, expect, it } from 'vitest'
import {
  findTotpStep,
  makeRecoveryCodes,
  makeTotpSecret,
  totpAddress,
} from '../../../server/src/access/second-factor.ts'

/** RFC 6238, appendix B: the key "12345678901234567890" in ASCII, SHA-1; the last six of its eight digits. */
const RFC_SECRET = Secret.fromUTF8('12345678901234567890').base32
const RFC_VECTORS = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const

describe('findTotpStep', () => {
  it.each(RFC_VECTORS)('takes the code of RFC 6238 at second %i', (second, code) => {
    expect(findTotpStep(RFC_SECRET, code, null, second * 1000)).toBe(Math.floor(second / 30))
  })

  it('takes the code of the step before and after, and none further off', () => {
    const [second, code] = RFC_VECTORS[3]
    const step = Math.floor(second / 30)
    const at = (steps: number) => findTotpStep(RFC_SECRET, code, null, (second + steps * 30) * 1000)
    expect([-2, -1, 0, 1, 2].map(at)).toEqual([null, step, step, step, null])
  })

  it('takes no step again that was taken, nor an earlier one', () => {
    const [second, code] = RFC_VECTORS[3]
    const step = Math.floor(second / 30)
    expect(findTotpStep(RFC_SECRET, code, step - 1, second * 1000)).toBe(step)
    expect(findTotpStep(RFC_SECRET, code, step, second * 1000)).toBeNull()
    expect(findTotpStep(RFC_SECRET, code, step + 1, second * 1000)).toBeNull()
  })

  it.each(['', '12345', 'abcdef', '1234567'])('takes no %j', (code) => {
    expect(findTotpStep(RFC_SECRET, code, null, 59_000)).toBeNull()
  })
})

describe('secrets of the second factor', () => {
  it('are of 160 bits and fit an authenticator', () => {
    const secret = makeTotpSecret()
    expect(Secret.fromBase32(secret).bytes).toHaveLength(20)
    expect(totpAddress(secret, 'anna')).toBe(
      `otpauth://totp/Edumon:anna?issuer=Edumon&secret=${secret}&algorithm=SHA1&digits=6&period=30`,
    )
  })

  it('have ten recovery codes, all different, without letters that are mistaken', () => {
    const codes = makeRecoveryCodes()
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^[a-hj-km-np-z2-9]{5}-[a-hj-km-np-z2-9]{5}$/)
  })
})
