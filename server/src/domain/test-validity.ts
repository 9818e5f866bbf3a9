import type { SpeedContext, SpeedMethod } from '../contract/index.ts'

/**
 * What a test is good for. Figures of a territory and all verdicts rest on `valid` ones alone; the others are shown with
 * their reason. Closed, in the order in which reasons are looked for: the first that holds is the test's.
 */
export const TEST_VALIDITIES = [
  /** It came to no result: «не смогли измерить», never a low speed. */
  'failed',
  /** The measurement server's own record is missing, so that nobody but the client says so. */
  'unconfirmed',
  /** Client and measurement server saw different speeds. */
  'sides_differ',
  /** A dated status (holidays, repair …) says that nobody answers for that day. */
  'excused',
  /** Outside school hours of a working day. */
  'off_hours',
  /** The computer used the line for something else meanwhile: the school has more than was measured. */
  'own_traffic',
  /** The radio was too weak: the room was measured, not the line. */
  'weak_wifi',
  /** The browser, or the computer's own link, can do no more: the line carries at least this much. */
  'lower_bound',
  'valid',
] as const
export type TestValidity = (typeof TEST_VALIDITIES)[number]

/** Whoever changes a rule or a figure below raises it: facts and rollups are kept under it. */
export const VALIDITY_RULE_VERSION = 1

/** Above this share of the larger figure the two sides do not speak of the same test. */
export const SIDES_TOLERANCE = 0.2
/** What buffers between the programs may hold when a test ends: the sender has counted it, the receiver has not. */
const BUFFERED_BYTES = 4 * 1024 * 1024
/** And when it was cut off: a slow line was still emptying the buffers of the systems and of what stands between. */
const BUFFERED_BYTES_AT_CUT = 16 * 1024 * 1024
/** Own other traffic above this share of the test's own bytes makes the result too low. */
export const OWN_TRAFFIC_FRACTION = 0.1
/** Below this strength of signal Wi-Fi loses its rate. */
export const WEAK_WIFI_PERCENT = 40
/** Share of its nominal rate that a link carries at most as payload: Ethernet's framing, and Wi-Fi's shared air. */
const LINK_PAYLOAD_SHARE = { wired: 0.9, wifi: 0.5 } as const
/** Clocks that differ by more speak of different hours. */
const CLOCK_TOLERANCE_MS = 30 * 60_000
/** Length of a direction: own traffic is compared with what was carried in it. */
const DIRECTION_MS = 10_000

/** One direction as the measurement server saw it. */
export interface ServerDirection {
  kbps: number
  duration_ms: number
  /** The server ended it before all that was sent had got through. */
  was_cut_off: boolean
}

/** The test as the measurement server saw it; a direction is null when it never began, or took no time. */
export interface ServerSide {
  /** The client's start minus the server's. */
  clock_difference_ms: number
  download: ServerDirection | null
  upload: ServerDirection | null
}

/** A test as far as its validity goes. */
export interface JudgedTest {
  method: SpeedMethod
  /** Null: that direction was not finished. */
  download_kbps: number | null
  upload_kbps: number | null
  has_failed: boolean
  context: Pick<SpeedContext, 'medium' | 'wifi_signal_percent' | 'link_kbps' | 'own_received_bytes' | 'own_sent_bytes'>
  /**
   * Null: no record of it. `not_asked`: modelled history, which no server has seen and which is marked as such wherever
   * it is shown.
   */
  server: ServerSide | 'not_asked' | null
  is_school_hour: boolean
  is_excused: boolean
}

/** A sender may be ahead by what buffers hold, and either by the tolerance. */
function doSidesAgree(
  sender_kbps: number,
  receiver_kbps: number,
  { duration_ms, was_cut_off }: Omit<ServerDirection, 'kbps'>,
): boolean {
  const buffered_bytes = was_cut_off ? BUFFERED_BYTES_AT_CUT : BUFFERED_BYTES
  const buffered_kbps = duration_ms === 0 ? 0 : (buffered_bytes * 8) / duration_ms
  const allowed = SIDES_TOLERANCE * Math.max(sender_kbps, receiver_kbps)
  const ahead = sender_kbps - receiver_kbps
  return ahead > 0 ? ahead <= Math.max(allowed, buffered_kbps) : -ahead <= allowed
}

function hasDifferingSides({ download_kbps, upload_kbps, server }: JudgedTest): boolean {
  if (server === null || server === 'not_asked' || download_kbps === null || upload_kbps === null) return false
  const { download, upload } = server
  if (download === null || upload === null || Math.abs(server.clock_difference_ms) > CLOCK_TOLERANCE_MS) return true
  return !doSidesAgree(download.kbps, download_kbps, download) || !doSidesAgree(upload_kbps, upload.kbps, upload)
}

function isAboveShare(own_bytes: number | null, kbps: number | null): boolean {
  if (own_bytes === null || kbps === null) return false
  return own_bytes > (OWN_TRAFFIC_FRACTION * kbps * DIRECTION_MS) / 8
}

function hasOwnTraffic({ context, download_kbps, upload_kbps }: JudgedTest): boolean {
  return isAboveShare(context.own_received_bytes, download_kbps) || isAboveShare(context.own_sent_bytes, upload_kbps)
}

/** A card of 100 Мбит/с never shows that a line carries 100: what comes near the link's own limit proves no lack. */
function isAtOwnLimit({ method, context, download_kbps }: JudgedTest): boolean {
  if (method === 'browser') return true
  const { medium, link_kbps } = context
  if ((medium !== 'wired' && medium !== 'wifi') || link_kbps === null || download_kbps === null) return false
  return download_kbps >= LINK_PAYLOAD_SHARE[medium] * link_kbps
}

/**
 * What a test is good for, by the rule of VALIDITY_RULE_VERSION. What could not be found out of its context never speaks
 * against it. Whether a low result was confirmed by a retest is not asked here: the retest comes later, and verdicts
 * take a test and its retests together.
 */
export function judgeValidity(test: JudgedTest): TestValidity {
  const { wifi_signal_percent, medium } = test.context
  if (test.has_failed) return 'failed'
  if (test.server === null) return 'unconfirmed'
  if (hasDifferingSides(test)) return 'sides_differ'
  if (test.is_excused) return 'excused'
  if (!test.is_school_hour) return 'off_hours'
  if (hasOwnTraffic(test)) return 'own_traffic'
  if (medium === 'wifi' && wifi_signal_percent !== null && wifi_signal_percent < WEAK_WIFI_PERCENT) return 'weak_wifi'
  return isAtOwnLimit(test) ? 'lower_bound' : 'valid'
}
