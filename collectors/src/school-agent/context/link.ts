/** How the computer is connected; null: not known. */
export interface Link {
  name: string
  medium: 'wired' | 'wifi' | 'cellular' | 'unknown'
  wifi_signal_percent: number | null
  link_kbps: number | null
}

/** Counters of an interface since its start, bytes. */
export interface Traffic {
  received_bytes: number
  sent_bytes: number
}

export type Power = 'mains' | 'battery' | 'unknown'

/** As Windows counts it: -100 dBm is nothing, -50 dBm and more is all. */
export function percentOfDbm(dbm: number): number {
  return Math.round(Math.min(100, Math.max(0, 2 * (dbm + 100))))
}

/** Headers of TCP, IP and Ethernet, of TLS and of the WebSocket, on frames of 1,500 bytes. */
const WIRE_SHARE = 1.05
/** Acknowledgements of what flows the other way. */
const ACKNOWLEDGED_SHARE = 0.03

/**
 * What else went over the interface while a test ran, by its counters; null: not known. The test's own bytes are taken
 * off with what carries them, so that little other traffic reads as none rather than a test as traffic.
 */
export function otherTraffic(before: Traffic | null, after: Traffic | null, test: Traffic): Traffic | null {
  if (before === null || after === null) return null
  const received = after.received_bytes - before.received_bytes
  const sent = after.sent_bytes - before.sent_bytes
  // Counters of 32 bits have run over, or the interface began anew.
  if (received < 0 || sent < 0) return null
  const own = (bytes: number, other_way: number) => bytes * WIRE_SHARE + other_way * ACKNOWLEDGED_SHARE
  return {
    received_bytes: Math.round(Math.max(0, received - own(test.received_bytes, test.sent_bytes))),
    sent_bytes: Math.round(Math.max(0, sent - own(test.sent_bytes, test.received_bytes))),
  }
}
