import { BlockList, isIP } from 'node:net'

/** Decides which addresses a collector may connect to. School addresses are typed by people: they can point anywhere. */
export interface AddressPolicy {
  /** `address` is an IP literal as a resolver or the URL gives it, without brackets. Anything unreadable is refused. */
  permits: (address: string) => boolean
}

/** Ranges that are not the public Internet: RFC 6890 and the IANA special-purpose registries for IPv4. */
const SPECIAL_IPV4: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/** Inside the global unicast range 2000::/3: IETF protocols with Teredo, documentation, 6to4, AS112, SRv6 documentation. */
const SPECIAL_IPV6: readonly string[] = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']

const NAT64_PREFIX = '64:ff9b::/96'

/** Adds `10.0.0.0/8` or a single address to a list. Throws a RangeError that names the bad entry. */
function addRange(list: BlockList, range: string): void {
  const [address = '', prefix, rest] = range.split('/')
  const version = isIP(address)
  const bits = version === 4 ? 32 : 128
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  if (version === 0 || rest !== undefined || length < 0 || length > bits) {
    throw new RangeError(`not an address or CIDR range: "${range}"`)
  }
  list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6')
}

function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) addRange(list, range)
  return list
}

/** The IPv4 address in the last 32 bits of an IPv6 literal, as RFC 6052 puts it for NAT64. */
function embeddedIpv4(address: string): string {
  const host = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [high = '0', low = '0'] = host.split(':').slice(-2)
  const value = (Number.parseInt(high === '' ? '0' : high, 16) << 16) | Number.parseInt(low === '' ? '0' : low, 16)
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.')
}

const specialIpv4 = listOf(SPECIAL_IPV4)
const specialIpv6 = listOf(SPECIAL_IPV6)
const globalUnicast = listOf(['2000::/3'])
const nat64 = listOf([NAT64_PREFIX])

/**
 * Builds the policy. `allowed_ranges` (addresses or CIDR) are opened in addition to the public Internet: tests and the
 * demo open loopback. IPv6 forms that carry an IPv4 address (mapped, compatible, 6to4, Teredo) are refused whatever
 * they carry; NAT64 is judged by the address inside, because networks without IPv4 reach all sites by it.
 */
export function createAddressPolicy(allowed_ranges: readonly string[] = []): AddressPolicy {
  const allowed = listOf(allowed_ranges)
  return {
    permits(address) {
      const version = isIP(address)
      if (version === 0 || address.includes('%')) return false
      const family = version === 4 ? 'ipv4' : 'ipv6'
      if (allowed.check(address, family)) return true
      if (version === 4) return !specialIpv4.check(address, family)
      if (nat64.check(address, family)) return !specialIpv4.check(embeddedIpv4(address), 'ipv4')
      return globalUnicast.check(address, family) && !specialIpv6.check(address, family)
    },
  }
}
