import type { SitePlatform } from '@edumon/server/contract'

/** A company that serves many sites from few addresses: when it fails, they fail together. */
export interface Hoster {
  name: string
  platform: SitePlatform
  addresses: readonly [string, ...string[]]
  /** Site addresses it gives out end in this; null: schools bring own domains. */
  domain: string | null
  /** Minutes after the farm's start in which it is down; null: never. Comes back every `every_minutes`. */
  outage: { from_minute: number; to_minute: number; every_minutes: number } | null
}

function range(prefix: string, count: number): readonly [string, ...string[]] {
  return [`${prefix}.1`, ...Array.from({ length: count - 1 }, (_, index) => `${prefix}.${index + 2}`)]
}

export const HOSTERS = {
  gosweb: {
    name: 'Госвеб',
    platform: 'gosweb',
    addresses: range('127.10.1', 40),
    domain: 'gosweb.example',
    outage: null,
  },
  ucoz: { name: 'uCoz', platform: 'ucoz', addresses: range('127.10.2', 12), domain: 'ucoz.example', outage: null },
  volga: {
    name: 'Волга-Хостинг',
    platform: 'own',
    addresses: range('127.10.3', 1),
    domain: 'volga-host.example',
    outage: { from_minute: 0, to_minute: 5, every_minutes: 60 },
  },
  steppe: {
    name: 'Степь-Телеком',
    platform: 'own',
    addresses: range('127.10.4', 16),
    domain: null,
    outage: { from_minute: 0, to_minute: 8, every_minutes: 90 },
  },
  own: { name: 'собственный сервер', platform: 'own', addresses: range('127.10.5', 80), domain: null, outage: null },
} as const satisfies Record<string, Hoster>

export type HosterCode = keyof typeof HOSTERS
export const HOSTER_CODES = Object.keys(HOSTERS) as HosterCode[]

/** Addresses that are faulty as such; sites with such a fault live alone there. */
export const FAULTY_ADDRESSES = {
  refused: range('127.10.60', 8),
  reset: range('127.10.61', 4),
  blackhole: range('127.10.62', 8),
  /** Loopback's broadcast address: connecting to it fails at once with "network is unreachable". */
  unreachable: '127.255.255.255',
  private: '10.64.0.10',
} as const

export const WITNESS_ADDRESSES = range('127.10.250', 3)

/** Is the hoster down at this moment, by its own timetable? Times in milliseconds. */
export function isInOutage(hoster: Hoster, started_at_ms: number, now_ms: number): boolean {
  if (hoster.outage === null) return false
  const minute = ((now_ms - started_at_ms) / 60_000) % hoster.outage.every_minutes
  return minute >= hoster.outage.from_minute && minute < hoster.outage.to_minute
}
