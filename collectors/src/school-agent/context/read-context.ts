import type { SpeedContext } from '@edumon/server/contract'
import type { TestOutcome } from '../../speedtest/run-test.ts'
import { otherTraffic, type Link, type Power, type Traffic } from './link.ts'
import { readLinuxLink, readLinuxPower, readLinuxTraffic } from './linux.ts'
import { readWindowsLink, readWindowsPower, readWindowsTraffic } from './windows.ts'

/** What is the case on this computer at one moment. */
export interface Surroundings {
  link: Link | null
  traffic: Traffic | null
  power: Power
}

/** Looks around on this computer. What cannot be found out is null or unknown; on systems that we do not know, all is. */
export async function readSurroundings(platform: NodeJS.Platform = process.platform): Promise<Surroundings> {
  if (platform === 'linux') {
    const link = await readLinuxLink()
    const traffic = link === null ? null : await readLinuxTraffic(link.name)
    return { link, traffic, power: await readLinuxPower() }
  }
  if (platform === 'win32') {
    return { link: await readWindowsLink(), traffic: await readWindowsTraffic(), power: await readWindowsPower() }
  }
  return { link: null, traffic: null, power: 'unknown' }
}

type Connection = Pick<TestOutcome, 'address_family' | 'through_proxy' | 'download' | 'upload'>

const NO_CONNECTION: Connection = { address_family: null, through_proxy: null, download: null, upload: null }

/**
 * Context of a test from what was the case before and after it. Other traffic is known only of a test with both
 * directions: what a broken one has moved is not.
 */
export function describeContext(
  before: Surroundings,
  after: Surroundings,
  { address_family, through_proxy, download, upload }: Connection = NO_CONNECTION,
): SpeedContext {
  const isSame = before.link !== null && before.link.name === after.link?.name
  const other =
    isSame && download !== null && upload !== null
      ? otherTraffic(before.traffic, after.traffic, { received_bytes: download.bytes, sent_bytes: upload.bytes })
      : null
  return {
    medium: before.link?.medium ?? 'unknown',
    wifi_signal_percent: before.link?.wifi_signal_percent ?? null,
    link_kbps: before.link?.link_kbps ?? null,
    own_received_bytes: other?.received_bytes ?? null,
    own_sent_bytes: other?.sent_bytes ?? null,
    power: before.power,
    address_family,
    through_proxy,
  }
}
