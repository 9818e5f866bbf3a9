import type { Amount } from './ndt7-messages.ts'
import type { BrowserCause } from './find-cause.ts'

const PAGE_VERSION = 'browser-1'
const BROWSER_ID = 'edumon-browser-id'

interface MeasuredDirection extends Amount {
  kbps: number
}

/** A test as the API takes it; what a browser does not tell a page is null. */
export interface BrowserTest {
  id: string
  org_unit_id: number
  method: 'browser'
  started_at: string
  ticket_id: string
  download: MeasuredDirection | null
  upload: MeasuredDirection | null
  min_rtt_us: null
  cause: BrowserCause | null
  retest_of: null
  context: {
    medium: 'wired' | 'wifi' | 'cellular' | 'unknown'
    wifi_signal_percent: null
    link_kbps: null
    own_received_bytes: null
    own_sent_bytes: null
    power: 'unknown'
    address_family: null
    through_proxy: null
  }
  agent_version: string
}

/** A random UUID also on pages that are opened without TLS, where the browser gives none. */
export function makeUuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Id of this browser: tests of one computer can be told from those of another, and of whom it is nobody knows. */
export function findBrowserId(): string {
  const known = localStorage.getItem(BROWSER_ID)
  if (known !== null) return known
  const made = makeUuid()
  localStorage.setItem(BROWSER_ID, made)
  return made
}

function findMedium(): BrowserTest['context']['medium'] {
  const { connection } = navigator as Navigator & { connection?: { type?: string } }
  const media = { ethernet: 'wired', wifi: 'wifi', cellular: 'cellular' } as const
  const type = connection?.type ?? ''
  return type in media ? media[type as keyof typeof media] : 'unknown'
}

/** Bits of a thousand per second. */
export function toKbps({ bytes, duration_ms }: Amount): number {
  return duration_ms === 0 ? 0 : Math.round((bytes * 8) / duration_ms)
}

function withSpeed(amount: Amount | null): MeasuredDirection | null {
  return amount === null ? null : { ...amount, kbps: toKbps(amount) }
}

/** The test as it is kept and sent; `cause` says why a direction is missing. */
export function describeTest(measured: {
  org_unit_id: number
  ticket_id: string
  started_at: Date
  download: Amount | null
  upload: Amount | null
  cause: BrowserCause | null
}): BrowserTest {
  const { org_unit_id, ticket_id, started_at, download, upload, cause } = measured
  return {
    ...{ id: makeUuid(), org_unit_id, method: 'browser', started_at: started_at.toISOString(), ticket_id },
    ...{ download: withSpeed(download), upload: withSpeed(upload), min_rtt_us: null, cause, retest_of: null },
    context: {
      ...{ medium: findMedium(), wifi_signal_percent: null, link_kbps: null, own_received_bytes: null },
      ...{ own_sent_bytes: null, power: 'unknown', address_family: null, through_proxy: null },
    },
    agent_version: PAGE_VERSION,
  }
}
