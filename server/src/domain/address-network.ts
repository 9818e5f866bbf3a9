import { isIPv6 } from 'node:net'

const GROUPS = 8
/** Groups of sixteen bits in a /64. */
const NETWORK_GROUPS = 4

/** Groups of one side of "::"; a last part with dots is an IPv4 address and makes two. */
function readGroups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

/** The eight groups of an IPv6 address, however it is written. */
function expand(address: string): number[] {
  const [whole = ''] = address.split('%')
  const [head = '', tail] = whole.split('::')
  const [before, after] = [readGroups(head), readGroups(tail ?? '')]
  if (tail === undefined) return before
  return [...before, ...Array<number>(GROUPS - before.length - after.length).fill(0), ...after]
}

function isMappedIPv4(groups: readonly number[]): boolean {
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
}

/**
 * Network whose callers are one to us: an IPv4 address itself, also one that is written as IPv6, and the /64 of an IPv6
 * address, for whoever has one of its addresses has them all.
 * @param address as the socket or a trusted proxy gives it; any other text is a network of its own
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const groups = expand(address)
  if (isMappedIPv4(groups)) {
    return groups
      .slice(6)
      .flatMap((group) => [group >> 8, group & 0xff])
      .join('.')
  }
  const network = groups.slice(0, NETWORK_GROUPS).map((group) => group.toString(16))
  return `${network.join(':')}::/64`
}
