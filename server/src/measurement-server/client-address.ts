import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

const FAMILY = { 4: 'ipv4', 6: 'ipv6' } as const

function listProxies(ranges: readonly string[]): BlockList {
  const proxies = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) proxies.addAddress(address, family)
    else proxies.addSubnet(address, Number(bits), family)
  }
  return proxies
}

/**
 * Reads the address that a test comes from: that of the connection, or, where it is a trusted proxy's, the one that this
 * proxy was connected from, which it puts last into X-Forwarded-For.
 */
export function createAddressReader(trusted_proxies: readonly string[]): (request: IncomingMessage) => string {
  const proxies = listProxies(trusted_proxies)
  return ({ socket, headers }) => {
    const address = socket.remoteAddress ?? ''
    const version = isIP(address)
    const isProxy = (version === 4 || version === 6) && proxies.check(address, FAMILY[version])
    if (!isProxy) return address
    const said = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').at(-1)?.trim() ?? ''
    return isIP(said) === 0 ? address : said
  }
}
