import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkOf } from '../../../server/src/domain/address-network.ts'

const group = fc.integer({ min: 0, max: 0xffff })
const groups = fc.array(fc.oneof(group, fc.constant(0)), { minLength: 8, maxLength: 8 })
const isMapped = (all: readonly number[]): boolean => all.slice(0, 5).every((one) => one === 0) && all[5] === 0xffff

function plain(all: readonly number[]): string {
  return all.map((one) => one.toString(16)).join(':')
}

/** The address with one run of zero groups left out, as the rule of RFC 4291 allows; the last two may have dots. */
function compressed(all: readonly number[], from: number, dots: boolean): string {
  const texts = all.map((one) => one.toString(16).padStart(4, '0').toUpperCase())
  const end = dots ? 6 : 8
  const last = [all[6] ?? 0, all[7] ?? 0].flatMap((one) => [one >> 8, one & 0xff]).join('.')
  const tail = dots ? [last] : []
  let to = from
  while (to < end && all[to] === 0) to += 1
  if (to === from) return [...texts.slice(0, end), ...tail].join(':')
  return `${texts.slice(0, from).join(':')}::${[...texts.slice(to, end), ...tail].join(':')}`
}

describe('networkOf', () => {
  it.each([
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::1:2:3:4', '2001:db8:0:0::/64'],
    ['2001:DB8:1:2:ffff::2', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['', ''],
  ])('%j: %j', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })

  it('is the same however the address is written', () => {
    const written = fc.tuple(groups, fc.integer({ min: 0, max: 7 }), fc.boolean())
    fc.assert(
      fc.property(written, ([all, from, dots]) => {
        expect(networkOf(compressed(all, from, dots))).toBe(networkOf(plain(all)))
      }),
    )
  })

  it('is shared by exactly the addresses of one /64', () => {
    const parts = fc.tuple(groups, groups, fc.integer({ min: 0, max: 3 }))
    fc.assert(
      fc.property(parts, ([one, other, changed]) => {
        const neighbour = [...one.slice(0, 4), ...other.slice(4)]
        const foreign = one.map((value, index) => (index === changed ? (value + 1) % 0x10000 : value))
        fc.pre(![one, neighbour, foreign].some(isMapped))
        expect(networkOf(plain(neighbour))).toBe(networkOf(plain(one)))
        expect(networkOf(plain(foreign))).not.toBe(networkOf(plain(one)))
      }),
    )
  })
})
