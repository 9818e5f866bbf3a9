import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Link, Power, Traffic } from './link.ts'
import { percentOfDbm } from './link.ts'

/** Name of the interface of the default route with the lowest metric, of the text of /proc/net/route; null: none. */
export function parseDefaultRoute(text: string): string | null {
  const routes = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000')
  const [best] = routes.toSorted((a, b) => Number(a[6]) - Number(b[6]))
  return best?.[0] ?? null
}

/** Of the text of /proc/net/ipv6_route: for computers that have IPv6 alone. */
export function parseDefaultRoute6(text: string): string | null {
  const routes = text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([destination, length, , , , , , , , name]) => {
      return destination === '0'.repeat(32) && length === '00' && name !== undefined && name !== 'lo'
    })
  const [best] = routes.toSorted((a, b) => Number.parseInt(a[5] ?? '', 16) - Number.parseInt(b[5] ?? '', 16))
  return best?.[9] ?? null
}

/**
 * Signal of one interface in percent, of the text of /proc/net/wireless; null: it is not there. Levels are dBm where they
 * are negative, or else the quality out of 70, as the drivers of today count it.
 */
export function parseWireless(text: string, name: string): number | null {
  const line = text.split('\n').find((candidate) => candidate.trim().startsWith(`${name}:`))
  const [, , quality, level] = line?.trim().split(/\s+/) ?? []
  if (quality === undefined || level === undefined) return null
  const dbm = Number.parseFloat(level)
  if (dbm < 0) return percentOfDbm(dbm)
  const share = Number.parseFloat(quality) / 70
  return Number.isNaN(share) ? null : Math.round(Math.min(1, Math.max(0, share)) * 100)
}

async function readOptional(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    return null
  }
}

/** A whole number of a file; null where it has none, and for the -1 by which drivers say "not known". */
async function readCount(path: string): Promise<number | null> {
  const text = await readOptional(path)
  const value = Number(text)
  return text === null || text === '' || !Number.isInteger(value) || value < 0 ? null : value
}

async function isThere(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  )
}

/** @param root where /proc and /sys are; tests have trees of their own */
export async function readLinuxLink(root = '/'): Promise<Link | null> {
  const name =
    parseDefaultRoute((await readOptional(join(root, 'proc/net/route'))) ?? '') ??
    parseDefaultRoute6((await readOptional(join(root, 'proc/net/ipv6_route'))) ?? '')
  if (name === null) return null
  const folder = join(root, 'sys/class/net', name)
  const isWifi = (await isThere(join(folder, 'wireless'))) || (await isThere(join(folder, 'phy80211')))
  const mbps = await readCount(join(folder, 'speed'))
  const wireless = (await readOptional(join(root, 'proc/net/wireless'))) ?? ''
  const isCellular = (await readOptional(join(folder, 'uevent')))?.includes('DEVTYPE=wwan') === true
  // A bridge or a tunnel has no device of its own: what lies below it is not known.
  const isDevice = await isThere(join(folder, 'device'))
  return {
    name,
    medium: isWifi ? 'wifi' : isCellular ? 'cellular' : isDevice ? 'wired' : 'unknown',
    wifi_signal_percent: isWifi ? parseWireless(wireless, name) : null,
    link_kbps: mbps === null || mbps === 0 ? null : mbps * 1000,
  }
}

export async function readLinuxTraffic(name: string, root = '/'): Promise<Traffic | null> {
  const folder = join(root, 'sys/class/net', name, 'statistics')
  const received_bytes = await readCount(join(folder, 'rx_bytes'))
  const sent_bytes = await readCount(join(folder, 'tx_bytes'))
  return received_bytes === null || sent_bytes === null ? null : { received_bytes, sent_bytes }
}

/** Mains when a mains supply is on or there is no battery at all that could feed the computer. */
export async function readLinuxPower(root = '/'): Promise<Power> {
  const folder = join(root, 'sys/class/power_supply')
  const names = await readdir(folder).catch(() => null)
  if (names === null) return 'unknown'
  let hasBattery = false
  for (const name of names) {
    const type = await readOptional(join(folder, name, 'type'))
    if ((type === 'Mains' || type === 'USB') && (await readOptional(join(folder, name, 'online'))) === '1')
      return 'mains'
    // Batteries of mice and keyboards have the scope of a device.
    if (type === 'Battery' && (await readOptional(join(folder, name, 'scope'))) !== 'Device') hasBattery = true
  }
  return hasBattery ? 'battery' : 'mains'
}
