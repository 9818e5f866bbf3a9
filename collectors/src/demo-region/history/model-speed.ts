import {
  isWorkingDay,
  type SpeedContext,
  type SpeedDirection,
  type SpeedTest,
  type WorkingDayCalendar,
} from '@edumon/server/contract'
import type { Line } from '../lines/plan-lines.ts'
import { createRandom, type Random } from '../random.ts'
import { makeUuid } from './model-check.ts'
import { findInstant, regionDayOf } from './slots.ts'
import type { Span } from './story.ts'

export interface SpeedModel {
  seed: number
  /** Two years in the demo. */
  span: Span
  calendar: WorkingDayCalendar
}

const DAY_MS = 86_400_000
const TEST_MS = 10_000
const RETEST_AFTER_MS = 15 * 60_000
/** Every working day so far back, so that the running month and most of the last have enough for any verdict. */
const DENSE_DAYS = 45
/** Before that only some days in the middle of each month, where no long holidays are. */
const SPARSE_DAYS = { first: 16, last: 20 }
/** A test in each part of the school day; on days that only stand for their month in the first alone. */
const PARTS_BEGIN_AT = [9, 12] as const
const PART_S = 2.5 * 3600
const FILTERED_SINCE_DAYS = 45
const FAILED_SHARE = 0.02
/** Within 24 months of the end a line was rebuilt; before it carried this part of its speed. */
const REBUILT_WITHIN_DAYS = 1100
const BEFORE_REBUILDING = 0.45
const AGENT_VERSION = 'model-1'

const CONTEXT: SpeedContext = {
  medium: 'wired',
  wifi_signal_percent: null,
  link_kbps: 1_000_000,
  own_received_bytes: 0,
  own_sent_bytes: 0,
  power: 'mains',
  address_family: 'ipv4',
  through_proxy: false,
}

function directionOf(kbps: number): SpeedDirection {
  return { bytes: Math.round((kbps * TEST_MS) / 8), duration_ms: TEST_MS, kbps }
}

interface Moment {
  at_ms: number
  kbps: number
  cause: SpeedTest['cause']
  retest_of: string | null
}

function makeTest(org_unit_id: number, line: Line, moment: Moment, seed: number): SpeedTest {
  const { at_ms, cause, kbps, retest_of } = moment
  const random = createRandom(seed, `${line.key}/${at_ms}`)
  return {
    id: makeUuid(`speed/${seed}/${org_unit_id}/${at_ms}`),
    org_unit_id,
    method: 'agent',
    started_at: new Date(at_ms).toISOString(),
    ticket_id: null,
    download: cause === null ? directionOf(kbps) : null,
    upload: cause === null ? directionOf(Math.round(kbps * (0.85 + random.next() * 0.12))) : null,
    min_rtt_us: cause === null ? random.int(4_000, line.technology === 'satellite' ? 650_000 : 40_000) : null,
    cause,
    retest_of,
    context: CONTEXT,
    agent_version: AGENT_VERSION,
  }
}

/** Days before the end on which the line was tested, the oldest first. */
function listTestDays({ fate }: Line, { calendar, span }: SpeedModel, random: Random): number[] {
  const silent_days = fate === 'silent' ? random.int(8, 40) : 0
  return Array.from({ length: span.days }, (_, index) => span.days - index).filter((days_ago) => {
    const day = regionDayOf(span.until_ms - days_ago * DAY_MS)
    const day_of_month = Number(day.slice(8))
    const isSample = day_of_month >= SPARSE_DAYS.first && day_of_month <= SPARSE_DAYS.last
    const isWanted = days_ago <= DENSE_DAYS || isSample
    return isWanted && days_ago > silent_days && isWorkingDay(day, calendar)
  })
}

function causeOf({ fate }: Line, days_ago: number, random: Random): SpeedTest['cause'] {
  if (fate === 'filtered' && days_ago <= FILTERED_SINCE_DAYS) return 'websocket_blocked'
  return random.chance(FAILED_SHARE) ? random.pick(['no_network', 'connection_timed_out', 'connection_lost']) : null
}

/**
 * The modelled tests of one line in the order of time; none for a place without an agent. A result below the norm is
 * confirmed by a second test. The same model and line always give the same rows.
 */
export function modelSpeedTests(org_unit_id: number, line: Line, model: SpeedModel): SpeedTest[] {
  const { seed, span } = model
  if (line.fate === 'none' || line.speed_kbps === null) return []
  const speed_kbps = line.speed_kbps
  const random = createRandom(seed, `${line.key}-speed`)
  const rebuilt_days_ago = random.int(0, REBUILT_WITHIN_DAYS)
  const slots = listTestDays(line, model, random).flatMap((days_ago) =>
    PARTS_BEGIN_AT.slice(0, days_ago <= DENSE_DAYS ? 2 : 1).map((hour) => ({ days_ago, hour })),
  )
  return slots.flatMap(({ days_ago, hour }) => {
    const at_ms = findInstant(span.until_ms, days_ago, hour) + random.int(0, PART_S) * 1000
    const cause = causeOf(line, days_ago, random)
    const built = days_ago > rebuilt_days_ago ? BEFORE_REBUILDING : 1
    const kbpsNow = (): number => Math.round(speed_kbps * built * (0.96 + random.next() * 0.06))
    const kbps = kbpsNow()
    const first = makeTest(org_unit_id, line, { at_ms, kbps, cause, retest_of: null }, seed)
    if (cause !== null || kbps >= line.norm_kbps) return [first]
    const again = { at_ms: at_ms + RETEST_AFTER_MS, kbps: kbpsNow(), cause: null, retest_of: first.id }
    return [first, makeTest(org_unit_id, line, again, seed)]
  })
}
