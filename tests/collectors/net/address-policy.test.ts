import { describe, expect, it } from 'vitest'
import { createAddressPolicy } from '../../../collectors/src/net/address-policy.ts'

const REFUSED = [
  '0.0.0.0',
  '10.255.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.255.255',
  '198.18.0.1',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.251',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:8.8.8.8',
  '::ffff:10.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::10.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::',
  '64:ff9b:1::808:808',
  '100::1',
  '2001::1',
  '2001:db8::1',
  '2002:a00:1::1',
  '2002:808:808::1',
  '3fff::1',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '4000::1',
  'localhost',
  '8.8.8',
  '',
]

const PERMITTED = [
  '8.8.8.8',
  '77.88.55.88',
  '172.32.0.1',
  '100.128.0.1',
  '2a02:6b8::2:242',
  '64:ff9b::8.8.8.8',
  '64:ff9b::808:808',
]

describe('createAddressPolicy', () => {
  it.each(REFUSED)('refuses %s', (address) => {
    expect(createAddressPolicy().permits(address)).toBe(false)
  })

  it.each(PERMITTED)('permits %s', (address) => {
    expect(createAddressPolicy().permits(address)).toBe(true)
  })

  it('opens only what is allowed by name', () => {
    const policy = createAddressPolicy(['127.0.0.0/8', '::1'])
    expect(policy.permits('127.4.5.6')).toBe(true)
    expect(policy.permits('::1')).toBe(true)
    expect(policy.permits('10.0.0.1')).toBe(false)
    expect(policy.permits('::ffff:10.0.0.1')).toBe(false)
  })

  it.each(['127.0.0.1/33', 'localhost', '10.0.0.0/8/8', '::1/129', '10.0.0.0/', '10.0.0.0/-1'])(
    'does not take "%s" as a range',
    (range) => {
      expect(() => createAddressPolicy([range])).toThrow(range)
    },
  )
})
